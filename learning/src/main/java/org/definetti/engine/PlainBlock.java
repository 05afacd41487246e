package org.definetti.engine;

import org.jspecify.annotations.Nullable;

/**
 * The transformer block in plain loops: the twin of the vector kernel, written to be read, and what
 * runs where the JVM has no vector module.
 *
 * <p>Rows are separate arrays, because C2 turns loops over separate arrays at one common index into
 * vector instructions and does not do so for one flat array at several offsets.
 */
final class PlainBlock implements BlockKernel {

  private final BlockShape shape;
  private final int maxLength;

  private final RowNorm attentionNorm;
  private final RowLinear query;
  private final RowLinear keyValue;
  private final PlainHeads heads;
  private final RowLinear output;
  private final RowNorm mlpNorm;
  private final RowLinear expand;
  private final RowLinear contract;

  // Activations of one sample, kept between the passes.
  private final float[][] a; // (length, d): what attention sees, x or its norm
  private final float[][] q; // (length, d)
  private final float[][] kv; // (length, 2 d)
  private final float[][] mixed; // (length, d): outputs of the heads
  private final float[][] u; // (length, d): after attention and residual (and norm, if post-norm)
  private final float[][] c; // (length, d): what the MLP sees; u itself if post-norm
  private final float[][] hidden; // (length, hidden): after GELU
  private final float[][] slopes; // (length, hidden): GELU's
  private final float[][] w; // (length, d): the output

  // Gradients of the above, scratch of the backward pass.
  private final float[][] du;
  private final float[][] dc;
  private final float[][] dhidden;
  private final float[][] dmixed;
  private final float[][] dq;
  private final float[][] dkv;
  private final float[][] da;

  private final @Nullable RotaryAngles angles;

  private float @Nullable [] bias; // of the last forward pass, with its rows
  private int length;
  private int seen;
  private int from;
  private int to;

  PlainBlock(BlockShape shape, int maxLength) {
    this.shape = shape;
    this.maxLength = maxLength;
    int d = shape.width();
    attentionNorm = new RowNorm(shape, "attention.norm", maxLength);
    query = linear(d, d, "query.map", "query.bias");
    keyValue = linear(d, 2 * d, "key.map", "key.bias"); // value's follow in both
    heads = new PlainHeads(shape, maxLength);
    output = linear(d, d, "output.map", "output.bias");
    mlpNorm = new RowNorm(shape, "mlp.norm", maxLength);
    expand = linear(d, shape.hidden(), "expand.map", "expand.bias");
    contract = linear(shape.hidden(), d, "contract.map", "contract.bias");
    angles = shape.rotary() ? new RotaryAngles(shape.headWidth(), maxLength) : null;
    a = new float[maxLength][d];
    q = new float[maxLength][d];
    kv = new float[maxLength][2 * d];
    mixed = new float[maxLength][d];
    u = new float[maxLength][d];
    c = shape.preNorm() ? new float[maxLength][d] : u;
    hidden = new float[maxLength][shape.hidden()];
    slopes = new float[maxLength][shape.hidden()];
    w = new float[maxLength][d];
    du = new float[maxLength][d];
    dc = new float[maxLength][d];
    dhidden = new float[maxLength][shape.hidden()];
    dmixed = new float[maxLength][d];
    dq = new float[maxLength][d];
    dkv = new float[maxLength][2 * d];
    da = new float[maxLength][d];
  }

  private RowLinear linear(int in, int out, String map, String bias) {
    return new RowLinear(in, out, shape.offset(map), shape.offset(bias));
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
    long rows = (shape.preNorm() ? 15L : 14L) * shape.width() + 3L * shape.hidden();
    return rows * maxLength
        + attentionNorm.memory()
        + query.memory()
        + keyValue.memory()
        + heads.memory()
        + (angles == null ? 0 : angles.memory())
        + output.memory()
        + mlpNorm.memory()
        + expand.memory()
        + contract.memory();
  }

  @Override
  public void prepare(float[] theta, int at) {
    attentionNorm.prepare(theta, at);
    query.prepare(theta, at);
    keyValue.prepare(theta, at);
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
    this.bias = bias;
    this.length = length;
    this.from = from;
    this.to = to;
    this.seen = shape.causal() ? to : length;
    int d = shape.width();

    // u = x + attention(a), where a is x or its norm.
    RowProducts.read(x, xAt, 0, seen, d, a);
    if (shape.preNorm()) {
      attentionNorm.forward(a, 0, seen, a);
    }
    query.forward(a, from, to, q);
    keyValue.forward(a, 0, seen, kv);
    if (angles != null) {
      angles.turn(q, from, to, shape.heads(), 1f);
      angles.turn(kv, 0, seen, shape.heads(), 1f);
    }
    heads.forward(q, kv, bias, seen, from, to, mixed);
    output.forward(mixed, from, to, u);
    addFlat(x, xAt, u);
    if (!shape.preNorm()) {
      attentionNorm.forward(u, from, to, u);
    }

    // y = u + mlp(c), where c is u or its norm.
    if (shape.preNorm()) {
      mlpNorm.forward(u, from, to, c);
    }
    expand.forward(c, from, to, hidden);
    for (int i = from; i < to; i++) {
      Gelu.apply(hidden[i], slopes[i], shape.hidden());
    }
    contract.forward(hidden, from, to, w);
    RowProducts.addRows(u, from, to, d, w);
    if (!shape.preNorm()) {
      mlpNorm.forward(w, from, to, w);
    }
    RowProducts.write(w, from, to, d, y, yAt);
  }

  private void addFlat(float[] x, int xAt, float[][] rows) {
    int d = shape.width();
    for (int i = from; i < to; i++) {
      for (int j = 0; j < d; j++) {
        rows[i][j] += x[xAt + i * d + j];
      }
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

    // MLP: du starts as the residual's part and receives the MLP's.
    RowProducts.read(dy, dyAt, from, to, d, du);
    if (!shape.preNorm()) {
      mlpNorm.backward(du, from, to, gradient, at);
    }
    RowProducts.clear(dhidden, from, to, shape.hidden());
    contract.backward(du, hidden, from, to, dhidden, gradient, at);
    for (int i = from; i < to; i++) {
      for (int j = 0; j < shape.hidden(); j++) {
        dhidden[i][j] *= slopes[i][j];
      }
    }
    RowProducts.clear(dc, from, to, d);
    expand.backward(dhidden, c, from, to, dc, gradient, at);
    if (shape.preNorm()) {
      mlpNorm.backward(dc, from, to, gradient, at);
    }
    RowProducts.addRows(dc, from, to, d, du);

    // Attention: from here du is the gradient of x + attention(a).
    if (!shape.preNorm()) {
      attentionNorm.backward(du, from, to, gradient, at);
    }
    RowProducts.clear(dmixed, from, to, d);
    output.backward(du, mixed, from, to, dmixed, gradient, at);
    heads.backward(dmixed, q, kv, mixed, bias, seen, from, to, dq, dkv, gradient, at);
    if (angles != null) {
      angles.turn(dq, from, to, shape.heads(), -1f);
      angles.turn(dkv, 0, seen, shape.heads(), -1f);
    }
    boolean needed = dx != null || shape.preNorm();
    RowProducts.clear(da, 0, length, d);
    query.backward(dq, a, from, to, needed ? da : null, gradient, at);
    keyValue.backward(dkv, a, 0, seen, needed ? da : null, gradient, at);
    if (shape.preNorm()) {
      attentionNorm.backward(da, 0, seen, gradient, at);
    }
    if (dx != null) {
      RowProducts.addRows(du, from, to, d, da);
      RowProducts.write(da, 0, length, d, dx, dxAt);
    }
  }

  @Override
  public String toString() {
    return "PlainBlock[" + shape + ", maxLength=" + maxLength + "]";
  }
}
