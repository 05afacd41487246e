package org.definetti.latent.conjugate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.latent.Belief;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class GaussianMeanTest {

  private static final double ULPS = 1e-14; // a handful of roundings

  private final GaussianMean model =
      GaussianMean.of(2, 0.5, 2).withPriorMean(new SimpleMatrix(1, 2, true, 1.0, -1.0));

  @Test
  void posteriorOfTwoTokensByHand() {
    Tokens tokens = Tokens.ofRows(model.tokenSpace(), new double[] {3, 0, 5, 4});
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    // ν = 4: means (8 + 4) / 6 and (4 - 4) / 6, variance 2 / 6
    assertTrue(belief.mean().isIdentical(new SimpleMatrix(1, 2, true, 2.0, 0.0), ULPS));
    assertEquals(2.0 / 6, belief.covariance().get(1, 1), ULPS);
    assertEquals(2, belief.count());
    SimpleMatrix query = model.tokenSpace().emptyQuery();
    assertEquals(2 + 2.0 / 6, belief.predictive(query).covariance().get(0, 0), ULPS);
  }

  @Test
  void aBeliefReadOutOfMomentsHasNoEvidence() {
    Belief<SimpleMatrix> belief = model.posterior(2, new SimpleMatrix(1, 2, true, 8.0, 4.0));
    assertTrue(belief.mean().isIdentical(new SimpleMatrix(1, 2, true, 2.0, 0.0), ULPS));
    assertThrows(UnsupportedOperationException.class, belief::logEvidence);
  }

  @Test
  void refusesBadVariancesByName() {
    Exception error = assertThrows(IllegalArgumentException.class, () -> GaussianMean.of(2, -1, 1));
    assertEquals("priorVariance: expected finite and > 0, got -1.0", error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> GaussianMean.of(2, Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> GaussianMean.of(2, 1e-300, 1e300));
    assertThrows(IllegalArgumentException.class, () -> model.withLabelVariance(0));
  }
}
