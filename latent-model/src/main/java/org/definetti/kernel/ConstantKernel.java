package org.definetti.kernel;

import org.ejml.simple.SimpleMatrix;

/**
 * The constant kernel κ(a, b) = 1: one unknown level, whatever the key.
 *
 * <p>Its one feature is 1. Kernel ridge attention with it is the posterior mean of a Gaussian mean
 * (check B2 of the project's notes).
 */
public record ConstantKernel() implements Kernel {

  @Override
  public SimpleMatrix gram(SimpleMatrix a, SimpleMatrix b) {
    return SimpleMatrix.filled(a.getNumRows(), b.getNumRows(), 1);
  }

  @Override
  public SimpleMatrix diagonal(SimpleMatrix a) {
    return Pairs.column(a, 1);
  }

  @Override
  public boolean hasFeatures() {
    return true;
  }

  @Override
  public SimpleMatrix features(SimpleMatrix a) {
    return Pairs.column(a, 1);
  }
}
