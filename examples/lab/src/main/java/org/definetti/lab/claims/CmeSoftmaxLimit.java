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
 * published   lim CME = C lim softmax for long sequences, unit keys, values and queries
 * one degree  true at any fixed temperature, C = μ_0/μ_j
 * in general  false at a fixed temperature, whatever C
 * γ_L -> 0    true with C -> 1; on the circle γ = 0.6 L^(-2/5) gives a squared error ~ L^(-4/5)
 * }</pre>
 *
 * <ul>
 *   <li>The limit of CME attention is E[v|k=q] wherever its ridge over L vanishes; that of softmax
 *       attention is computed by {@link CircleLimit}, a quadrature without Bessel functions.
 *   <li>{@code two-degrees}: keys uniform on the circle, unit values at angle t or 3t, query at
 *       0.3. The residual is what the best C leaves. {@code tilted-keys}: density 1 + 0.8 cos t,
 *       linear mean, query at 1.
 *   <li>{@code surface-integral}: the constant of the published proof, {@code ∫ v exp(v·b/γ) dv =
 *       (2π)^(d/2) γ^(d/2-1) I_{d/2}(1/γ) b}; divided by the kernel's integral it is A_d(1/γ).
 *   <li>{@code slope}, {@code constant}: {@link CorrectedSoftmaxRate}. {@code schedule}: fresh
 *       sequences against E[v|q], which the check knows.
 *   <li>Source: the statement [source: Zhang-2023, Prop 4.3; announced in Zhang-2022, abstract];
 *       that it fails in general, its constants and rates [derived].
 * </ul>
 */
public final class CmeSoftmaxLimit implements Claim {

  private static final String ID = "C5";
  private static final double ROUNDING = 1e-10;
  private static final double[] TEMPERATURES = {1, 0.3, 0.1, 0.03, 0.01};
  private static final double QUERY = 0.3;
  private static final double TILTED_QUERY = 1;
  private static final double COARSE = 0.01;
  private static final double FINE = 0.001;
  private static final CircleLimit ONE_DEGREE = CircleLimit.uniform(1);
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
    return CorrectedSoftmaxRate.prediction()
        + "; residual of two degrees above 0, falling with gamma as gamma; schedule slope"
        + " -0.80 ± 0.03";
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
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(surfaceIntegral());
    parts.add(oneDegree());
    parts.addAll(rate.parts());
    parts.add(twoDegrees());
    parts.add(fallingResidual());
    parts.add(tiltedKeys());
    parts.add(schedule.part());
    List<Results> results = new ArrayList<>(rate.results());
    results.add(schedule.results());
    List<JudgedRate> rates = new ArrayList<>(rate.rates());
    rates.addAll(schedule.rates());
    return ClaimResult.of(parts).withResults(results).withRates(rates);
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

  private static ClaimPart oneDegree() {
    Deviation right = new Deviation();
    for (double temperature : TEMPERATURES) {
      double factor = 1 / SphereSpectrum.eigenvalueRatio(2, temperature, 1);
      right.add(ONE_DEGREE.residual(temperature, QUERY), 0);
      right.add(ONE_DEGREE.bestFactor(temperature, QUERY), factor);
    }
    Verdict wrong =
        Verdict.exact(TWO_DEGREES.residual(TEMPERATURES[0], QUERY), Prediction.atMost(ROUNDING));
    return ClaimPart.of("one-degree", right.atMost(ROUNDING))
        .withControl(
            Control.of(
                wrong,
                String.format(Locale.ROOT, "degrees 1 and 3: residual %.3f", wrong.measured())));
  }

  private static ClaimPart twoDegrees() {
    double least = Double.POSITIVE_INFINITY;
    for (double temperature : TEMPERATURES) {
      least = Math.min(least, TWO_DEGREES.residual(temperature, QUERY));
    }
    Verdict verdict =
        Verdict.exact(least, Prediction.atMost(ROUNDING))
            .withReason(
                String.format(
                    Locale.ROOT,
                    "residual after the best C from %.4f at gamma 1 to %.4f at gamma 0.01",
                    TWO_DEGREES.residual(1, QUERY),
                    least));
    return ClaimPart.of("two-degrees", verdict)
        .withExpected(
            ExpectedOutcome.refuted("softmax shrinks different degrees by different factors"));
  }

  private static ClaimPart fallingResidual() {
    Verdict slope = order(TWO_DEGREES.residual(COARSE, QUERY), TWO_DEGREES.residual(FINE, QUERY));
    return ClaimPart.of("two-degrees-order", slope).withControl(twoHeads());
  }

  private static ClaimPart tiltedKeys() {
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
