package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.random.Seed;
import org.definetti.sparse.FourierGap;

/**
 * V12: the signal in the first gradient of a neuron about a parity.
 *
 * <pre>{@code
 * E[χ_S(x) x_j 1(Σ x >= 0)] = ξ_(k-1)/2 on S, ξ_(k+1)/2 off S,   |ξ_(k-1)|/|ξ_(k+1)| = (n - k)/(k - 1)
 * }</pre>
 *
 * <ul>
 *   <li>Computed: all 2^11 inputs, {@link FourierGap#enumerated}, against the formula and reference
 *       values; the gap against the bound quoted for it, where k = 6 is expected to refute it.
 *   <li>Controls: the two degrees exchanged; k = 6, where the ratio is one, for the ratio of k = 2.
 *   <li>Source: [source: third-party notes on Barak-2022]; formula [recalled]; the failure at k = 6
 *       [derived].
 * </ul>
 */
public final class ParityGradientGap implements Claim {

  private static final String ID = "V12";

  private static final int BITS = 11;
  private static final double EXACT = 1e-12;

  /** Returns the claim. */
  public ParityGradientGap() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "parity-gradient-gap";
  }

  @Override
  public String statement() {
    return "The first gradient of a neuron is larger on the bits of a parity than on"
        + " others, by the Fourier coefficients of majority of neighbouring degrees; the"
        + " bound quoted for the gap needs n large against k: at n = 11, k = 6 the gap is"
        + " zero.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check V12: enumeration; setting and ratio from third-party notes on Barak-2022,"
            + " formula recalled");
  }

  @Override
  public String prediction() {
    return "n = 11: formula to 1e-12; 0.123047 / -0.013672 at k = 2, -0.013672 / 0.005859"
        + " at k = 4, ratio 1 at k = 6; the quoted bound holds at k = 2, 4 and fails at k"
        + " = 6";
  }

  @Override
  public List<String> tags() {
    return List.of("sparse", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    double[] sizes = {2, 4, 6, 8, 10};
    Results gaps =
        Tabulated.of(ID, "11-bits", "gradient")
            .with("in-the-parity", k -> Math.abs(FourierGap.enumerated(BITS, (int) k, 0)))
            .with("outside", k -> Math.abs(FourierGap.enumerated(BITS, (int) k, BITS - 1)))
            .with("quoted-gap-bound-halved", k -> FourierGap.quotedBound(BITS, (int) k) / 2)
            .over("parity-size", sizes, runner);
    return ClaimResult.of(
            formula(), reference(), ratio(2), ratio(4), ratio(6), bound(2), bound(4), bound(6))
        .withResults(List.of(gaps));
  }

  private static ClaimPart formula() {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int k = 2; k < BITS; k += 2) {
      for (int j = 0; j < BITS; j++) {
        double exact = FourierGap.enumerated(BITS, k, j);
        int degree = j < k ? k - 1 : k + 1;
        right.add(FourierGap.majority(BITS, degree) / 2, exact);
        wrong.add(FourierGap.majority(BITS, 2 * k - degree) / 2, exact);
      }
    }
    return ClaimPart.of("formula", right.atMost(EXACT))
        .withControl(
            Control.of(
                wrong.atMost(EXACT),
                String.format(Locale.ROOT, "degrees exchanged: off by %.3f", wrong.largest())));
  }

  private static ClaimPart reference() {
    Deviation right = new Deviation();
    right.add(FourierGap.enumerated(BITS, 2, 0), 0.123047);
    right.add(FourierGap.enumerated(BITS, 2, 10), -0.013672);
    right.add(FourierGap.enumerated(BITS, 4, 0), -0.013672);
    right.add(FourierGap.enumerated(BITS, 4, 10), 0.005859);
    return ClaimPart.of("reference", right.atMost(5e-7 + EXACT)); // half a unit of the last digit
  }

  private static ClaimPart ratio(int k) {
    double measured =
        Math.abs(FourierGap.enumerated(BITS, k, 0) / FourierGap.enumerated(BITS, k, BITS - 1));
    double other = (BITS - k - 2.0) / (k + 1);
    Prediction expected = Prediction.near((double) (BITS - k) / (k - 1), EXACT);
    return ClaimPart.of("ratio-" + k, Verdict.exact(measured, expected))
        .withControl(
            Control.of(
                Verdict.exact(other, expected),
                String.format(Locale.ROOT, "the ratio of k = %d: %.3f", k + 2, other)));
  }

  private static ClaimPart bound(int k) {
    double gap =
        2
            * (Math.abs(FourierGap.enumerated(BITS, k, 0))
                - Math.abs(FourierGap.enumerated(BITS, k, BITS - 1)));
    Prediction quoted = Prediction.atLeast(FourierGap.quotedBound(BITS, k));
    ClaimPart part = ClaimPart.of("quoted-bound-" + k, Verdict.exact(gap, quoted));
    return k < 6
        ? part
        : part.withExpected(
            ExpectedOutcome.refuted("n = 11 is not large against k = 6: the gap is exactly 0"));
  }
}
