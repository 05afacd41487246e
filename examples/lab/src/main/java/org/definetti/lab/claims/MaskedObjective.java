package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.NullToken;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.random.Seed;

/**
 * D4: what the masked objectives measure, and where they are least.
 *
 * <pre>{@code
 * E -log p(x^m | X^{-m}) = E KL(P(x^m | X^{-m}) ‖ p) + E H(P(x^m | X^{-m}))
 * argmin_f E ||f(X^{-m}) - T(x^m)||² = E[T(x^m) | X^{-m}]
 * }</pre>
 *
 * <ul>
 *   <li>Cross-entropy: the left side is a sum over every sequence of L + 1 tokens and every masked
 *       position, the right side one over every context of L tokens with the model's exact
 *       conditional. Predictors: null-token heads of twice the prior count and of a uniform prior,
 *       and one that depends on the order.
 *   <li>Squared loss: with all else fixed the risk is a parabola in each number that f gives for a
 *       context; its lowest point is found from the risk at three values, not from a formula for
 *       means.
 *   <li>Control: the law of the token without its context, in place of the conditional.
 *   <li>Source: [source: Mueller-2021, Insight 1, Cor 1.1; Zhang-2023, sec 5.1 and F.4] (check D4).
 * </ul>
 */
public final class MaskedObjective implements Claim {

  private static final double BOUND = 1e-12;
  private static final EnumerableModel BETA = EnumerableModel.betaBernoulli(1.3, 2.45);
  private static final EnumerableModel DIRICHLET =
      EnumerableModel.dirichletCategorical(0.7, 1.55, 2.3);

  /** Returns the claim. */
  public MaskedObjective() {}

  @Override
  public String id() {
    return "D4";
  }

  @Override
  public String slug() {
    return "masked-objective";
  }

  @Override
  public String statement() {
    return "The masked cross-entropy of any predictor is its expected KL divergence from the exact"
        + " masked conditional plus that conditional's entropy; the masked squared loss is least at"
        + " the conditional mean.";
  }

  @Override
  public Source source() {
    return Source.paper("Mueller-2021, Insight 1, Cor 1.1; Zhang-2023, sec 5.1 and F.4");
  }

  @Override
  public String prediction() {
    return "both sides agree within 1e-12 over all sequences and masks, contexts of length 0..9"
        + " (two categories) and 0..6 (three); the minimiser within 1e-12 of the exact mean";
  }

  @Override
  public List<String> tags() {
    return List.of("exact", "masked");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    boolean small = budget == Budget.SMOKE;
    return ClaimResult.of(
        crossEntropy(BETA, small ? 7 : 9),
        crossEntropy(DIRICHLET, small ? 4 : 6),
        squaredLoss(BETA, small ? 7 : 9),
        squaredLoss(DIRICHLET, small ? 4 : 6));
  }

  private static ClaimPart crossEntropy(EnumerableModel model, int longest) {
    Deviation right = new Deviation();
    Deviation control = new Deviation();
    double[] marginal = conditional(model);
    for (int length = 0; length <= longest; length++) {
      for (Function<int[], double[]> predictor : predictors(model)) {
        double measured = maskedCrossEntropy(model, predictor, length);
        right.add(
            decomposed(model, context -> conditional(model, context), predictor, length), measured);
        control.add(decomposed(model, context -> marginal, predictor, length), measured);
      }
    }
    return part("cross-entropy:" + model.name(), right, control);
  }

  private static ClaimPart part(String name, Deviation right, Deviation control) {
    return ClaimPart.of(name, right.atMost(BOUND))
        .withControl(
            Control.of(
                control.atMost(BOUND),
                String.format(
                    Locale.ROOT,
                    "unmasked marginal in place of the conditional: largest deviation %.3g",
                    control.largest())));
  }

  /** Returns P(x^m = w | context) for each category, as the model's belief says. */
  private static double[] conditional(EnumerableModel model, int... context) {
    return model.probabilities(model.predictive(context));
  }

  /** Returns functions from a context to probabilities of the masked token, none of them zero. */
  private static List<Function<int[], double[]>> predictors(EnumerableModel model) {
    double count = model.model().priorCount();
    NullToken heavy = NullToken.ofCount(2 * count, model.model().priorMean());
    NullToken uniform =
        new NullToken(0, model.model().priorMean().scale(0).plus(1.0 / model.categories()));
    List<Function<int[], double[]>> predictors = new ArrayList<>();
    predictors.add(head(model, SoftmaxAttention.of(1).withNullToken(heavy)));
    predictors.add(head(model, SoftmaxAttention.of(1).withNullToken(uniform)));
    predictors.add(context -> lastToken(model, context));
    return predictors;
  }

  private static Function<int[], double[]> head(EnumerableModel model, Attention attention) {
    return categories -> {
      Context context = Context.of(model.model(), model.tokens(categories));
      double[] out =
          attention.attend(model.model().tokenSpace().emptyQuery(), context).getDDRM().data;
      // One number is the probability of category 1.
      return out.length == 1 ? new double[] {1 - out[0], out[0]} : out;
    };
  }

  /** Half uniform, half on the last token: a predictor that depends on the order. */
  private static double[] lastToken(EnumerableModel model, int[] context) {
    double[] probabilities = new double[model.categories()];
    boolean empty = context.length == 0;
    Arrays.fill(probabilities, (empty ? 1.0 : 0.5) / model.categories());
    if (!empty) {
      probabilities[context[context.length - 1]] += 0.5;
    }
    return probabilities;
  }

  /** Returns E -log p(x^m | X^{-m}) in nats over every sequence and every mask. */
  static double maskedCrossEntropy(
      EnumerableModel model, Function<int[], double[]> predictor, int length) {
    double[] sum = {0};
    Enumeration.forEach(
        model.alpha(),
        length + 1,
        (categories, probability) -> {
          for (int mask = 0; mask <= length; mask++) {
            double[] predicted = predictor.apply(without(categories, mask));
            sum[0] -= probability * Math.log(predicted[categories[mask]]) / (length + 1);
          }
        });
    return sum[0];
  }

  private static int[] without(int[] categories, int index) {
    int[] rest = Arrays.copyOf(categories, categories.length - 1);
    System.arraycopy(categories, index + 1, rest, index, rest.length - index);
    return rest;
  }

  /** Returns E [KL(P ‖ p) + H(P)] in nats over every context, P given by {@code exact}. */
  static double decomposed(
      EnumerableModel model,
      Function<int[], double[]> exact,
      Function<int[], double[]> predictor,
      int length) {
    double[] sum = {0};
    Enumeration.forEach(
        model.alpha(),
        length,
        (context, probability) -> {
          double[] law = exact.apply(context);
          double[] predicted = predictor.apply(context);
          double divergence = 0;
          double entropy = 0;
          for (int w = 0; w < law.length; w++) {
            divergence += law[w] * Math.log(law[w] / predicted[w]);
            entropy -= law[w] * Math.log(law[w]);
          }
          sum[0] += probability * (divergence + entropy);
        });
    return sum[0];
  }

  private static ClaimPart squaredLoss(EnumerableModel model, int longest) {
    Deviation right = new Deviation();
    Deviation control = new Deviation();
    double[] marginal = model.predictive().mean().getDDRM().data;
    for (int length = 1; length <= longest; length++) {
      Enumeration.forEach(
          model.alpha(),
          length,
          (context, probability) -> {
            double[] minimiser = minimiser(model, context);
            right.add(model.predictive(context).mean().getDDRM().data, minimiser);
            control.add(marginal, minimiser);
          });
    }
    return part("squared-loss:" + model.name(), right, control);
  }

  /** Returns the value that minimises E ||c - T(x^m)||² given the context. */
  static double[] minimiser(EnumerableModel model, int... context) {
    double[] lowest = new double[model.statistic(0).length];
    for (int j = 0; j < lowest.length; j++) {
      double left = coordinateRisk(model, context, j, -1);
      double middle = coordinateRisk(model, context, j, 0);
      double right = coordinateRisk(model, context, j, 1);
      lowest[j] = (left - right) / (2 * (left - 2 * middle + right));
    }
    return lowest;
  }

  /** Returns E (c - T(x^m)_j)² over the masked token, times the context's probability. */
  private static double coordinateRisk(EnumerableModel model, int[] context, int j, double c) {
    int[] longer = Arrays.copyOf(context, context.length + 1);
    double risk = 0;
    for (int w = 0; w < model.categories(); w++) {
      longer[context.length] = w;
      double error = c - model.statistic(w)[j];
      risk += Enumeration.probability(model.alpha(), longer) * error * error;
    }
    return risk;
  }
}
