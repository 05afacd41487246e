package org.definetti.samples

import kotlin.math.exp
import org.definetti.random.Seed
import org.definetti.symmetry.AuditPlan
import org.definetti.symmetry.ReportCard
import org.definetti.symmetry.SequenceFunction
import org.ejml.simple.SimpleMatrix

/** Each token becomes the nearest words of its language, softly: weights are inner products. */
val nearestWords = SequenceFunction { tokens, words ->
  val scores = tokens.mult(words.transpose()).divide(words.numCols.toDouble())
  rows(tokens.numRows) { i ->
    val row = scores.extractVector(true, i)
    val largest = row.elementMax()
    val weights = DoubleArray(row.numElements) { l -> exp(row[l] - largest) }
    SimpleMatrix(1, weights.size, true, *weights).divide(weights.sum()).mult(words)
  }
}

/** Each token is mixed with the one before it, around the end: a convolution. */
val withTheOneBefore = SequenceFunction { tokens, _ ->
  rows(tokens.numRows) { i ->
    val before = (i + tokens.numRows - 1) % tokens.numRows
    tokens.extractVector(true, i).plus(tokens.extractVector(true, before)).scale(0.5)
  }
}

/** One output for all: the middle of the tokens, each coordinate cut off at zero. */
val positiveMean = SequenceFunction { tokens, _ ->
  val mean = SimpleMatrix.ones(1, tokens.numRows).mult(tokens).divide(tokens.numRows.toDouble())
  SimpleMatrix(1, mean.numCols, true, *DoubleArray(mean.numCols) { j -> maxOf(mean[j], 0.0) })
}

private fun rows(count: Int, row: (Int) -> SimpleMatrix): SimpleMatrix =
  (1 until count).fold(row(0)) { above, i -> above.concatRows(row(i)) }

/** The card of a function, for six tokens and three words in sixteen dimensions. */
fun card(function: SequenceFunction): ReportCard =
  ReportCard.of(AuditPlan.of(6, 3, 16).withElements(5), Seed.of(1), function)

/** Prints the three cards. */
fun main() {
  mapOf(
      "nearest words" to nearestWords,
      "with the one before" to withTheOneBefore,
      "positive mean" to positiveMean,
    )
    .forEach { (name, function) -> println("$name\n${card(function)}") }
}
