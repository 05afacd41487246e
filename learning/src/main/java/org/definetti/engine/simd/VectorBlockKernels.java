package org.definetti.engine.simd;

import java.util.ArrayList;
import java.util.List;
import org.definetti.engine.BlockKernel;
import org.definetti.engine.BlockKernels;
import org.definetti.engine.BlockShape;
import org.definetti.latent.Check;

/** Blocks in vector instructions; those of a stack share the memory used within a pass. */
final class VectorBlockKernels implements BlockKernels {

  @Override
  public List<BlockKernel> make(BlockShape shape, int depth, int maxLength) {
    Check.atLeast("depth", 0, depth);
    Check.atLeast("maxLength", 1, maxLength);
    VectorBlock.Scratch scratch = new VectorBlock.Scratch(shape, maxLength);
    List<BlockKernel> kernels = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      kernels.add(new VectorBlock(shape, maxLength, scratch));
    }
    return List.copyOf(kernels);
  }

  @Override
  public String toString() {
    return "vector";
  }
}
