package org.definetti.symmetry;

import org.definetti.latent.LogSumExp;
import org.definetti.latent.mixture.ContaminatedMean;
import org.ejml.simple.SimpleMatrix;

/**
 * The posterior of a point measured several times with outliers, from inner products alone (MS6,
 * {@code contaminated-mean} with prior mean zero).
 *
 * <pre>{@code
 * z ~ N(0, t2 I),   x | z ~ (1 - p) N(z, s1 I) + p N(z, s2 I)
 * E[z | X]   = Σ_l a_l x_l,            a_l = Σ_c P(c | X) v_c q_c(l)
 * Cov(z | X) = s I + Xᵀ S X,           s = Σ_c P(c | X) v_c,   S = Σ_c P(c | X) a_c a_cᵀ - a aᵀ
 * P(c | X)   ∝ P(c) Π_l q_c(l)^(d/2) v_c^(d/2) exp(-e_c / 2)
 * e_c        = v_c (Σ_l q_c(l) |x_l|² / t2 + Σ_l<m q_c(l) q_c(m) |x_l - x_m|²)
 * }</pre>
 *
 * <ul>
 *   <li>Where: c says of each token whether it is an outlier, q_c(l) = 1 / s1 or 1 / s2 its
 *       precision, {@code v_c = 1 / (1 / t2 + Σ_l q_c(l))}, {@code a_c(l) = v_c q_c(l)}.
 *   <li>Tokens that agree weigh more, so the weights depend on the data: no linear map and no
 *       average over equal weights does this. The dimension d enters besides G: in more dimensions
 *       distances say more.
 *   <li>Cost: O(2ⁿ n²), at most 14 tokens.
 *   <li>Source: MS6 [derived].
 * </ul>
 *
 * <p>Immutable.
 */
public final class ContaminatedForm {

  private static final int MOST_TOKENS = 14;

  private final int dimension;
  private final double priorVariance;
  private final double[] precisions; // of a token that is no outlier, of an outlier
  private final double[] logProbabilities;

  private ContaminatedForm(ContaminatedMean model) {
    this.dimension = model.tokenSpace().dimension();
    this.priorVariance = model.priorVariance();
    this.precisions = new double[] {1 / model.noiseVariance(), 1 / model.outlierVariance()};
    double p = model.outlierProbability();
    this.logProbabilities = new double[] {Math.log(1 - p), Math.log(p)};
  }

  /**
   * Returns the form of a model's posterior; of the model only its hyperparameters are used.
   *
   * @throws IllegalArgumentException if its prior mean is not zero: a preferred direction
   */
  public static ContaminatedForm of(ContaminatedMean model) {
    if (model.priorMean().elementMaxAbs() != 0) {
      throw new IllegalArgumentException("model: expected a prior mean of zero, got another");
    }
    return new ContaminatedForm(model);
  }

  /**
   * The posterior as coefficients.
   *
   * @param weights a, shape (1, n): the mean is {@code a X}
   * @param multiple s: the covariance is {@code s I + Xᵀ S X}
   * @param products S, shape (n, n), symmetric
   */
  public record Posterior(SimpleMatrix weights, double multiple, SimpleMatrix products) {}

  /** Returns the posterior mean as an equivariant form with one output row. */
  public EquivariantForm mean() {
    return EquivariantForm.ofTokens(gram -> posterior(gram).weights());
  }

  /**
   * Returns the posterior at a Gram matrix; knowledge rows are ignored.
   *
   * @throws IllegalArgumentException if there are more than 14 tokens
   */
  public Posterior posterior(Gram gram) {
    int n = gram.tokens();
    if (n > MOST_TOKENS) {
      throw new IllegalArgumentException(
          "tokens: expected at most " + MOST_TOKENS + " by enumeration, got " + n);
    }
    SimpleMatrix squares = distances(gram);
    double[] logs = new double[1 << n];
    for (int c = 0; c < logs.length; c++) {
      logs[c] = logWeight(c, n, squares);
    }
    return mixed(LogSumExp.softmax(logs), n);
  }

  /** Returns |x_l - x_m|², and |x_l|² on the diagonal. */
  private static SimpleMatrix distances(Gram gram) {
    int n = gram.tokens();
    SimpleMatrix g = gram.matrix();
    double[] squares = new double[n * n];
    for (int l = 0; l < n; l++) {
      for (int m = 0; m < n; m++) {
        squares[l * n + m] = l == m ? g.get(l, l) : g.get(l, l) + g.get(m, m) - 2 * g.get(l, m);
      }
    }
    return new SimpleMatrix(n, n, true, squares);
  }

  /** Returns the log of the weight of assignment c, up to a constant; bit l says: an outlier. */
  private double logWeight(int c, int n, SimpleMatrix squares) {
    double log = 0;
    double energy = 0;
    for (int l = 0; l < n; l++) {
      double q = precision(c, l);
      log += logProbabilities[c >> l & 1] + 0.5 * dimension * Math.log(q);
      energy += q * squares.get(l, l) / priorVariance;
      for (int m = 0; m < l; m++) {
        energy += q * precision(c, m) * squares.get(l, m);
      }
    }
    double v = variance(c, n);
    return log + 0.5 * (dimension * Math.log(v) - v * energy);
  }

  private double precision(int c, int l) {
    return precisions[c >> l & 1];
  }

  private double variance(int c, int n) {
    double total = 1 / priorVariance;
    for (int l = 0; l < n; l++) {
      total += precision(c, l);
    }
    return 1 / total;
  }

  private Posterior mixed(double[] probabilities, int n) {
    double[] weights = new double[n];
    double[] products = new double[n * n];
    double multiple = 0;
    for (int c = 0; c < probabilities.length; c++) {
      double v = variance(c, n);
      multiple += probabilities[c] * v;
      for (int l = 0; l < n; l++) {
        weights[l] += probabilities[c] * v * precision(c, l);
      }
    }
    // Deviations from the mean weights, so that nothing cancels.
    for (int c = 0; c < probabilities.length; c++) {
      double v = variance(c, n);
      for (int i = 0; i < n * n; i++) {
        double row = v * precision(c, i / n) - weights[i / n];
        products[i] += probabilities[c] * row * (v * precision(c, i % n) - weights[i % n]);
      }
    }
    return new Posterior(
        new SimpleMatrix(1, n, true, weights), multiple, new SimpleMatrix(n, n, true, products));
  }
}
