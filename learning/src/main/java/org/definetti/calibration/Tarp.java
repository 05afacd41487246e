package org.definetti.calibration;

import java.util.Objects;
import java.util.random.RandomGenerator;
import org.definetti.latent.Predictive;
import org.definetti.random.Seed;

/**
 * Tests of accuracy with random points: is the truth as far from a random reference point as the
 * draws are?
 *
 * <pre>{@code
 * r_i = #{s : ||z_is - c_i|| < ||z_i - c_i||},   uniform on 0..S if Q is exact,
 * coordinates divided by their prior standard deviation
 * }</pre>
 *
 * <ul>
 *   <li>Needs draws only. Any law of c_i given X_i gives uniform ranks of the exact posterior; a
 *       law that depends on X_i also sees a posterior that does not ({@link Reference#POSTERIOR}).
 *       The number is the largest distance of the ranks from uniform.
 *   <li>Cannot see: with references from the prior, the prior in place of the posterior.
 *   <li>Source: [recalled: Lemos et al. 2023]; references by a draw of the exact posterior, which
 *       are at hand here and seldom elsewhere [derived].
 * </ul>
 */
public final class Tarp implements Diagnostic {

  /** Where reference points come from. */
  public enum Reference {
    /** The prior: needs no data, sees no lack of them. */
    PRIOR,
    /** The exact posterior of the simulation's tokens. */
    POSTERIOR
  }

  private final Reference reference;

  private Tarp(Reference reference) {
    this.reference = Objects.requireNonNull(reference, "reference");
  }

  /** Returns the diagnostic with these reference points. */
  public static Tarp of(Reference reference) {
    return new Tarp(reference);
  }

  @Override
  public String name() {
    return reference == Reference.PRIOR ? "tarp" : "tarp-posterior";
  }

  @Override
  public String statistic() {
    return "largest distance of the ranks from uniform";
  }

  @Override
  public Finding judge(JudgedPosterior judged) {
    int[] ranks = ranks(judged);
    UniformRanks uniform = UniformRanks.of(ranks.length);
    return new Finding(
        name(),
        uniform.distance(ranks, judged.drawCount()),
        uniform.pValue(ranks, judged.drawCount()));
  }

  /** Returns for each simulation how many draws are nearer to the reference than the truth. */
  public int[] ranks(JudgedPosterior judged) {
    Seed seed = judged.seed(name());
    Predictive prior = judged.simulations().latents().prior();
    double[] precisions = precisions(prior);
    int[] ranks = new int[judged.count()];
    for (int i = 0; i < ranks.length; i++) {
      RandomGenerator rng = seed.child(i).generator();
      Predictive law = reference == Reference.PRIOR ? prior : judged.simulations().exact(i);
      double[] centre = law.draw(rng);
      Ranks.Counter counter =
          new Ranks.Counter(squared(judged.simulations().truth(i), centre, precisions));
      for (int s = 0; s < judged.drawCount(); s++) {
        counter.add(squared(judged.draw(i, s), centre, precisions));
      }
      ranks[i] = counter.rank(rng);
    }
    return ranks;
  }

  private static double[] precisions(Predictive prior) {
    double[] precisions = prior.covariance().diag().getDDRM().data;
    for (int j = 0; j < precisions.length; j++) {
      precisions[j] = precisions[j] > 0 ? 1 / precisions[j] : 1;
    }
    return precisions;
  }

  private static double squared(double[] z, double[] centre, double[] precisions) {
    double sum = 0;
    for (int j = 0; j < z.length; j++) {
      sum += (z[j] - centre[j]) * (z[j] - centre[j]) * precisions[j];
    }
    return sum;
  }
}
