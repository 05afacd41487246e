package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.MeanPooling;
import org.definetti.attention.NullToken;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.latent.Predictive;
import org.definetti.random.Seed;

/**
 * D3: the risk of any predictor is its distance to the Bayes predictor plus the Bayes risk.
 *
 * <pre>{@code  E ||f(X) - y||² = E ||f(X) - E[y|X]||² + E tr Cov(y|X)  }</pre>
 *
 * <ul>
 *   <li>Here y = T(x) of the next token. Both expectations are sums over every sequence; the left
 *       one needs only the probabilities of sequences, from the moments of the prior, the right one
 *       also the model's exact predictive mean and covariance.
 *   <li>Predictors: mean pooling, a null-token head of twice the prior count, the last token (which
 *       depends on the order), a constant.
 *   <li>Control: mean and covariance of a posterior whose prior is wrong.
 *   <li>Why it matters: excess risk of a trained attention is its squared gap, whatever the noise
 *       of the labels.
 *   <li>Source: [source: Wakayama-2025, claim 1 as audited; derived] (check D3).
 * </ul>
 */
public final class RiskIdentity implements Claim {

  private static final double BOUND = 1e-12;
  private static final double WRONG_PRIOR_FACTOR = 1.5;
  private static final EnumerableModel BETA = EnumerableModel.betaBernoulli(1.3, 2.45);
  private static final EnumerableModel WRONG_BETA =
      EnumerableModel.betaBernoulli(1.3 * WRONG_PRIOR_FACTOR, 2.45);
  private static final EnumerableModel DIRICHLET =
      EnumerableModel.dirichletCategorical(0.7, 1.55, 2.3);
  private static final EnumerableModel WRONG_DIRICHLET =
      EnumerableModel.dirichletCategorical(0.7 * WRONG_PRIOR_FACTOR, 1.55, 2.3);

  /** Returns the claim. */
  public RiskIdentity() {}

  @Override
  public String id() {
    return "D3";
  }

  @Override
  public String slug() {
    return "risk-identity";
  }

  @Override
  public String statement() {
    return "The squared-error risk of any predictor equals its mean squared distance to the exact"
        + " posterior mean plus the mean posterior variance of the target.";
  }

  @Override
  public Source source() {
    return Source.derived("check D3; also Wakayama-2025, claim 1 as audited");
  }

  @Override
  public String prediction() {
    return "both sides agree within 1e-12 over all sequences of length 1..10 (two categories)"
        + " and 1..6 (three)";
  }

  @Override
  public List<String> tags() {
    return List.of("exact", "risk");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    boolean small = budget == Budget.SMOKE;
    return ClaimResult.of(
        part(BETA, WRONG_BETA, small ? 8 : 10), part(DIRICHLET, WRONG_DIRICHLET, small ? 5 : 6));
  }

  private static ClaimPart part(EnumerableModel model, EnumerableModel wrong, int longest) {
    Deviation right = new Deviation();
    Deviation control = new Deviation();
    for (int length = 1; length <= longest; length++) {
      for (Function<int[], double[]> predictor : predictors(model)) {
        double risk = risk(model, predictor, length);
        right.add(decomposedRisk(model, model, predictor, length), risk);
        control.add(decomposedRisk(model, wrong, predictor, length), risk);
      }
    }
    return ClaimPart.of(model.name(), right.atMost(BOUND))
        .withControl(
            Control.of(
                control.atMost(BOUND),
                String.format(
                    Locale.ROOT,
                    "posterior of a prior with one pseudo-count times 1.5: largest deviation %.3g",
                    control.largest())));
  }

  /** Returns functions of a sequence of categories that predict T of the next token. */
  private static List<Function<int[], double[]>> predictors(EnumerableModel model) {
    NullToken heavy = NullToken.ofCount(2 * model.model().priorCount(), model.model().priorMean());
    double[] constant = new double[model.statistic(0).length];
    Arrays.fill(constant, 0.3);
    List<Function<int[], double[]>> predictors = new ArrayList<>();
    predictors.add(attention(model, new MeanPooling()));
    predictors.add(attention(model, SoftmaxAttention.of(1).withNullToken(heavy)));
    predictors.add(categories -> model.statistic(categories[categories.length - 1]));
    predictors.add(categories -> constant);
    return predictors;
  }

  private static Function<int[], double[]> attention(EnumerableModel model, Attention attention) {
    return categories ->
        attention
            .attend(
                model.model().tokenSpace().emptyQuery(),
                Context.of(model.model(), model.tokens(categories)))
            .getDDRM()
            .data;
  }

  /** Returns E ||f(X) - y||² over every sequence X and next token. */
  static double risk(EnumerableModel model, Function<int[], double[]> predictor, int length) {
    double[] sum = {0};
    Enumeration.forEach(
        model.alpha(),
        length,
        (categories, probability) -> {
          double[] predicted = predictor.apply(categories);
          int[] longer = Arrays.copyOf(categories, length + 1);
          for (int w = 0; w < model.categories(); w++) {
            longer[length] = w;
            sum[0] +=
                Enumeration.probability(model.alpha(), longer)
                    * squaredDistance(predicted, model.statistic(w));
          }
        });
    return sum[0];
  }

  /**
   * Returns E ||f(X) - E[y|X]||² + E tr Cov(y|X).
   *
   * @param posterior the model whose posterior is taken; the expectation is under {@code model}
   */
  static double decomposedRisk(
      EnumerableModel model,
      EnumerableModel posterior,
      Function<int[], double[]> predictor,
      int length) {
    double[] sum = {0};
    Enumeration.forEach(
        model.alpha(),
        length,
        (categories, probability) -> {
          Predictive exact = posterior.predictive(categories);
          double distance =
              squaredDistance(predictor.apply(categories), exact.mean().getDDRM().data);
          sum[0] += probability * (distance + exact.covariance().trace());
        });
    return sum[0];
  }

  private static double squaredDistance(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return sum;
  }
}
