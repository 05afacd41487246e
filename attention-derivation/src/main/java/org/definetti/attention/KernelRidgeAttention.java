package org.definetti.attention;

import java.util.Arrays;
import org.definetti.kernel.Kernel;
import org.definetti.latent.Check;
import org.definetti.latent.NotPositiveDefiniteException;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.simple.SimpleMatrix;

/**
 * Kernel-ridge attention, also called conditional-mean-embedding (CME) attention: the exact
 * posterior mean of a linear-Gaussian latent.
 *
 * <pre>{@code
 * dual     out = κ(q, K) (κ(K, K) + λ I)⁻¹ V
 * primal   out = φ(q)ᵀ S⁻¹ Φᵀ V,   S = Φᵀ Φ + λ I,   Φ = φ(K)
 * }</pre>
 *
 * <ul>
 *   <li>Where: κ kernel, φ its features, λ ridge = noise variance ÷ prior variance (no unit, &gt;
 *       0; not the prior variance, not the noise variance). A token with log bias b counts as
 *       exp(b) copies: its noise variance is divided by exp(b).
 *   <li>Shapes: queries (m, dk); context of n tokens, keys (n, dk), values (n, dv); result (m, dv).
 *   <li>Edge cases: n = 0 gives the prior mean, zero.
 *   <li>Cost: with p features the cheaper of primal, O(n p² + p³), and dual, O(n³); O(n²) or O(n p)
 *       memory. Stateless.
 *   <li>Accuracy: relative error about cond · 1e-16, cond of the matrix that is factored.
 *   <li>Source: form [source: Zhang-2023, App. E.1]; posterior-mean reading [source: Zhang-2023,
 *       sec 4.1]; λ and the variance [derived] (check B1). Tokens are rows here.
 * </ul>
 */
public final class KernelRidgeAttention implements Attention {

  private final Kernel kernel;
  private final double ridge;

  private KernelRidgeAttention(Kernel kernel, double ridge) {
    this.kernel = kernel;
    this.ridge = ridge;
  }

  /**
   * Returns kernel-ridge attention with this kernel and ridge λ.
   *
   * @throws IllegalArgumentException unless the ridge is finite and above zero
   */
  public static KernelRidgeAttention of(Kernel kernel, double ridge) {
    return new KernelRidgeAttention(kernel, Check.positive("ridge", ridge));
  }

  /** Returns κ. */
  public Kernel kernel() {
    return kernel;
  }

  /** Returns λ. */
  public double ridge() {
    return ridge;
  }

  /**
   * Returns the exact posterior mean of the values at the queries.
   *
   * @throws ShapeMismatchException if queries and keys differ in width
   * @throws NotPositiveDefiniteException if rounding makes the system indefinite
   */
  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    if (context.length() == 0) {
      return new SimpleMatrix(queries.getNumRows(), context.values().getNumCols());
    }
    return isPrimalCheaper(context) ? attendPrimal(queries, context) : attendDual(queries, context);
  }

  /**
   * Returns the variance of one coordinate of a masked value at each query.
   *
   * <pre>{@code
   * primal   s2 (1 + φ(q)ᵀ S⁻¹ φ(q))
   * dual     s2 + t2 [κ(q, q) − κ(q, K) (κ(K, K) + λ I)⁻¹ κ(K, q)],   t2 = s2 / λ
   * }</pre>
   *
   * <p>The coordinates of a value are independent given the context and have this variance each.
   * For n = 0 it is {@code s2 + t2 κ(q, q)}. The dual form subtracts: its absolute error is about
   * {@code t2 κ(q, q) · cond · 1e-16}. Source: [derived] (check B1).
   *
   * @param noiseVariance s2, above zero
   * @return shape (m, 1)
   * @throws ShapeMismatchException if queries and keys differ in width
   * @throws NotPositiveDefiniteException if rounding makes the system indefinite
   */
  public SimpleMatrix predictiveVariance(
      SimpleMatrix queries, Context context, double noiseVariance) {
    Shapes.check(queries, context);
    Check.positive("noiseVariance", noiseVariance);
    if (context.length() > 0 && isPrimalCheaper(context)) {
      return variancePrimal(queries, context, noiseVariance);
    }
    return varianceDual(queries, context, noiseVariance);
  }

  /**
   * Returns the log density of the context's values given its keys, in nats.
   *
   * <pre>{@code
   * log P(V | K) = Σ_columns log N(v; 0, s2 (κ(K, K) / λ + I))
   * −2 log P     = (‖V − Φ z‖² + λ ‖z‖²) / s2 + p (log det(S / λ) + n log(2π s2)),  z = S⁻¹ Φᵀ V
   * }</pre>
   *
   * <p>The second line is the primal form, with p the width of a value; nothing cancels in it. Zero
   * for n = 0. Source: [derived] (checks B5, B6).
   *
   * @param noiseVariance s2, above zero
   * @throws IllegalArgumentException if a log bias is not zero: copies of a value have no density
   * @throws NotPositiveDefiniteException if rounding makes the system indefinite
   */
  public double logEvidence(Context context, double noiseVariance) {
    Check.positive("noiseVariance", noiseVariance);
    if (context.length() > 0 && context.logBiases().elementMaxAbs() != 0) {
      throw new IllegalArgumentException(
          "logBiases: expected 0 for an evidence, got " + context.logBiases().elementMaxAbs());
    }
    if (context.length() == 0) {
      return 0;
    }
    int n = context.length();
    int p = context.values().getNumCols();
    double[] fit =
        isPrimalCheaper(context) ? misfitPrimal(context) : misfitDual(context); // misfit, log det
    return -0.5
        * (fit[0] / noiseVariance + p * (fit[1] + n * Math.log(2 * Math.PI * noiseVariance)));
  }

  private double[] misfitPrimal(Context context) {
    DMatrixRMaj phi = kernel.features(context.keys()).getDDRM();
    DMatrixRMaj values = context.values().getDDRM();
    DMatrixRMaj z = new DMatrixRMaj(phi.numCols, values.numCols);
    CommonOps_DDRM.multTransA(phi, values, z);
    Cholesky system = factorPrimal(phi);
    system.solve(z);
    SimpleMatrix residuals = context.values().minus(product(phi, z));
    double misfit = sumOfSquares(residuals.getDDRM()) + ridge * sumOfSquares(z);
    return new double[] {misfit, system.logDeterminant() - phi.numCols * Math.log(ridge)};
  }

  private double[] misfitDual(Context context) {
    DMatrixRMaj whitened = context.values().getDDRM().copy();
    Cholesky system = factorDual(context);
    system.solveLower(whitened);
    double logDeterminant = system.logDeterminant() - context.length() * Math.log(ridge);
    return new double[] {ridge * sumOfSquares(whitened), logDeterminant};
  }

  private static double sumOfSquares(DMatrixRMaj matrix) {
    return Arrays.stream(columnSquares(matrix)).sum();
  }

  private boolean isPrimalCheaper(Context context) {
    return kernel.hasFeatures() && kernel.features(context.keys()).getNumCols() < context.length();
  }

  SimpleMatrix attendPrimal(SimpleMatrix queries, Context context) {
    DMatrixRMaj phi = Copies.scaleRows(kernel.features(context.keys()), context.logBiases(), 0.5);
    DMatrixRMaj values = Copies.scaleRows(context.values(), context.logBiases(), 0.5);
    DMatrixRMaj coefficients = new DMatrixRMaj(phi.numCols, values.numCols);
    CommonOps_DDRM.multTransA(phi, values, coefficients);
    factorPrimal(phi).solve(coefficients);
    return product(kernel.features(queries).getDDRM(), coefficients);
  }

  SimpleMatrix attendDual(SimpleMatrix queries, Context context) {
    DMatrixRMaj coefficients = Copies.scaleRows(context.values(), context.logBiases(), 0.5);
    factorDual(context).solve(coefficients);
    // κ(K, q) scaled row by row, as are the values: (D^½ κ D^½ + λ I)⁻¹ between two D^½.
    SimpleMatrix cross = kernel.gram(context.keys(), queries);
    DMatrixRMaj scaled = Copies.scaleRows(cross, context.logBiases(), 0.5);
    DMatrixRMaj out = new DMatrixRMaj(queries.getNumRows(), coefficients.numCols);
    CommonOps_DDRM.multTransA(scaled, coefficients, out);
    return SimpleMatrix.wrap(out);
  }

  SimpleMatrix variancePrimal(SimpleMatrix queries, Context context, double noiseVariance) {
    DMatrixRMaj phi = Copies.scaleRows(kernel.features(context.keys()), context.logBiases(), 0.5);
    DMatrixRMaj solved = new DMatrixRMaj(phi.numCols, queries.getNumRows());
    CommonOps_DDRM.transpose(kernel.features(queries).getDDRM(), solved);
    factorPrimal(phi).solveLower(solved);
    double[] squares = columnSquares(solved);
    for (int i = 0; i < squares.length; i++) {
      squares[i] = noiseVariance * (1 + squares[i]);
    }
    return column(squares);
  }

  SimpleMatrix varianceDual(SimpleMatrix queries, Context context, double noiseVariance) {
    double[] prior = kernel.diagonal(queries).getDDRM().data;
    double[] explained = new double[queries.getNumRows()];
    if (context.length() > 0) {
      SimpleMatrix cross = kernel.gram(context.keys(), queries);
      DMatrixRMaj solved = Copies.scaleRows(cross, context.logBiases(), 0.5);
      factorDual(context).solveLower(solved);
      explained = columnSquares(solved);
    }
    double[] variances = new double[explained.length];
    for (int i = 0; i < variances.length; i++) {
      variances[i] = noiseVariance + noiseVariance / ridge * (prior[i] - explained[i]);
    }
    return column(variances);
  }

  private Cholesky factorPrimal(DMatrixRMaj phi) {
    DMatrixRMaj system = new DMatrixRMaj(phi.numCols, phi.numCols);
    CommonOps_DDRM.multInner(phi, system);
    addRidge(system);
    return Cholesky.of("features + ridge", system);
  }

  private Cholesky factorDual(Context context) {
    SimpleMatrix gram = kernel.gram(context.keys(), context.keys());
    DMatrixRMaj system = Copies.scaleRows(gram, context.logBiases(), 0.5);
    scaleColumns(system, context.logBiases());
    addRidge(system);
    return Cholesky.of("kernel + ridge", system);
  }

  private static void scaleColumns(DMatrixRMaj matrix, SimpleMatrix logBiases) {
    for (int j = 0; j < matrix.numCols; j++) {
      double factor = Math.exp(0.5 * logBiases.getDDRM().data[j]);
      for (int i = 0; i < matrix.numRows; i++) {
        matrix.data[i * matrix.numCols + j] *= factor;
      }
    }
  }

  private void addRidge(DMatrixRMaj system) {
    for (int i = 0; i < system.numRows; i++) {
      system.data[i * system.numCols + i] += ridge;
    }
  }

  private static SimpleMatrix product(DMatrixRMaj a, DMatrixRMaj b) {
    DMatrixRMaj out = new DMatrixRMaj(a.numRows, b.numCols);
    CommonOps_DDRM.mult(a, b, out);
    return SimpleMatrix.wrap(out);
  }

  private static double[] columnSquares(DMatrixRMaj matrix) {
    double[] squares = new double[matrix.numCols];
    for (int i = 0; i < matrix.numRows; i++) {
      for (int j = 0; j < matrix.numCols; j++) {
        squares[j] += matrix.data[i * matrix.numCols + j] * matrix.data[i * matrix.numCols + j];
      }
    }
    return squares;
  }

  private static SimpleMatrix column(double[] numbers) {
    SimpleMatrix column = new SimpleMatrix(numbers.length, 1);
    System.arraycopy(numbers, 0, column.getDDRM().data, 0, numbers.length);
    return column;
  }

  @Override
  public String toString() {
    return "KernelRidgeAttention[" + kernel + ", ridge " + ridge + "]";
  }
}
