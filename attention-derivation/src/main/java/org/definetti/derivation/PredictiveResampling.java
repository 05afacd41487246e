package org.definetti.derivation;

import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Token;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/**
 * The posterior that next-token predictions imply: continue the sequence with the predictor's own
 * draws, and the mean of the continuation is a posterior draw.
 *
 * <pre>{@code
 * x^(n+1) ~ p(· | X),  x^(n+2) ~ p(· | X, x^(n+1)),  …      (1/m) Σ_j T(x^(n+j)) → E[T | z],  z ~ P(z | X)
 * }</pre>
 *
 * <p>The martingale posterior. No prior and no latent is needed, only a predictor, a trained
 * attention for example; it is the exact posterior if the predictor is the exact predictive of an
 * exchangeable model, and means little if the predictor breaks the martingale property ({@link
 * org.definetti.audit.Coherence}). For {@code beta-bernoulli} the law of the continuation's count
 * is Beta-binomial (Pólya's urn) at every finite m.
 *
 * <p>Source: [source: Falck-2024, sec 2.3/B.1] (check X1).
 */
public final class PredictiveResampling {

  private PredictiveResampling() {}

  /**
   * Returns the predictor that an attention is for a conjugate model of categories: its output at
   * the empty query, as probabilities of the next category.
   *
   * <p>A statistic of one number, as of {@code beta-bernoulli}, is the probability of category 1.
   *
   * @return a function from tokens seen to probabilities, shape (1, W)
   */
  public static Function<Tokens, SimpleMatrix> predictor(
      ConjugateModel<?> model, Attention attention) {
    return seen -> {
      SimpleMatrix query = model.tokenSpace().emptyQuery();
      SimpleMatrix out = attention.attend(query, Context.of(model, seen));
      if (out.getNumCols() > 1) {
        return out;
      }
      double p = out.get(0, 0);
      return new SimpleMatrix(1, 2, true, 1 - p, p);
    };
  }

  /**
   * Continues a sequence of categories with draws from a predictor.
   *
   * @param seen X, categories; may be empty
   * @param length m, how many tokens to draw, at least 0
   * @param predictor tokens seen to the probabilities of the next, shape (1, W)
   * @return the m tokens drawn, without X; m calls of the predictor
   */
  public static Tokens continuation(
      Tokens seen, int length, RandomGenerator rng, Function<Tokens, SimpleMatrix> predictor) {
    Check.atLeast("length", 0, length);
    Tokens all = seen;
    for (int j = 0; j < length; j++) {
      SimpleMatrix next = Check.probabilities("prediction", predictor.apply(all));
      int category = Categorical.of(next.getDDRM().data).draw(rng);
      all = all.plus(Tokens.of(seen.space(), Token.category(category)));
    }
    return all.slice(seen.length(), all.length());
  }

  /**
   * Continues a sequence with draws from the exact predictive of a belief, each token observed
   * before the next is drawn.
   *
   * <p>For models whose tokens are what the predictive draws: real vectors, or categories drawn as
   * one-hot vectors or as one number.
   *
   * @throws UnsupportedOperationException if tokens have keys, which nothing predicts
   */
  public static <Z> Tokens continuation(
      LatentModel<Z> model, Belief<Z> belief, int length, RandomGenerator rng) {
    TokenSpace space = model.tokenSpace();
    if (space.hasQueries()) {
      throw new UnsupportedOperationException(
          model.description().name() + " has no continuation because nothing predicts its keys");
    }
    Check.atLeast("length", 0, length);
    Tokens drawn = Tokens.none(space);
    Belief<Z> current = belief;
    for (int j = 0; j < length; j++) {
      double[] value = current.predictive(space.emptyQuery()).draw(rng);
      Tokens one = Tokens.of(space, token(space, value));
      current = current.observe(one);
      drawn = drawn.plus(one);
    }
    return drawn;
  }

  private static Token token(TokenSpace space, double[] value) {
    if (!(space instanceof CategoricalTokens)) {
      return Token.real(value);
    }
    if (value.length == 1) {
      return Token.category((int) value[0]);
    }
    int category = 0;
    while (value[category] == 0) {
      category++;
    }
    return Token.category(category);
  }

  /**
   * Returns the law of the number of ones among m continued tokens, by dynamic programming over
   * counts: exact, no sampling.
   *
   * <pre>{@code
   * P_(j+1)(s) = P_j(s) (1 - p(n + j, r + s)) + P_j(s - 1) p(n + j, r + s - 1)
   * }</pre>
   *
   * <p>For predictors of two categories that read count and number of ones only, as every order-
   * blind one does. O(m²) calls of the predictor; terms are added, never subtracted.
   *
   * @param count n, tokens seen, at least 0
   * @param ones r, how many of them were 1, between 0 and n
   * @param length m, at least 0
   * @param predictor (tokens seen, ones among them) to the probability that the next is 1
   * @return (m + 1) probabilities of s = 0..m
   */
  public static double[] countLaw(int count, int ones, int length, DoubleBinaryOperator predictor) {
    Check.atLeast("ones", 0, ones);
    Check.atLeast("count", ones, count);
    Check.atLeast("length", 0, length);
    double[] law = new double[length + 1];
    law[0] = 1;
    for (int j = 0; j < length; j++) {
      for (int s = j; s >= 0; s--) {
        double one = predictor.applyAsDouble(count + j, ones + s);
        if (!(one >= 0 && one <= 1)) {
          throw new IllegalArgumentException(
              "predictor: expected a probability, got " + one + " after " + (count + j));
        }
        law[s + 1] += law[s] * one;
        law[s] *= 1 - one;
      }
    }
    return law;
  }
}
