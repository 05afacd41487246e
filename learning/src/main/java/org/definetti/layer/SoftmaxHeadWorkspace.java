package org.definetti.layer;

import org.definetti.engine.Widths;

/** What the softmax head keeps between forward and backward, per sample and per token. */
final class SoftmaxHeadWorkspace implements Workspace {

  final int size;
  final int tokens;

  final float[] output; // (batch, p)
  final float[] outputGradient; // (batch, p)
  final float[] weights; // (batch * length)
  final float[] logitGradients; // (batch * length)
  final float[] nullWeights; // (batch)
  final float[] head; // (batch, h): a = W_Q q + b_Q
  final float[] sums; // (batch, dv): s = Σ w_l v_l
  final float[] mapped; // (batch, e): g = W_V s + w_0 v_0

  // Scratch of one sample.
  final float[] folded; // (dk): u
  final float[] foldedGradient; // (dk)
  final float[] headGradient; // (h)
  final float[] sumGradient; // (dv)
  final float[] mappedGradient; // (e)

  SoftmaxHeadWorkspace(Widths widths, int headWidth, int mapWidth, int size, int length) {
    this.size = size;
    this.tokens = Math.multiplyExact(size, length);
    output = new float[size * widths.target()];
    outputGradient = new float[size * widths.target()];
    weights = new float[tokens];
    logitGradients = new float[tokens];
    nullWeights = new float[size];
    head = new float[size * headWidth];
    sums = new float[size * widths.value()];
    mapped = new float[size * mapWidth];
    folded = new float[widths.key()];
    foldedGradient = new float[widths.key()];
    headGradient = new float[headWidth];
    sumGradient = new float[widths.value()];
    mappedGradient = new float[mapWidth];
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
