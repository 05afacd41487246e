package org.definetti.kernel;

import org.ejml.simple.SimpleMatrix;

/**
 * The sum of two kernels: the covariance of the sum of two independent functions.
 *
 * @param first κ1
 * @param second κ2
 */
public record SumKernel(Kernel first, Kernel second) implements Kernel {

  @Override
  public SimpleMatrix gram(SimpleMatrix a, SimpleMatrix b) {
    return first.gram(a, b).plus(second.gram(a, b));
  }

  @Override
  public SimpleMatrix diagonal(SimpleMatrix a) {
    return first.diagonal(a).plus(second.diagonal(a));
  }

  @Override
  public boolean hasFeatures() {
    return first.hasFeatures() && second.hasFeatures();
  }

  /** {@inheritDoc} They are those of the first kernel, then those of the second. */
  @Override
  public SimpleMatrix features(SimpleMatrix a) {
    return first.features(a).concatColumns(second.features(a));
  }
}
