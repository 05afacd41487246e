package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.definetti.derivation.SphereSpectrum;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.random.Seed;

/**
 * C0: the effective dimension of the Gaussian kernel on the sphere, on which the published error of
 * CME attention rests.
 *
 * <pre>{@code
 * Γ(m) = tr C (C + m)⁻¹ = Σ_j N(d, j) μ_j / (μ_j + m) <= 1/m,   tr C = Σ_j N(d, j) μ_j = 1
 * published   ‖attn - CME‖ <= C [1/λ + sqrt(Γ(λ/L) / λ)] log(2/δ) + bias,   λ = L^(3/4)
 * }</pre>
 *
 * <ul>
 *   <li>Where: C the covariance operator of the keys, uniform on S^(d-1); N(d, j) the multiplicity
 *       of degree j.
 *   <li>Parts: {@code trace}, {@code bound} and {@code reference} from the closed-form spectrum
 *       {@link SphereSpectrum#effectiveDimension}; {@code quadrature} the same sum with eigenvalues
 *       by {@link ZonalQuadrature}; {@code slow-growth} and {@code estimation-term}, how far the
 *       bound is from the truth; {@code published-term}, the exponent -1/4 that {@code Γ(m) <= 1/m}
 *       gives at λ = L^(3/4).
 *   <li>Controls: the kernel without its normalisation; multiplicities j + 1 in place of 2j + 1;
 *       eigenvalues j^-2; λ = L^(1/2).
 *   <li>Source: the two terms of the error and λ = L^(3/4) [source: Zhang-2023, App E.4; equations
 *       reconstructed]; the total L^(-1/4) is [derived inference]; trace, bound, reference values
 *       and growth [derived].
 * </ul>
 */
public final class EffectiveDimension implements Claim {

  private static final String ID = "C0";
  private static final double ROUNDING = 1e-12;
  private static final double QUADRATURE = 1e-10;
  private static final double TEMPERATURE = 0.5;
  private static final double MOST_GROWTH = 0.2;
  private static final double LOOSE_EXPONENT = -0.3;

  /** Γ at d = 3, γ = 0.5, with half a unit of the last digit given. */
  private record Reference(double ridge, double value, double halfDigit) {}

  private static final List<Reference> REFERENCES =
      List.of(
          new Reference(0.1, 5.13, 0.005),
          new Reference(0.01, 14.4, 0.05),
          new Reference(0.001, 26.6, 0.05));

  /** Returns the claim. */
  public EffectiveDimension() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "effective-dimension";
  }

  @Override
  public String statement() {
    return "On the sphere the Gaussian kernel has trace 1, so its effective dimension Gamma(m) is at"
        + " most 1/m, which gives the published error of CME attention its L^-1/4; the bound is"
        + " loose, since Gamma grows more slowly than any power.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check C0: trace, bound, values, growth; the error they enter is Zhang-2023, App E.4"
            + " (equations reconstructed), its total of L^-1/4 a derived inference");
  }

  @Override
  public String prediction() {
    return "trace 1 to 1e-12; Gamma(m) <= 1/m; Gamma(0.1, 0.01, 0.001) = 5.13, 14.4, 26.6 at d = 3,"
        + " gamma = 0.5; estimation term L^-1/4 by the bound, faster than L^-0.3 in truth";
  }

  @Override
  public List<String> tags() {
    return List.of("cme", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<ClaimPart> parts =
        List.of(
            trace(), bound(), reference(), quadrature(), slowGrowth(), publishedTerm(), trueTerm());
    Tabulated dimension =
        Tabulated.of(ID, "gaussian-kernel-on-sphere", "effective-dimension")
            .with("gamma-0.5", m -> gamma(3, TEMPERATURE, m))
            .with("gamma-0.1", m -> gamma(3, 0.1, m))
            .with("bound-1/m", m -> 1 / m);
    Tabulated term =
        Tabulated.of(ID, "gaussian-kernel-on-sphere", "estimation-term")
            .with("published-bound", length -> term(length, 0.75, m -> 1 / m))
            .with("effective-dimension", length -> term(length, 0.75, EffectiveDimension::half));
    return ClaimResult.of(parts)
        .withResults(
            List.of(
                dimension.over("ridge-per-token", powers(-9, 0), runner.within("dimension")),
                term.over("length", powers(2, 9), runner.within("term"))));
  }

  private static double[] powers(int low, int high) {
    return IntStream.rangeClosed(low, high).mapToDouble(p -> Math.pow(10, p)).toArray();
  }

  private static double gamma(int dimension, double temperature, double ridge) {
    return SphereSpectrum.effectiveDimension(dimension, temperature, ridge);
  }

  private static double half(double ridge) {
    return gamma(3, TEMPERATURE, ridge);
  }

  // Σ_j n_j μ_j / (μ_j + m) of any spectrum, summed plainly.
  private static double sum(
      IntToDoubleFunction multiplicity, IntToDoubleFunction eigenvalue, int degrees, double ridge) {
    double sum = 0;
    for (int j = 0; j < degrees; j++) {
      double mu = eigenvalue.applyAsDouble(j);
      sum += multiplicity.applyAsDouble(j) * mu / (mu + ridge);
    }
    return sum;
  }

  private static double trace(int dimension, double temperature, IntToDoubleFunction multiplicity) {
    double sum = 0;
    for (int j = 0; j < 100; j++) {
      sum += multiplicity.applyAsDouble(j) * SphereSpectrum.eigenvalue(dimension, temperature, j);
    }
    return sum;
  }

  private static ClaimPart trace() {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int dimension : new int[] {2, 3, 5, 8}) {
      for (double temperature : new double[] {2, 0.5, 0.1}) {
        right.add(trace(dimension, temperature, j -> SphereSpectrum.multiplicity(dimension, j)), 1);
        wrong.add(trace(dimension, temperature, j -> 1), 1);
      }
    }
    return ClaimPart.of("trace", right.atMost(ROUNDING))
        .withControl(
            caught(wrong.atMost(ROUNDING), "every degree counted once: trace off by %.2f"));
  }

  private static ClaimPart bound() {
    double largest = 0;
    double unnormalised = 0;
    for (int dimension : new int[] {2, 3, 5, 8}) {
      for (double temperature : new double[] {2, 0.5, 0.1}) {
        double scale = Math.exp(1 / temperature); // κ(k, k) of exp(q·k/γ)
        for (double ridge : powers(-6, 6)) {
          largest = Math.max(largest, ridge * gamma(dimension, temperature, ridge));
          unnormalised =
              Math.max(unnormalised, ridge * gamma(dimension, temperature, ridge / scale));
        }
      }
    }
    Prediction atMostOne = Prediction.atMost(1);
    return ClaimPart.of("bound", Verdict.exact(largest, atMostOne))
        .withControl(
            caught(
                Verdict.exact(unnormalised, atMostOne),
                "kernel without e^(-1/gamma): m Gamma(m) reaches %.0f"));
  }

  private static ClaimPart reference() {
    double largest = 0;
    double wrong = 0;
    for (Reference reference : REFERENCES) {
      double right = half(reference.ridge);
      double counted =
          sum(j -> j + 1, j -> SphereSpectrum.eigenvalue(3, TEMPERATURE, j), 100, reference.ridge);
      largest = Math.max(largest, Math.abs(right - reference.value) / reference.halfDigit);
      wrong = Math.max(wrong, Math.abs(counted - reference.value) / reference.halfDigit);
    }
    Verdict verdict =
        Verdict.exact(largest, Prediction.atMost(1))
            .withReason(
                String.format(
                    Locale.ROOT,
                    "in halves of the last digit given; Gamma = %.3f, %.2f, %.2f",
                    half(0.1),
                    half(0.01),
                    half(0.001)));
    return ClaimPart.of("reference", verdict)
        .withControl(
            caught(
                Verdict.exact(wrong, Prediction.atMost(1)),
                "multiplicity j + 1 for 2j + 1: off by %.0f halves of the last digit"));
  }

  private static ClaimPart quadrature() {
    Deviation deviation = new Deviation();
    int degrees = 16; // the next eigenvalue is below 1e-17
    for (int dimension : new int[] {2, 3, 5}) {
      double[] byQuadrature = new double[degrees];
      for (int j = 0; j < degrees; j++) {
        byQuadrature[j] = ZonalQuadrature.eigenvalue(dimension, TEMPERATURE, j);
      }
      for (double ridge : new double[] {0.1, 0.01, 0.001}) {
        double plain =
            sum(
                j -> SphereSpectrum.multiplicity(dimension, j),
                j -> byQuadrature[j],
                degrees,
                ridge);
        deviation.add(gamma(dimension, TEMPERATURE, ridge), plain);
      }
    }
    return ClaimPart.of("quadrature", deviation.atMost(QUADRATURE));
  }

  private static ClaimPart slowGrowth() {
    double slope = Math.log10(half(1e-10) / half(1e-9));
    IntToDoubleFunction power = j -> 1.0 / ((j + 1.0) * (j + 1.0));
    double heavy =
        Math.log10(sum(j -> 1, power, 1_000_000, 1e-10) / sum(j -> 1, power, 1_000_000, 1e-9));
    Prediction slow = Prediction.atMost(MOST_GROWTH);
    return ClaimPart.of(
            "slow-growth",
            Verdict.exact(slope, slow)
                .withReason("power of 1/m with which Gamma grows from m = 1e-9 to 1e-10"))
        .withControl(caught(Verdict.exact(heavy, slow), "eigenvalues j^-2: power %.2f"));
  }

  // The estimation error of the published bound, without its constant: 1/λ + sqrt(Γ(λ/L)/λ).
  private static double term(double length, double power, DoubleUnaryOperator dimension) {
    double ridge = Math.pow(length, power);
    return 1 / ridge + Math.sqrt(dimension.applyAsDouble(ridge / length) / ridge);
  }

  private static double exponent(double power, DoubleUnaryOperator dimension) {
    return Math.log10(term(1e13, power, dimension) / term(1e12, power, dimension));
  }

  private static ClaimPart publishedTerm() {
    Prediction quarter = Prediction.near(-0.25, 0.001);
    return ClaimPart.of("published-term", Verdict.exact(exponent(0.75, m -> 1 / m), quarter))
        .withControl(
            caught(
                Verdict.exact(exponent(0.5, m -> 1 / m), quarter),
                "lambda = L^(1/2): exponent %.2f, no rate at all"));
  }

  private static ClaimPart trueTerm() {
    Prediction faster = Prediction.atMost(LOOSE_EXPONENT);
    return ClaimPart.of(
            "estimation-term",
            Verdict.exact(exponent(0.75, EffectiveDimension::half), faster)
                .withReason("exponent with the effective dimension itself; -3/8 up to logarithms"))
        .withControl(
            caught(
                Verdict.exact(exponent(0.75, m -> 1 / m), faster),
                "Gamma(m) replaced by its bound 1/m: exponent %.3f"));
  }

  private static Control caught(Verdict verdict, String text) {
    return Control.of(verdict, String.format(Locale.ROOT, text, verdict.measured()));
  }
}
