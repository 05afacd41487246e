package org.definetti.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A linear map of rows, {@code y = x Wᵀ + b}, with its weights and their gradient. */
final class RowLinear {

  private final int in;
  private final int out;
  private final int mapAt; // from the block's first number
  private final int biasAt;
  private final float[][] map; // (out, in)
  private final float[][] transposed; // (in, out)
  private final float[] bias; // (out)
  private final float[][] mapGradient; // (out, in)

  RowLinear(int in, int out, int mapAt, int biasAt) {
    this.in = in;
    this.out = out;
    this.mapAt = mapAt;
    this.biasAt = biasAt;
    this.map = new float[out][in];
    this.transposed = new float[in][out];
    this.bias = new float[out];
    this.mapGradient = new float[out][in];
  }

  long memory() {
    return 3L * in * out + out;
  }

  void prepare(float[] theta, int at) {
    RowProducts.read(theta, at + mapAt, 0, out, in, map);
    RowProducts.transpose(map, 0, out, 0, in, transposed, 0);
    System.arraycopy(theta, at + biasAt, bias, 0, out);
  }

  /** Writes rows {@code from} to {@code to} of y. */
  void forward(float[][] x, int from, int to, float[][] y) {
    for (int i = from; i < to; i++) {
      System.arraycopy(bias, 0, y[i], 0, out);
    }
    RowProducts.add(x, 0, from, to, transposed, 0, in, out, y);
  }

  /**
   * Adds the gradients: {@code dW += dyᵀ x, db += Σ dy, dx += dy W} over rows {@code from} to
   * {@code to}.
   *
   * @param dx null where it is not needed. Modified.
   * @param gradient of all parameters, this block's from {@code at} on. Modified.
   */
  void backward(
      float[][] dy,
      float[][] x,
      int from,
      int to,
      float @Nullable [][] dx,
      float[] gradient,
      int at) {
    for (float[] row : mapGradient) {
      Arrays.fill(row, 0f);
    }
    RowProducts.addTransposed(dy, 0, out, x, from, to, in, mapGradient, 0);
    for (int o = 0; o < out; o++) {
      float[] row = mapGradient[o];
      int rowAt = at + mapAt + o * in;
      for (int k = 0; k < in; k++) {
        gradient[rowAt + k] += row[k];
      }
    }
    for (int i = from; i < to; i++) {
      for (int o = 0; o < out; o++) {
        gradient[at + biasAt + o] += dy[i][o];
      }
    }
    if (dx != null) {
      RowProducts.add(dy, 0, from, to, map, 0, out, in, dx);
    }
  }
}
