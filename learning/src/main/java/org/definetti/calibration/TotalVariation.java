package org.definetti.calibration;

import org.definetti.experiment.Estimate;

/**
 * Expected total variation distance between the exact posterior and the judged one.
 *
 * <pre>
 * {@code  E_X TV(P, Q) = E [1 - Q(z|X) / P(z|X)]⁺ ≈ (1/n) Σ_i [1 - Q(z_i|X_i) / P(z_i|X_i)]⁺  }
 * </pre>
 *
 * <ul>
 *   <li>In [0, 1]: no event's probability is wrong by more. Every simulation is one term, unbiased.
 *       p: is the mean above zero (beyond rounding)?
 *   <li>Needs both densities.
 *   <li>Source: [derived].
 * </ul>
 */
public final class TotalVariation implements Diagnostic {

  /** Returns the diagnostic. */
  public TotalVariation() {}

  @Override
  public String name() {
    return "total-variation";
  }

  @Override
  public String statistic() {
    return "expected total variation";
  }

  @Override
  public Finding judge(JudgedPosterior judged) {
    double[] terms = ExpectedDivergence.logRatios(judged);
    for (int i = 0; i < terms.length; i++) {
      terms[i] = Math.max(0, -Math.expm1(-terms[i]));
    }
    return new Finding(name(), Estimate.of(terms).mean(), ZeroMean.above(terms));
  }
}
