package org.definetti.lab.claims;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.util.CombinatoricsUtils;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.NullToken;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.derivation.PredictiveResampling;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Verdict;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.ejml.simple.SimpleMatrix;

/**
 * Parts of X1: the posterior by resampling from an attention's own predictions.
 *
 * <pre>{@code
 * P(s ones among m continued tokens) = C(m, s) B(a' + s, b' + m - s) / B(a', b')
 * sup |P(S_m / m ≤ z) - P(z | X)| ~ 1/m
 * }</pre>
 *
 * <p>a' and b' are the posterior's parameters. The law of the continuation is computed from the
 * attention's outputs by dynamic programming, the closed forms by Commons Math. Control: a null
 * token that weighs too much. Source: [source: Falck-2024, sec 2.3/B.1]; the rate 1/m [derived:
 * Euler-Maclaurin error of a density read on a lattice].
 */
final class MartingalePosterior {

  private static final double BOUND = 1e-12;
  private static final int SEEN = 7;
  private static final int ONES = 3;
  private static final double A = 1.3;
  private static final double B = 2.45;
  private static final BetaBernoulli MODEL = BetaBernoulli.of(A, B);

  private MartingalePosterior() {}

  static List<ClaimPart> check(Budget budget) {
    int longest = budget == Budget.FULL ? 1024 : 512;
    return List.of(polya(longest), limit(longest));
  }

  private static ClaimPart polya(int longest) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int length : new int[] {1, 2, 5, 20, longest}) {
      double[] exact = betaBinomial(length);
      right.add(law(length, 1), exact);
      wrong.add(law(length, 1.1), exact);
    }
    return ClaimPart.of("polya", right.atMost(BOUND))
        .withControl(
            Control.of(
                wrong.atMost(BOUND),
                String.format(
                    Locale.ROOT,
                    "null token 10 %% too heavy: pmf off by up to %.3g",
                    wrong.largest())));
  }

  private static double[] law(int length, double factor) {
    return PredictiveResampling.countLaw(SEEN, ONES, length, predictor(factor));
  }

  /** The attention over two tokens that count as so many ones and zeros, by their log biases. */
  private static DoubleBinaryOperator predictor(double factor) {
    Attention head =
        SoftmaxAttention.of(1)
            .withNullToken(NullToken.ofCount(factor * (A + B), MODEL.priorMean()));
    SimpleMatrix query = MODEL.tokenSpace().emptyQuery();
    return (count, ones) -> head.attend(query, copies(count - ones, ones)).get(0, 0);
  }

  private static Context copies(double zeros, double ones) {
    double[] counts = {zeros, ones};
    int rows = (zeros > 0 ? 1 : 0) + (ones > 0 ? 1 : 0);
    double[] values = new double[rows];
    double[] biases = new double[rows];
    int row = 0;
    for (int w = 0; w < 2; w++) {
      if (counts[w] > 0) {
        values[row] = w;
        biases[row++] = Math.log(counts[w]);
      }
    }
    return new Context(
        new SimpleMatrix(rows, MODEL.tokenSpace().keyWidth()),
        new SimpleMatrix(rows, 1, true, values),
        new SimpleMatrix(rows, 1, true, biases));
  }

  private static double[] betaBinomial(int length) {
    double a = A + ONES;
    double b = B + SEEN - ONES;
    double[] law = new double[length + 1];
    for (int s = 0; s <= length; s++) {
      law[s] =
          Math.exp(
              CombinatoricsUtils.binomialCoefficientLog(length, s)
                  + Beta.logBeta(a + s, b + length - s)
                  - Beta.logBeta(a, b));
    }
    return law;
  }

  /** The slope of log distance on log m between the longest continuation and a quarter of it. */
  private static ClaimPart limit(int longest) {
    Prediction prediction = Prediction.near(-1, 0.05);
    double far = distance(longest, 1);
    double slope = slope(far, distance(longest / 4, 1));
    double wrong = slope(distance(longest, 2), distance(longest / 4, 2));
    return ClaimPart.of(
            "beta-limit",
            Verdict.exact(slope, prediction)
                .withReason(
                    String.format(
                        Locale.ROOT, "distance %.2g from the posterior at m = %d", far, longest)))
        .withControl(
            Control.of(
                Verdict.exact(wrong, prediction),
                String.format(
                    Locale.ROOT,
                    "null token twice too heavy: slope %.2f, another posterior is reached",
                    wrong)));
  }

  private static double slope(double far, double near) {
    return Math.log(far / near) / Math.log(4);
  }

  /** Kolmogorov's distance between S_m / m and the Beta posterior. */
  private static double distance(int length, double factor) {
    BetaDistribution posterior = new BetaDistribution(A + ONES, B + SEEN - ONES);
    double[] law = law(length, factor);
    double below = 0;
    double largest = 0;
    for (int s = 0; s <= length; s++) {
      double at = posterior.cumulativeProbability((double) s / length);
      largest = Math.max(largest, Math.abs(below - at));
      below += law[s];
      largest = Math.max(largest, Math.abs(below - at));
    }
    return largest;
  }
}
