package org.definetti.layer;

import org.definetti.engine.BlockShape;

/**
 * The norm after the last block, row by row.
 *
 * <pre>{@code
 * y = gain · n + bias,   n = (x - mean) / √(variance + ε);  RMS: n = x / √(mean square + ε), no bias
 * }</pre>
 */
final class FinalNorm {

  private final int width;
  private final boolean rms;
  private final int gainAt;
  private final int biasAt; // -1 for RMS

  FinalNorm(BlockShape shape, int gainAt, int biasAt) {
    this.width = shape.width();
    this.rms = shape.rms();
    this.gainAt = gainAt;
    this.biasAt = biasAt;
  }

  private float mean(float[] x, int at) {
    float sum = 0f;
    for (int j = 0; !rms && j < width; j++) {
      sum += x[at + j];
    }
    return sum / width;
  }

  private float inverse(float[] x, int at, float mean) {
    float square = 0f;
    for (int j = 0; j < width; j++) {
      float centred = x[at + j] - mean;
      square += centred * centred;
    }
    return (float) (1.0 / Math.sqrt(square / width + BlockShape.EPSILON));
  }

  /**
   * Writes y for the row of x at {@code at}.
   *
   * @param y written at the same place. Modified.
   */
  void forward(float[] theta, float[] x, int at, float[] y) {
    float mean = mean(x, at);
    float inverse = inverse(x, at, mean);
    for (int j = 0; j < width; j++) {
      float shift = rms ? 0f : theta[biasAt + j];
      y[at + j] = theta[gainAt + j] * (x[at + j] - mean) * inverse + shift;
    }
  }

  /**
   * Replaces dy by dx, {@code (g - mean(g) - n mean(g n)) / √…} with g = gain · dy and without
   * mean(g) for RMS, and adds the gradients of gain and bias.
   *
   * @param x as in the forward pass. Not modified.
   * @param dy at the same place. Modified.
   */
  void backward(float[] theta, float[] x, int at, float[] dy, float[] gradient) {
    float mean = mean(x, at);
    float inverse = inverse(x, at, mean);
    float sum = 0f;
    float along = 0f;
    for (int j = 0; j < width; j++) {
      float n = (x[at + j] - mean) * inverse;
      float g = theta[gainAt + j] * dy[at + j];
      gradient[gainAt + j] += dy[at + j] * n;
      if (!rms) {
        gradient[biasAt + j] += dy[at + j];
      }
      sum += g;
      along += g * n;
    }
    float shift = rms ? 0f : sum / width;
    float slope = along / width;
    for (int j = 0; j < width; j++) {
      float n = (x[at + j] - mean) * inverse;
      dy[at + j] = (theta[gainAt + j] * dy[at + j] - shift - n * slope) * inverse;
    }
  }
}
