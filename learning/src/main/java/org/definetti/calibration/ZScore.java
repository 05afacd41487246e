package org.definetti.calibration;

import org.definetti.experiment.Estimate;
import org.definetti.latent.Predictive;

/**
 * Posterior z-scores: is the truth on average where the posterior expects it, and as far from there
 * as it says?
 *
 * <pre>{@code
 * ζ_ij = (z_ij - m_ij) / s_j,   s_j² = (1/n) Σ_i Var_Q(z_j | X_i)
 * E ζ = 0,   E[(z - m)² - Var_Q] = 0   if mean m and variance are those of P(z | X)
 * }</pre>
 *
 * <ul>
 *   <li>p is that of the most surprising of these 2 d means, times 2 d. The number is the mean of
 *       ζ² over coordinates: above one over-confident, below one too wide.
 *   <li>All simulations share the scale s_j, unlike in the usual z-score: a posterior that is
 *       nearly sure, of an index or near the end of an interval, would else give squares so rare
 *       and large that no mean of them could be tested.
 *   <li>Cannot see: the prior in place of the posterior; shape beyond two moments.
 *   <li>Source: z-score [recalled: Betancourt 2018]; both identities hold for any law by the tower
 *       rule, and the common scale is this project's own [derived].
 * </ul>
 */
public final class ZScore implements Diagnostic {

  /** Returns the diagnostic. */
  public ZScore() {}

  @Override
  public String name() {
    return "z-score";
  }

  @Override
  public String statistic() {
    return "mean square of the z-score";
  }

  @Override
  public Finding judge(JudgedPosterior judged) {
    int d = judged.width();
    double smallest = 1;
    double sum = 0;
    for (int j = 0; j < d; j++) {
      double[] variances = new double[judged.count()];
      double[] errors = errors(judged, j, variances);
      double scale = Estimate.of(variances).mean();
      double[] excess = new double[errors.length];
      for (int i = 0; i < errors.length; i++) {
        sum += errors[i] * errors[i] / scale / errors.length;
        excess[i] = (errors[i] * errors[i] - variances[i]) / scale;
        errors[i] /= Math.sqrt(scale);
      }
      smallest = Math.min(smallest, ZeroMean.twoSided(errors));
      smallest = Math.min(smallest, ZeroMean.twoSided(excess));
    }
    return new Finding(name(), sum / d, Math.min(1, 2 * d * smallest));
  }

  /** Returns z_ij - m_ij for all simulations, and writes Var_Q(z_j | X_i) to {@code variances}. */
  private static double[] errors(JudgedPosterior judged, int j, double[] variances) {
    double[] errors = new double[judged.count()];
    for (int i = 0; i < errors.length; i++) {
      Predictive law = judged.law(i);
      variances[i] = law.covariance().get(j, j);
      errors[i] = judged.simulations().truth(i)[j] - law.mean().get(j);
    }
    return errors;
  }
}
