package org.definetti.objective;

/** Squared Euclidean error; see {@link Loss#squaredError}. */
record SquaredError() implements Loss {

  @Override
  public double value(float[] output, int outputAt, float[] target, int targetAt, int width) {
    double sum = 0.0;
    for (int j = 0; j < width; j++) {
      double error = (double) output[outputAt + j] - target[targetAt + j];
      sum += error * error;
    }
    return sum;
  }

  @Override
  public void gradient(
      float[] output,
      int outputAt,
      float[] target,
      int targetAt,
      int width,
      float scale,
      float[] gradient) {
    for (int j = 0; j < width; j++) {
      gradient[outputAt + j] = 2f * scale * (output[outputAt + j] - target[targetAt + j]);
    }
  }
}
