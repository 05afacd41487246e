package org.definetti.symmetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Symmetries found, against those that a function is known to have; and the derivatives used. */
class SymmetryAlgebraTest {

  private static final AuditPlan PLAN = AuditPlan.of(3, 2, 4).withElements(4);

  private final RandomGenerator rng = Seed.of(909).generator();

  private SymmetryAlgebra of(SequenceFunction function) {
    return SymmetryAlgebra.of(PLAN, rng, function);
  }

  @Test
  void formsHaveAllRotations() {
    SymmetryAlgebra found = of(GramAttention.softmax(2).plus(GramAttention.knowledge(3)));
    assertEquals(6, found.dimension());
    assertEquals(16, found.possible());
    assertEquals(0, found.beyondRotations(), 1e-9);
    assertTrue(found.gap() > 1e6, found::toString);
  }

  /** ReLU, up to its kinks: positive factors, and no rotation. */
  @Test
  void reluHasFactors() {
    SymmetryAlgebra found = of(SampleFunctions.RELU);
    assertEquals(4, found.dimension());
    for (SimpleMatrix a : found.basis()) {
      assertEquals(0, a.minus(SimpleMatrix.diag(a.diag().getDDRM().data)).normF(), 1e-9);
    }
    assertTrue(found.beyondRotations() > 0.5);
  }

  /** What is found is a symmetry: exp(tA) commutes, as an audit by hand says. */
  @Test
  void whatIsFoundCommutes() {
    SimpleMatrix frozen = SampleFunctions.normal(2, 4, rng);
    SequenceFunction function =
        GramAttention.softmax(2).plus(GramAttention.knowledge(3)).withKnowledge(frozen);
    SymmetryAlgebra found = of(function);
    assertEquals(1, found.dimension()); // rotations of the plane that the knowledge leaves
    SimpleMatrix q = exponential(found.basis().get(0));
    AuditInput input = PLAN.input(rng);
    assertEquals(0, OrthogonalAudit.error(input, q, function), 1e-8);
    assertTrue(q.minus(SimpleMatrix.identity(4)).normF() > 0.5);
    assertTrue(frozen.mult(q).isIdentical(frozen, 1e-8));
  }

  private static SimpleMatrix exponential(SimpleMatrix a) {
    SimpleMatrix sum = SimpleMatrix.identity(a.getNumRows());
    SimpleMatrix term = sum;
    for (int n = 1; n < 30; n++) {
      term = term.mult(a).divide(n);
      sum = sum.plus(term);
    }
    return sum;
  }

  @Test
  void nothingAndEverything() {
    SymmetryAlgebra none = of(SampleFunctions.generic(4, rng));
    assertEquals(0, none.dimension());
    assertEquals(Double.POSITIVE_INFINITY, none.gap());
    assertEquals(0, none.beyondRotations());
    SymmetryAlgebra all = of((x, z) -> x.scale(2));
    assertEquals(16, all.dimension());
    assertTrue(all.toString().startsWith("dimension 16 of 16"), all::toString);
    assertThrows(ShapeMismatchException.class, () -> of((x, z) -> x.mult(SimpleMatrix.ones(4, 3))));
  }

  /** Derivative of a softmax in closed form: α (e_l - α). */
  @Test
  void derivatives() {
    double[] scores = {0.3, -1.2, 2.0, 0.7};
    SimpleMatrix at = new SimpleMatrix(1, 4, true, scores);
    SimpleMatrix alpha = GramAttention.rowSoftmax(at);
    SimpleMatrix unit = new SimpleMatrix(1, 4, true, 0, 1, 0, 0);
    SimpleMatrix found = Slope.along(t -> GramAttention.rowSoftmax(at.plus(unit.scale(t))));
    for (int j = 0; j < 4; j++) {
      double exact = alpha.get(1) * ((j == 1 ? 1 : 0) - alpha.get(j));
      assertEquals(exact, found.get(j), 1e-13);
    }
    // exact but for rounding where the ninth derivative is zero
    SimpleMatrix cube = Slope.along(t -> new SimpleMatrix(1, 1, true, Math.pow(2 + t, 3)));
    assertEquals(12, cube.get(0), 1e-12);
  }
}
