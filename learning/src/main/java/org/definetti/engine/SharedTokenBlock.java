package org.definetti.engine;

import java.util.Arrays;
import org.definetti.latent.Check;

/**
 * A pre-norm transformer block for samples whose tokens come from one table, at one row: that of a
 * token common to all samples, [CLS].
 *
 * <pre>{@code
 * once per step, for every row k of the table and every head h
 *   u_k = norm(x_k),  s_kh = (W_K,h u_k)·q_h / √(d/H),  v_k = W_V u_k + b_V
 *   P_k = [e_kh v_kh | e_kh],   e_kh = exp(max(s_kh - max_k s_kh, -60))
 * once per sample b, with tokens k_1, …, k_L and [CLS]
 *   [N | D] = P_cls + Σ_l P_(k_l),   attention_h = N_h / D_h,   then W_O, residual and MLP
 * }</pre>
 *
 * <ul>
 *   <li>Where: x_k row k of the table, q = W_Q u_cls + b_Q; W_K enters only through W_K,hᵀ q_h, and
 *       the keys' bias not at all: it moves all scores of a head alike.
 *   <li>Edge cases: the largest score is taken over the whole table, so a sample without that token
 *       could divide 0 by 0 in float32; the floor of -60 keeps every weight above 1e-26. Below it a
 *       score gets no gradient, and a sample all of whose tokens are below is averaged evenly.
 *   <li>Cost: O(n d²) a step for a table of n rows and O(L (d + H) + d² + d hidden) a sample, where
 *       a block that meets each sample's tokens anew needs O(L d²).
 *   <li>Source: [derived] (check V4). Its twins, token by token, are the kernels of {@link
 *       BlockKernels} and the reference block; a test ties them together.
 * </ul>
 *
 * <p>Not safe to share between threads.
 */
public final class SharedTokenBlock {

  private static final float LEAST_SCORE = -60f;

  private final BlockShape shape;
  private final int d;
  private final int heads;
  private final int headWidth;
  private final int maxTable;
  private final float scale; // 1 / √(d/H)
  private final int keyAt; // W_K from the block's first number

  private final RowNorm attentionNorm;
  private final RowLinear query;
  private final RowLinear value;
  private final RowLinear output;
  private final RowNorm mlpNorm;
  private final RowLinear expand;
  private final RowLinear contract;
  private final float[][] key; // (d, d)

  // Of the table.
  private final float[][] normed; // (table, d): u
  private final float[][] queryRow; // (1, d): q
  private final float[][] keyQuery; // (H, d): W_K,hᵀ q_h / √(d/H)
  private final float[][] keyQueryTransposed; // (d, H)
  private final float[][] scores; // (table, H)
  private final float[][] values; // (table, d)
  private final float[][] weighted; // (table, d + H): P
  private int table;
  private int cls;

  // Of the samples.
  private final float[][] sums; // (samples, d + H): N | D
  private final float[][] attended; // (samples, d)
  private final float[][] middle; // (samples, d): after the residual of attention
  private final float[][] mlpIn; // (samples, d)
  private final float[][] hidden; // (samples, hidden)
  private final float[][] slopes; // (samples, hidden)

  // Gradients.
  private final float[][] hiddenGradient; // (samples, hidden)
  private final float[][] middleGradient; // (samples, d)
  private final float[][] attendedGradient; // (samples, d)
  private final float[][] mlpInGradient; // (samples, d)
  private final float[] sampleGradient; // (d + H): of one sample's N | D
  private final float[][] weightedGradient; // (table, d + H)
  private final float[][] valueGradient; // (table, d)
  private final float[][] scoreGradient; // (table, H)
  private final float[][] normedGradient; // (table, d)
  private final float[][] keyQueryGradient; // (H, d)
  private final float[][] queryGradient; // (1, d)

  /**
   * Makes the memory.
   *
   * @param shape pre-norm, without causal mask, null token and rotary positions
   * @param maxTable the most rows of a table, [CLS] among them
   * @param maxSamples the most samples of one call
   * @throws IllegalArgumentException if the shape has what this block has not
   */
  public SharedTokenBlock(BlockShape shape, int maxTable, int maxSamples) {
    if (!shape.preNorm() || shape.causal() || shape.nullToken() || shape.rotary()) {
      throw new IllegalArgumentException(
          "shape: expected pre-norm without mask, null token and rotary positions, got " + shape);
    }
    this.shape = shape;
    this.maxTable = Check.atLeast("maxTable", 1, maxTable);
    Check.atLeast("maxSamples", 1, maxSamples);
    d = shape.width();
    heads = shape.heads();
    headWidth = shape.headWidth();
    scale = (float) (1 / Math.sqrt(headWidth));
    keyAt = shape.offset("key.map");
    int inner = shape.hidden();
    attentionNorm = new RowNorm(shape, "attention.norm", maxTable);
    mlpNorm = new RowNorm(shape, "mlp.norm", maxSamples);
    query = linear("query", d, d);
    value = linear("value", d, d);
    output = linear("output", d, d);
    expand = linear("expand", d, inner);
    contract = linear("contract", inner, d);
    key = new float[d][d];
    normed = new float[maxTable][d];
    queryRow = new float[1][d];
    keyQuery = new float[heads][d];
    keyQueryTransposed = new float[d][heads];
    scores = new float[maxTable][heads];
    values = new float[maxTable][d];
    weighted = new float[maxTable][d + heads];
    sums = new float[maxSamples][d + heads];
    attended = new float[maxSamples][d];
    middle = new float[maxSamples][d];
    mlpIn = new float[maxSamples][d];
    hidden = new float[maxSamples][inner];
    slopes = new float[maxSamples][inner];
    hiddenGradient = new float[maxSamples][inner];
    middleGradient = new float[maxSamples][d];
    attendedGradient = new float[maxSamples][d];
    mlpInGradient = new float[maxSamples][d];
    sampleGradient = new float[d + heads];
    weightedGradient = new float[maxTable][d + heads];
    valueGradient = new float[maxTable][d];
    scoreGradient = new float[maxTable][heads];
    normedGradient = new float[maxTable][d];
    keyQueryGradient = new float[heads][d];
    queryGradient = new float[1][d];
  }

  private RowLinear linear(String name, int from, int to) {
    return new RowLinear(from, to, shape.offset(name + ".map"), shape.offset(name + ".bias"));
  }

  /**
   * Takes parameters and table, and computes all that samples share.
   *
   * @param theta the block's parameters from {@code at} on. Not modified.
   * @param rows the table, (count, d). Not modified.
   * @param count its number of rows, at least 1
   * @param common the row of [CLS]
   */
  public void prepare(float[] theta, int at, float[][] rows, int count, int common) {
    if (count < 1 || count > maxTable) {
      throw new IllegalArgumentException("count: expected in 1.." + maxTable + ", got " + count);
    }
    table = count;
    cls = common;
    attentionNorm.prepare(theta, at);
    mlpNorm.prepare(theta, at);
    for (RowLinear linear : new RowLinear[] {query, value, output, expand, contract}) {
      linear.prepare(theta, at);
    }
    RowProducts.read(theta, at + keyAt, 0, d, d, key);
    attentionNorm.forward(rows, 0, count, normed);
    query.forward(new float[][] {normed[common]}, 0, 1, queryRow);
    RowProducts.clear(keyQuery, 0, heads, d);
    for (int i = 0; i < d; i++) {
      float factor = scale * queryRow[0][i];
      float[] row = keyQuery[i / headWidth];
      for (int j = 0; j < d; j++) {
        row[j] += factor * key[i][j];
      }
    }
    RowProducts.transpose(keyQuery, 0, heads, 0, d, keyQueryTransposed, 0);
    RowProducts.clear(scores, 0, count, heads);
    RowProducts.add(normed, 0, 0, count, keyQueryTransposed, 0, d, heads, scores);
    value.forward(normed, 0, count, values);
    weigh();
  }

  /** Writes P from scores and values. */
  private void weigh() {
    float[] most = scores[0].clone();
    for (int k = 1; k < table; k++) {
      for (int h = 0; h < heads; h++) {
        most[h] = Math.max(most[h], scores[k][h]);
      }
    }
    for (int k = 0; k < table; k++) {
      float[] row = weighted[k];
      float[] own = values[k];
      for (int h = 0; h < heads; h++) {
        scores[k][h] -= most[h];
        row[d + h] = FloatExp.exp(Math.max(scores[k][h], LEAST_SCORE));
      }
      for (int j = 0; j < d; j++) {
        row[j] = row[d + j / headWidth] * own[j];
      }
    }
  }

  /**
   * Computes the row of [CLS] of samples {@code 0..samples-1}.
   *
   * @param rows the table as in {@link #prepare}. Not modified.
   * @param tokens (samples, length): the table's row of each token. Not modified.
   * @param length the number L of tokens of a sample besides [CLS]
   * @param out (samples, d). Modified.
   */
  public void forward(float[][] rows, int[] tokens, int samples, int length, float[][] out) {
    for (int b = 0; b < samples; b++) {
      float[] sum = sums[b];
      System.arraycopy(weighted[cls], 0, sum, 0, d + heads);
      addRows(tokens, b * length, length, sum);
      for (int j = 0; j < d; j++) {
        attended[b][j] = sum[j] / sum[d + j / headWidth];
      }
    }
    output.forward(attended, 0, samples, middle);
    for (int b = 0; b < samples; b++) {
      for (int j = 0; j < d; j++) {
        middle[b][j] += rows[cls][j];
      }
    }
    mlpNorm.forward(middle, 0, samples, mlpIn);
    expand.forward(mlpIn, 0, samples, hidden);
    for (int b = 0; b < samples; b++) {
      Gelu.apply(hidden[b], slopes[b], shape.hidden());
    }
    contract.forward(hidden, 0, samples, out);
    RowProducts.addRows(middle, 0, samples, d, out);
  }

  /** Adds the rows of P that a sample selects, four at a pass. */
  private void addRows(int[] tokens, int at, int length, float[] sum) {
    int width = d + heads;
    int l = 0;
    for (; l + 4 <= length; l += 4) {
      float[] p0 = weighted[tokens[at + l]];
      float[] p1 = weighted[tokens[at + l + 1]];
      float[] p2 = weighted[tokens[at + l + 2]];
      float[] p3 = weighted[tokens[at + l + 3]];
      for (int j = 0; j < width; j++) {
        sum[j] += (p0[j] + p1[j]) + (p2[j] + p3[j]);
      }
    }
    for (; l < length; l++) {
      float[] p = weighted[tokens[at + l]];
      for (int j = 0; j < width; j++) {
        sum[j] += p[j];
      }
    }
  }

  /**
   * Returns a head's weight on each of a sample's tokens, [CLS] last, as the last forward pass had
   * them.
   *
   * @param tokens as in the forward pass. Not modified.
   */
  public float[] weights(int[] tokens, int length, int sample, int head) {
    float[] weights = new float[length + 1];
    float sum = sums[sample][d + head];
    for (int l = 0; l < length; l++) {
      weights[l] = weighted[tokens[sample * length + l]][d + head] / sum;
    }
    weights[length] = weighted[cls][d + head] / sum;
    return weights;
  }

  /**
   * Adds the gradients of parameters and table, given those of the outputs. The last forward pass
   * was of the same samples.
   *
   * @param tokens as in the forward pass. Not modified.
   * @param outGradient (samples, d). Not modified.
   * @param gradient the block's from {@code at} on. Modified.
   * @param rowsGradient (table, d); receives, does not add. Modified.
   */
  public void backward(
      int[] tokens,
      int samples,
      int length,
      float[][] outGradient,
      float[] gradient,
      int at,
      float[][] rowsGradient) {
    mlpBackward(samples, outGradient, gradient, at);
    RowProducts.clear(attendedGradient, 0, samples, d);
    output.backward(middleGradient, attended, 0, samples, attendedGradient, gradient, at);
    RowProducts.clear(weightedGradient, 0, table, d + heads);
    for (int b = 0; b < samples; b++) {
      scatter(tokens, b, length);
    }
    weightsBackward();
    RowProducts.clear(normedGradient, 0, table, d);
    value.backward(valueGradient, normed, 0, table, normedGradient, gradient, at);
    RowProducts.add(scoreGradient, 0, 0, table, keyQuery, 0, heads, d, normedGradient);
    queryBackward(gradient, at);
    attentionNorm.backward(normedGradient, 0, table, gradient, at);
    for (int k = 0; k < table; k++) {
      System.arraycopy(normedGradient[k], 0, rowsGradient[k], 0, d);
    }
    for (int b = 0; b < samples; b++) {
      for (int j = 0; j < d; j++) {
        rowsGradient[cls][j] += middleGradient[b][j];
      }
    }
  }

  private void mlpBackward(int samples, float[][] outGradient, float[] gradient, int at) {
    RowProducts.clear(hiddenGradient, 0, samples, shape.hidden());
    contract.backward(outGradient, hidden, 0, samples, hiddenGradient, gradient, at);
    for (int b = 0; b < samples; b++) {
      float[] row = hiddenGradient[b];
      float[] slope = slopes[b];
      for (int j = 0; j < row.length; j++) {
        row[j] *= slope[j];
      }
    }
    RowProducts.clear(mlpInGradient, 0, samples, d);
    expand.backward(hiddenGradient, mlpIn, 0, samples, mlpInGradient, gradient, at);
    mlpNorm.backward(mlpInGradient, 0, samples, gradient, at);
    for (int b = 0; b < samples; b++) {
      for (int j = 0; j < d; j++) {
        middleGradient[b][j] = outGradient[b][j] + mlpInGradient[b][j];
      }
    }
  }

  /** Adds a sample's gradient of [N | D] to the rows of P it selects. */
  private void scatter(int[] tokens, int b, int length) {
    float[] sum = sums[b];
    float[] mine = sampleGradient;
    for (int h = 0; h < heads; h++) {
      float along = 0f;
      float inverse = 1f / sum[d + h];
      for (int j = h * headWidth; j < (h + 1) * headWidth; j++) {
        mine[j] = attendedGradient[b][j] * inverse;
        along += mine[j] * attended[b][j];
      }
      mine[d + h] = -along;
    }
    for (int l = 0; l < length; l++) {
      addRow(mine, weightedGradient[tokens[b * length + l]]);
    }
    addRow(mine, weightedGradient[cls]);
  }

  private static void addRow(float[] row, float[] sum) {
    for (int j = 0; j < row.length; j++) {
      sum[j] += row[j];
    }
  }

  /** From the gradient of P to those of values and scores. */
  private void weightsBackward() {
    for (int k = 0; k < table; k++) {
      float[] g = weightedGradient[k];
      float[] own = values[k];
      for (int h = 0; h < heads; h++) {
        float weight = weighted[k][d + h];
        float slope = g[d + h];
        for (int j = h * headWidth; j < (h + 1) * headWidth; j++) {
          slope += g[j] * own[j];
          valueGradient[k][j] = g[j] * weight;
        }
        scoreGradient[k][h] = scores[k][h] < LEAST_SCORE ? 0f : slope * weight;
      }
    }
  }

  /** From the gradient of the scores to those of W_K and of the query. */
  private void queryBackward(float[] gradient, int at) {
    RowProducts.clear(keyQueryGradient, 0, heads, d);
    RowProducts.addTransposed(scoreGradient, 0, heads, normed, 0, table, d, keyQueryGradient, 0);
    Arrays.fill(queryGradient[0], 0f);
    for (int i = 0; i < d; i++) {
      float[] along = keyQueryGradient[i / headWidth];
      float factor = scale * queryRow[0][i];
      float sum = 0f;
      int row = at + keyAt + i * d;
      for (int j = 0; j < d; j++) {
        gradient[row + j] += factor * along[j];
        sum += key[i][j] * along[j];
      }
      queryGradient[0][i] = scale * sum;
    }
    query.backward(
        queryGradient,
        new float[][] {normed[cls]},
        0,
        1,
        new float[][] {normedGradient[cls]},
        gradient,
        at);
  }
}
