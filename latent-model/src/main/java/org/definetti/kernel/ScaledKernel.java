package org.definetti.kernel;

import org.ejml.simple.SimpleMatrix;

/**
 * A kernel times a number: within a {@link SumKernel} the variance of one part.
 *
 * @param factor finite and above zero
 * @param kernel the kernel
 */
public record ScaledKernel(double factor, Kernel kernel) implements Kernel {

  /**
   * Checks the factor.
   *
   * @throws IllegalArgumentException unless it is finite and above zero
   */
  public ScaledKernel {
    Pairs.positive("factor", factor);
  }

  @Override
  public SimpleMatrix gram(SimpleMatrix a, SimpleMatrix b) {
    return kernel.gram(a, b).scale(factor);
  }

  @Override
  public SimpleMatrix diagonal(SimpleMatrix a) {
    return kernel.diagonal(a).scale(factor);
  }

  @Override
  public boolean hasFeatures() {
    return kernel.hasFeatures();
  }

  @Override
  public SimpleMatrix features(SimpleMatrix a) {
    return kernel.features(a).scale(Math.sqrt(factor));
  }
}
