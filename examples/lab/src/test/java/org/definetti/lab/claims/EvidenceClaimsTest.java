package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.commons.math3.analysis.integration.IterativeLegendreGaussIntegrator;
import org.junit.jupiter.api.Test;

/** Evidence, regret and the autoregressive head (B6, X1), with the oracles behind them. */
class EvidenceClaimsTest {

  @Test
  void evidenceAndRegret() {
    PosteriorClaimsTest.confirmed(new EvidenceIdentities());
  }

  @Test
  void autoregressiveNullHead() {
    PosteriorClaimsTest.confirmed(new AutoregressiveNullHead());
  }

  /** Known values, and adaptive quadrature over z itself. */
  @Test
  void integralsOverACoin() {
    assertEquals(1, CoinIntegral.loss(1, 1, 1, 0), 1e-13);
    assertEquals(0.5, CoinIntegral.loss(2, 1, 1, 0), 1e-13);
    assertEquals(2 * Math.log(2), CoinIntegral.loss(0.5, 0.5, 1, 0), 1e-13);
    IterativeLegendreGaussIntegrator rule = new IterativeLegendreGaussIntegrator(20, 1e-13, 1e-15);
    double mass = integral(rule, 0, 0);
    double loss = 3 * integral(rule, 1, 0) + 4 * integral(rule, 0, 1);
    assertEquals(loss / mass, CoinIntegral.loss(4.5, 7.25, 3, 4), 1e-10);
  }

  private static double integral(IterativeLegendreGaussIntegrator rule, int ones, int zeros) {
    return rule.integrate(
        1_000_000,
        z ->
            Math.pow(z, 3.5)
                * Math.pow(1 - z, 6.25)
                * (ones == 1 ? -Math.log(z) : zeros == 1 ? -Math.log1p(-z) : 1),
        1e-12,
        1 - 1e-12);
  }
}
