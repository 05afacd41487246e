package org.definetti.calibration;

import org.definetti.experiment.Estimate;

/**
 * Expected Kullback-Leibler divergence of the exact posterior from the judged one, in nats.
 *
 * <pre>{@code  E_X KL(P(z|X) ‖ Q(z|X)) ≈ (1/n) Σ_i [log P(z_i | X_i) - log Q(z_i | X_i)]  }</pre>
 *
 * <ul>
 *   <li>z_i is a draw from P(z | X_i), so every simulation is one term, unbiased. p: is the mean
 *       above zero? Sees every difference of the two laws, given enough simulations.
 *   <li>Infinite where Q has no mass at a truth.
 *   <li>Needs both densities: the exact one, which is at hand here and seldom elsewhere.
 *   <li>Source: masked cross-entropy is divergence plus a constant [source: Zhang-2023, sec 5.1];
 *       the same for the latent [derived].
 * </ul>
 */
public final class ExpectedDivergence implements Diagnostic {

  /** Returns the diagnostic. */
  public ExpectedDivergence() {}

  @Override
  public String name() {
    return "expected-kl";
  }

  @Override
  public String statistic() {
    return "expected divergence in nats";
  }

  @Override
  public Finding judge(JudgedPosterior judged) {
    double[] terms = logRatios(judged);
    return new Finding(name(), Estimate.of(terms).mean(), ZeroMean.above(terms));
  }

  /** Returns {@code log P(z_i | X_i) - log Q(z_i | X_i)} for each simulation. */
  static double[] logRatios(JudgedPosterior judged) {
    double[] ratios = new double[judged.count()];
    for (int i = 0; i < ratios.length; i++) {
      double[] truth = judged.simulations().truth(i);
      ratios[i] =
          judged.simulations().exact(i).logProbability(truth) - judged.law(i).logProbability(truth);
    }
    return ratios;
  }
}
