package org.definetti.kernel;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.simple.SimpleMatrix;

/**
 * The linear kernel κ(a, b) = aᵀ C b of weights with covariance C = F Fᵀ; its features are Fᵀ a.
 *
 * <p>Positive semi-definite by construction. Equal when the factors are equal.
 */
public final class WeightedLinearKernel implements Kernel {

  private final SimpleMatrix factor;

  private WeightedLinearKernel(SimpleMatrix factor) {
    this.factor = factor;
  }

  /**
   * Returns the kernel with C = F Fᵀ.
   *
   * @param factor F, shape (d, p), for vectors of d numbers and p features
   */
  public static WeightedLinearKernel of(SimpleMatrix factor) {
    return new WeightedLinearKernel(factor);
  }

  @Override
  public SimpleMatrix gram(SimpleMatrix a, SimpleMatrix b) {
    return new LinearKernel().gram(features(a), features(b));
  }

  @Override
  public SimpleMatrix diagonal(SimpleMatrix a) {
    return new LinearKernel().diagonal(features(a));
  }

  @Override
  public boolean hasFeatures() {
    return true;
  }

  @Override
  public SimpleMatrix features(SimpleMatrix a) {
    DMatrixRMaj features = new DMatrixRMaj(a.getNumRows(), factor.getNumCols());
    CommonOps_DDRM.mult(a.getDDRM(), factor.getDDRM(), features);
    return SimpleMatrix.wrap(features);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WeightedLinearKernel kernel
        && factor.getNumRows() == kernel.factor.getNumRows()
        && factor.getNumCols() == kernel.factor.getNumCols()
        && factor.isIdentical(kernel.factor, 0);
  }

  @Override
  public int hashCode() {
    return 31 * factor.getNumRows() + Double.hashCode(factor.get(0, 0));
  }

  @Override
  public String toString() {
    return "WeightedLinearKernel[" + factor.getNumRows() + " -> " + factor.getNumCols() + "]";
  }
}
