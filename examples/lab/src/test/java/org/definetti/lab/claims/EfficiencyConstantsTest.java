package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.analysis.integration.IterativeLegendreGaussIntegrator;
import org.junit.jupiter.api.Test;

final class EfficiencyConstantsTest {

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    EfficiencyConstants claim = new EfficiencyConstants();
    Smoke.assertSameOnOneThread(claim, Smoke.check(claim));
  }

  /**
   * The delta method by quadrature over t = q·k, uniform on -1..1: {@code E‖u‖²} of the influence u
   * of one token, with {@code E[v | k] = A t} along the query and {@code ‖v‖ = 1}.
   */
  @Test
  void closedFormsAreTheDeltaMethodByQuadrature() {
    double length = 1 / Math.tanh(6) - 1.0 / 6;
    assertEquals(3 * (1 - length * length), EfficiencyConstants.cmeConstant(), 1e-12);
    for (double gamma : new double[] {0.2, 0.5, 2}) {
      DoubleUnaryOperator up = t -> Math.exp(t / gamma);
      double mass = mean(up);
      double factor = mean(t -> t * up.applyAsDouble(t)) / mass;
      double limit = factor * length;
      double one =
          mean(
              t -> Math.pow(up.applyAsDouble(t), 2) * (1 + limit * limit - 2 * limit * length * t));
      assertEquals(one / mass / mass / factor / factor, EfficiencyConstants.oneHead(gamma), 1e-9);
      double two =
          mean(
              t -> {
                double odd = up.applyAsDouble(t) - up.applyAsDouble(-t);
                double even = up.applyAsDouble(t) + up.applyAsDouble(-t);
                return odd * odd
                    - 2 * odd * even * limit * length * t
                    + even * even * limit * limit;
              });
      assertEquals(
          two / 4 / mass / mass / factor / factor, EfficiencyConstants.twoHeads(gamma), 1e-9);
    }
  }

  private static double mean(DoubleUnaryOperator integrand) {
    IterativeLegendreGaussIntegrator rule = new IterativeLegendreGaussIntegrator(20, 1e-12, 1e-14);
    return rule.integrate(100_000, integrand::applyAsDouble, -1, 1) / 2;
  }
}
