package org.definetti.engine;

/** Kernels in plain loops, of the form that the compiler turns into vector instructions. */
final class PlainKernels implements Kernels {

  @Override
  public String label() {
    return "plain";
  }

  @Override
  public SingleQueryKernel singleQuery() {
    return new LoopSingleQuery();
  }

  @Override
  public SmallMatrixKernel smallMatrix() {
    return new LoopSmallMatrix();
  }

  @Override
  public BlockKernels blocks() {
    return BlockKernels.plain();
  }
}
