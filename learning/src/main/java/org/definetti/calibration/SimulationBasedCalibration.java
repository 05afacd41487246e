package org.definetti.calibration;

import java.util.random.RandomGenerator;

/**
 * Simulation-based calibration: is the rank of the truth among the draws uniform, coordinate by
 * coordinate?
 *
 * <pre>{@code  r_ij = #{s : z_is,j < z_i,j},   p = min(1, d · min_j p_j)  }</pre>
 *
 * <ul>
 *   <li>Where: p_j that of {@link UniformRanks}; ties are broken at random. The number is the
 *       largest distance of a distribution function of ranks from the uniform one.
 *   <li>Cannot see: a posterior that ignores the data and returns the prior, or is wrong only in
 *       how coordinates hang together.
 *   <li>Source: [recalled: Talts et al. 2018; Cook, Gelman, Rubin 2006]; bands as {@link
 *       UniformRanks}.
 * </ul>
 */
public final class SimulationBasedCalibration implements Diagnostic {

  /** Returns the diagnostic. */
  public SimulationBasedCalibration() {}

  @Override
  public String name() {
    return "sbc";
  }

  @Override
  public String statistic() {
    return "largest distance of a coordinate's ranks from uniform";
  }

  @Override
  public Finding judge(JudgedPosterior judged) {
    UniformRanks uniform = UniformRanks.of(judged.count());
    double smallest = 1;
    double distance = 0;
    for (int j = 0; j < judged.width(); j++) {
      int[] ranks = ranks(judged, j);
      smallest = Math.min(smallest, uniform.pValue(ranks, judged.drawCount()));
      distance = Math.max(distance, uniform.distance(ranks, judged.drawCount()));
    }
    return new Finding(name(), distance, Math.min(1, judged.width() * smallest));
  }

  /** Returns the ranks of coordinate j of the truths among the draws, n of them in 0..S. */
  public int[] ranks(JudgedPosterior judged, int j) {
    int[] ranks = new int[judged.count()];
    for (int i = 0; i < ranks.length; i++) {
      Ranks.Counter counter = new Ranks.Counter(judged.simulations().truth(i)[j]);
      for (int s = 0; s < judged.drawCount(); s++) {
        counter.add(judged.draw(i, s, j));
      }
      RandomGenerator rng = judged.seed(name()).child(j).child(i).generator();
      ranks[i] = counter.rank(rng);
    }
    return ranks;
  }
}
