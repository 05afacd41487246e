package org.definetti.engine.simd;

import static org.definetti.engine.simd.Panels.WIDTH;

import java.util.Arrays;
import org.definetti.engine.BlockKernel;
import org.definetti.engine.BlockShape;
import org.definetti.engine.RotaryAngles;
import org.jspecify.annotations.Nullable;

/**
 * The transformer block in vector instructions, one sample at a time.
 *
 * <p>Everything between x and y lies in panels ({@link Panels}), so every product reads what the
 * one before wrote, without packing. All but attention works on {@link #ROWS} rows at a time, whose
 * activations stay in second-level cache.
 *
 * <p>Work of the forward pass, in multiply-adds per row: 12 d² for the maps of a block of hidden
 * width 4 d, and 2 n d for attention to n keys. Twice that backward; 1/12 of the maps' is saved
 * where no gradient of x is asked for.
 *
 * <p>Plain twin: {@link org.definetti.engine.BlockKernels#plain}.
 */
final class VectorBlock implements BlockKernel {

  /** Rows that go through the MLP together: whole tiles of six. */
  private static final int ROWS = 96;

  private static final double LOG2_E = 1.4426950408889634;

  private final BlockShape shape;
  private final int maxLength;
  private final int panel;
  private final int hiddenPanels;
  private final float scale;

  private final PanelNorm attentionNorm;
  private final PanelMap query;
  private final PanelMap key;
  private final PanelMap value;
  private final PanelHeads heads;
  private final PanelMap output;
  private final PanelNorm mlpNorm;
  private final PanelMap expand;
  private final PanelMap contract;

  // Activations of one sample in panels, kept between the passes.
  private final float[] a; // (length, d): what attention sees, x or its norm
  private final float[] q; // (length, heads)
  private final float[] k; // (length, heads)
  private final float[] v; // (length, heads)
  private final float[] mixed; // (length, heads): outputs of the heads
  private final float[] u; // (length, d): after attention and residual (and norm, if post-norm)
  private final float[] c; // (length, d): what the MLP sees; u itself if post-norm
  private final float[] hidden; // (length, hidden): after GELU
  private final float[] slopes; // (length, hidden): GELU's

  private final Scratch scratch;
  private final @Nullable RotaryAngles angles;

  private int length;
  private int seen;
  private int from;
  private int to;

  /** Memory used within one pass only, shared by the blocks of a stack. */
  static final class Scratch {
    final PanelHeads.Scratch heads;
    final float[] w; // (length, d)
    final float[] du; // (length, d)
    final float[] dc; // (length, d)
    final float[] dhidden; // (ROWS, hidden), in panels of the full height
    final float[] dmixed; // (length, heads)
    final float[] dq; // (length, heads)
    final float[] dk;
    final float[] dv;
    final float[] zeros = new float[WIDTH];

    Scratch(BlockShape shape, int maxLength) {
      int panel = Panels.panel(maxLength);
      int model = Panels.count(shape.width()) * panel;
      int all = shape.heads() * Panels.count(shape.headWidth()) * panel;
      heads = new PanelHeads.Scratch(shape, maxLength);
      w = new float[model];
      du = new float[model];
      dc = new float[model];
      dhidden = new float[Panels.count(shape.hidden()) * panel];
      dmixed = new float[all];
      dq = new float[all];
      dk = new float[all];
      dv = new float[all];
    }

    long memory() {
      return heads.memory() + 3L * w.length + dhidden.length + 4L * dq.length;
    }
  }

  VectorBlock(BlockShape shape, int maxLength, Scratch scratch) {
    this.shape = shape;
    this.maxLength = maxLength;
    this.panel = Panels.panel(maxLength);
    this.scratch = scratch;
    this.angles = shape.rotary() ? new RotaryAngles(shape.headWidth(), maxLength) : null;
    this.scale = (float) (LOG2_E / Math.sqrt(shape.headWidth()));
    int d = shape.width();
    int h = shape.heads();
    attentionNorm = new PanelNorm(shape, "attention.norm", maxLength);
    query = map(d, 1, d, h, "query.map", "query.bias", scale);
    key = map(d, 1, d, h, "key.map", "key.bias", 1f);
    value = map(d, 1, d, h, "value.map", "value.bias", 1f);
    heads = new PanelHeads(shape, maxLength, scratch.heads);
    output = map(d, h, d, 1, "output.map", "output.bias", 1f);
    mlpNorm = new PanelNorm(shape, "mlp.norm", maxLength);
    expand = map(d, 1, shape.hidden(), 1, "expand.map", "expand.bias", 1f);
    contract = map(shape.hidden(), 1, d, 1, "contract.map", "contract.bias", 1f);
    hiddenPanels = Panels.count(shape.hidden());
    int model = Panels.count(d) * panel;
    int all = h * Panels.count(shape.headWidth()) * panel;
    a = new float[model];
    q = new float[all];
    k = new float[all];
    v = new float[all];
    mixed = new float[all];
    u = new float[model];
    c = shape.preNorm() ? new float[model] : u;
    hidden = new float[hiddenPanels * panel];
    slopes = new float[hiddenPanels * panel];
  }

  private PanelMap map(
      int in, int inHeads, int out, int outHeads, String map, String bias, float factor) {
    return new PanelMap(in, inHeads, out, outHeads, shape.offset(map), shape.offset(bias), factor);
  }

  @Override
  public BlockShape shape() {
    return shape;
  }

  @Override
  public int maxLength() {
    return maxLength;
  }

  @Override
  public long memory() {
    long activations = 2L * a.length + 4L * q.length + 2L * hidden.length;
    return activations
        + (shape.preNorm() ? c.length : 0)
        + attentionNorm.memory()
        + query.memory()
        + key.memory()
        + value.memory()
        + heads.memory()
        + output.memory()
        + mlpNorm.memory()
        + expand.memory()
        + contract.memory()
        + scratch.memory()
        + (angles == null ? 0 : angles.memory());
  }

  @Override
  public void prepare(float[] theta, int at) {
    attentionNorm.prepare(theta, at);
    query.prepare(theta, at);
    key.prepare(theta, at);
    value.prepare(theta, at);
    heads.prepare(theta, at);
    output.prepare(theta, at);
    mlpNorm.prepare(theta, at);
    expand.prepare(theta, at);
    contract.prepare(theta, at);
  }

  @Override
  public void forward(
      float[] x,
      int xAt,
      float @Nullable [] bias,
      int length,
      int from,
      int to,
      float[] y,
      int yAt) {
    forward(x, xAt, bias, length, from, to, y, yAt, true);
  }

  @Override
  public void infer(
      float[] x,
      int xAt,
      float @Nullable [] bias,
      int length,
      int from,
      int to,
      float[] y,
      int yAt) {
    forward(x, xAt, bias, length, from, to, y, yAt, false);
  }

  private void forward(
      float[] x,
      int xAt,
      float @Nullable [] bias,
      int length,
      int from,
      int to,
      float[] y,
      int yAt,
      boolean keep) {
    this.length = length;
    this.from = from;
    this.to = to;
    this.seen = shape.causal() ? to : length;
    int d = shape.width();
    Panels.read(x, xAt, seen, d, a, 0, panel);
    if (shape.preNorm()) {
      attentionNorm.forward(a, 0, a, 0, 0, seen);
    }
    for (int r = 0; r < seen; r += ROWS) {
      int n = Math.min(ROWS, seen - r);
      key.forward(a, r * WIDTH, k, r * WIDTH, panel, n);
      value.forward(a, r * WIDTH, v, r * WIDTH, panel, n);
    }
    clearRows(k, seen);
    clearRows(v, seen);
    int rows = to - from;
    for (int r = 0; r < rows; r += ROWS) {
      query.forward(a, (from + r) * WIDTH, q, r * WIDTH, panel, Math.min(ROWS, rows - r));
    }
    turn(q, from, rows, 1f);
    turn(k, 0, seen, 1f);
    heads.forward(q, k, v, bias, seen, from, rows, keep, mixed);
    for (int r = 0; r < rows; r += ROWS) {
      int n = Math.min(ROWS, rows - r);
      forwardRows(x, xAt + from * d, r, n, keep);
      Panels.write(scratch.w, r * WIDTH, panel, n, d, y, yAt + (from + r) * d);
    }
  }

  /** Turns the first n rows of all heads, the first of which stands at a position, if rotary. */
  private void turn(float[] rows, int position, int n, float direction) {
    if (angles == null) {
      return;
    }
    int columns = shape.headWidth();
    int panels = Panels.count(columns);
    for (int h = 0; h < shape.heads(); h++) {
      for (int c = 0; c < columns; c += 2) {
        int at = (h * panels + c / WIDTH) * panel + c % WIDTH;
        for (int i = 0; i < n; i++) {
          angles.turn(rows, at + i * WIDTH, position + i, c / 2, direction);
        }
      }
    }
  }

  /** Zeroes the rows between the last and the next whole panel. */
  private void clearRows(float[] rows, int n) {
    for (int p = 0; p < rows.length; p += panel) {
      Arrays.fill(rows, p + n * WIDTH, p + Panels.padded(n) * WIDTH, 0f);
    }
  }

  /** All that follows the heads, for rows r to r + n: w = norm(u + mlp(u)), u = norm(x + …). */
  private void forwardRows(float[] x, int xAt, int r, int n, boolean keep) {
    int at = r * WIDTH;
    float[] w = scratch.w;
    output.forward(mixed, at, u, at, panel, n);
    addInput(x, xAt, r, n);
    if (shape.preNorm()) {
      mlpNorm.forward(u, 0, c, 0, r, r + n);
    } else {
      attentionNorm.forward(u, 0, u, 0, r, r + n);
    }
    if (keep) {
      expand.forward(c, at, slopes, at, panel, n);
      for (int p = 0; p < hiddenPanels; p++) {
        PanelGelu.forward(slopes, p * panel + at, hidden, p * panel + at, n);
      }
    } else {
      expand.forward(c, at, hidden, at, panel, n);
      for (int p = 0; p < hiddenPanels; p++) {
        PanelGelu.infer(hidden, p * panel + at, n);
      }
    }
    contract.forward(hidden, at, w, at, panel, n);
    for (int p = 0; p < w.length; p += panel) {
      Panels.addPanel(u, p + at, w, p + at, n);
    }
    if (!shape.preNorm()) {
      mlpNorm.forward(w, 0, w, 0, r, r + n);
    }
  }

  /** Adds rows of x, which are there in panels if attention saw x itself. */
  private void addInput(float[] x, int xAt, int r, int n) {
    int d = shape.width();
    float[] in = a;
    int at = (from + r) * WIDTH;
    if (shape.preNorm()) {
      in = scratch.dc;
      Panels.read(x, xAt + r * d, n, d, in, at, panel);
    }
    for (int p = 0; p < u.length; p += panel) {
      Panels.addPanel(in, p + at, u, p + r * WIDTH, n);
    }
  }

  @Override
  public void backward(
      float[] x,
      int xAt,
      float[] dy,
      int dyAt,
      float @Nullable [] dx,
      int dxAt,
      float[] gradient,
      int at) {
    int d = shape.width();
    int rows = to - from;
    Panels.read(dy, dyAt + from * d, rows, d, scratch.du, 0, panel);
    for (int r = 0; r < rows; r += ROWS) {
      backwardRows(r, Math.min(ROWS, rows - r), gradient, at);
    }
    heads.backward(
        q, k, v, mixed, scratch.dmixed, scratch.dq, scratch.dk, scratch.dv, scale, gradient, at);
    turn(scratch.dq, from, rows, -1f);
    turn(scratch.dk, 0, seen, -1f);
    for (int r = 0; r < rows; r += ROWS) {
      int n = Math.min(ROWS, rows - r);
      int place = r * WIDTH;
      query.gradient(a, (from + r) * WIDTH, scratch.dq, place, panel, n, gradient, at);
    }
    for (int r = 0; r < seen; r += ROWS) {
      int n = Math.min(ROWS, seen - r);
      int place = r * WIDTH;
      key.gradient(a, place, scratch.dk, place, panel, n, gradient, at);
      value.gradient(a, place, scratch.dv, place, panel, n, gradient, at);
    }
    if (dx != null || shape.preNorm()) {
      inputGradient(dx, dxAt, gradient, at);
    }
  }

  /** From dy in du to the gradient of x + attention(a) in du and that of the heads in dmixed. */
  private void backwardRows(int r, int n, float[] gradient, int at) {
    int place = r * WIDTH;
    float[] du = scratch.du;
    float[] dc = scratch.dc;
    float[] dhidden = scratch.dhidden;
    if (!shape.preNorm()) {
      mlpNorm.backward(du, 0, r, r + n, gradient, at);
    }
    contract.gradient(hidden, place, du, place, panel, n, gradient, at);
    contract.backward(du, place, dhidden, 0, panel, n, false, scratch.zeros);
    for (int p = 0; p < hiddenPanels * panel; p += panel) {
      PanelGelu.backward(dhidden, p, slopes, p + place, n);
    }
    expand.gradient(c, place, dhidden, 0, panel, n, gradient, at);
    if (shape.preNorm()) {
      expand.backward(dhidden, 0, dc, place, panel, n, false, scratch.zeros);
      mlpNorm.backward(dc, 0, r, r + n, gradient, at);
      for (int p = 0; p < du.length; p += panel) {
        Panels.addPanel(dc, p + place, du, p + place, n);
      }
    } else {
      expand.backward(dhidden, 0, du, place, panel, n, true, scratch.zeros);
      attentionNorm.backward(du, 0, r, r + n, gradient, at);
    }
    output.gradient(mixed, place, du, place, panel, n, gradient, at);
    output.backward(du, place, scratch.dmixed, place, panel, n, false, scratch.zeros);
  }

  /** dx = du + the gradient of a, through the norm if pre-norm. */
  private void inputGradient(float @Nullable [] dx, int dxAt, float[] gradient, int at) {
    float[] da = scratch.dc;
    int rows = to - from;
    for (int r = 0; r < seen; r += ROWS) {
      int n = Math.min(ROWS, seen - r);
      int place = r * WIDTH;
      key.backward(scratch.dk, place, da, place, panel, n, false, scratch.zeros);
      value.backward(scratch.dv, place, da, place, panel, n, true, scratch.zeros);
    }
    for (int r = 0; r < rows; r += ROWS) {
      int n = Math.min(ROWS, rows - r);
      int place = r * WIDTH;
      query.backward(scratch.dq, place, scratch.w, place, panel, n, false, scratch.zeros);
    }
    for (int p = 0; p < da.length; p += panel) {
      Panels.addPanel(scratch.w, p, da, p + from * WIDTH, rows);
    }
    if (shape.preNorm()) {
      attentionNorm.backward(da, 0, 0, seen, gradient, at);
    }
    if (dx == null) {
      return;
    }
    for (int p = 0; p < da.length; p += panel) {
      Panels.addPanel(scratch.du, p, da, p + from * WIDTH, rows);
    }
    int d = shape.width();
    Panels.write(da, 0, panel, seen, d, dx, dxAt);
    Arrays.fill(dx, dxAt + seen * d, dxAt + length * d, 0f);
  }

  @Override
  public String toString() {
    return "VectorBlock[" + shape + ", maxLength=" + maxLength + "]";
  }
}
