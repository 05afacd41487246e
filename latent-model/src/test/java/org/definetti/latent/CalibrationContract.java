package org.definetti.latent;

import static org.definetti.latent.ContractChecks.answer;
import static org.definetti.latent.ContractChecks.query;
import static org.definetti.latent.ContractChecks.row;
import static org.definetti.latent.ContractChecks.targets;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Simulation-based calibration: what made the tokens looks like a draw from the belief.
 *
 * <pre>{@code
 * z ~ P(z),  X ~ P(X | z),  z_1..z_19 ~ belief(X)   =>   rank of f(z) among f(z_1..19) is uniform
 * }</pre>
 *
 * <ul>
 *   <li>For z: f is its first coordinate, a weighted sum of all coordinates, and the log density of
 *       the belief, after 0, 2 and 7 tokens. For the value of a masked token: its first coordinate
 *       and a weighted sum, after 4.
 *   <li>Ties, as of a discrete z, are broken at random, which keeps the rank uniform.
 *   <li>Test: Pearson's chi-square of the 20 ranks over {@link #sequences} / 10 runs. A correct
 *       model fails one of the up to eleven tests with probability 1e-6 each, for its fixed seed
 *       once and for all.
 *   <li>Skipped where the belief or the predictive cannot be sampled.
 *   <li>Source: [recalled: Talts et al. 2018]; the log density as f [recalled: Modrak et al. 2023].
 * </ul>
 *
 * @param <Z> the type of the latent
 */
public interface CalibrationContract<Z> extends ModelUnderTest<Z> {

  private RandomGenerator rng(String purpose) {
    return Seed.of(20_004).child(purpose).generator();
  }

  private int runs() {
    return Math.max(1, sequences() / 10);
  }

  // f by name, for one belief; the first two only where z is written as a vector.
  private Map<String, ToDoubleFunction<Z>> summaries(Belief<Z> belief, Z example) {
    Map<String, ToDoubleFunction<Z>> summaries = new LinkedHashMap<>();
    try {
      if (vector(example).length > 0) {
        summaries.put("first coordinate of z", z -> vector(z)[0]);
      }
      if (vector(example).length > 1) {
        summaries.put("weighted sum of z", z -> Ranks.weightedSum(vector(z)));
      }
    } catch (UnsupportedOperationException none) {
      // Such a z is seen through its density alone.
    }
    try {
      belief.logDensity(example);
      summaries.put("log density of z", belief::logDensity);
    } catch (UnsupportedOperationException none) {
      // And such a density through its draws alone.
    }
    return summaries;
  }

  @Test
  default void latentsLookLikeDrawsOfThePosterior() {
    Belief<Z> prior = model().prior();
    for (int length : new int[] {0, 2, 7}) {
      RandomGenerator rng = rng("latent after " + length);
      Map<String, Ranks> ranks = new LinkedHashMap<>();
      for (int n = 0; n < runs(); n++) {
        Sample<Z> sample = model().sample(length, rng);
        Belief<Z> belief = prior.observe(sample.tokens());
        Map<String, ToDoubleFunction<Z>> summaries = summaries(belief, sample.latent());
        Assumptions.assumeFalse(
            summaries.isEmpty(), "z is not written as a vector and has no density");
        Map<String, Integer> below = new LinkedHashMap<>();
        Map<String, Integer> ties = new LinkedHashMap<>();
        for (int m = 0; m < Ranks.DRAWS; m++) {
          Z draw = answer(() -> belief.sample(rng));
          summaries.forEach(
              (name, f) -> {
                int order = Double.compare(f.applyAsDouble(draw), f.applyAsDouble(sample.latent()));
                below.merge(name, order < 0 ? 1 : 0, Integer::sum);
                ties.merge(name, order == 0 ? 1 : 0, Integer::sum);
              });
        }
        below.forEach(
            (name, count) ->
                ranks
                    .computeIfAbsent(name, f -> new Ranks("posterior", f, length))
                    .add(count + rng.nextInt(ties.get(name) + 1)));
      }
      ranks.values().forEach(Ranks::check);
    }
  }

  @Test
  default void maskedTokensLookLikeDrawsOfThePredictive() {
    int length = 4;
    RandomGenerator rng = rng("masked token after " + length);
    Belief<Z> prior = model().prior();
    Ranks first = new Ranks("predictive", "first coordinate of the masked value", length);
    Ranks sum = new Ranks("predictive", "weighted sum of the masked value", length);
    for (int n = 0; n < runs(); n++) {
      Tokens tokens = model().sample(length + 1, rng).tokens();
      Belief<Z> belief = prior.observe(tokens.prefix(length));
      Predictive predictive = belief.predictive(query(model(), tokens, length));
      double[] value = row(targets(model(), tokens), length);
      double[][] draws = new double[Ranks.DRAWS][];
      for (int m = 0; m < draws.length; m++) {
        draws[m] = answer(() -> predictive.draw(rng));
      }
      first.add(value, draws, v -> v[0], rng);
      sum.add(value, draws, Ranks::weightedSum, rng);
    }
    first.check();
    sum.check();
  }
}
