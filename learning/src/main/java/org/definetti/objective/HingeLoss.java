package org.definetti.objective;

/** Margin loss of labels 0 and 1; see {@link Loss#hinge()}. */
record HingeLoss() implements Loss {

  @Override
  public double value(float[] output, int outputAt, float[] target, int targetAt, int width) {
    double sum = 0.0;
    for (int j = 0; j < width; j++) {
      sum += Math.max(0, 1 - sign(target[targetAt + j]) * output[outputAt + j]);
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
      float sign = sign(target[targetAt + j]);
      gradient[outputAt + j] = sign * output[outputAt + j] < 1f ? -scale * sign : 0f;
    }
  }

  private static float sign(float label) {
    return 2f * label - 1f;
  }
}
