package org.definetti.lab.data;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * What is exact about one sequence X, by the names that tables use.
 *
 * <table>
 *   <caption>Quantities, each a row or matrix of numbers read row by row</caption>
 *   <tr><th>name</th><th>what</th></tr>
 *   <tr><td>{@code predictive-mean}</td><td>E[x | X, q], x the value of a masked token asked for by
 *       the query q</td></tr>
 *   <tr><td>{@code predictive-variance}</td><td>the diagonal of Cov(x | X, q)</td></tr>
 *   <tr><td>{@code bayes-risk}</td><td>tr Cov(x | X, q): the least expected squared error of any
 *       prediction of x, that of the predictive mean</td></tr>
 *   <tr><td>{@code posterior-mean}, {@code posterior-variance}</td><td>E[z | X] and the diagonal of
 *       Cov(z | X)</td></tr>
 *   <tr><td>{@code log-evidence}</td><td>log P(X), nats</td></tr>
 *   <tr><td>{@code entropy-nats}</td><td>the (differential) entropy of P(z | X)</td></tr>
 * </table>
 *
 * <p>A quantity that the belief does not have in closed form is left out.
 */
public final class ExactAnswers {

  /** The quantity an attention is compared with. */
  public static final String PREDICTIVE_MEAN = "predictive-mean";

  private static final Set<String> NUMBERS = Set.of("bayes-risk", "log-evidence", "entropy-nats");

  private ExactAnswers() {}

  /** Returns whether a quantity is one number for every model. */
  static boolean isNumber(String quantity) {
    return NUMBERS.contains(quantity);
  }

  /**
   * Returns the quantities of a sequence by name, in the order above.
   *
   * @param query shape (1, key width); the empty query for spaces without keys
   */
  public static Map<String, SimpleMatrix> of(
      LatentModel<?> model, Tokens tokens, SimpleMatrix query) {
    Belief<?> belief = model.prior().observe(tokens);
    Predictive predictive = belief.predictive(query);
    Map<String, SimpleMatrix> answers = new LinkedHashMap<>();
    answers.put(PREDICTIVE_MEAN, predictive.mean());
    put(answers, "predictive-variance", () -> predictive.covariance().diag());
    put(answers, "bayes-risk", () -> number(predictive.covariance().trace()));
    put(answers, "posterior-mean", belief::mean);
    put(answers, "posterior-variance", () -> belief.covariance().diag());
    put(answers, "log-evidence", () -> number(belief.logEvidence()));
    put(answers, "entropy-nats", () -> number(belief.entropyNats()));
    return answers;
  }

  private static void put(
      Map<String, SimpleMatrix> answers, String quantity, Supplier<SimpleMatrix> value) {
    try {
      answers.put(quantity, value.get());
    } catch (UnsupportedOperationException e) {
      // Not in closed form: the table has no such quantity.
    }
  }

  private static SimpleMatrix number(double value) {
    return SimpleMatrix.filled(1, 1, value);
  }
}
