package org.definetti.samples

import org.definetti.random.Seed
import org.definetti.symmetry.AuditPlan
import org.definetti.symmetry.AuditVerdict
import org.definetti.symmetry.AuditVerdict.FAIL
import org.definetti.symmetry.AuditVerdict.PASS
import org.definetti.symmetry.ReportCard
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The report cards of three functions written as lambdas. */
class SymmetriesTest {

  private fun verdicts(card: ReportCard): Map<String, AuditVerdict> =
    card.results().associate { it.name() to it.verdict() }

  @Test
  fun nearestWordsIsOfTheForcedForm() {
    assertEquals(
      mapOf(
        "parity (Q = -I)" to PASS,
        "rotations (determinant 1)" to PASS,
        "reflections (determinant -1)" to PASS,
        "span of tokens and knowledge" to PASS,
        "coefficients are Gram functions" to PASS,
        "translations" to FAIL, // scores are inner products, not distances
        "token order: equivariant" to PASS,
        "cyclic shifts of tokens" to PASS,
        "coefficients move with tokens" to PASS,
        "knowledge order: invariant" to PASS,
        "F1 (ours): knowledge rows used: 1" to FAIL, // all words, softly
        "F2 (ours): sums over others: 1" to PASS,
        "F3 (ours): seen through knowledge" to PASS,
        "causal: no row sees later tokens" to PASS, // it sees no other token
        "last output: earlier tokens a set" to PASS,
      ),
      verdicts(card(nearestWords)),
    )
  }

  @Test
  fun aConvolutionHasShiftsAndNotOrders() {
    val found = verdicts(card(withTheOneBefore))
    assertEquals(PASS, found["rotations (determinant 1)"])
    assertEquals(PASS, found["translations"])
    assertEquals(PASS, found["cyclic shifts of tokens"])
    assertEquals(FAIL, found["token order: equivariant"])
    assertEquals(FAIL, found["coefficients move with tokens"])
    assertEquals(FAIL, found["causal: no row sees later tokens"]) // around the end
  }

  @Test
  fun aCutOffUsesCoordinates() {
    val card = card(positiveMean)
    val found = verdicts(card)
    assertEquals(FAIL, found["parity (Q = -I)"])
    assertEquals(FAIL, found["rotations (determinant 1)"])
    assertEquals(FAIL, found["span of tokens and knowledge"])
    assertEquals(PASS, found["token order: invariant"])
    assertTrue(card.notApplicable().any { it.startsWith("token order: equivariant") })
  }

  @Test
  fun aLambdaIsAuditedInPlace() {
    val plan = AuditPlan.of(3, 0, 4)
    val card = ReportCard.of(plan, Seed.of(2)) { tokens, _ -> tokens.scale(2.0) }
    assertTrue(card.results().count { it.verdict() == FAIL } == 1) // 2 (x + t) is not 2 x + t
  }
}
