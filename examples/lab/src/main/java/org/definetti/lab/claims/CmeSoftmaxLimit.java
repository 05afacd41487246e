package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.definetti.derivation.SphereSpectrum;
import org.definetti.derivation.TemperatureHeads;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Outcome;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.random.Seed;

/**
 * C5: is the limit of CME attention a constant times the limit of softmax attention?
 *
 * <pre>{@code
 * published   lim CME = C lim softmax, C > 0 absolute; long sequences, unit keys, values, queries
 * one degree  true at any fixed temperature under uniform keys, C = μ_0/μ_j
 * in general  false at a fixed temperature, whatever C
 * γ_L -> 0    true with C -> 1; on the circle γ = 0.6 L^(-2/5) gives a squared error ~ L^(-4/5)
 * }</pre>
 *
 * <ul>
 *   <li>The limit of CME attention is E[v|k=q] wherever its ridge over L vanishes; that of softmax
 *       attention is computed by {@link CircleLimit}, a quadrature without Bessel functions.
 *   <li>The proof: {@code surface-integral}, its constant {@code ∫ v exp(v·b/γ) dv = (2π)^(d/2)
 *       γ^(d/2-1) I_{d/2}(1/γ) b}, which divided by the kernel's integral is A_d(1/γ); {@code
 *       constant-of-the-proof}, that this is C (expected REFUTED: C is its reciprocal).
 *   <li>True: {@code one-degree}, {@code one-degree-on-spheres}, and by fresh sequences {@code
 *       slope}, {@code constant} of {@link CorrectedSoftmaxRate}.
 *   <li>False, expected REFUTED: {@code absolute-constant}, one C for all degrees; {@code
 *       two-degrees}, keys uniform on the circle, unit values at angle t or 3t, query at 0.3;
 *       {@code tilted-keys}, density 1 + 0.8 cos t, linear mean, query at 1. By fresh sequences
 *       {@link TwoDegrees}.
 *   <li>True as γ falls: {@code falling-with-gamma}, the two orders, {@code schedule} by {@link
 *       TemperatureSchedule}.
 *   <li>Source: the statement [source: Zhang-2023, Prop 4.3; announced in Zhang-2022, abstract];
 *       that it fails in general, its constants and rates [derived].
 * </ul>
 */
public final class CmeSoftmaxLimit implements Claim {

  private static final String ID = "C5";
  private static final double ROUNDING = 1e-10;
  private static final double[] TEMPERATURES = {0.01, 0.03, 0.1, 0.3, 1};
  private static final double QUERY = 0.3;
  private static final double TILTED_QUERY = 1;
  private static final double COARSE = 0.01;
  private static final double FINE = 0.001;
  private static final CircleLimit ONE_DEGREE = CircleLimit.uniform(1);
  private static final CircleLimit THIRD_DEGREE = CircleLimit.uniform(3);
  private static final CircleLimit TWO_DEGREES = CircleLimit.uniform(1, 3);
  private static final CircleLimit TILTED = new CircleLimit(angle -> 1 + 0.8 * Math.cos(angle), 1);

  /** Returns the claim. */
  public CmeSoftmaxLimit() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "cme-softmax-limit";
  }

  @Override
  public String statement() {
    return "The limit of CME attention is a constant times that of softmax attention: true at any"
        + " fixed temperature for conditional means of a single degree under uniform keys, false at"
        + " a fixed temperature in general, true with constant 1 as the temperature falls.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check C5: the cases and their rates; the statement without them is Zhang-2023, Prop 4.3");
  }

  @Override
  public String prediction() {
    return "one degree: C = mu_0/mu_j to 1e-10, "
        + CorrectedSoftmaxRate.prediction()
        + "; an absolute constant at fixed gamma: REFUTED, the residual of the best C falls as gamma;"
        + " gamma = 0.6 L^-2/5 on the circle: squared error ~ L^-0.80 ± 0.03";
  }

  @Override
  public List<String> tags() {
    return List.of("length", "softmax");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 2;
          case STANDARD -> 15;
          case FULL -> 90;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    ClaimResult rate = CorrectedSoftmaxRate.check(ID, budget, seed, runner);
    TemperatureSchedule.Outcome schedule =
        TemperatureSchedule.check(ID, budget, seed.child("schedule"), runner.within("schedule"));
    TwoDegrees.Outcome measured =
        TwoDegrees.check(ID, budget, seed.child("two-degrees"), runner.within("two-degrees"));
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(surfaceIntegral());
    parts.add(publishedConstant());
    parts.add(oneDegree());
    parts.add(oneDegreeOnSpheres());
    parts.addAll(rate.parts());
    parts.add(absoluteConstant());
    parts.add(twoDegrees());
    parts.add(tiltedKeys());
    parts.addAll(measured.parts());
    parts.add(fallingResiduals());
    parts.add(orderOfTwoDegrees());
    parts.add(orderOfTiltedKeys());
    parts.add(schedule.part());
    List<Results> results = new ArrayList<>(List.of(residuals(runner), factors(runner)));
    results.addAll(rate.results());
    results.add(measured.results());
    results.add(schedule.results());
    List<JudgedRate> rates = new ArrayList<>(rate.rates());
    rates.addAll(schedule.rates());
    return ClaimResult.of(parts).withResults(results).withRates(rates);
  }

  private static Results residuals(Runner runner) {
    return Tabulated.of(ID, "limits-on-circle", "sine-of-angle-after-best-C")
        .with("two-degrees", temperature -> TWO_DEGREES.residual(temperature, QUERY))
        .with("tilted-keys", temperature -> TILTED.residual(temperature, TILTED_QUERY))
        .over("temperature", TEMPERATURES, runner.within("residuals"));
  }

  private static Results factors(Runner runner) {
    return Tabulated.of(ID, "limits-on-circle", "best-C")
        .with("degree-1", temperature -> ONE_DEGREE.bestFactor(temperature, QUERY))
        .with("degree-3", temperature -> THIRD_DEGREE.bestFactor(temperature, QUERY))
        .with("two-degrees", temperature -> TWO_DEGREES.bestFactor(temperature, QUERY))
        .over("temperature", TEMPERATURES, runner.within("factors"));
  }

  private static ClaimPart surfaceIntegral() {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int dimension : new int[] {2, 3, 5, 8}) {
      for (double temperature : new double[] {2, 0.5, 0.2}) {
        double exact = SurfaceIntegral.of(dimension, 1 / temperature);
        double constant = SphereSpectrum.surfaceConstant(dimension, temperature);
        double length = SphereSpectrum.meanResultantLength(dimension, 1 / temperature);
        right.add(constant / exact, 1);
        wrong.add(constant / length / exact, 1); // the integral of exp(v·b/γ) alone
      }
    }
    return ClaimPart.of("surface-integral", right.atMost(ROUNDING))
        .withControl(
            Control.of(
                wrong.atMost(ROUNDING),
                String.format(
                    Locale.ROOT, "without A_d(1/gamma): relative error %.2f", wrong.largest())));
  }

  // The proof's route, were its assumption true, would give C = A_d(1/γ) for values in R^d.
  private static ClaimPart publishedConstant() {
    double factor = factor(3, 0.5, 1);
    double route = SphereSpectrum.meanResultantLength(3, 1 / 0.5);
    Verdict verdict =
        Verdict.exact(factor, Prediction.near(route, ROUNDING))
            .withReason(
                "the factor of a linear map at d = 3, gamma = 0.5 by quadrature; it is the reciprocal"
                    + " of the route's");
    return ClaimPart.of("constant-of-the-proof", verdict)
        .withExpected(
            ExpectedOutcome.refuted(
                "the density estimate of the proof tends to a smoothed law, not to P(v|q)"));
  }

  // μ_0/μ_j by quadrature.
  private static double factor(int dimension, double temperature, int degree) {
    return ZonalQuadrature.eigenvalue(dimension, temperature, 0)
        / ZonalQuadrature.eigenvalue(dimension, temperature, degree);
  }

  private static ClaimPart oneDegree() {
    Deviation right = new Deviation();
    for (double temperature : TEMPERATURES) {
      double factor = 1 / SphereSpectrum.eigenvalueRatio(2, temperature, 1);
      right.add(ONE_DEGREE.residual(temperature, QUERY), 0);
      right.add(ONE_DEGREE.bestFactor(temperature, QUERY), factor);
      right.add(THIRD_DEGREE.residual(temperature, QUERY), 0);
    }
    Verdict wrong = Verdict.exact(TWO_DEGREES.residual(1, QUERY), Prediction.atMost(ROUNDING));
    return ClaimPart.of("one-degree", right.atMost(ROUNDING))
        .withControl(Judging.control(wrong, "degrees 1 and 3: residual %.3f"));
  }

  private static ClaimPart oneDegreeOnSpheres() {
    Deviation right = new Deviation();
    for (int dimension : new int[] {3, 5, 8}) {
      for (int degree = 1; degree <= 3; degree++) {
        for (double temperature : new double[] {1, 0.5, 0.2}) {
          double closed = 1 / SphereSpectrum.eigenvalueRatio(dimension, temperature, degree);
          right.add(closed / factor(dimension, temperature, degree), 1);
        }
      }
    }
    return ClaimPart.of("one-degree-on-spheres", right.atMost(ROUNDING));
  }

  private static ClaimPart absoluteConstant() {
    double ratio = THIRD_DEGREE.bestFactor(1, QUERY) / ONE_DEGREE.bestFactor(1, QUERY);
    return ClaimPart.of(
            "absolute-constant",
            Verdict.exact(ratio, Prediction.near(1, ROUNDING))
                .withReason("C of degree 3 over C of degree 1 at gamma 1, the same keys"))
        .withExpected(
            ExpectedOutcome.refuted("where there is a C it is mu_0/mu_j, another for each degree"));
  }

  private static ClaimPart twoDegrees() {
    return noConstant("two-degrees", TWO_DEGREES, QUERY)
        .withExpected(
            ExpectedOutcome.refuted("softmax shrinks different degrees by different factors"));
  }

  private static ClaimPart tiltedKeys() {
    return noConstant("tilted-keys", TILTED, TILTED_QUERY)
        .withExpected(
            ExpectedOutcome.refuted("softmax leans towards where keys are dense, CME does not"));
  }

  /** What the best C leaves, at the temperature where that is least. */
  private static ClaimPart noConstant(String name, CircleLimit limit, double query) {
    double least = Double.POSITIVE_INFINITY;
    StringBuilder angles = new StringBuilder();
    for (double temperature : TEMPERATURES) {
      double residual = limit.residual(temperature, query);
      least = Math.min(least, residual);
      angles
          .append(angles.isEmpty() ? "" : ", ")
          .append(
              String.format(
                  Locale.ROOT,
                  "%.2f° at gamma %.2f",
                  Math.toDegrees(Math.asin(residual)),
                  temperature));
    }
    return ClaimPart.of(
        name,
        Verdict.exact(least, Prediction.atMost(ROUNDING))
            .withReason("least residual; angle after the best C " + angles));
  }

  /** The largest residual over that of the next higher temperature: below 1 if all fall. */
  private static ClaimPart fallingResiduals() {
    double largest = 0;
    double upside = 0;
    for (int i = 1; i < TEMPERATURES.length; i++) {
      double low = TEMPERATURES[i - 1];
      double high = TEMPERATURES[i];
      double two = TWO_DEGREES.residual(low, QUERY) / TWO_DEGREES.residual(high, QUERY);
      double tilted = TILTED.gap(low, TILTED_QUERY) / TILTED.gap(high, TILTED_QUERY);
      largest = Math.max(largest, Math.max(two, tilted));
      upside = Math.max(upside, 1 / two);
    }
    Prediction below = Prediction.atMost(1);
    return ClaimPart.of("falling-with-gamma", Verdict.exact(largest, below))
        .withControl(
            Control.of(
                Verdict.exact(upside, below),
                String.format(Locale.ROOT, "temperatures in the wrong order: ratio %.1f", upside)));
  }

  private static ClaimPart orderOfTwoDegrees() {
    Verdict slope = order(TWO_DEGREES.residual(COARSE, QUERY), TWO_DEGREES.residual(FINE, QUERY));
    return ClaimPart.of("two-degrees-order", slope).withControl(twoHeads());
  }

  private static ClaimPart orderOfTiltedKeys() {
    Verdict slope = order(TILTED.gap(COARSE, TILTED_QUERY), TILTED.gap(FINE, TILTED_QUERY));
    return ClaimPart.of("tilted-keys-order", slope).withControl(twoHeads());
  }

  /** Judges the power of γ with which an error falls between the two temperatures. */
  private static Verdict order(double coarse, double fine) {
    double slope = Math.log(coarse / fine) / Math.log(COARSE / FINE);
    return Verdict.exact(slope, Prediction.near(1, 0.02));
  }

  private static Control twoHeads() {
    double coarse = 1 - TemperatureHeads.of(2, COARSE).filter(2, 1);
    double fine = 1 - TemperatureHeads.of(2, FINE).filter(2, 1);
    Verdict wrong = order(coarse, fine);
    return Control.of(
        wrong.outcome() == Outcome.REFUTED,
        String.format(
            Locale.ROOT, "two heads that cancel the first order: power %.2f", wrong.measured()));
  }
}
