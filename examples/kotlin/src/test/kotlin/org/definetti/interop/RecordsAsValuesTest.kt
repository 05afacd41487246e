package org.definetti.interop

import org.definetti.experiment.Interval
import org.definetti.experiment.Prediction
import org.definetti.experiment.Verdict
import org.definetti.latent.RealTokens
import org.definetti.latent.Token
import org.definetti.latent.Tokens
import org.definetti.random.Seed
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Test

/** Small things are values: equal when their parts are, read by accessors without "get". */
class RecordsAsValuesTest {

  @Test
  fun recordsAreEqualByTheirParts() {
    val verdict = Verdict.exact(0.0, Prediction.atMost(1e-12))
    assertEquals(verdict, Verdict.exact(0.0, Prediction.atMost(1e-12)))
    assertNotEquals(verdict, verdict.withReason("another"))
    assertEquals(setOf(Interval(0.0, 1.0)), setOf(Interval(0.0, 1.0), Interval(0.0, 1.0)))
    assertEquals(Seed.of(1).child("length"), Seed.of(1).child("length"))
  }

  @Test
  fun tokensAreEqualByTheirRows() {
    val space = RealTokens(1)
    val tokens = Tokens.of(space, Token.real(1.0), Token.real(2.0))
    assertEquals(tokens, Tokens.ofRows(space, doubleArrayOf(1.0, 2.0)))
    assertNotEquals(tokens, tokens.permute(1, 0))
  }

  @Test
  fun accessorsAreNotCalledGet() {
    val getters =
      PublicApi.classes.flatMap(PublicApi::executables).filter { it.name.matches(GETTER) }
    assertEquals(emptyList<Any>(), getters)
    assertEquals(1, PublicApi.executables(Control::class.java).count { it.name.matches(GETTER) })
  }

  @Suppress("unused")
  class Control {
    fun getLength() = 1
  }

  private companion object {
    val GETTER = Regex("get[A-Z].*")
  }
}
