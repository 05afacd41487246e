package org.definetti.engine;

/**
 * LayerNorm or RMS norm of rows, with its weights and what its backward pass needs.
 *
 * <pre>{@code
 * y = gain · n + bias,   n = (x - mean) / √(variance + ε)    LayerNorm, variance over d
 * y = gain · n,          n = x / √(mean square + ε)          RMS
 * }</pre>
 */
final class RowNorm {

  private final int width;
  private final boolean rms;
  private final int gainAt;
  private final int biasAt; // -1 for RMS
  private final float[] gain;
  private final float[] bias;
  private final float[][] normal; // (length, d): n
  private final float[] inverse; // (length): 1 / √(… + ε)

  RowNorm(BlockShape shape, String name, int maxLength) {
    this.width = shape.width();
    this.rms = shape.rms();
    this.gainAt = shape.offset(name + ".gain");
    this.biasAt = shape.offset(name + ".bias");
    this.gain = new float[width];
    this.bias = new float[width];
    this.normal = new float[maxLength][width];
    this.inverse = new float[maxLength];
  }

  long memory() {
    return 2L * width + (width + 1L) * inverse.length;
  }

  void prepare(float[] theta, int at) {
    System.arraycopy(theta, at + gainAt, gain, 0, width);
    if (!rms) {
      System.arraycopy(theta, at + biasAt, bias, 0, width);
    }
  }

  /** Writes rows {@code from} to {@code to} of y, which may be x. */
  void forward(float[][] x, int from, int to, float[][] y) {
    for (int i = from; i < to; i++) {
      forward(x[i], y[i], i);
    }
  }

  private void forward(float[] x, float[] y, int i) {
    float mean = rms ? 0f : mean(x);
    float square = 0f;
    for (int j = 0; j < width; j++) {
      float centred = x[j] - mean;
      square += centred * centred;
    }
    float scale = (float) (1.0 / Math.sqrt(square / width + BlockShape.EPSILON));
    inverse[i] = scale;
    float[] n = normal[i];
    for (int j = 0; j < width; j++) {
      n[j] = (x[j] - mean) * scale;
    }
    for (int j = 0; j < width; j++) {
      y[j] = gain[j] * n[j] + bias[j];
    }
  }

  private float mean(float[] x) {
    float sum = 0f;
    for (int j = 0; j < width; j++) {
      sum += x[j];
    }
    return sum / width;
  }

  /**
   * Adds the gradients of gain and bias and replaces dy by that of x, where with {@code g = gain ·
   * dy}
   *
   * <pre>{@code  dx = (g - mean(g) - n · mean(g n)) / √(… + ε),   without mean(g) for RMS  }</pre>
   *
   * @param dy rows {@code from} to {@code to} are used. Modified.
   */
  void backward(float[][] dy, int from, int to, float[] gradient, int at) {
    for (int i = from; i < to; i++) {
      backward(dy[i], i, gradient, at);
    }
  }

  private void backward(float[] dy, int i, float[] gradient, int at) {
    float[] n = normal[i];
    float sum = 0f;
    float along = 0f;
    for (int j = 0; j < width; j++) {
      gradient[at + gainAt + j] += dy[j] * n[j];
      if (!rms) {
        gradient[at + biasAt + j] += dy[j];
      }
      float g = gain[j] * dy[j];
      sum += g;
      along += g * n[j];
    }
    float mean = rms ? 0f : sum / width;
    float slope = along / width;
    float scale = inverse[i];
    for (int j = 0; j < width; j++) {
      dy[j] = (gain[j] * dy[j] - mean - n[j] * slope) * scale;
    }
  }
}
