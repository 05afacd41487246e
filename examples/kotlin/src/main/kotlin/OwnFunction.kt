import org.definetti.random.Seed
import org.definetti.symmetry.AuditPlan
import org.definetti.symmetry.AuditVerdict
import org.definetti.symmetry.ReportCard
import org.ejml.simple.SimpleMatrix

/** Every token moves to the mean of all, near ones counting more. */
fun nearness(tokens: SimpleMatrix): SimpleMatrix {
  val n = tokens.numRows
  val near = DoubleArray(n * n) { k ->
    val step = tokens.extractVector(true, k / n).minus(tokens.extractVector(true, k % n))
    1 / (1 + step.dot(step))
  }
  val weights = SimpleMatrix(n, n, true, *near)
  val sums = weights.mult(SimpleMatrix.ones(n, 1))
  return SimpleMatrix.diag(*DoubleArray(n) { i -> 1 / sums[i] }).mult(weights).mult(tokens)
}

fun main() {
  val card = ReportCard.of(AuditPlan.of(5, 0, 8), Seed.of(7)) { tokens, _ -> nearness(tokens) }
  for (result in card.results().filter { it.verdict() != AuditVerdict.PASS }) {
    println("${result.verdict()} ${result.name()}")
  }
}
