package org.definetti.layer;

import org.definetti.engine.Batch;

/** The outputs of a layer that is a {@link SampleLayer}, and whose workspace they are. */
abstract class SampleWorkspace implements Workspace {

  private final Layer owner;
  final int size;
  final int length;
  private final float[] output; // (batch, outputs, p)
  private final float[] outputGradient; // (batch, outputs, p)

  SampleWorkspace(Layer owner, int size, int length) {
    this.owner = owner;
    this.size = size;
    this.length = length;
    int answers = Math.multiplyExact(size, owner.outputs(length));
    this.output = new float[Math.multiplyExact(answers, owner.widths().target())];
    this.outputGradient = new float[output.length];
  }

  /** Returns the number of tokens of all samples. */
  final int tokens() {
    return Math.multiplyExact(size, length);
  }

  /** Returns whether this layer made the workspace, for at least such a batch. */
  final boolean fits(Layer layer, Batch batch) {
    return (owner == layer || owner.equals(layer))
        && batch.size() <= size
        && (long) batch.size() * batch.length() <= (long) size * length
        && batch.length() <= length;
  }

  @Override
  public final float[] output() {
    return output;
  }

  @Override
  public final float[] outputGradient() {
    return outputGradient;
  }
}
