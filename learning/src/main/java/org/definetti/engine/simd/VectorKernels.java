package org.definetti.engine.simd;

import jdk.incubator.vector.FloatVector;
import org.definetti.engine.BlockKernels;
import org.definetti.engine.Kernels;
import org.definetti.engine.SingleQueryKernel;
import org.definetti.engine.SmallMatrixKernel;

/** Kernels in vector instructions of the width that the processor prefers. */
public final class VectorKernels implements Kernels {

  /** Fewer lanes gain nothing over the plain loops, which the compiler vectorises too. */
  private static final int LEAST_LANES = 4;

  private static final int LANES = FloatVector.SPECIES_PREFERRED.length();

  /**
   * Makes the kernels.
   *
   * @throws InstantiationException if the processor has too few lanes
   */
  public VectorKernels() throws InstantiationException {
    if (LANES < LEAST_LANES) {
      throw new InstantiationException("lanes: expected >= " + LEAST_LANES + ", got " + LANES);
    }
  }

  @Override
  public String label() {
    return "vector, " + LANES + " lanes";
  }

  @Override
  public SingleQueryKernel singleQuery() {
    return new VectorSingleQuery();
  }

  @Override
  public SmallMatrixKernel smallMatrix() {
    return new VectorSmallMatrix();
  }

  /** The blocks' panels are made of vectors of eight; narrower processors get the plain ones. */
  @Override
  public BlockKernels blocks() {
    return LANES < Panels.HALF ? BlockKernels.plain() : new VectorBlockKernels();
  }
}
