package org.definetti.engine;

import java.util.ArrayList;
import java.util.List;
import org.definetti.latent.Check;

/** Blocks in plain loops, each with memory of its own. */
final class PlainBlockKernels implements BlockKernels {

  static final BlockKernels INSTANCE = new PlainBlockKernels();

  private PlainBlockKernels() {}

  @Override
  public List<BlockKernel> make(BlockShape shape, int depth, int maxLength) {
    Check.atLeast("depth", 0, depth);
    Check.atLeast("maxLength", 1, maxLength);
    List<BlockKernel> kernels = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      kernels.add(new PlainBlock(shape, maxLength));
    }
    return List.copyOf(kernels);
  }

  @Override
  public String toString() {
    return "plain";
  }
}
