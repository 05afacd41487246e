package org.definetti.audit;

import java.util.function.Function;
import org.definetti.latent.CategoricalTokens;
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
 * <p>Cost of each audit: W + 1 calls of the predictor. Sources: martingale [source: Falck-2024, Def
 * 1, Fact 2]; symmetry [recalled: Fortini-Ladelli-Regazzini 2000].
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
    int count = categories(seen);
    SimpleMatrix today = predict(predictor, seen, count);
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
    int count = categories(seen);
    SimpleMatrix joint = joint(seen, predict(predictor, seen, count), predictor);
    double largest = 0;
    for (int a = 0; a < count; a++) {
      for (int b = 0; b < a; b++) {
        largest = Math.max(largest, Math.abs(joint.get(a, b) - joint.get(b, a)));
      }
    }
    return largest;
  }

  private static int categories(Tokens seen) {
    if (seen.space() instanceof CategoricalTokens categories) {
      return categories.count();
    }
    throw new IllegalArgumentException("seen: expected categories, got " + seen.space());
  }

  private static SimpleMatrix predict(
      Function<Tokens, SimpleMatrix> predictor, Tokens seen, int count) {
    return Check.matrix("prediction", predictor.apply(seen), 1, count);
  }

  // Entry (a, b) is the probability that a comes next and b after it.
  private static SimpleMatrix joint(
      Tokens seen, SimpleMatrix today, Function<Tokens, SimpleMatrix> predictor) {
    int count = today.getNumCols();
    double[] joint = new double[count * count];
    for (int a = 0; a < count; a++) {
      Tokens one = Tokens.of(seen.space(), Token.category(a));
      SimpleMatrix tomorrow = predict(predictor, seen.plus(one), count);
      for (int b = 0; b < count; b++) {
        joint[a * count + b] = today.get(0, a) * tomorrow.get(0, b);
      }
    }
    return new SimpleMatrix(count, count, true, joint);
  }
}
