package org.definetti.symmetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class OrthogonalAuditTest {

  private static final AuditPlan PLAN = AuditPlan.of(5, 3, 4);
  private static final OrthogonalAudit ROTATIONS = new OrthogonalAudit(1);
  private static final OrthogonalAudit REFLECTIONS = new OrthogonalAudit(-1);

  private final RandomGenerator rng = Seed.of(105).generator();

  private AuditVerdict verdict(Audit audit, SequenceFunction function) {
    return audit.examine(PLAN, rng, function).verdict();
  }

  private void assertBoth(AuditVerdict expected, SequenceFunction function) {
    assertEquals(expected, verdict(ROTATIONS, function));
    assertEquals(expected, verdict(REFLECTIONS, function));
  }

  @Test
  void formsPass() {
    assertBoth(AuditVerdict.PASS, GramAttention.softmax(2));
    assertBoth(AuditVerdict.PASS, GramAttention.gaussian(2).withSkip());
    assertBoth(AuditVerdict.PASS, GramAttention.knowledge(2));
    assertBoth(AuditVerdict.PASS, EquivariantForm.ofTokens(Gram::tokenBlock));
    assertBoth(AuditVerdict.PASS, SampleFunctions.RMS_NORM);
  }

  @Test
  void whatUsesCoordinatesFails() {
    assertBoth(AuditVerdict.FAIL, SampleFunctions.RELU);
    assertBoth(AuditVerdict.FAIL, SampleFunctions.LAYER_NORM);
    assertBoth(AuditVerdict.FAIL, SampleFunctions.generic(4, rng));
    SimpleMatrix frozen = SampleFunctions.normal(3, 4, rng);
    assertBoth(AuditVerdict.FAIL, GramAttention.knowledge(2).withKnowledge(frozen));
  }

  @Test
  void rotationsAloneDoNotCertify() {
    AuditPlan three = AuditPlan.of(2, 0, 3);
    SequenceFunction cross = SampleFunctions.CROSS_PRODUCT;
    assertEquals(AuditVerdict.PASS, ROTATIONS.examine(three, rng, cross).verdict());
    AuditResult reflected = REFLECTIONS.examine(three, rng, cross);
    assertEquals(AuditVerdict.FAIL, reflected.verdict());
    assertEquals(2, reflected.measured(), 1e-9, "the sign is the opposite");
  }

  /** Error and size of a planted violation stay proportional over eight orders of magnitude. */
  @Test
  void aSmallViolationIsInconclusiveAndItsSizeIsSaid() {
    for (double size : new double[] {3e-9, 3e-8}) {
      SequenceFunction violated = OrthogonalAudit.planted(size, GramAttention.softmax(2));
      AuditResult result = ROTATIONS.examine(PLAN, rng, violated);
      assertEquals(AuditVerdict.INCONCLUSIVE, result.verdict());
      assertEquals(1, result.planted() / size, 0.2);
      assertTrue(result.toString().contains("as a planted violation of"), result.toString());
    }
    assertBoth(AuditVerdict.FAIL, OrthogonalAudit.planted(1e-5, GramAttention.softmax(2)));
    assertBoth(AuditVerdict.PASS, OrthogonalAudit.planted(1e-12, GramAttention.softmax(2)));
  }

  @Test
  void notANumberFails() {
    AuditResult result = ROTATIONS.examine(PLAN, rng, (x, z) -> x.divide(0));
    assertEquals(AuditVerdict.FAIL, result.verdict());
    assertTrue(Double.isNaN(result.measured()));
  }

  @Test
  void outputsMustBeVectors() {
    SequenceFunction norm = (x, z) -> new SimpleMatrix(1, 1, true, x.normF());
    SimpleMatrix output = PLAN.input(rng).outputOf(norm);
    assertFalse(ROTATIONS.whyNot(PLAN, output).isEmpty());
    assertThrows(ShapeMismatchException.class, () -> ROTATIONS.examine(PLAN, rng, norm));
    assertThrows(IllegalArgumentException.class, () -> new OrthogonalAudit(0));
  }

  @Test
  void resultsPrintAsOneLine() {
    AuditResult result = AuditResult.of("span", 2e-15, Tolerance.DOUBLE, "scale 1.0");
    assertEquals(
        "PASS          span                                error 2.0e-15, margin 5e+04,"
            + " worst: scale 1.0",
        result.toString());
    assertEquals(100, AuditResult.of("a", 1e-4, Tolerance.DOUBLE, "").margin(), 1e-9);
    assertEquals(10, AuditResult.of("a", 1e-9, Tolerance.DOUBLE, "").margin(), 1e-9);
  }

  @Test
  void toleranceHasThreeValues() {
    assertEquals(AuditVerdict.PASS, Tolerance.DOUBLE.judge(1e-10));
    assertEquals(AuditVerdict.INCONCLUSIVE, Tolerance.DOUBLE.judge(1.1e-10));
    assertEquals(AuditVerdict.FAIL, Tolerance.DOUBLE.judge(1e-6));
    assertEquals(AuditVerdict.FAIL, Tolerance.DOUBLE.judge(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new Tolerance(1e-3, 1e-3));
  }
}
