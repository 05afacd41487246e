package org.definetti.engine.simd;

import static org.definetti.engine.simd.Panels.HALF;
import static org.definetti.engine.simd.Panels.LANES;
import static org.definetti.engine.simd.Panels.WIDTH;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.definetti.engine.BlockShape;
import org.jspecify.annotations.Nullable;

/**
 * Softmax attention of all heads of one sample, forward and backward, in tiles of scores.
 *
 * <pre>{@code
 * s = q kᵀ + bias,   e = 2^(s - m),   z = Σ_j e_j,   out = e v / z
 * D = rowsum(dout ∘ out),   ds = ln 2 · e ∘ (dout/z · vᵀ - D/z),   dv += eᵀ dout/z
 * dq = ds k,   dk += dsᵀ q
 * }</pre>
 *
 * <ul>
 *   <li>Where: q comes multiplied by log2(e)/√(d/H), so that scores are exponents of two, and dq is
 *       the gradient of that; bias likewise in units of ln 2.
 *   <li>e is never divided by its sum: out, dout and D are, which are narrower.
 *   <li>m is zero where |q_i| and the largest |k_j| show that no power can overflow, which saves a
 *       pass over the scores; else the row's maximum, from a pass of its own. Both give the same
 *       weights.
 *   <li>Tiles: blocks of at most {@link #ROWS} rows of q against panels of WIDTH keys, so that a
 *       panel of scores (4 KiB) is filled, exponentiated and used while in first-level cache.
 *   <li>Cost per row, head and key: 2 d/H multiply-adds forward, 4 d/H backward, or 5 d/H where e
 *       is recomputed; one exponential for each time e is computed.
 *   <li>Memory: e is kept for the backward pass up to {@link #KEPT} rows; of longer samples only z
 *       and m, and e is recomputed block by block.
 * </ul>
 *
 * <p>Plain twin: {@code PlainHeads} of the package above. Source: recomputation from the
 * log-sum-exp [recalled: FlashAttention]; bound instead of maximum [derived].
 */
final class PanelHeads {

  /** Longest sample whose powers are kept between the passes. */
  static final int KEPT = 512;

  /** Rows of q in a block, at most. */
  static final int ROWS = 72;

  /** Panels of keys whose powers, or score gradients, go into one product. */
  private static final int KEYS = 8;

  /** Largest |s| without the rows' maxima: far from overflow even for products of powers. */
  private static final float BOUND = 64f;

  private static final float LN2 = 0.6931472f;
  private static final float LOG2_E = 1.442695f;
  private static final float HIDDEN = -1e30f;

  private final int heads;
  private final int width; // d/H
  private final int padded; // of a head, in panels
  private final boolean causal;
  private final int panel;
  private final int nullLogitAt; // -1 for none
  private final int nullValueAt;
  private final float[] nullLogits; // (heads), in units of ln 2
  private final float[] nullValues; // (heads, padded)

  private final boolean keeps;
  private final float[] kept; // (heads, key panels, panel) where kept
  private final float[] maxima; // (heads, rows)
  private final float[] inverses; // (heads, rows): 1/z
  private final boolean[] bounded; // (heads, rows): at a block's first row, whether its m are 0

  private final Scratch scratch;

  private float @Nullable [] bias;
  private int seen; // keys
  private int from; // the first row's place among them
  private int rows;

  /** Memory used within one pass only, shared by the blocks of a stack. */
  static final class Scratch {
    final float[] keys; // (key panels, padded, WIDTH): kᵀ of one head
    final float[] values; // (key panels, padded, WIDTH): vᵀ
    final float[] powers; // (KEYS or 1, ROWS + tile, WIDTH)
    final float[] gradients; // (KEYS, ROWS + tile, WIDTH)
    final float[] scaled; // (padded / WIDTH, ROWS + tile, WIDTH): dout/z of one block
    final float[] deltas; // (ROWS): ln 2 · D/z
    final float[] partial; // (ROWS or keys, HALF)
    final float[] more; // (rows, HALF)
    final float[] bias; // (padded keys)
    final float[] spans; // (keys): largest |bias| up to each
    final float[] reaches; // (keys): largest |k|² up to each
    final float[] squares; // (rows): |q|²
    final float[] zeros = new float[WIDTH];

    Scratch(BlockShape shape, int maxLength) {
      int padded = Panels.padded(shape.headWidth());
      int keyPanels = Panels.count(maxLength);
      keys = new float[keyPanels * padded * WIDTH];
      values = new float[keyPanels * padded * WIDTH];
      powers = new float[KEYS * BLOCK];
      gradients = new float[KEYS * BLOCK];
      scaled = new float[padded / WIDTH * BLOCK];
      deltas = new float[ROWS];
      partial = new float[Math.max(ROWS, maxLength) * HALF];
      more = new float[Math.max(ROWS, maxLength) * HALF];
      bias = new float[keyPanels * WIDTH];
      spans = new float[maxLength];
      reaches = new float[maxLength];
      squares = new float[maxLength];
    }

    long memory() {
      return 2L * keys.length
          + 2L * powers.length
          + scaled.length
          + deltas.length
          + 2L * partial.length
          + bias.length
          + 3L * spans.length;
    }
  }

  /** Numbers of a panel of one block of rows: an odd number of rows, as in {@link Panels}. */
  private static final int BLOCK = (ROWS + 5) * WIDTH;

  PanelHeads(BlockShape shape, int maxLength, Scratch scratch) {
    this.heads = shape.heads();
    this.width = shape.headWidth();
    this.padded = Panels.padded(width);
    this.causal = shape.causal();
    this.panel = Panels.panel(maxLength);
    this.nullLogitAt = shape.offset("null.logit");
    this.nullValueAt = shape.offset("null.value");
    this.nullLogits = new float[heads];
    this.nullValues = new float[heads * padded];
    this.keeps = maxLength <= KEPT;
    this.kept = new float[keeps ? heads * Panels.count(maxLength) * panel : 0];
    this.maxima = new float[heads * maxLength];
    this.inverses = new float[heads * maxLength];
    this.bounded = new boolean[heads * maxLength];
    this.scratch = scratch;
  }

  long memory() {
    return kept.length + 2L * maxima.length + heads + nullValues.length;
  }

  void prepare(float[] theta, int at) {
    if (nullLogitAt < 0) {
      return;
    }
    for (int h = 0; h < heads; h++) {
      nullLogits[h] = LOG2_E * theta[at + nullLogitAt + h];
      System.arraycopy(theta, at + nullValueAt + h * width, nullValues, h * padded, width);
    }
  }

  /**
   * Writes the heads' outputs.
   *
   * @param q panels of the rows asked for, heads padded. Not modified.
   * @param k panels of all keys; rows up to the next whole panel are zero. Not modified.
   * @param v as k. Not modified.
   * @param bias of each key, or null. Not modified.
   * @param from the first row's place among the keys, for the causal mask
   * @param keep whether a backward pass will follow
   * @param out panels, heads padded. Modified.
   */
  void forward(
      float[] q,
      float[] k,
      float[] v,
      float @Nullable [] bias,
      int seen,
      int from,
      int rows,
      boolean keep,
      float[] out) {
    this.bias = bias;
    this.seen = seen;
    this.from = from;
    this.rows = rows;
    biases();
    for (int h = 0; h < heads; h++) {
      int at = h * padded / WIDTH * panel;
      transpose(k, at, scratch.keys);
      squares(q, at, rows, scratch.squares);
      squares(k, at, seen, scratch.reaches);
      for (int j = 1; j < seen; j++) {
        scratch.reaches[j] = Math.max(scratch.reaches[j], scratch.reaches[j - 1]);
      }
      int block = block(rows);
      for (int r = 0; r < rows; r += block) {
        int n = Math.min(block, rows - r);
        maxima(q, at, h, r, n);
        mix(q, v, at, h, r, n, keep && keeps, out);
      }
    }
  }

  /** Fills the scratch bias and its spans. */
  private void biases() {
    float[] b = scratch.bias;
    float[] bias = this.bias;
    float span = 0f;
    for (int j = 0; j < seen; j++) {
      b[j] = bias == null ? 0f : LOG2_E * bias[j];
      span = Math.max(span, Math.abs(b[j]));
      scratch.spans[j] = span;
    }
    Arrays.fill(b, seen, Panels.padded(seen), HIDDEN);
  }

  /** Returns rows per block: equal blocks, of whole tiles of six. */
  private static int block(int rows) {
    int blocks = (rows + ROWS - 1) / ROWS;
    int n = (rows + blocks - 1) / Math.max(1, blocks);
    return Math.min(ROWS, (n + 5) / 6 * 6);
  }

  private void transpose(float[] in, int at, float[] out) {
    for (int j = 0; j < Panels.count(seen); j++) {
      for (int c = 0; c < padded; c += WIDTH) {
        int to = (j * padded + c) * WIDTH;
        Panels.transpose(in, at + c / WIDTH * panel + j * WIDTH * WIDTH, out, to);
      }
    }
  }

  /** Writes the squared lengths of n rows of a head. */
  private void squares(float[] a, int at, int n, float[] squares) {
    float[] partial = scratch.partial;
    Arrays.fill(partial, 0, n * HALF, 0f);
    for (int c = 0; c < padded / WIDTH; c++) {
      PanelSums.products(a, at + c * panel, a, at + c * panel, n, partial, 0);
    }
    for (int r = 0; r < n; r++) {
      squares[r] = PanelSums.lanes(partial, r * HALF);
    }
  }

  /** Whether no score of a row, of the keys that it sees, can be far from zero. */
  private boolean bounded(int h, int row) {
    int last = keys(row + 1) - 1;
    if (last < 0) {
      return Math.abs(nullLogits[h]) <= BOUND;
    }
    double length = Math.sqrt((double) scratch.squares[row] * scratch.reaches[last]);
    return length + scratch.spans[last] + Math.abs(nullLogits[h]) <= BOUND;
  }

  /** Returns how many keys rows up to {@code last} of a block see. */
  private int keys(int last) {
    return causal ? Math.min(seen, from + last) : seen;
  }

  /** Writes scores of n rows against panel j of the keys, masked. */
  private void scores(float[] q, int at, int r, int n, int j, float[] e, int eAt) {
    PanelProduct.multiply(
        q,
        at + r * WIDTH,
        panel,
        width,
        scratch.keys,
        j * padded * WIDTH,
        scratch.bias,
        j * WIDTH,
        0,
        e,
        eAt,
        n);
    if (masked(r, j)) {
      for (int i = 0; i < n; i++) {
        int visible = Math.max(0, from + r + i + 1 - j * WIDTH);
        if (visible < WIDTH) {
          Arrays.fill(e, eAt + i * WIDTH + visible, eAt + (i + 1) * WIDTH, HIDDEN);
        }
      }
    }
  }

  private boolean masked(int r, int j) {
    return causal && (j + 1) * WIDTH > from + r + 1;
  }

  /**
   * Writes the m of n rows: zero where a row is bounded. That is decided row by row, so that a
   * row's numbers do not depend on others, nor with a causal mask on later keys.
   */
  private void maxima(float[] q, int at, int h, int r, int n) {
    int to = h * (maxima.length / heads) + r;
    boolean all = true;
    for (int i = 0; i < n; i++) {
      boolean near = bounded(h, r + i);
      all &= near;
      float least = nullLogitAt < 0 ? Float.NEGATIVE_INFINITY : nullLogits[h];
      maxima[to + i] = near ? 0f : least;
    }
    bounded[to] = all;
    for (int j = 0; !all && j < Panels.count(keys(r + n)); j++) {
      scores(q, at, r, n, j, scratch.powers, 0);
      for (int i = 0; i < n; i++) {
        if (!bounded(h, r + i)) {
          maxima[to + i] = Math.max(maxima[to + i], largest(scratch.powers, i * WIDTH));
        }
      }
    }
  }

  private static float largest(float[] row, int at) {
    float max = row[at];
    for (int c = 1; c < WIDTH; c++) {
      max = Math.max(max, row[at + c]);
    }
    return max;
  }

  /** Writes the powers of n rows against panel j. */
  private void powers(
      float[] q, int at, int h, int r, int n, int j, float[] e, int eAt, float[] sums) {
    scores(q, at, r, n, j, e, eAt);
    int row = h * (maxima.length / heads) + r;
    if (bounded[row] && !masked(r, j) && (j + 1) * WIDTH <= seen) {
      RowExponentials.bounded(e, eAt, n, sums, 0);
    } else {
      RowExponentials.shifted(e, eAt, n, maxima, row, sums, 0);
    }
  }

  private void mix(float[] q, float[] v, int at, int h, int r, int n, boolean keep, float[] out) {
    int seen = keys(r + n);
    int panels = Panels.count(seen);
    int stride = keep ? panel : BLOCK;
    float[] e = keep ? kept : scratch.powers;
    float[] sums = scratch.partial;
    Arrays.fill(sums, 0, n * HALF, 0f);
    for (int first = 0; first < panels; first += KEYS) {
      int end = Math.min(panels, first + KEYS);
      int eAt = keep ? (h * Panels.count(maxima.length / heads) + first) * panel + r * WIDTH : 0;
      for (int j = first; j < end; j++) {
        powers(q, at, h, r, n, j, e, eAt + (j - first) * stride, sums);
      }
      int some = Math.min(seen, end * WIDTH) - first * WIDTH;
      for (int c = 0; c < padded / WIDTH; c++) {
        int panelAt = at + c * panel;
        int to = panelAt + r * WIDTH;
        boolean add = first > 0;
        PanelProduct.multiply(
            e,
            eAt,
            stride,
            some,
            v,
            panelAt + first * WIDTH * WIDTH,
            add ? out : scratch.zeros,
            add ? to : 0,
            add ? WIDTH : 0,
            out,
            to,
            n);
      }
    }
    finish(at, h, r, n, panels == 0, out);
  }

  /** Divides outputs by the sums of their powers, the null token's included. */
  private void finish(int at, int h, int r, int n, boolean empty, float[] out) {
    int rowAt = h * (maxima.length / heads) + r;
    for (int i = 0; i < n; i++) {
      float z = PanelSums.lanes(scratch.partial, i * HALF);
      float e0 = 0f;
      if (nullLogitAt >= 0) {
        e0 = RowExponentials.power(nullLogits[h] - maxima[rowAt + i]);
        z += e0;
      }
      float inverse = 1f / z;
      inverses[rowAt + i] = inverse;
      for (int c = 0; c < padded; c += HALF) {
        int o = at + c / WIDTH * panel + (r + i) * WIDTH + c % WIDTH;
        FloatVector a =
            empty ? FloatVector.zero(LANES) : FloatVector.fromArray(LANES, out, o).mul(inverse);
        if (nullLogitAt >= 0) {
          a =
              FloatVector.fromArray(LANES, nullValues, h * padded + c)
                  .fma(FloatVector.broadcast(LANES, e0 * inverse), a);
        }
        a.intoArray(out, o);
      }
    }
  }

  /**
   * Writes dq and dv, dk and adds the null tokens' gradients.
   *
   * @param q as in the forward pass, as k and v. Not modified.
   * @param out as the forward pass wrote it. Not modified.
   * @param dout its gradient. Not modified.
   * @param dq panels, times {@code scale}. Modified.
   * @param dk panels. Modified.
   * @param dv panels. Modified.
   * @param scale what dq is multiplied by
   */
  void backward(
      float[] q,
      float[] k,
      float[] v,
      float[] out,
      float[] dout,
      float[] dq,
      float[] dk,
      float[] dv,
      float scale,
      float[] gradient,
      int at) {
    if (!keeps) {
      biases(); // another block of the stack may have written its own
    }
    for (int h = 0; h < heads; h++) {
      int headAt = h * padded / WIDTH * panel;
      transpose(v, headAt, scratch.values);
      if (!keeps) {
        transpose(k, headAt, scratch.keys);
      }
      for (int c = 0; c < padded / WIDTH; c++) {
        int start = headAt + c * panel;
        Arrays.fill(dk, start, start + Panels.padded(seen) * WIDTH, 0f);
        Arrays.fill(dv, start, start + Panels.padded(seen) * WIDTH, 0f);
      }
      int block = block(rows);
      for (int r = 0; r < rows; r += block) {
        int n = Math.min(block, rows - r);
        rescale(out, dout, headAt, h, r, n, gradient, at);
        spread(q, k, headAt, h, r, n, dq, dk, dv);
        finishQuery(dq, headAt, r, n, scale);
      }
    }
  }

  /** Writes dout/z and ln 2 · D/z of n rows. */
  private void rescale(
      float[] out, float[] dout, int at, int h, int r, int n, float[] gradient, int gradientAt) {
    float[] partial = scratch.partial;
    int rowAt = h * (maxima.length / heads) + r;
    Arrays.fill(partial, 0, n * HALF, 0f);
    for (int c = 0; c < padded / WIDTH; c++) {
      int i = at + c * panel + r * WIDTH;
      PanelSums.products(out, i, dout, i, n, partial, 0);
      divide(dout, i, n, rowAt, c * BLOCK);
    }
    for (int i = 0; i < n; i++) {
      float delta = PanelSums.lanes(partial, i * HALF);
      scratch.deltas[i] = LN2 * delta * inverses[rowAt + i];
      if (nullLogitAt >= 0) {
        nullGradient(dout, at, h, r + i, delta, gradient, gradientAt);
      }
    }
  }

  private void divide(float[] dout, int at, int n, int rowAt, int to) {
    float[] scaled = scratch.scaled;
    float[] inverse = inverses;
    for (int i = 0; i < n; i++) {
      FloatVector s = FloatVector.broadcast(LANES, inverse[rowAt + i]);
      int o = i * WIDTH;
      FloatVector.fromArray(LANES, dout, at + o).mul(s).intoArray(scaled, to + o);
      FloatVector.fromArray(LANES, dout, at + o + HALF).mul(s).intoArray(scaled, to + o + HALF);
    }
  }

  private void nullGradient(
      float[] dout, int at, int h, int row, float delta, float[] gradient, int gradientAt) {
    int rowAt = h * (maxima.length / heads) + row;
    float weight = RowExponentials.power(nullLogits[h] - maxima[rowAt]) * inverses[rowAt];
    float along = 0f;
    for (int c = 0; c < width; c++) {
      float d = dout[at + c / WIDTH * panel + row * WIDTH + c % WIDTH];
      along += d * nullValues[h * padded + c];
      gradient[gradientAt + nullValueAt + h * width + c] += weight * d;
    }
    gradient[gradientAt + nullLogitAt + h] += weight * (along - delta);
  }

  /** Adds n rows' part of dk and dv, and writes their dq. */
  private void spread(
      float[] q, float[] k, int at, int h, int r, int n, float[] dq, float[] dk, float[] dv) {
    int seen = keys(r + n);
    int panels = Panels.count(seen);
    int headPanels = padded / WIDTH;
    float[] e = keeps ? kept : scratch.powers;
    float[] ds = scratch.gradients;
    Arrays.fill(scratch.more, 0, n * HALF, 0f);
    for (int first = 0; first < panels; first += KEYS) {
      int end = Math.min(panels, first + KEYS);
      for (int j = first; j < end; j++) {
        int eAt = 0;
        if (keeps) {
          eAt = (h * Panels.count(maxima.length / heads) + j) * panel + r * WIDTH;
        } else {
          powers(q, at, h, r, n, j, e, 0, scratch.more);
        }
        int dsAt = (j - first) * BLOCK;
        PanelProduct.multiply(
            scratch.scaled,
            0,
            BLOCK,
            width,
            scratch.values,
            j * padded * WIDTH,
            scratch.zeros,
            0,
            0,
            ds,
            dsAt,
            n);
        scoreGradients(e, eAt, ds, dsAt, n);
        for (int c = 0; c < headPanels; c++) {
          int key = at + c * panel + j * WIDTH * WIDTH;
          int row = at + c * panel + r * WIDTH;
          PanelTransposedProduct.add(e, eAt, scratch.scaled, c * BLOCK, n, dv, key, WIDTH);
          PanelTransposedProduct.add(ds, dsAt, q, row, n, dk, key, WIDTH);
        }
      }
      int some = Math.min(seen, end * WIDTH) - first * WIDTH;
      for (int c = 0; c < headPanels; c++) {
        int panelAt = at + c * panel;
        int to = panelAt + r * WIDTH;
        boolean add = first > 0;
        PanelProduct.multiply(
            ds,
            0,
            BLOCK,
            some,
            k,
            panelAt + first * WIDTH * WIDTH,
            add ? dq : scratch.zeros,
            add ? to : 0,
            add ? WIDTH : 0,
            dq,
            to,
            n);
      }
    }
    if (panels == 0) {
      for (int c = 0; c < headPanels; c++) {
        int start = at + c * panel + r * WIDTH;
        Arrays.fill(dq, start, start + n * WIDTH, 0f);
      }
    }
  }

  /** ds = e ∘ (ln 2 · ds - ln 2 · D/z). */
  private void scoreGradients(float[] e, int eAt, float[] ds, int dsAt, int n) {
    float[] deltas = scratch.deltas;
    FloatVector ln2 = FloatVector.broadcast(LANES, LN2);
    for (int i = 0; i < n; i++) {
      FloatVector delta = FloatVector.broadcast(LANES, deltas[i]);
      int o = i * WIDTH;
      FloatVector a = FloatVector.fromArray(LANES, ds, dsAt + o).mul(ln2).sub(delta);
      FloatVector b = FloatVector.fromArray(LANES, ds, dsAt + o + HALF).mul(ln2).sub(delta);
      a.mul(FloatVector.fromArray(LANES, e, eAt + o)).intoArray(ds, dsAt + o);
      b.mul(FloatVector.fromArray(LANES, e, eAt + o + HALF)).intoArray(ds, dsAt + o + HALF);
    }
  }

  private void finishQuery(float[] dq, int at, int r, int n, float scale) {
    FloatVector s = FloatVector.broadcast(LANES, scale);
    for (int c = 0; c < padded / WIDTH; c++) {
      int start = at + c * panel + r * WIDTH;
      for (int i = start; i < start + n * WIDTH; i += HALF) {
        FloatVector.fromArray(LANES, dq, i).mul(s).intoArray(dq, i);
      }
    }
  }
}
