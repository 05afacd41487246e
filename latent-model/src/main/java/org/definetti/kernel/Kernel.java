package org.definetti.kernel;

import org.ejml.simple.SimpleMatrix;

/**
 * A positive-definite kernel κ(a, b) of two vectors of one width.
 *
 * <p>Implementations are immutable and safe to share between threads.
 */
public interface Kernel {

  /**
   * Returns all values κ(a_i, b_j) between the rows of two matrices.
   *
   * @param a shape (m, d). Not modified.
   * @param b shape (n, d). Not modified.
   * @return shape (m, n)
   */
  SimpleMatrix gram(SimpleMatrix a, SimpleMatrix b);

  /** Returns κ(a_i, a_i) for each row, shape (m, 1). */
  SimpleMatrix diagonal(SimpleMatrix a);

  /** Returns whether the kernel has finitely many features, so that {@link #features} answers. */
  default boolean hasFeatures() {
    return false;
  }

  /**
   * Returns φ(a_i) for each row, with κ(a, b) = φ(a)·φ(b).
   *
   * @return shape (m, feature width)
   * @throws UnsupportedOperationException if the kernel has no finite feature vector
   */
  default SimpleMatrix features(SimpleMatrix a) {
    throw new UnsupportedOperationException(
        getClass().getSimpleName() + " has no finite feature vector");
  }
}
