package org.definetti.audit;

import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.Tokens;

/** Does the order of tokens change their probability? (A1) */
public final class Exchangeability {

  private Exchangeability() {}

  /**
   * Returns the largest change of log probability over random orders of the tokens.
   *
   * <pre>{@code  max_π |log P(X_π) - log P(X)|  }</pre>
   *
   * <ul>
   *   <li>Zero up to rounding for an exchangeable law, whatever the tokens.
   *   <li>Edge cases: fewer than two tokens give zero; a gap that is not a number is returned as
   *       NaN, never hidden.
   *   <li>Cost: {@code orders + 1} evaluations of the law.
   *   <li>Source: definition [recalled: de Finetti].
   * </ul>
   *
   * @param orders how many random permutations are tried, at least 1
   * @param logProbability the law under audit, for example {@code x ->
   *     model.prior().observe(x).logEvidence()}, or {@code x ->
   *     joint.applyAsDouble(Tokens.none(x.space()), x)} with the joint that {@link
   *     Predictors#logProbability} makes of a learned predictor
   */
  public static double largestGap(
      Tokens tokens, int orders, RandomGenerator rng, ToDoubleFunction<Tokens> logProbability) {
    Check.atLeast("orders", 1, orders);
    double reference = logProbability.applyAsDouble(tokens);
    double largest = 0;
    for (int n = 0; n < orders; n++) {
      Tokens reordered = tokens.permute(order(tokens.length(), rng));
      double gap = Math.abs(logProbability.applyAsDouble(reordered) - reference);
      largest = Math.max(largest, gap); // NaN wins
    }
    return largest;
  }

  /** Returns a random permutation: Fisher-Yates, from the inside out. */
  static int[] order(int length, RandomGenerator rng) {
    int[] order = new int[length];
    for (int i = 0; i < length; i++) {
      int j = rng.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
