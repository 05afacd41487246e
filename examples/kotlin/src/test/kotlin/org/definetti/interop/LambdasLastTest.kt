package org.definetti.interop

import java.lang.reflect.Executable
import java.util.function.IntFunction
import org.definetti.attention.Attention
import org.definetti.attention.Context
import org.definetti.derivation.BeliefReadout
import org.definetti.experiment.Sweep
import org.definetti.experiment.Training
import org.definetti.latent.conjugate.GaussianMean
import org.definetti.layer.SoftmaxHeadLayer
import org.ejml.simple.SimpleMatrix
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** A functional parameter comes last, so that Kotlin's trailing lambda fits. */
class LambdasLastTest {

  private fun isFunctional(type: Class<*>) =
    type.isAnnotationPresent(FunctionalInterface::class.java)

  /** A functional parameter before one that is not. */
  private fun offends(call: Executable): Boolean =
    call.parameterTypes.map(::isFunctional).zipWithNext().any { (one, next) -> one && !next }

  @Test
  fun aLambdaIsAnAttention() {
    val two = Attention { queries, _ -> SimpleMatrix.filled(queries.numRows, 1, 2.0) }
    val context = Context.of(SimpleMatrix(3, 1), SimpleMatrix(3, 1))
    assertEquals(2.0, two.attend(SimpleMatrix(1, 1), context)[0, 0])
  }

  @Test
  fun trailingLambdasFit() {
    val training = Training.of { widths -> SoftmaxHeadLayer.of(widths).withNullToken() }
    val sweep =
      Sweep.of(GaussianMean.of(1, 1.0, 1.0))
        .withLengths(2)
        .withAttention("zero") { queries, _ -> SimpleMatrix(queries.numRows, 1) }
    assertEquals("each", training.lengthsLabel())
    assertEquals(1, sweep.withSeeds(1).execute(1).curve("zero", "squared-gap").points().size)
  }

  @Test
  fun functionalParametersAreLast() {
    val offending =
      PublicApi.classes
        .filterNot { it.isRecord } // a record's parts are in the order in which they are read
        .filterNot { it == BeliefReadout::class.java } // a lambda has no weights to read
        .flatMap(PublicApi::executables)
        .filter(::offends)
    assertEquals(emptyList<Executable>(), offending)
  }

  @Suppress("unused", "UNUSED_PARAMETER")
  class Control {
    fun map(function: IntFunction<Int>, start: Int) = start
  }

  @Test
  fun controlIsCaught() {
    assertEquals(1, PublicApi.executables(Control::class.java).count(::offends))
  }
}
