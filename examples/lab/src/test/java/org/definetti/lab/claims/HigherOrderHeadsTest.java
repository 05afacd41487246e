package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.random.RandomGenerator;
import org.definetti.derivation.ZonalPolynomial;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Outcome;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class HigherOrderHeadsTest {

  /** Σ_i b_i(q) b_i(k) = P_j(q·k): what makes the draws have the covariance of the target. */
  @Test
  void harmonicsObeyTheAdditionTheorem() {
    RandomGenerator rng = Seed.of(3).generator();
    for (int dimension = 2; dimension <= 3; dimension++) {
      for (int degree = 1; degree <= 3; degree += 2) {
        for (int n = 0; n < 20; n++) {
          double[] q = new double[dimension];
          double[] k = new double[dimension];
          Sphere.fill(q, 0, dimension, rng);
          Sphere.fill(k, 0, dimension, rng);
          double product = 0;
          double dot = 0;
          for (int i = 0; i < dimension; i++) {
            dot += q[i] * k[i];
          }
          double[] left = SphericalFunction.harmonics(degree, q);
          double[] right = SphericalFunction.harmonics(degree, k);
          for (int i = 0; i < left.length; i++) {
            product += left[i] * right[i];
          }
          assertEquals(ZonalPolynomial.value(dimension, degree, dot), product, 1e-13);
        }
      }
    }
  }

  @Test
  void theSmokeCheckAgreesWithThePredictionAndCatchesEqualWeights() {
    ClaimResult result = new HigherOrderHeads().check(Budget.SMOKE, Seed.of(1));
    assertFalse(result.hasMissedControl());
    assertEquals(
        0, result.parts().stream().filter(p -> p.verdict().outcome() == Outcome.REFUTED).count());
  }
}
