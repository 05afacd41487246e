package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.apache.commons.math3.analysis.integration.SimpsonIntegrator;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Curve;
import org.definetti.experiment.CurveKey;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.SeedCurve;
import org.definetti.latent.MultivariateGaussian;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
final class GreyboxTest {

  private static final double ROUNDING = 1e-9;

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    Greybox claim = new Greybox();
    ClaimResult result = Smoke.check(claim);
    Smoke.assertSameOnOneThread(claim, result);
  }

  @Test
  void sequencesNeededAreInterpolatedOnLogarithms() {
    // share = 20 / n crosses 0.1 at n = 200.
    assertEquals(200, Greybox.needed(curve(0.4, 0.2, 0.05), 0), 200 * ROUNDING);
  }

  @Test
  void sequencesNeededAreCutToTheGrid() {
    assertEquals(400, Greybox.needed(curve(0.4, 0.3, 0.2), 0), ROUNDING);
    assertEquals(50, Greybox.needed(curve(0.09, 0.05, 0.01), 0), ROUNDING);
  }

  @Test
  void aShareThatRisesAgainIsNotEnough() {
    // Below 0.1 at 50, above at 100: what counts is the crossing after that.
    assertEquals(200, Greybox.needed(curve(0.05, 0.2, 0.05), 0), 200 * ROUNDING);
  }

  private static Curve curve(double... shares) {
    List<Estimate> estimates =
        List.of(Estimate.exact(shares[0]), Estimate.exact(shares[1]), Estimate.exact(shares[2]));
    return new Curve(
        new CurveKey(Map.of(), "share", "samples"),
        List.of(50.0, 100.0, 400.0),
        List.of(new SeedCurve("0", estimates)));
  }

  @Test
  void divergenceIsThatOfQuadrature() {
    NormalDistribution p = new NormalDistribution(0.3, 0.7);
    NormalDistribution q = new NormalDistribution(-0.2, 1.1);
    double expected =
        new SimpsonIntegrator(1e-10, 1e-12, 5, 30)
            .integrate(1_000_000, x -> p.density(x) * (p.logDensity(x) - q.logDensity(x)), -8, 8);
    assertEquals(expected, AmortisedProcess.divergence(law(0.3, 0.7), law(-0.2, 1.1)), ROUNDING);
  }

  private static MultivariateGaussian law(double mean, double deviation) {
    return MultivariateGaussian.of(
        new SimpleMatrix(1, 1, true, mean), new SimpleMatrix(1, 1, true, deviation * deviation));
  }
}
