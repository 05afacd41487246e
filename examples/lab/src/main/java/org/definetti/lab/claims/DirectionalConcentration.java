package org.definetti.lab.claims;

import java.util.List;
import java.util.Locale;
import org.definetti.attention.ScaledAttention;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.derivation.SoftmaxAsymptotics;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Rate;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Verdict;
import org.definetti.lab.claims.DirectionalErrors.Contender;
import org.definetti.lab.claims.DirectionalErrors.Size;
import org.definetti.random.Seed;

/**
 * The parts of C4 on M7 at γ = 0.5: the slope and the constant of the squared distance to the
 * limit, and the distance to E[v | k = q] that stays.
 *
 * <pre>{@code
 * L E‖attn - S‖² → E[w² ‖v - S‖²] / E[w]² = 1.329,   ‖S - E[v|k=q]‖ = A_3(6) (1 - A_3(2)) = .386
 * }</pre>
 *
 * <p>The measured constant is held against the reference, which itself carries a few per cent of
 * sampling error, and the reference against the closed form of {@link SoftmaxAsymptotics} on the
 * second moments of M7. Source: [derived] (check C4).
 */
final class DirectionalConcentration {

  /** The constant as it is given in check C4. */
  static final double REFERENCE = 1.329;

  private static final double REFERENCE_DISTANCE = 0.386;
  private static final double TEMPERATURE = 0.5;
  private static final double SLOPE_TOLERANCE = 0.05;
  private static final double LEAST_LENGTH_OF_CONSTANT = 1024;
  private static final String TO_LIMIT = "softmax-to-limit";
  private static final String TO_MEAN = "softmax-to-mean";
  private static final String CORRECTED = "corrected-softmax-to-mean";
  private static final SoftmaxAsymptotics LIMIT =
      SoftmaxAsymptotics.of(DirectionalErrors.MOMENTS, TEMPERATURE);

  private DirectionalConcentration() {}

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(Judging.octaves(7, 9, 1), 4, 50);
      case STANDARD -> new Size(Judging.octaves(7, 12, 1), 10, 300);
      case FULL -> new Size(Judging.octaves(7, 13, 1), 20, 500);
    };
  }

  static ClaimResult check(String claim, Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    SoftmaxAttention softmax = SoftmaxAttention.of(TEMPERATURE);
    double factor = LIMIT.limitFactor();
    List<Contender> contenders =
        List.of(
            new Contender(TO_LIMIT, softmax, factor),
            new Contender(TO_MEAN, softmax, 1),
            new Contender(CORRECTED, new ScaledAttention(1 / factor, softmax), 1));
    Results results = DirectionalErrors.run(claim, contenders, size, seed, runner);
    Curve toLimit = DirectionalErrors.curve(results, TO_LIMIT);
    Curve toMean = DirectionalErrors.curve(results, TO_MEAN);
    Rate rate = toLimit.rate(size.from(), size.to());
    Rate flat = toMean.rate(size.from(), size.to());
    Verdict slope = Judging.slope(budget, rate.expect(-1, SLOPE_TOLERANCE));
    return ClaimResult.of(
            ClaimPart.of("directional-slope", slope)
                .withControl(
                    caught(flat.expect(-1, SLOPE_TOLERANCE), "distance to E[v|k=q]: slope %.3f")),
            constant(budget, toLimit, toMean),
            ClaimPart.of(
                "directional-reference",
                Verdict.exact(
                    REFERENCE / LIMIT.varianceConstant(), Prediction.near(1, tolerance(budget)))),
            distance(budget, size, toMean, toLimit))
        .withResults(List.of(results))
        .withRates(List.of(new JudgedRate(rate, slope), new JudgedRate(flat, null)));
  }

  private static ClaimPart constant(Budget budget, Curve toLimit, Curve toMean) {
    double from =
        Math.min(LEAST_LENGTH_OF_CONSTANT, toLimit.values().get(toLimit.values().size() - 1));
    Prediction prediction = Prediction.near(REFERENCE, tolerance(budget) * REFERENCE);
    return ClaimPart.of("directional-constant", Judging.constant(toLimit, from, prediction))
        .withControl(
            caught(
                Judging.constant(toMean, from, prediction),
                "distance to E[v|k=q] in its place: %.0f"));
  }

  private static ClaimPart distance(Budget budget, Size size, Curve toMean, Curve toLimit) {
    double squared = REFERENCE_DISTANCE * REFERENCE_DISTANCE;
    Prediction one = Prediction.near(1, tolerance(budget));
    return ClaimPart.of("directional-distance", Judging.share(toMean, size.to(), squared, one))
        .withControl(
            caught(
                Judging.share(toLimit, size.to(), squared, one),
                "distance to its own limit: %.3f of that square"));
  }

  /** At full 5 %; below, about as many standard errors of the fewer sequences. */
  private static double tolerance(Budget budget) {
    return switch (budget) {
      case SMOKE -> 0.3;
      case STANDARD -> 0.1;
      case FULL -> 0.05;
    };
  }

  private static Control caught(Verdict verdict, String text) {
    return Control.of(verdict, String.format(Locale.ROOT, text, verdict.measured()));
  }
}
