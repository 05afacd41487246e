package org.definetti.calibration;

import java.util.random.RandomGenerator;
import org.definetti.experiment.Estimate;
import org.definetti.latent.Predictive;
import org.definetti.random.Seed;

/**
 * Entropy error: by how many bits is the judged posterior less certain than the exact one?
 *
 * <pre>{@code
 * (1/n) Σ_i (1/S) Σ_s [log2 P(w_is | X_i) - log2 Q(z_is | X_i)],   w_is ~ P(z|X_i), z_is ~ Q(z|X_i)
 * }</pre>
 *
 * <ul>
 *   <li>Below zero where Q is over-confident. p: is the mean zero?
 *   <li>Cannot see: a posterior of the right entropy in the wrong place.
 *   <li>Needs both densities. Both entropies are estimated in the same way from draws, so neither
 *       law needs a closed form. Source: [derived].
 * </ul>
 */
public final class EntropyError implements Diagnostic {

  private static final double NATS_PER_BIT = Math.log(2);

  /** Returns the diagnostic. */
  public EntropyError() {}

  @Override
  public String name() {
    return "entropy-error";
  }

  @Override
  public String statistic() {
    return "entropy in excess of the exact one, in bits";
  }

  @Override
  public Finding judge(JudgedPosterior judged) {
    Seed seed = judged.seed(name());
    double[] gaps = new double[judged.count()];
    for (int i = 0; i < gaps.length; i++) {
      Predictive exact = judged.simulations().exact(i);
      Predictive law = judged.law(i);
      RandomGenerator rng = seed.child(i).generator();
      double sum = 0;
      for (int s = 0; s < judged.drawCount(); s++) {
        sum += exact.logProbability(exact.draw(rng)) - law.logProbability(judged.draw(i, s));
      }
      gaps[i] = sum / judged.drawCount() / NATS_PER_BIT;
    }
    return new Finding(name(), Estimate.of(gaps).mean(), ZeroMean.twoSided(gaps));
  }
}
