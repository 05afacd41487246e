package org.definetti.objective;

/** Cross-entropy of log-odds; see {@link Loss#logistic()}. */
record LogisticLoss() implements Loss {

  @Override
  public double value(float[] output, int outputAt, float[] target, int targetAt, int width) {
    double sum = 0.0;
    for (int j = 0; j < width; j++) {
      double a = output[outputAt + j];
      // log(1 + e^a) without overflow.
      sum += Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))) - a * target[targetAt + j];
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
      double probability = 1 / (1 + Math.exp(-output[outputAt + j]));
      gradient[outputAt + j] = scale * (float) (probability - target[targetAt + j]);
    }
  }
}
