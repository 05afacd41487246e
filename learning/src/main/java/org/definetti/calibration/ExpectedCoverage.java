package org.definetti.calibration;

import org.definetti.latent.Predictive;
import org.definetti.random.Seed;

/**
 * Expected coverage: does the region of highest density with probability u contain the truth in a
 * share u of simulations, for all u?
 *
 * <pre>{@code
 * r_i = #{s : Q(z_is | X_i) > Q(z_i | X_i)},   r_i uniform on 0..S if Q is exact
 * coverage of the region of probability u = share of i with r_i < u (S + 1)
 * }</pre>
 *
 * <ul>
 *   <li>Needs the judged density, up to a constant of X. The number is the largest distance between
 *       coverage and u.
 *   <li>Cannot see: the prior in place of the posterior; errors that cancel, such as a bias and too
 *       wide a spread.
 *   <li>Source: [recalled: Hermans et al. 2022, "A trust crisis"]; bands as {@link UniformRanks}.
 * </ul>
 */
public final class ExpectedCoverage implements Diagnostic {

  /** Returns the diagnostic. */
  public ExpectedCoverage() {}

  @Override
  public String name() {
    return "coverage";
  }

  @Override
  public String statistic() {
    return "largest distance between coverage and probability";
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

  /** Returns for each simulation how many draws are denser than the truth. */
  public int[] ranks(JudgedPosterior judged) {
    Seed seed = judged.seed(name());
    int[] ranks = new int[judged.count()];
    for (int i = 0; i < ranks.length; i++) {
      Predictive law = judged.law(i);
      Ranks.Counter counter = new Ranks.Counter(-law.logProbability(judged.simulations().truth(i)));
      for (int s = 0; s < judged.drawCount(); s++) {
        counter.add(-law.logProbability(judged.draw(i, s)));
      }
      ranks[i] = counter.rank(seed.child(i).generator());
    }
    return ranks;
  }
}
