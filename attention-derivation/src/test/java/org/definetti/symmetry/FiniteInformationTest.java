package org.definetti.symmetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** The three readings, and the forms that have them. */
class FiniteInformationTest {

  private static final AuditPlan PLAN = AuditPlan.of(3, 6, 12).withElements(6);

  private static final EquivariantForm TWO_SUMS =
      SummaryForm.ofKnowledge(
          pair -> new double[] {Math.exp(pair.inner() / 4), Math.exp(-pair.inner() / 4)},
          (pair, sums) ->
              Math.exp(pair.inner() / 4) / sums[0] + Math.exp(-pair.inner() / 4) / sums[1]);

  private final RandomGenerator rng = Seed.of(1313).generator();

  private void assertVerdict(AuditVerdict verdict, Audit audit, SequenceFunction function) {
    assertEquals("", audit.whyNot(PLAN, function.transform(new SimpleMatrix(3, 12), ones())));
    AuditResult result = audit.examine(PLAN, rng, function);
    assertEquals(verdict, result.verdict(), result::toString);
  }

  private static SimpleMatrix ones() {
    return SimpleMatrix.ones(6, 12);
  }

  @Test
  void sparseAccess() {
    EquivariantForm two = GramAttention.nearest(2, 3);
    assertVerdict(AuditVerdict.PASS, new FiniteInformation.SparseAccess(2), two);
    assertVerdict(AuditVerdict.FAIL, new FiniteInformation.SparseAccess(1), two);
    assertVerdict(
        AuditVerdict.FAIL, new FiniteInformation.SparseAccess(2), GramAttention.knowledge(3));
  }

  @Test
  void finiteSummary() {
    Audit one = new FiniteInformation.FiniteSummary(1);
    assertVerdict(AuditVerdict.PASS, one, GramAttention.softmax(3));
    assertVerdict(AuditVerdict.PASS, one, GramAttention.gaussian(3));
    assertVerdict(AuditVerdict.PASS, one, GramAttention.knowledge(3).withSkip());
    assertVerdict(AuditVerdict.FAIL, one, TWO_SUMS);
    assertVerdict(AuditVerdict.PASS, new FiniteInformation.FiniteSummary(2), TWO_SUMS);
  }

  @Test
  void knowledgeMediated() {
    Audit audit = new FiniteInformation.KnowledgeMediated();
    assertVerdict(AuditVerdict.PASS, audit, GramAttention.knowledge(3));
    assertVerdict(AuditVerdict.PASS, audit, GramAttention.nearest(2, 3));
    assertVerdict(AuditVerdict.FAIL, audit, GramAttention.knowledge(3).withSkip());
    assertVerdict(AuditVerdict.FAIL, audit, GramAttention.softmax(3));
  }

  @Test
  void readingsThatSayNothingAreNotAsked() {
    SimpleMatrix output = new SimpleMatrix(3, 12);
    Audit sparse = new FiniteInformation.SparseAccess(1);
    assertFalse(sparse.whyNot(AuditPlan.of(3, 10, 12), output).isEmpty()); // not unique
    assertFalse(sparse.whyNot(AuditPlan.of(3, 1, 12), output).isEmpty());
    Audit summary = new FiniteInformation.FiniteSummary(2);
    assertFalse(summary.whyNot(AuditPlan.of(3, 3, 12), output).isEmpty()); // seven rows needed
    Audit mediated = new FiniteInformation.KnowledgeMediated();
    assertFalse(mediated.whyNot(AuditPlan.of(3, 12, 12), output).isEmpty());
    assertFalse(mediated.whyNot(AuditPlan.of(3, 0, 12), output).isEmpty());
    assertEquals("F2", new FiniteInformation.FiniteSummary(2).reading());
    assertThrows(IllegalArgumentException.class, () -> new FiniteInformation.SparseAccess(0));
  }

  /** Attention written as sums over pairs is the attention that is written as matrices. */
  @Test
  void softmaxAndGaussianAreSummaryForms() {
    AuditInput input = PLAN.input(rng);
    EquivariantForm softmax =
        SummaryForm.ofTokens(
            pair -> new double[] {Math.exp(pair.inner() / 3)},
            (pair, sums) -> Math.exp(pair.inner() / 3) / sums[0]);
    EquivariantForm gaussian =
        SummaryForm.ofTokens(
            pair -> new double[] {near(pair)}, (pair, sums) -> near(pair) / sums[0]);
    assertTrue(
        input.outputOf(softmax).isIdentical(input.outputOf(GramAttention.softmax(3)), 1e-12));
    assertTrue(
        input.outputOf(gaussian).isIdentical(input.outputOf(GramAttention.gaussian(3)), 1e-12));
    EquivariantForm all = GramAttention.nearest(6, 3);
    assertTrue(input.outputOf(all).isIdentical(input.outputOf(GramAttention.knowledge(3)), 0));
  }

  private static double near(SummaryForm.Pair pair) {
    return Math.exp(-(pair.own() + pair.other() - 2 * pair.inner()) / 6);
  }

  @Test
  void summaryFormsMoveWithTheirTokens() {
    AuditInput input = PLAN.input(rng);
    AuditInput other = input.withTokenOrder(2, 0, 1).withKnowledgeOrder(1, 2, 3, 4, 5, 0);
    SimpleMatrix moved = Stacked.reordered(input.outputOf(TWO_SUMS), new int[] {2, 0, 1});
    assertTrue(other.outputOf(TWO_SUMS).isIdentical(moved, 1e-12));
  }
}
