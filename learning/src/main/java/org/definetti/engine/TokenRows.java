package org.definetti.engine;

/**
 * Linear maps of tokens that are stored by coordinate, float32, forward and backward.
 *
 * <pre>{@code
 * out_i,l = b_i + Σ_j A_ij in_j,l        d in_j,l = Σ_i A_ij d out_i,l
 * dA_ij  += Σ_l d out_i,l in_j,l         db_i    += Σ_l d out_i,l
 * }</pre>
 *
 * <ul>
 *   <li>Shapes: {@code input} (columns)(tokens), {@code out} (rows)(tokens), of which places {@code
 *       from..to-1} are read or written; A (rows, columns), row by row.
 *   <li>Cost: O(rows · columns · tokens); allocates nothing.
 *   <li>Accuracy: float32; sums over tokens run in several sums side by side, relative error about
 *       1e-6.
 * </ul>
 *
 * <p>Loops over tokens read at most four separate arrays at one common index, which is what the
 * compiler vectorises.
 */
public final class TokenRows {

  /** Tokens that {@link #addGradient} copies at a time. */
  public static final int BLOCK = 64;

  private TokenRows() {}

  /**
   * Computes {@code out_i = A in_i + b} for tokens {@code from..to-1}.
   *
   * @param theta holds A from {@code map} and b from {@code bias}. Not modified.
   * @param input (columns)(tokens). Not modified.
   * @param out (at least rows)(tokens). Modified.
   */
  public static void map(
      float[] theta,
      int map,
      int bias,
      int rows,
      float[][] input,
      int from,
      int to,
      float[][] out) {
    int columns = input.length;
    for (int i = 0; i < rows; i++) {
      combine(theta, map + i * columns, 1, theta[bias + i], input, columns, from, to, out[i]);
    }
  }

  /**
   * Computes the gradient of the input, {@code d input = Aᵀ d out}.
   *
   * @param theta holds A from {@code map}. Not modified.
   * @param rows of A
   * @param outGradient (rows)(tokens). Not modified.
   * @param inGradient (columns)(tokens). Modified.
   */
  public static void mapTransposed(
      float[] theta,
      int map,
      int rows,
      float[][] outGradient,
      int from,
      int to,
      float[][] inGradient) {
    int columns = inGradient.length;
    for (int j = 0; j < columns; j++) {
      combine(theta, map + j, columns, 0f, outGradient, rows, from, to, inGradient[j]);
    }
  }

  /**
   * Adds the gradients of A and b.
   *
   * <p>A sum over tokens is not vectorised; the sum of rows of a transposed copy is. Blocks of
   * tokens are copied one after the other.
   *
   * @param gradient holds dA from {@code map} and db from {@code bias}; both are added to.
   *     Modified.
   * @param rows of A
   * @param block scratch, {@link #BLOCK} rows and one more of at least columns numbers each.
   *     Modified.
   */
  public static void addGradient(
      float[] gradient,
      int map,
      int bias,
      int rows,
      float[][] outGradient,
      float[][] input,
      int from,
      int to,
      float[][] block) {
    int columns = input.length;
    float[] sum = block[BLOCK];
    for (int first = from; first < to; first += BLOCK) {
      int count = Math.min(BLOCK, to - first);
      transpose(input, first, count, block);
      for (int i = 0; i < rows; i++) {
        float[] out = outGradient[i];
        for (int j = 0; j < columns; j++) {
          sum[j] = 0f;
        }
        int l = 0;
        for (; l + 3 < count; l += 4) {
          add4(
              out[first + l],
              out[first + l + 1],
              out[first + l + 2],
              out[first + l + 3],
              block[l],
              block[l + 1],
              block[l + 2],
              block[l + 3],
              0,
              columns,
              sum);
        }
        for (; l < count; l++) {
          float factor = out[first + l];
          float[] row = block[l];
          for (int j = 0; j < columns; j++) {
            sum[j] += factor * row[j];
          }
        }
        int at = map + i * columns;
        for (int j = 0; j < columns; j++) {
          gradient[at + j] += sum[j];
        }
      }
    }
    for (int i = 0; i < rows; i++) {
      gradient[bias + i] += sum(outGradient[i], from, to);
    }
  }

  private static void transpose(float[][] input, int first, int count, float[][] block) {
    for (int j = 0; j < input.length; j++) {
      float[] row = input[j];
      for (int l = 0; l < count; l++) {
        block[l][j] = row[first + l];
      }
    }
  }

  /**
   * Computes {@code out_l = constant + Σ_j factor_j row_j,l}, the factors {@code stride} apart.
   *
   * @param factors read at {@code at + j · stride}. Not modified.
   * @param count how many rows to combine
   * @param out receives places {@code from..to-1}; none of the rows. Modified.
   */
  public static void combine(
      float[] factors,
      int at,
      int stride,
      float constant,
      float[][] rows,
      int count,
      int from,
      int to,
      float[] out) {
    int j = count & 3;
    start(factors, at, stride, constant, rows, j, from, to, out);
    for (; j < count; j += 4) {
      float f0 = factors[at + j * stride];
      float f1 = factors[at + (j + 1) * stride];
      float f2 = factors[at + (j + 2) * stride];
      float f3 = factors[at + (j + 3) * stride];
      add4(f0, f1, f2, f3, rows[j], rows[j + 1], rows[j + 2], rows[j + 3], from, to, out);
    }
  }

  /** The constant and the first {@code count} rows, at most three. */
  private static void start(
      float[] factors,
      int at,
      int stride,
      float constant,
      float[][] rows,
      int count,
      int from,
      int to,
      float[] out) {
    if (count == 0) {
      for (int l = from; l < to; l++) {
        out[l] = constant;
      }
      return;
    }
    float f0 = factors[at];
    float[] r0 = rows[0];
    if (count == 1) {
      for (int l = from; l < to; l++) {
        out[l] = constant + f0 * r0[l];
      }
      return;
    }
    float f1 = factors[at + stride];
    float[] r1 = rows[1];
    if (count == 2) {
      for (int l = from; l < to; l++) {
        out[l] = constant + f0 * r0[l] + f1 * r1[l];
      }
      return;
    }
    float f2 = factors[at + 2 * stride];
    float[] r2 = rows[2];
    for (int l = from; l < to; l++) {
      out[l] = constant + f0 * r0[l] + f1 * r1[l] + f2 * r2[l];
    }
  }

  private static void add4(
      float f0,
      float f1,
      float f2,
      float f3,
      float[] r0,
      float[] r1,
      float[] r2,
      float[] r3,
      int from,
      int to,
      float[] out) {
    for (int l = from; l < to; l++) {
      out[l] += f0 * r0[l] + f1 * r1[l] + f2 * r2[l] + f3 * r3[l];
    }
  }

  /** Returns {@code Σ a_l b_l} over {@code from..to-1}. */
  public static float dot(float[] a, float[] b, int from, int to) {
    float s0 = 0f;
    float s1 = 0f;
    float s2 = 0f;
    float s3 = 0f;
    int l = from;
    for (; l + 3 < to; l += 4) {
      s0 += a[l] * b[l];
      s1 += a[l + 1] * b[l + 1];
      s2 += a[l + 2] * b[l + 2];
      s3 += a[l + 3] * b[l + 3];
    }
    for (; l < to; l++) {
      s0 += a[l] * b[l];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** Returns {@code Σ a_l} over {@code from..to-1}. */
  public static float sum(float[] a, int from, int to) {
    float s0 = 0f;
    float s1 = 0f;
    float s2 = 0f;
    float s3 = 0f;
    int l = from;
    for (; l + 3 < to; l += 4) {
      s0 += a[l];
      s1 += a[l + 1];
      s2 += a[l + 2];
      s3 += a[l + 3];
    }
    for (; l < to; l++) {
      s0 += a[l];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
