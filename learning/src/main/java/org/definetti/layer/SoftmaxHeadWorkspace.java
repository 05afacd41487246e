package org.definetti.layer;

import java.util.Arrays;
import org.definetti.engine.Widths;

/** What the softmax head keeps between forward and backward, per sample and per token. */
final class SoftmaxHeadWorkspace implements Workspace {

  final SoftmaxHeadLayer layer;
  final int size;
  final int tokens;
  boolean prepared;

  // Products of the maps.
  final float[] query; // (dk + 1, dk): Q
  final float[] readout; // (rows, p): R
  final float[] transposed; // (p, dv): the values' rows of R, transposed

  final float[] output; // (batch, p)
  final float[] outputGradient; // (batch, p)
  final float[] weights; // (batch * length)
  final float[] logitGradients; // (batch * length)
  final float[] sums; // (batch, rows): s = Σ w_l v_l, w_0 if there is a null token, 1

  // Scratch of one sample.
  final float[] asked; // (dk + 1): q, 1
  final float[] folded; // (dk): u
  final float[] foldedGradient; // (dk)
  final float[] sumGradient; // (dv)

  /**
   * Makes one for {@code size} samples of {@code length} tokens.
   *
   * @param rows of R
   */
  SoftmaxHeadWorkspace(SoftmaxHeadLayer layer, int rows, int size, int length) {
    this.layer = layer;
    this.size = size;
    this.tokens = Math.multiplyExact(size, length);
    Widths widths = layer.widths();
    int dk = widths.key();
    int dv = widths.value();
    int p = widths.target();
    query = new float[(dk + 1) * dk];
    readout = new float[layer.hasIdentityValues() ? 0 : rows * p];
    transposed = new float[layer.hasIdentityValues() ? 0 : p * dv];
    output = new float[size * p];
    outputGradient = new float[size * p];
    weights = new float[tokens];
    logitGradients = new float[tokens];
    sums = new float[size * rows];
    Arrays.fill(sums, 1f);
    asked = new float[dk + 1];
    asked[dk] = 1f;
    folded = new float[dk];
    foldedGradient = new float[dk];
    sumGradient = new float[dv];
  }

  @Override
  public float[] output() {
    return output;
  }

  @Override
  public float[] outputGradient() {
    return outputGradient;
  }
}
