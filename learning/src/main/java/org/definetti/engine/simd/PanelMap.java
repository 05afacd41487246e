package org.definetti.engine.simd;

import static org.definetti.engine.simd.Panels.WIDTH;

import java.util.Arrays;

/**
 * An affine map of rows in panels, forward and backward, with its packed weights.
 *
 * <pre>{@code
 * y = s (x Wᵀ + b),   dx = dy W,   dW += dyᵀ x,   db += Σ_rows dy      dy: the gradient of y times s
 * }</pre>
 *
 * <p>W is (out, in), row by row, among the parameters. It is packed once a step, as Wᵀ in panels of
 * out columns for the forward and W in panels of in columns for the backward pass. Where heads are
 * no whole number of panels wide, each head's columns are padded to whole panels, which is arranged
 * here and nowhere else: the packed weights have zeros there.
 *
 * <p>Cost: 2 · in · out multiply-adds a row forward, twice that backward; out/16 reads of x.
 */
final class PanelMap {

  private final int in;
  private final int out;
  private final int[] ins; // (padded in): the column of W, or -1
  private final int[] outs; // (padded out): the row of W, or -1
  private final int mapAt;
  private final int biasAt;
  private final float scale;
  private final boolean direct; // whether panels and W have the same columns and rows

  private final float[] forward; // (out panels, padded in, WIDTH)
  private final float[] backward; // (in panels, padded out, WIDTH)
  private final float[] bias; // (padded out)
  private final float[] sums; // (padded out)
  private final float[] gradients; // (padded out, padded in), where not direct

  /**
   * Makes a map.
   *
   * @param inHeads how many equal groups of columns of x are padded to panels, at least 1
   * @param outHeads as many of y
   * @param mapAt where W starts among a block's parameters
   * @param biasAt where b starts
   * @param scale s
   */
  PanelMap(int in, int inHeads, int out, int outHeads, int mapAt, int biasAt, float scale) {
    this.in = in;
    this.out = out;
    this.ins = padded(in, inHeads);
    this.outs = padded(out, outHeads);
    this.mapAt = mapAt;
    this.biasAt = biasAt;
    this.scale = scale;
    this.direct = ins.length == in && outs.length == out;
    this.forward = new float[ins.length * outs.length];
    this.backward = new float[ins.length * outs.length];
    this.bias = new float[outs.length];
    this.sums = new float[outs.length];
    this.gradients = new float[direct ? 0 : ins.length * outs.length];
  }

  private static int[] padded(int columns, int groups) {
    int group = columns / groups;
    int width = Panels.padded(group);
    int[] of = new int[groups * width];
    for (int i = 0; i < of.length; i++) {
      int c = i % width;
      of[i] = c < group ? i / width * group + c : -1;
    }
    return of;
  }

  long memory() {
    return forward.length + backward.length + 2L * outs.length + gradients.length;
  }

  /** Packs the weights. */
  void prepare(float[] theta, int at) {
    for (int o = 0; o < outs.length; o++) {
      bias[o] = outs[o] < 0 ? 0f : scale * theta[at + biasAt + outs[o]];
      int panel = o / WIDTH * ins.length * WIDTH + o % WIDTH;
      int row = at + mapAt + outs[o] * in;
      for (int i = 0; i < ins.length; i++) {
        float w = outs[o] < 0 || ins[i] < 0 ? 0f : theta[row + ins[i]];
        forward[panel + i * WIDTH] = scale * w;
        backward[(i / WIDTH * outs.length + o) * WIDTH + i % WIDTH] = w;
      }
    }
  }

  /** Writes y. */
  void forward(float[] x, int xAt, float[] y, int yAt, int panel, int rows) {
    for (int p = 0; p < outs.length / WIDTH; p++) {
      PanelProduct.multiply(
          x,
          xAt,
          panel,
          ins.length,
          forward,
          p * ins.length * WIDTH,
          bias,
          p * WIDTH,
          0,
          y,
          yAt + p * panel,
          rows);
    }
  }

  /** Writes dx or, where asked, adds to it. */
  void backward(
      float[] dy, int dyAt, float[] dx, int dxAt, int panel, int rows, boolean add, float[] zeros) {
    for (int p = 0; p < ins.length / WIDTH; p++) {
      int to = dxAt + p * panel;
      PanelProduct.multiply(
          dy,
          dyAt,
          panel,
          outs.length,
          backward,
          p * outs.length * WIDTH,
          add ? dx : zeros,
          add ? to : 0,
          add ? WIDTH : 0,
          dx,
          to,
          rows);
    }
  }

  /** Adds the gradients of W and b. */
  void gradient(
      float[] x, int xAt, float[] dy, int dyAt, int panel, int rows, float[] gradient, int at) {
    Arrays.fill(sums, 0f);
    for (int p = 0; p < outs.length / WIDTH; p++) {
      PanelSums.columns(dy, dyAt + p * panel, rows, sums, p * WIDTH);
    }
    for (int o = 0; o < outs.length; o++) {
      if (outs[o] >= 0) {
        gradient[at + biasAt + outs[o]] += sums[o];
      }
    }
    if (direct) {
      products(x, xAt, dy, dyAt, panel, rows, gradient, at + mapAt);
    } else {
      Arrays.fill(gradients, 0f);
      products(x, xAt, dy, dyAt, panel, rows, gradients, 0);
      unpad(gradient, at + mapAt);
    }
  }

  private void products(
      float[] x, int xAt, float[] dy, int dyAt, int panel, int rows, float[] to, int toAt) {
    int row = ins.length;
    for (int o = 0; o < outs.length; o += WIDTH) {
      for (int i = 0; i < ins.length; i += WIDTH) {
        PanelTransposedProduct.add(
            dy,
            dyAt + o / WIDTH * panel,
            x,
            xAt + i / WIDTH * panel,
            rows,
            to,
            toAt + o * row + i,
            row);
      }
    }
  }

  private void unpad(float[] to, int toAt) {
    for (int o = 0; o < outs.length; o++) {
      for (int i = 0; i < ins.length; i++) {
        if (outs[o] >= 0 && ins[i] >= 0) {
          to[toAt + outs[o] * in + ins[i]] += gradients[o * ins.length + i];
        }
      }
    }
  }
}
