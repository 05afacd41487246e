package org.definetti.objective;

import org.definetti.latent.Check;

/** Cross-entropy of positive outputs; see {@link Loss#crossEntropy(double)}. */
record CrossEntropy(double floor) implements Loss {

  CrossEntropy {
    Check.positive("floor", floor);
  }

  @Override
  public double value(float[] output, int outputAt, float[] target, int targetAt, int width) {
    double sum = 0.0;
    for (int j = 0; j < width; j++) {
      double p = output[outputAt + j];
      double y = target[targetAt + j];
      double guarded = Math.max(p, floor);
      // -log p, continued below the floor by its tangent -log(floor) - (p - floor) / floor.
      sum += y * ((guarded - p) / floor - Math.log(guarded)) + p - y;
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
    float least = (float) floor;
    for (int j = 0; j < width; j++) {
      float guarded = Math.max(output[outputAt + j], least);
      gradient[outputAt + j] = scale * (1f - target[targetAt + j] / guarded);
    }
  }
}
