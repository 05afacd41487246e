package org.definetti.symmetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Every audit on functions that have the symmetry and on functions that do not. */
class AuditsTest {

  private static final AuditPlan WIDE = AuditPlan.of(4, 2, 8).withElements(6);
  private static final AuditPlan NARROW = AuditPlan.of(6, 3, 4).withElements(6);

  private final RandomGenerator rng = Seed.of(106).generator();

  private void assertPass(Audit audit, AuditPlan plan, SequenceFunction function) {
    AuditResult result = audit.examine(plan, rng, function);
    assertEquals(AuditVerdict.PASS, result.verdict(), result::toString);
  }

  private void assertFail(Audit audit, AuditPlan plan, SequenceFunction function) {
    AuditResult result = audit.examine(plan, rng, function);
    assertEquals(AuditVerdict.FAIL, result.verdict(), result::toString);
    assertTrue(result.measured() > 1e-3, result::toString);
  }

  private static final EquivariantForm FORM =
      GramAttention.gaussian(3).plus(GramAttention.knowledge(2)).withSkip();

  /** Row i is the sum of rows i - 1, i, i + 1 with fixed weights, around the end or not. */
  private static SequenceFunction convolution(boolean circular) {
    return (x, z) -> {
      SimpleMatrix out = x.scale(0.5);
      for (int step : new int[] {-1, 1}) {
        SimpleMatrix shifted = Stacked.reordered(x, RowOrder.cyclic(x.getNumRows(), step));
        double[] rows = shifted.getDDRM().data.clone();
        int d = x.getNumCols();
        int end = step == 1 ? 0 : (x.getNumRows() - 1) * d;
        for (int j = 0; j < d && !circular; j++) {
          rows[end + j] = 0;
        }
        out = out.plus(new SimpleMatrix(x.getNumRows(), d, true, rows).scale(step == 1 ? 0.2 : 1));
      }
      return out;
    };
  }

  /** h_i = 0.9 h_(i-1) / max(1, |h_(i-1)|) + x_i: equivariant, and a recurrence. */
  private static final SequenceFunction RECURRENCE =
      (x, z) -> {
        SimpleMatrix state = new SimpleMatrix(1, x.getNumCols());
        SimpleMatrix out = new SimpleMatrix(0, x.getNumCols());
        for (int i = 0; i < x.getNumRows(); i++) {
          state = state.scale(0.9 / Math.max(1, state.normF())).plus(Stacked.rows(x, i, i + 1));
          out = Stacked.of(out, state);
        }
        return out;
      };

  private static final SequenceFunction SUM =
      (x, z) -> SimpleMatrix.ones(1, x.getNumRows()).mult(x);

  @Test
  void parity() {
    assertPass(new ParityAudit(), NARROW, FORM);
    assertEquals(0, new ParityAudit().examine(NARROW, rng, FORM).measured(), "bit for bit");
    assertFail(new ParityAudit(), NARROW, SampleFunctions.RELU);
    assertFail(new ParityAudit(), NARROW, (x, z) -> x.elementMult(x));
  }

  @Test
  void span() {
    assertPass(new SpanAudit(), WIDE, FORM);
    assertFail(new SpanAudit(), WIDE, SampleFunctions.RELU);
    assertFail(new SpanAudit(), WIDE, SampleFunctions.LAYER_NORM);
    assertFail(new SpanAudit(), AuditPlan.of(2, 0, 3), SampleFunctions.CROSS_PRODUCT);
    SimpleMatrix output = new SimpleMatrix(6, 4);
    assertFalse(new SpanAudit().whyNot(NARROW, output).isEmpty());
  }

  @Test
  void gramFunctions() {
    assertPass(new GramAudit(), WIDE, FORM);
    assertPass(new GramAudit(), NARROW, FORM);
    SimpleMatrix frozen = SampleFunctions.normal(3, 4, rng);
    assertFail(new GramAudit(), NARROW, GramAttention.knowledge(2).withKnowledge(frozen));
    assertFail(new GramAudit(), NARROW, RotationForm.oriented(FORM, 0, 1, 2, 3));
  }

  @Test
  void tokenOrder() {
    Audit equivariant = new TokenOrderAudit(false);
    Audit invariant = new TokenOrderAudit(true);
    assertPass(equivariant, NARROW, FORM);
    assertPass(equivariant, NARROW, SampleFunctions.RELU);
    assertPass(invariant, NARROW, SUM);
    assertFail(invariant, NARROW, FORM);
    assertFail(equivariant, NARROW, convolution(true));
    assertFail(equivariant, NARROW, RECURRENCE);
    assertFail(equivariant, NARROW, CausalForm.of(GramAttention.softmax(2)));
    assertFalse(equivariant.whyNot(NARROW, new SimpleMatrix(1, 4)).isEmpty());
    assertFalse(invariant.whyNot(AuditPlan.of(1, 0, 4), new SimpleMatrix(1, 4)).isEmpty());
  }

  @Test
  void knowledgeOrder() {
    Audit audit = new KnowledgeOrderAudit();
    SimpleMatrix all = SimpleMatrix.ones(3, 3);
    SimpleMatrix commuting = SimpleMatrix.identity(3).scale(0.01).plus(all.scale(0.003));
    assertPass(audit, NARROW, GramAttention.knowledge(2));
    assertPass(audit, NARROW.withElements(3), GramAttention.weighted(commuting, commuting));
    SimpleMatrix generic = SampleFunctions.normal(3, 3, rng);
    assertFail(audit, NARROW, GramAttention.weighted(generic, generic));
    assertFalse(audit.whyNot(AuditPlan.of(3, 1, 4), new SimpleMatrix(3, 4)).isEmpty());
  }

  @Test
  void coefficientsMove() {
    assertPass(new CoefficientOrderAudit(), WIDE, FORM);
    assertPass(new CoefficientOrderAudit(), NARROW, FORM);
    assertFail(new CoefficientOrderAudit(), WIDE, convolution(true));
  }

  @Test
  void translations() {
    Audit audit = new TranslationAudit();
    assertPass(audit, NARROW, GramAttention.gaussian(2));
    assertPass(audit, NARROW, EuclideanForm.of(GramAttention.softmax(2)));
    assertPass(new OrthogonalAudit(-1), NARROW, EuclideanForm.of(FORM));
    assertFail(audit, NARROW, GramAttention.softmax(2));
    assertFail(audit, NARROW, GramAttention.gaussian(2).withSkip());
  }

  @Test
  void shifts() {
    assertPass(new ShiftAudit(), NARROW, convolution(true));
    assertPass(new ShiftAudit(), NARROW, FORM);
    assertFail(new ShiftAudit(), NARROW, convolution(false));
  }

  @Test
  void causality() {
    Audit audit = new CausalAudit();
    SequenceFunction causal = CausalForm.of(GramAttention.softmax(2).withSkip());
    assertEquals(0, audit.examine(NARROW, rng, causal).measured());
    assertEquals(0, audit.examine(NARROW, rng, RECURRENCE).measured());
    assertPass(new OrthogonalAudit(1), NARROW, causal);
    assertPass(new OrthogonalAudit(-1), NARROW, causal);
    assertFail(audit, NARROW, FORM);
  }

  @Test
  void rotationsOnly() {
    SequenceFunction cross = RotationForm.crossProduct(0, 1);
    AuditPlan three = AuditPlan.of(2, 0, 3);
    AuditInput input = three.input(rng);
    assertTrue(
        input.outputOf(cross).isIdentical(input.outputOf(SampleFunctions.CROSS_PRODUCT), 1e-12));
    assertPass(new OrthogonalAudit(1), three, cross);
    assertFail(new OrthogonalAudit(-1), three, cross);
    SequenceFunction oriented = RotationForm.oriented(FORM, 0, 2, 3, 5);
    assertPass(new OrthogonalAudit(1), AuditPlan.of(6, 3, 4), oriented);
    assertFail(new OrthogonalAudit(-1), AuditPlan.of(6, 3, 4), oriented);
    assertThrows(
        IllegalArgumentException.class, () -> input.outputOf(RotationForm.crossProduct(0, 1, 1)));
  }

  /**
   * ES8: the lift of anything is jointly equivariant, and at the standard frame the thing itself.
   */
  @Test
  void lift() {
    SimpleMatrix weight = SampleFunctions.normal(4, 4, rng);
    FrameLift lift = FrameLift.of(x -> SampleFunctions.RELU.transform(x.mult(weight), x));
    AuditPlan plan = AuditPlan.of(5, 6, 4);
    assertPass(new OrthogonalAudit(1), plan, lift);
    assertPass(new OrthogonalAudit(-1), plan, lift);
    SimpleMatrix standard = FrameLift.standardKnowledge(4);
    assertFail(new OrthogonalAudit(1), plan, lift.withKnowledge(standard));
    SimpleMatrix x = plan.input(rng).tokens();
    assertTrue(
        lift.transform(x, standard)
            .isIdentical(SampleFunctions.RELU.transform(x.mult(weight), x), 0));
    SimpleMatrix dependent = new SimpleMatrix(4, 4, true, new double[16]);
    assertThrows(IllegalArgumentException.class, () -> lift.transform(x, dependent));
  }

  @Test
  void influence() {
    SimpleMatrix of = Influence.matrix(NARROW, 5, rng, convolution(true));
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        int distance = Math.min(Math.floorMod(i - j, 6), Math.floorMod(j - i, 6));
        assertEquals(distance <= 1, of.get(i, j) > 0, i + " " + j);
      }
    }
    SimpleMatrix attention = Influence.matrix(NARROW, 5, rng, GramAttention.softmax(2));
    assertTrue(attention.elementMin() > 0);
  }

  @Test
  void cardsSayWhatAppliesAndWhatDoesNot() {
    ReportCard card = ReportCard.of(NARROW.withElements(3), Seed.of(107), FORM);
    assertEquals(AuditVerdict.PASS, card.verdict(new OrthogonalAudit(1)));
    assertEquals(AuditVerdict.FAIL, card.verdict(new CausalAudit()));
    assertEquals(ReportCard.AUDITS.size(), card.results().size() + card.notApplicable().size());
    assertTrue(card.toString().contains("span the whole space"), card::toString);
    assertThrows(IllegalArgumentException.class, () -> card.verdict(new SpanAudit()));
    ReportCard again = ReportCard.of(NARROW.withElements(3), Seed.of(107), FORM);
    assertEquals(card.toString(), again.toString());
    SequenceFunction norm = (x, z) -> new SimpleMatrix(1, 1, true, new double[] {x.normF()});
    ReportCard scalar = ReportCard.of(NARROW.withElements(3), Seed.of(107), norm);
    assertEquals(AuditVerdict.PASS, scalar.verdict(new TokenOrderAudit(true)));
    assertEquals(3, scalar.results().size(), scalar::toString);
  }
}
