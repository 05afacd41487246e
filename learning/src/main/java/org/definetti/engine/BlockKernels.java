package org.definetti.engine;

import java.util.List;

/**
 * Makes the kernels of a stack of transformer blocks, in one implementation.
 *
 * <p>Kernels made together belong to one call chain, so they may share scratch memory: between the
 * forward and backward pass of a block each keeps only what is its own.
 */
public interface BlockKernels {

  /**
   * Returns one kernel for each of {@code depth} equal blocks.
   *
   * @param maxLength the greatest number of rows of a sample, at least 1
   */
  List<BlockKernel> make(BlockShape shape, int depth, int maxLength);

  /** Returns the kernels in plain loops, which run on every JVM. */
  static BlockKernels plain() {
    return PlainBlockKernels.INSTANCE;
  }
}
