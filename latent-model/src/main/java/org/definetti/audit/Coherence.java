package org.definetti.audit;

import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * Do the next-token predictions of a predictor of categories fit together as those of an
 * exchangeable law must? (A2, A3)
 *
 * <p>The predictor is a function from the tokens seen to the probabilities of the next one, shape
 * (1, W): a belief's predictive, or a learned model. Symmetry implies the martingale property, not
 * conversely. A predictor that ignores the order of its past and is symmetric after every prefix is
 * exchangeable.
 *
 * <p>Neither is enough alone: a predictor may be symmetric over the next two tokens and still weigh
 * old tokens less. {@link #largest} asks for all three at once.
 *
 * <p>Cost of each audit of categories: W + 1 calls of the predictor. Sources: martingale [source:
 * Falck-2024, Def 1, Fact 2]; symmetry [recalled: Fortini-Ladelli-Regazzini 2000].
 */
public final class Coherence {

  private Coherence() {}

  /**
   * Returns how far tomorrow's expected prediction is from today's after the tokens seen.
   *
   * <pre>{@code  max_b |Σ_a P(a | X) P(b | X, a) - P(b | X)|  }</pre>
   *
   * @param seen X, categories; may be empty
   * @throws IllegalArgumentException if the tokens are not categories
   */
  public static double martingaleGap(Tokens seen, Function<Tokens, SimpleMatrix> predictor) {
    int count = Predictors.count("seen", seen.space());
    SimpleMatrix today = Predictors.predict(predictor, seen, count);
    SimpleMatrix joint = joint(seen, today, predictor);
    double largest = 0;
    for (int b = 0; b < count; b++) {
      double sum = 0;
      for (int a = 0; a < count; a++) {
        sum += joint.get(a, b);
      }
      largest = Math.max(largest, Math.abs(sum - today.get(0, b)));
    }
    return largest;
  }

  /**
   * Returns how much the order of the next two tokens matters after the tokens seen.
   *
   * <pre>{@code  max_{a,b} |P(a | X) P(b | X, a) - P(b | X) P(a | X, b)|  }</pre>
   *
   * @param seen X, categories; may be empty
   * @throws IllegalArgumentException if the tokens are not categories
   */
  public static double symmetryGap(Tokens seen, Function<Tokens, SimpleMatrix> predictor) {
    int count = Predictors.count("seen", seen.space());
    SimpleMatrix joint = joint(seen, Predictors.predict(predictor, seen, count), predictor);
    double largest = 0;
    for (int a = 0; a < count; a++) {
      for (int b = 0; b < a; b++) {
        largest = Math.max(largest, Math.abs(joint.get(a, b) - joint.get(b, a)));
      }
    }
    return largest;
  }

  /**
   * Returns how much the order of the next two tokens matters, for tokens of any kind.
   *
   * <pre>{@code  |log P(a | X) P(b | X, a) - log P(b | X) P(a | X, b)|  }</pre>
   *
   * <ul>
   *   <li>Where: a and b are the two tokens of {@code pair}; densities, so a relative gap.
   *   <li>Edge cases: both orders impossible give zero, one of them infinity.
   *   <li>Cost: two evaluations of the density.
   * </ul>
   *
   * @param seen X; may be empty
   * @param pair two tokens
   * @param logDensity {@code (X, Y) → log P(Y | X)}, such as {@link Predictors#logDensity}
   * @throws IllegalArgumentException unless {@code pair} is two tokens
   */
  public static double logSymmetryGap(
      Tokens seen, Tokens pair, ToDoubleBiFunction<Tokens, Tokens> logDensity) {
    if (pair.length() != 2) {
      throw new IllegalArgumentException("pair: expected 2 tokens, got " + pair.length());
    }
    double one = logDensity.applyAsDouble(seen, pair);
    double other = logDensity.applyAsDouble(seen, pair.permute(1, 0));
    return one == other ? 0 : Math.abs(one - other); // minus infinity twice is no gap
  }

  /**
   * Returns how much the order of the tokens seen changes the prediction.
   *
   * <pre>{@code  max_π max_b |P(b | X_π) - P(b | X)|  }</pre>
   *
   * <ul>
   *   <li>A prediction is any row of numbers here: probabilities, a mean, a representation.
   *   <li>Edge cases: fewer than two tokens give zero.
   *   <li>Cost: {@code orders + 1} calls of the predictor.
   *   <li>Together with symmetry after every prefix it is equivalent to exchangeability [derived:
   *       adjacent transpositions generate all permutations].
   * </ul>
   *
   * @param orders how many random permutations are tried, at least 1
   */
  public static double pastGap(
      Tokens seen, int orders, RandomGenerator rng, Function<Tokens, SimpleMatrix> predictor) {
    Check.atLeast("orders", 1, orders);
    SimpleMatrix reference = Check.matrix("prediction", predictor.apply(seen), 1, -1);
    double largest = 0;
    for (int n = 0; n < orders; n++) {
      Tokens reordered = seen.permute(Exchangeability.order(seen.length(), rng));
      SimpleMatrix row = Predictors.predict(predictor, reordered, reference.getNumCols());
      for (int b = 0; b < row.getNumCols(); b++) {
        largest = Math.max(largest, Math.abs(row.get(0, b) - reference.get(0, b)));
      }
    }
    return largest;
  }

  /**
   * Returns the largest violation of each property over all prefixes of a sequence, itself and the
   * empty one included: the audit to give a learned predictor of categories.
   *
   * <ul>
   *   <li>Cost: {@code (L + 1) (orders + 2 W + 3)} calls of the predictor.
   * </ul>
   *
   * @param tokens X, categories
   * @param orders how many random permutations of each prefix are tried, at least 1
   * @throws IllegalArgumentException if the tokens are not categories
   */
  public static CoherenceGaps largest(
      Tokens tokens, int orders, RandomGenerator rng, Function<Tokens, SimpleMatrix> predictor) {
    CoherenceGaps largest = new CoherenceGaps(0, 0, 0);
    for (int l = 0; l <= tokens.length(); l++) {
      Tokens seen = tokens.prefix(l);
      largest =
          largest.max(
              new CoherenceGaps(
                  pastGap(seen, orders, rng, predictor),
                  martingaleGap(seen, predictor),
                  symmetryGap(seen, predictor)));
    }
    return largest;
  }

  /**
   * Returns the (W, W) table whose entry (a, b) is the probability that a comes next and b after
   * it.
   */
  static SimpleMatrix joint(
      Tokens seen, SimpleMatrix today, Function<Tokens, SimpleMatrix> predictor) {
    int count = today.getNumCols();
    double[] joint = new double[count * count];
    for (int a = 0; a < count; a++) {
      if (today.get(0, a) == 0) {
        continue; // nothing can be predicted after what cannot happen
      }
      Tokens one = Tokens.of(seen.space(), Token.category(a));
      SimpleMatrix tomorrow = Predictors.predict(predictor, seen.plus(one), count);
      for (int b = 0; b < count; b++) {
        joint[a * count + b] = today.get(0, a) * tomorrow.get(0, b);
      }
    }
    return new SimpleMatrix(count, count, true, joint);
  }
}
