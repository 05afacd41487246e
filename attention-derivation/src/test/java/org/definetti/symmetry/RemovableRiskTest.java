package org.definetti.symmetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.definetti.random.Haar;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** The removable risk against its other side: half the mean of a defect, pair by pair. */
class RemovableRiskTest {

  private final RandomGenerator rng = Seed.of(1616).generator();
  private final AuditPlan plan = AuditPlan.of(4, 2, 3);
  private final SimpleMatrix weight = SampleFunctions.normal(3, 3, rng);
  private final SequenceFunction function =
      (x, z) -> SampleFunctions.RELU.transform(x.mult(weight), z);

  /** {@code 1/2 mean over g and h of |f(g h x) - g f(h x)|²}, every pair of elements. */
  private static double halfDefect(
      SymmetryGroup group, AuditInput input, SequenceFunction function) {
    double sum = 0;
    List<Move> moves = group.elements();
    for (Move h : moves) {
      AuditInput there = h.input().apply(input);
      for (Move g : moves) {
        SimpleMatrix moved = g.input().apply(there).outputOf(function);
        double off = moved.minus(g.output().apply(there.outputOf(function))).normF();
        sum += off * off / 2;
      }
    }
    return sum / moves.size() / moves.size();
  }

  @Test
  void halfTheDefect() {
    for (SymmetryGroup group :
        List.of(
            SymmetryGroup.signedPermutations(3),
            SymmetryGroup.tokenOrders(4, true),
            SymmetryGroup.tokenOrders(4, false))) {
      SequenceFunction f =
          group.toString().startsWith("signed") ? function : ElmanNetwork.draw(3, 0.9, rng);
      AuditInput input = plan.input(rng);
      double exact = halfDefect(group, input, f);
      assertTrue(exact > 1e-3, group::toString);
      RemovableRisk found = RemovableRisk.onOrbits(group, List.of(input), f);
      assertEquals(exact, found.value(), 1e-12 * exact, group::toString);
      assertEquals(0, found.standardError());
    }
  }

  /** Within five standard errors: fails by chance once in two million. */
  @Test
  void drawsAgreeWithEnumeration() {
    SymmetryGroup group = SymmetryGroup.signedPermutations(3);
    List<Move> moves = group.elements();
    AuditInput one = plan.input(rng);
    List<AuditInput> inputs =
        Stream.generate(() -> moves.get(rng.nextInt(moves.size())).input().apply(one))
            .limit(4000)
            .toList();
    RemovableRisk exact = RemovableRisk.onOrbits(group, List.of(one), function);
    RemovableRisk drawn = RemovableRisk.estimate(group, inputs, rng, function);
    assertEquals(exact.value(), drawn.value(), 5 * drawn.standardError());
    assertTrue(drawn.standardError() < exact.value() / 10);
    assertEquals(exact.meanSquare(), drawn.meanSquare(), exact.meanSquare() / 10);
    assertTrue(drawn.toString().contains("% of the mean square"), drawn::toString);
  }

  @Test
  void nothingToRemove() {
    SymmetryGroup orthogonal = SymmetryGroup.orthogonal(3);
    List<AuditInput> inputs = Stream.generate(() -> plan.input(rng)).limit(20).toList();
    EquivariantForm form = GramAttention.softmax(2);
    assertEquals(0, RemovableRisk.estimate(orthogonal, inputs, rng, form).value(), 1e-28);
    assertEquals(0, RemovableRisk.estimate(orthogonal, inputs, rng, (x, z) -> x.scale(0)).share());
    assertThrows(
        UnsupportedOperationException.class,
        () -> RemovableRisk.onOrbits(orthogonal, inputs, form));
    assertThrows(
        IllegalArgumentException.class,
        () -> RemovableRisk.estimate(orthogonal, inputs.subList(0, 1), rng, form));
  }

  /** Symmetrised over all orders, a recurrence passes the audit that it fails. */
  @Test
  void symmetrised() {
    SequenceFunction elman = ElmanNetwork.draw(3, 0.9, rng);
    SequenceFunction smoothed = SymmetryGroup.tokenOrders(4, true).symmetrised(elman);
    Audit audit = new TokenOrderAudit(false);
    AuditPlan few = plan.withElements(2);
    assertEquals(AuditVerdict.FAIL, audit.examine(few, rng, elman).verdict());
    assertEquals(AuditVerdict.PASS, audit.examine(few, rng, smoothed).verdict());
    AuditInput input = plan.input(rng);
    assertFalse(input.outputOf(smoothed).isIdentical(input.outputOf(elman), 1e-3));
  }

  @Test
  void movesAreUndone() {
    SimpleMatrix output = SampleFunctions.normal(4, 3, rng);
    for (Move move : List.of(Move.turn(Haar.orthogonal(3, rng)), Move.reorder(true, 2, 0, 3, 1))) {
      assertTrue(move.back().apply(move.output().apply(output)).isIdentical(output, 1e-14));
      assertFalse(move.output().apply(output).isIdentical(output, 1e-3));
    }
    Move stays = Move.reorder(false, 2, 0, 3, 1);
    assertTrue(stays.output().apply(output).isIdentical(output, 0));
  }
}
