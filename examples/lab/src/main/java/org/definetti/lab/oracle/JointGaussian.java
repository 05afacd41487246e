package org.definetti.lab.oracle;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Conditions a joint Gaussian on its observed part through the full covariance matrix.
 *
 * <pre>{@code
 * E[u | x]   = c^T C⁻¹ x          (zero means)
 * Var(u | x) = v - c^T C⁻¹ c
 * }</pre>
 *
 * <ul>
 *   <li>Where: C covariance of the observed numbers, c their covariance with the unobserved u, v
 *       the variance of u.
 *   <li>Cost: O(n³) time and O(n²) memory for n observed numbers.
 *   <li>Source: conditioning of Gaussians [recalled].
 * </ul>
 */
public final class JointGaussian {

  private final LinearSolverDense<DMatrixRMaj> solver;
  private final int size;

  private JointGaussian(LinearSolverDense<DMatrixRMaj> solver, int size) {
    this.solver = solver;
    this.size = size;
  }

  /** The covariance of two of the observed numbers. */
  @FunctionalInterface
  public interface Covariance {
    /** Returns Cov of observed numbers i and j, counted from 0. */
    double at(int i, int j);
  }

  /**
   * Factors the covariance of {@code size} observed numbers.
   *
   * @throws ArithmeticException if the covariance is not positive definite
   */
  public static JointGaussian observed(int size, Covariance covariance) {
    DMatrixRMaj matrix = new DMatrixRMaj(size, size);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double value = covariance.at(i, j);
        matrix.data[i * size + j] = value;
        matrix.data[j * size + i] = value;
      }
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(size);
    if (!solver.setA(matrix)) {
      throw new ArithmeticException("covariance: expected a positive definite matrix of " + size);
    }
    return new JointGaussian(solver, size);
  }

  /**
   * Returns C⁻¹ c, the weight of each observed number in the conditional mean.
   *
   * @param cross Cov(u, x_i), length n. Not modified.
   */
  public double[] weights(double[] cross) {
    DMatrixRMaj right = new DMatrixRMaj(size, 1, true, cross.clone());
    DMatrixRMaj weights = new DMatrixRMaj(size, 1);
    solver.solve(right, weights);
    return weights.data;
  }

  /**
   * Returns the log density of the observed numbers, in nats.
   *
   * @param gaps the numbers less their means, length n. Not modified.
   */
  public double logDensity(double[] gaps) {
    CholeskyDecomposition_F64<DMatrixRMaj> factor = solver.getDecomposition();
    double determinant = factor.computeDeterminant().real;
    return -0.5 * (size * Math.log(2 * Math.PI) + Math.log(determinant) + dot(gaps, weights(gaps)));
  }

  /** Returns a·b. */
  public static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
