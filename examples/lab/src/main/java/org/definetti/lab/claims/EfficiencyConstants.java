package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.definetti.attention.Attention;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.attention.MultiHeadAttention;
import org.definetti.attention.ScaledAttention;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.derivation.SoftmaxAsymptotics;
import org.definetti.derivation.SphereSpectrum;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.CurvePoint;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Rate;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.kernel.LinearKernel;
import org.definetti.lab.claims.DirectionalErrors.Contender;
import org.definetti.lab.claims.DirectionalErrors.Size;
import org.definetti.random.Seed;

/**
 * C6: all of them fall as 1/L, so what tells CME from softmax heads is the constant.
 *
 * <pre>{@code
 * L E‖out - E[v|k=q, z]‖²
 * CME, linear kernel                           d (1 - A_d(κ)²)
 * softmax / A                                  V / A²,  V as in SoftmaxAsymptotics
 * (softmax(q) - softmax(-q)) / (2 A)           [N₂ - 1 + s² (N₂ + 1) - 2 s A_d(κ) N₂ A₂] / (2 N₁² A²)
 * A = A_d(1/γ),  A₂ = A_d(2/γ),  s = A A_d(κ),  N_i = E[e^(i q·k / γ)]
 * }</pre>
 *
 * <ul>
 *   <li>Model: M7, see {@link DirectionalErrors}: d = 3, κ = 6. Softmax at γ = 0.2, 0.5, 2, one
 *       head or two with opposite queries; each multiplied by C = 1/A, the constant of C5 for a
 *       single degree. The ridge of CME is that of a linear-Gaussian latent of the same moments.
 *   <li>Parts: the constants at L = 2000 against the closed forms; {@code cme-smallest}, the upper
 *       end of its interval over the lowest end of the others'; every slope.
 *   <li>Why two heads stay flat as γ grows: a single head carries the mean of the values, which
 *       says nothing about z, and C amplifies it; the difference cancels it.
 *   <li>Controls: C omitted; CME with λ = L in place of CME; the constant of the other pattern.
 *   <li>Source: the constant of CME and the closed forms [derived] (check C6); the two-head pattern
 *       [source: He-2025, abstract].
 * </ul>
 */
public final class EfficiencyConstants implements Claim {

  private static final String ID = "C6";
  private static final double[] TEMPERATURES = {0.2, 0.5, 2};
  private static final double LENGTH_OF_CONSTANT = 2000;
  private static final double SLOPE_TOLERANCE = 0.05;
  private static final String CME = "cme";
  private static final String OMITTED = "softmax-uncorrected-0.5";
  private static final String HEAVY = "cme-ridge-L";

  /** Returns the claim. */
  public EfficiencyConstants() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "efficiency-constants";
  }

  @Override
  public String statement() {
    return "On directional regression CME attention and corrected softmax heads all fall as 1/L;"
        + " CME has the smallest constant, d (1 - A_d(kappa)^2), one softmax head grows with the"
        + " temperature, two opposite heads hardly do.";
  }

  @Override
  public Source source() {
    return Source.derived("check C6; the two-head pattern is that of He-2025, abstract");
  }

  @Override
  public String prediction() {
    return String.format(
        Locale.ROOT,
        "L MSE at 2000, each ± 5 %%: CME %.3f; one head %.2f, %.2f, %.1f and two heads %.2f, %.2f,"
            + " %.2f at gamma 0.2, 0.5, 2; CME smallest; all slopes -1 ± %.2f",
        cmeConstant(),
        oneHead(0.2),
        oneHead(0.5),
        oneHead(2),
        twoHeads(0.2),
        twoHeads(0.5),
        twoHeads(2),
        SLOPE_TOLERANCE);
  }

  @Override
  public List<String> tags() {
    return List.of("length", "softmax", "cme", "heads");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 3;
          case STANDARD -> 20;
          case FULL -> 120;
        });
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(List.of(1000, 2000), 4, 25);
      case STANDARD -> new Size(List.of(500, 1000, 2000), 10, 200);
      case FULL -> new Size(List.of(500, 1000, 2000, 4000), 20, 300);
    };
  }

  /** At full 5 %; below, about as many standard errors of the fewer sequences. */
  private static double tolerance(Budget budget) {
    return switch (budget) {
      case SMOKE -> 0.5;
      case STANDARD -> 0.15;
      case FULL -> 0.05;
    };
  }

  // d (1 - A_d(κ)²)
  static double cmeConstant() {
    return DirectionalErrors.DIMENSION * (1 - DirectionalErrors.LENGTH * DirectionalErrors.LENGTH);
  }

  // The model's second moments are those of MOMENTS, and no other moment enters.
  static double oneHead(double temperature) {
    return SoftmaxAsymptotics.of(DirectionalErrors.MOMENTS, temperature)
        .correctedVarianceConstant();
  }

  /**
   * The delta method for (attn(q) - attn(-q)) / 2, whose influence of a token is {@code [(w₊ - w₋)
   * v - (w₊ + w₋) S] / (2 N₁)}, w± = e^(±q·k/γ), S = A E[v|k=q].
   */
  static double twoHeads(double temperature) {
    int d = DirectionalErrors.DIMENSION;
    double once = Math.exp(SphereSpectrum.logNormaliser(d, 1 / temperature));
    double twice = Math.exp(SphereSpectrum.logNormaliser(d, 2 / temperature));
    double factor = SphereSpectrum.meanResultantLength(d, 1 / temperature);
    double tilted = SphereSpectrum.meanResultantLength(d, 2 / temperature);
    double limit = factor * DirectionalErrors.LENGTH;
    double variance =
        twice
            - 1
            + limit * limit * (twice + 1)
            - 2 * limit * DirectionalErrors.LENGTH * twice * tilted;
    return variance / (2 * once * once * factor * factor);
  }

  private static List<Contender> contenders(double longest) {
    double ridge =
        DirectionalErrors.MOMENTS.noiseVariance() / DirectionalErrors.MOMENTS.priorVariance();
    List<Contender> contenders = new ArrayList<>();
    contenders.add(new Contender(CME, KernelRidgeAttention.of(new LinearKernel(), ridge), 1));
    for (double temperature : TEMPERATURES) {
      double factor =
          SphereSpectrum.meanResultantLength(DirectionalErrors.DIMENSION, 1 / temperature);
      Attention softmax = SoftmaxAttention.of(temperature);
      Attention opposite =
          MultiHeadAttention.opposite(
              softmax, DirectionalErrors.DIMENSION, DirectionalErrors.DIMENSION);
      contenders.add(new Contender(one(temperature), new ScaledAttention(1 / factor, softmax), 1));
      contenders.add(new Contender(two(temperature), new ScaledAttention(1 / factor, opposite), 1));
    }
    contenders.add(new Contender(OMITTED, SoftmaxAttention.of(0.5), 1));
    contenders.add(new Contender(HEAVY, KernelRidgeAttention.of(new LinearKernel(), longest), 1));
    return contenders;
  }

  private static List<String> softmaxPatterns() {
    return Arrays.stream(TEMPERATURES)
        .boxed()
        .flatMap(temperature -> Stream.of(one(temperature), two(temperature)))
        .toList();
  }

  private static String one(double temperature) {
    return "one-head-" + temperature;
  }

  private static String two(double temperature) {
    return "two-heads-" + temperature;
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results results = DirectionalErrors.run(ID, contenders(LENGTH_OF_CONSTANT), size, seed, runner);
    List<ClaimPart> parts = new ArrayList<>();
    Curve omitted = DirectionalErrors.curve(results, OMITTED);
    parts.add(
        ClaimPart.of("cme", constant(budget, DirectionalErrors.curve(results, CME), cmeConstant()))
            .withControl(
                caught(
                    constant(budget, omitted, cmeConstant()),
                    "softmax with C omitted: L MSE %.0f")));
    for (double temperature : TEMPERATURES) {
      Curve one = DirectionalErrors.curve(results, one(temperature));
      Curve two = DirectionalErrors.curve(results, two(temperature));
      parts.add(
          ClaimPart.of(one(temperature), constant(budget, one, oneHead(temperature)))
              .withControl(
                  caught(
                      constant(budget, omitted, oneHead(temperature)),
                      "C omitted at gamma 0.5: L MSE %.0f")));
      parts.add(ClaimPart.of(two(temperature), constant(budget, two, twoHeads(temperature))));
    }
    parts.add(smallest(results));
    List<JudgedRate> rates = new ArrayList<>();
    parts.add(slopes(budget, size, results, rates));
    Results constants =
        Tabulated.of(ID, DirectionalErrors.MODEL.description().name(), "length-times-error")
            .with(CME, temperature -> cmeConstant())
            .with("one-head", EfficiencyConstants::oneHead)
            .with("two-heads", EfficiencyConstants::twoHeads)
            .over(
                "temperature",
                new double[] {0.1, 0.2, 0.5, 1, 2, 5, 10},
                runner.within("constants"));
    return ClaimResult.of(parts).withResults(List.of(constants, results)).withRates(rates);
  }

  /** Judges L times the error at the length of the constant. */
  private static Verdict constant(Budget budget, Curve curve, double predicted) {
    Prediction prediction = Prediction.near(predicted, tolerance(budget) * predicted);
    return Judging.share(curve, LENGTH_OF_CONSTANT, 1 / LENGTH_OF_CONSTANT, prediction);
  }

  private static ClaimPart smallest(Results results) {
    CurvePoint nearest =
        softmaxPatterns().stream()
            .map(name -> at(DirectionalErrors.curve(results, name)))
            .min(Comparator.comparingDouble(point -> point.interval().low()))
            .orElseThrow();
    Verdict verdict = Judging.below(at(DirectionalErrors.curve(results, CME)), nearest);
    Verdict wrong = Judging.below(at(DirectionalErrors.curve(results, HEAVY)), nearest);
    return ClaimPart.of("cme-smallest", verdict.withReason("of the best softmax pattern"))
        .withControl(caught(wrong, "CME with lambda = L: %.0f times the best softmax pattern"));
  }

  private static CurvePoint at(Curve curve) {
    return curve.points().get(curve.values().indexOf(LENGTH_OF_CONSTANT));
  }

  /** Judges the slope that lies furthest from -1 by its interval. */
  private static ClaimPart slopes(
      Budget budget, Size size, Results results, List<JudgedRate> rates) {
    List<String> names = new ArrayList<>(List.of(CME));
    names.addAll(softmaxPatterns());
    List<Rate> fitted =
        names.stream()
            .map(name -> DirectionalErrors.curve(results, name).rate(size.from(), size.to()))
            .toList();
    for (Rate rate : fitted) {
      rates.add(new JudgedRate(rate, Judging.slope(budget, rate.expect(-1, SLOPE_TOLERANCE))));
    }
    Rate worst =
        fitted.stream()
            .max(Comparator.comparingDouble(EfficiencyConstants::distance))
            .orElseThrow();
    Rate wrong = DirectionalErrors.curve(results, OMITTED).rate(size.from(), size.to());
    rates.add(new JudgedRate(wrong, null));
    Verdict verdict = worst.expect(-1, SLOPE_TOLERANCE);
    return ClaimPart.of(
            "slopes",
            Judging.slope(
                budget, verdict.withReason("furthest from -1: " + worst.curve().axis("attention"))))
        .withControl(caught(wrong.expect(-1, SLOPE_TOLERANCE), "C omitted: slope %.3f"));
  }

  private static double distance(Rate rate) {
    return Math.max(Math.abs(rate.interval().low() + 1), Math.abs(rate.interval().high() + 1));
  }

  private static Control caught(Verdict verdict, String text) {
    return Control.of(verdict, String.format(Locale.ROOT, text, verdict.measured()));
  }
}
