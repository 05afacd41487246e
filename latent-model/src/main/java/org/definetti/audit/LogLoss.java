package org.definetti.audit;

import java.util.function.ToDoubleBiFunction;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * What predicting a sequence token by token costs, in nats, and the regret of one predictor against
 * another. (B6)
 *
 * <pre>{@code
 * loss_t     = -log p(x^t | x^1..x^(t-1))          for pairs: of the value, given the key too
 * regret_t   = Σ_{s ≤ t} (loss_s - reference_s)    t times the regret per token
 * }</pre>
 *
 * <p>References of interest: the model's own predictive, whose losses sum to minus the log
 * evidence; and a fixed latent, the best of them in hindsight above all. Source: regret of
 * averaging over the posterior [source: Zhang-2023, Prop 4.1, Cor 4.2]; this form [derived] (check
 * B6).
 */
public final class LogLoss {

  private LogLoss() {}

  /** Returns the losses of the exact predictive of a model, (L); one belief update a token. */
  public static <Z> double[] ofModel(LatentModel<Z> model, Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    SimpleMatrix keys = tokens.keys();
    SimpleMatrix values =
        model instanceof ConjugateModel<?> conjugate
            ? conjugate.statistic(tokens)
            : tokens.values();
    double[] losses = new double[tokens.length()];
    Belief<Z> belief = model.prior();
    for (int t = 0; t < losses.length; t++) {
      SimpleMatrix query = keys.extractVector(true, t);
      double[] value = values.extractVector(true, t).getDDRM().data;
      losses[t] = -belief.predictive(query).logProbability(value);
      belief = belief.observe(tokens.slice(t, t + 1));
    }
    return losses;
  }

  /** Returns the losses of one who knows the latent, (L): {@code -log P(x^t | z)}. */
  public static <Z> double[] ofLatent(LikelihoodModel<Z> model, Z latent, Tokens tokens) {
    return of(tokens, (seen, next) -> model.logLikelihood(latent, next));
  }

  /**
   * Returns the losses of any predictor, (L).
   *
   * @param logProbability log p(next token | tokens seen), in nats
   */
  public static double[] of(Tokens tokens, ToDoubleBiFunction<Tokens, Token> logProbability) {
    double[] losses = new double[tokens.length()];
    for (int t = 0; t < losses.length; t++) {
      losses[t] = -logProbability.applyAsDouble(tokens.prefix(t), tokens.get(t));
    }
    return losses;
  }

  /**
   * Returns the regret after each token, (L): running sums of {@code losses - reference}.
   *
   * <p>Compensated, so exact to a few ulps of the largest partial sum.
   *
   * @throws org.definetti.latent.ShapeMismatchException if the lengths differ
   */
  public static double[] regret(double[] losses, double[] reference) {
    Check.width("reference", losses.length, reference);
    double[] regret = new double[losses.length];
    double sum = 0;
    double lost = 0; // Neumaier
    for (int t = 0; t < regret.length; t++) {
      double term = losses[t] - reference[t];
      double next = sum + term;
      lost += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
      sum = next;
      regret[t] = sum + lost;
    }
    return regret;
  }

  /** Returns the sum of losses, compensated. */
  public static double total(double... losses) {
    double[] sums = regret(losses, new double[losses.length]);
    return sums.length == 0 ? 0 : sums[sums.length - 1];
  }
}
