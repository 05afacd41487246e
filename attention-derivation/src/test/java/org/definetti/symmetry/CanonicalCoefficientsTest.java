package org.definetti.symmetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class CanonicalCoefficientsTest {

  private final RandomGenerator rng = Seed.of(102).generator();

  @Test
  void weightsOfAttentionAreRecoveredWhileRowsAreIndependent() {
    AuditInput input = AuditPlan.of(10, 6, 24).input(rng);
    EquivariantForm form = GramAttention.softmax(5).plus(GramAttention.knowledge(3));
    CanonicalCoefficients found = CanonicalCoefficients.of(input, form);
    SimpleMatrix made = form.coefficients(Gram.of(input.tokens(), input.knowledge()));
    assertEquals(16, found.rank());
    assertTrue(Distance.relative(made, found.matrix()) < 1e-14 * found.condition());
    assertTrue(found.spanLoss() < 1e-14);
  }

  @Test
  void beyondFullRankOnlyTheSumIsRecovered() {
    AuditInput input = AuditPlan.of(10, 6, 8).input(rng);
    EquivariantForm form = GramAttention.softmax(5);
    CanonicalCoefficients found = CanonicalCoefficients.of(input, form);
    SimpleMatrix made = form.coefficients(Gram.of(input.tokens(), input.knowledge()));
    assertEquals(8, found.rank());
    assertTrue(Distance.relative(made, found.matrix()) > 0.05);
    assertTrue(
        Distance.relative(input.outputOf(form), found.matrix().mult(input.stacked())) < 1e-13);
  }

  /** The projector without singular values: V⁺ V = Vᵀ (V Vᵀ)⁻¹ V for full row rank. */
  @Test
  void spanLossIsTheShareOutsideTheRows() {
    AuditInput input = AuditPlan.of(3, 2, 8).input(rng);
    SimpleMatrix v = input.stacked();
    SimpleMatrix projector = v.transpose().mult(v.mult(v.transpose()).invert()).mult(v);
    SimpleMatrix output = input.outputOf(SampleFunctions.RELU);
    double expected = output.minus(output.mult(projector)).normF() / output.normF();
    assertEquals(expected, CanonicalCoefficients.of(input, SampleFunctions.RELU).spanLoss(), 1e-12);
    assertTrue(expected > 0.1);
  }

  /** f = x_1 with x_2 = x_1 + e: (1, 0) for every e > 0, (1/2, 1/2) at e = 0 (ES4). */
  @Test
  void coefficientsJumpWhereTheRankDrops() {
    SequenceFunction first = (x, z) -> Stacked.rows(x, 0, 1);
    for (double e : new double[] {1, 1e-3, 1e-6}) {
      CanonicalCoefficients found = ofTwo(e, first);
      double rounding = 1e-14 * found.condition();
      assertTrue(
          found.matrix().isIdentical(new SimpleMatrix(1, 2, true, 1.0, 0.0), rounding),
          found::toString);
    }
    CanonicalCoefficients dropped = ofTwo(0, first);
    assertEquals(1, dropped.rank());
    assertTrue(dropped.matrix().isIdentical(new SimpleMatrix(1, 2, true, .5, .5), 1e-12));
  }

  private static CanonicalCoefficients ofTwo(double e, SequenceFunction function) {
    SimpleMatrix x = new SimpleMatrix(2, 3, true, 1, 0, 0, 1, e, 0);
    return CanonicalCoefficients.of(new AuditInput(x, new SimpleMatrix(0, 3), "two"), function);
  }

  @Test
  void aZeroInputHasRankZero() {
    AuditInput zero = new AuditInput(new SimpleMatrix(2, 3), new SimpleMatrix(0, 3), "zero");
    CanonicalCoefficients found = CanonicalCoefficients.of(zero, GramAttention.softmax(1));
    assertEquals(0, found.rank());
    assertEquals(1, found.condition());
    assertEquals(0, found.spanLoss());
  }
}
