package org.definetti.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The softmax heads of a block in plain loops, a block of queries at a time.
 *
 * <pre>{@code
 * s_ij = q_i·k_j / √(d/H) + bias_j,   lse_i = log(Σ_j e^(s_ij) + e^(b_0)),   p_ij = e^(s_ij - lse_i)
 * o_i  = Σ_j p_ij v_j + p_i0 v_0
 * dv_j = Σ_i p_ij do_i,   ds_ij = p_ij (do_i·v_j - do_i·o_i),   dq = ds k, dk = dsᵀ q  (over √(d/H))
 * }</pre>
 *
 * <p>Forward, scores lie key by key with the queries of the block side by side, so that maximum and
 * sum over keys are loops over queries; backward they are computed again from the log-sum-exp,
 * query by query. Only {@link #BLOCK} times the length of them exist at a time.
 */
final class PlainHeads {

  private static final int BLOCK = 64;

  private final BlockShape shape;
  private final int width;
  private final int headWidth;
  private final float scale;
  private final int nullLogitAt; // -1 without null tokens
  private final int nullValueAt;
  private final float[] nullLogit; // (H)
  private final float[] nullValue; // (d)
  private final float[][] logSums; // (H, length): lse

  // Scratch of one head and one block of queries.
  private final float[][] byKey; // (length, block): scores, then weights, of a key
  private final float[][] weights; // (block, length): those of a query
  private final float[][] slopes; // (block, length)
  private final float[][] queries; // (block, d/H)
  private final float[][] outputGradients; // (block, d/H)
  private final float[][] across; // (d/H, block): queries, outputs or their gradient, transposed
  private final float[][] keys; // (d/H, length), transposed
  private final float[][] values;
  private final float[][] keyGradients;
  private final float[][] valueGradients;
  private final float[] most; // (block)
  private final float[] sums; // (block)

  PlainHeads(BlockShape shape, int maxLength) {
    this.shape = shape;
    this.width = shape.width();
    this.headWidth = shape.headWidth();
    this.scale = (float) (1.0 / Math.sqrt(headWidth));
    this.nullLogitAt = shape.offset("null.logit");
    this.nullValueAt = shape.offset("null.value");
    int block = Math.min(BLOCK, maxLength);
    nullLogit = new float[shape.heads()];
    nullValue = new float[width];
    logSums = new float[shape.heads()][maxLength];
    byKey = new float[maxLength][block];
    weights = new float[block][maxLength];
    slopes = new float[block][maxLength];
    queries = new float[block][headWidth];
    outputGradients = new float[block][headWidth];
    across = new float[headWidth][block];
    keys = new float[headWidth][maxLength];
    values = new float[headWidth][maxLength];
    keyGradients = new float[headWidth][maxLength];
    valueGradients = new float[headWidth][maxLength];
    most = new float[block];
    sums = new float[block];
  }

  long memory() {
    long length = byKey.length;
    long block = most.length;
    return shape.heads() * (1 + length)
        + width
        + 3 * block * length
        + 3 * block * headWidth
        + 4 * length * headWidth
        + 2 * block;
  }

  void prepare(float[] theta, int at) {
    if (shape.nullToken()) {
      System.arraycopy(theta, at + nullLogitAt, nullLogit, 0, shape.heads());
      System.arraycopy(theta, at + nullValueAt, nullValue, 0, width);
    }
  }

  /**
   * Writes the outputs of queries {@code from} to {@code to}, heads side by side.
   *
   * @param q (length, d)
   * @param kv (length, 2 d): keys, then values
   * @param seen how many keys there are for the last query
   * @param out (length, d). Modified.
   */
  void forward(
      float[][] q,
      float[][] kv,
      float @Nullable [] bias,
      int seen,
      int from,
      int to,
      float[][] out) {
    for (int first = from; first < to; first += most.length) {
      int last = Math.min(to, first + most.length);
      for (int head = 0; head < shape.heads(); head++) {
        scores(head, q, kv, bias, first, last, keysOf(seen, last));
        softmax(head, first, last, keysOf(seen, last));
        mix(head, kv, first, last, keysOf(seen, last), out);
      }
    }
  }

  private int keysOf(int seen, int lastQuery) {
    return shape.causal() ? Math.min(seen, lastQuery) : seen;
  }

  private void scores(
      int head, float[][] q, float[][] kv, float @Nullable [] bias, int first, int last, int seen) {
    int count = last - first;
    int column = head * headWidth;
    RowProducts.transpose(q, first, last, column, headWidth, across, 0);
    for (float[] row : across) {
      for (int i = 0; i < count; i++) {
        row[i] *= scale;
      }
    }
    for (int j = 0; j < seen; j++) {
      Arrays.fill(byKey[j], 0, count, bias == null ? 0f : bias[j]);
    }
    RowProducts.add(kv, column, 0, seen, across, 0, headWidth, count, byKey);
    if (shape.causal()) {
      for (int j = first + 1; j < seen; j++) {
        Arrays.fill(byKey[j], 0, j - first, Float.NEGATIVE_INFINITY);
      }
    }
  }

  /** Turns scores into e^(s - most) and finds their sums, the null token's included. */
  private void softmax(int head, int first, int last, int seen) {
    int count = last - first;
    Arrays.fill(most, 0, count, shape.nullToken() ? nullLogit[head] : Float.NEGATIVE_INFINITY);
    for (int j = 0; j < seen; j++) {
      float[] row = byKey[j];
      for (int i = 0; i < count; i++) {
        most[i] = Math.max(most[i], row[i]);
      }
    }
    for (int i = 0; i < count; i++) {
      sums[i] = shape.nullToken() ? FloatExp.exp(nullLogit[head] - most[i]) : 0f;
    }
    for (int j = 0; j < seen; j++) {
      float[] row = byKey[j];
      for (int i = 0; i < count; i++) {
        row[i] = FloatExp.exp(row[i] - most[i]);
      }
      for (int i = 0; i < count; i++) {
        sums[i] += row[i];
      }
    }
    for (int i = 0; i < count; i++) {
      logSums[head][first + i] = most[i] + (float) Math.log(sums[i]);
    }
  }

  private void mix(int head, float[][] kv, int first, int last, int seen, float[][] out) {
    int count = last - first;
    int column = head * headWidth;
    RowProducts.clear(across, 0, headWidth, count);
    RowProducts.addTransposed(kv, width + column, headWidth, byKey, 0, seen, count, across, 0);
    for (int i = 0; i < count; i++) {
      float inverse = 1f / sums[i];
      float nullWeight = shape.nullToken() ? FloatExp.exp(nullLogit[head] - most[i]) * inverse : 0f;
      float[] row = out[first + i];
      for (int c = 0; c < headWidth; c++) {
        row[column + c] = across[c][i] * inverse + nullWeight * nullValue[column + c];
      }
    }
  }

  /**
   * Writes the gradients of queries, keys and values and adds those of the null tokens.
   *
   * @param dout (length, d), rows {@code from} to {@code to}
   * @param out as the forward pass wrote it
   * @param dq rows {@code from} to {@code to} are written. Modified.
   * @param dkv rows 0 to {@code seen} are written. Modified.
   */
  void backward(
      float[][] dout,
      float[][] q,
      float[][] kv,
      float[][] out,
      float @Nullable [] bias,
      int seen,
      int from,
      int to,
      float[][] dq,
      float[][] dkv,
      float[] gradient,
      int at) {
    for (int head = 0; head < shape.heads(); head++) {
      int column = head * headWidth;
      RowProducts.transpose(kv, 0, seen, column, headWidth, keys, 0);
      RowProducts.transpose(kv, 0, seen, width + column, headWidth, values, 0);
      RowProducts.clear(keyGradients, 0, headWidth, seen);
      RowProducts.clear(valueGradients, 0, headWidth, seen);
      for (int first = from; first < to; first += most.length) {
        int last = Math.min(to, first + most.length);
        backward(head, dout, q, out, bias, first, last, keysOf(seen, last), gradient, at);
        queryGradient(head, kv, first, last, keysOf(seen, last), dq);
      }
      for (int j = 0; j < seen; j++) {
        for (int c = 0; c < headWidth; c++) {
          dkv[j][column + c] = keyGradients[c][j] * scale;
          dkv[j][width + column + c] = valueGradients[c][j];
        }
      }
    }
  }

  /** Leaves ds of the block in {@link #slopes}. */
  private void backward(
      int head,
      float[][] dout,
      float[][] q,
      float[][] out,
      float @Nullable [] bias,
      int first,
      int last,
      int seen,
      float[] gradient,
      int at) {
    int count = last - first;
    int column = head * headWidth;
    for (int i = 0; i < count; i++) {
      System.arraycopy(q[first + i], column, queries[i], 0, headWidth);
      System.arraycopy(dout[first + i], column, outputGradients[i], 0, headWidth);
    }
    RowProducts.clear(weights, 0, count, seen);
    RowProducts.clear(slopes, 0, count, seen);
    RowProducts.add(queries, 0, 0, count, keys, 0, headWidth, seen, weights);
    RowProducts.add(outputGradients, 0, 0, count, values, 0, headWidth, seen, slopes);
    for (int i = 0; i < count; i++) {
      float mean = 0f;
      for (int c = 0; c < headWidth; c++) {
        mean += outputGradients[i][c] * out[first + i][column + c];
      }
      if (shape.nullToken()) {
        nullGradient(head, i, first + i, mean, gradient, at);
      }
      softmaxGradient(weights[i], slopes[i], bias, logSums[head][first + i], mean, first + i, seen);
    }
    RowProducts.addTransposed(
        outputGradients, 0, headWidth, weights, 0, count, seen, valueGradients, 0);
    RowProducts.addTransposed(queries, 0, headWidth, slopes, 0, count, seen, keyGradients, 0);
  }

  /** Replaces scores by weights and their gradients by those of the scores. */
  private void softmaxGradient(
      float[] row,
      float[] slope,
      float @Nullable [] bias,
      float logSum,
      float mean,
      int query,
      int seen) {
    int visible = shape.causal() ? Math.min(seen, query + 1) : seen;
    for (int j = 0; j < visible; j++) {
      float score = row[j] * scale + (bias == null ? 0f : bias[j]);
      row[j] = FloatExp.exp(score - logSum);
    }
    for (int j = 0; j < visible; j++) {
      slope[j] = row[j] * (slope[j] - mean);
    }
    Arrays.fill(row, visible, seen, 0f);
    Arrays.fill(slope, visible, seen, 0f);
  }

  private void nullGradient(int head, int i, int query, float mean, float[] gradient, int at) {
    int column = head * headWidth;
    float weight = FloatExp.exp(nullLogit[head] - logSums[head][query]);
    float along = 0f;
    for (int c = 0; c < headWidth; c++) {
      along += outputGradients[i][c] * nullValue[column + c];
      gradient[at + nullValueAt + column + c] += weight * outputGradients[i][c];
    }
    gradient[at + nullLogitAt + head] += weight * (along - mean);
  }

  private void queryGradient(int head, float[][] kv, int first, int last, int seen, float[][] dq) {
    int count = last - first;
    int column = head * headWidth;
    RowProducts.transpose(slopes, 0, count, 0, seen, byKey, 0);
    RowProducts.clear(across, 0, headWidth, count);
    RowProducts.addTransposed(kv, column, headWidth, byKey, 0, seen, count, across, 0);
    for (int i = 0; i < count; i++) {
      for (int c = 0; c < headWidth; c++) {
        dq[first + i][column + c] = across[c][i] * scale;
      }
    }
  }
}
