package org.definetti.audit;

import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/**
 * What a model, or a learned predictor of categories, says about the next token, in the three forms
 * that audits ask for: a row of probabilities, a log density, a draw.
 *
 * <p>A learned predictor is a function from the tokens seen to the probabilities of the next one,
 * shape (1, W). All results are stateless and safe to share between threads if what they were made
 * of is.
 */
public final class Predictors {

  private Predictors() {}

  /**
   * Returns the exact predictor of a model of categories: {@code X → P(x = · | X)}, shape (1, W).
   *
   * @throws IllegalArgumentException if the model's tokens are not categories
   */
  public static Function<Tokens, SimpleMatrix> categories(LatentModel<?> model) {
    int count = count("model", model.tokenSpace());
    double[][] values = new double[count][];
    for (int w = 0; w < count; w++) {
      values[w] = value(model, Tokens.of(model.tokenSpace(), Token.category(w)));
    }
    SimpleMatrix query = model.tokenSpace().emptyQuery();
    return seen -> {
      Predictive predictive = model.prior().observe(seen).predictive(query);
      double[] row = new double[count];
      for (int w = 0; w < count; w++) {
        row[w] = Math.exp(predictive.logProbability(values[w]));
      }
      return new SimpleMatrix(1, count, true, row);
    };
  }

  /**
   * Returns the log density of further tokens under a model, by the chain rule, in nats.
   *
   * <pre>{@code  (X, Y) → Σ_l log P(y^l | X, y^1..y^{l-1})  }</pre>
   *
   * <ul>
   *   <li>With X empty it is the joint of Y; for pairs, that of the values given the keys.
   *   <li>Edge cases: no further tokens give zero; an impossible one minus infinity.
   *   <li>Cost: one predictive and one observation a token of Y.
   * </ul>
   */
  public static ToDoubleBiFunction<Tokens, Tokens> logDensity(LatentModel<?> model) {
    return (seen, next) -> logDensity(model, model.prior().observe(seen), next);
  }

  private static <Z> double logDensity(LatentModel<?> model, Belief<Z> prior, Tokens next) {
    Belief<Z> belief = prior;
    double sum = 0;
    for (int l = 0; l < next.length(); l++) {
      Tokens token = next.slice(l, l + 1);
      SimpleMatrix query =
          model.tokenSpace().hasQueries() ? token.keys() : model.tokenSpace().emptyQuery();
      sum += belief.predictive(query).logProbability(value(model, token));
      if (sum == Double.NEGATIVE_INFINITY) {
        return sum; // nothing can be predicted after what cannot happen
      }
      belief = belief.observe(token);
    }
    return sum;
  }

  // What a predictive of the model speaks about.
  private static double[] value(LatentModel<?> model, Tokens token) {
    SimpleMatrix value =
        model instanceof ConjugateModel<?> conjugate ? conjugate.statistic(token) : token.values();
    return value.getDDRM().data;
  }

  /**
   * Returns the log probability of further categories under a learned predictor, by the chain rule,
   * in nats: the joint law that its predictions imply. As {@link #logDensity}; one call of the
   * predictor a token.
   */
  public static ToDoubleBiFunction<Tokens, Tokens> logProbability(
      Function<Tokens, SimpleMatrix> predictor) {
    return (seen, next) -> {
      int count = count("seen", seen.space());
      Tokens all = seen.plus(next);
      double sum = 0;
      for (int l = seen.length(); l < all.length(); l++) {
        SimpleMatrix row = predict(predictor, all.prefix(l), count);
        sum += Math.log(row.get(0, (int) all.at(l, 0)));
      }
      return sum;
    };
  }

  /**
   * Returns draws of the next token of a model: {@code z ~ P(z | X)}, then {@code x ~ P(x | z)}.
   *
   * @throws UnsupportedOperationException when asked for a draw, if the model's belief cannot be
   *     sampled
   */
  public static NextToken sampler(LatentModel<?> model) {
    return draws(model);
  }

  private static <Z> NextToken draws(LatentModel<Z> model) {
    return (seen, rng) -> model.drawToken(model.prior().observe(seen).sample(rng), rng);
  }

  /** Returns draws of the next category of a learned predictor; one call of it a draw. */
  public static NextToken sampler(Function<Tokens, SimpleMatrix> predictor) {
    return (seen, rng) -> {
      SimpleMatrix row = predict(predictor, seen, count("seen", seen.space()));
      return Token.category(Categorical.of(row.getDDRM().data).draw(rng));
    };
  }

  /** Returns the number W of categories, or refuses any other space, naming the argument. */
  static int count(String argument, TokenSpace space) {
    if (space instanceof CategoricalTokens categories) {
      return categories.count();
    }
    throw new IllegalArgumentException(argument + ": expected categories, got " + space);
  }

  /** Returns the prediction after these tokens, checked to be a finite row of W numbers. */
  static SimpleMatrix predict(Function<Tokens, SimpleMatrix> predictor, Tokens seen, int count) {
    return Check.matrix("prediction", predictor.apply(seen), 1, count);
  }
}
