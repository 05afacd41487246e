package org.definetti.samples

import org.definetti.attention.Context
import org.definetti.derivation.Derivation
import org.definetti.latent.LatentModelContract
import org.definetti.latent.Token
import org.definetti.latent.Tokens
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A model written in Kotlin passes the contract that a model written in Java passes. */
class WaitingTimesTest : LatentModelContract<Double> {

  override fun model() = WaitingTimes(6.0, 2.5)

  @Test
  fun predictsThePosteriorMean() {
    val tokens = Tokens.of(model().tokenSpace(), Token.real(3.0), Token.real(0.25))
    val belief = model().prior().observe(tokens)
    val mean = belief.predictive(model().labelQuery()).mean()
    assertEquals((2.5 + 3.25) / (6 + 2 - 1), mean[0, 0], FEW_ULPS)
  }

  @Test
  fun derivesItsAttention() {
    val tokens = Tokens.of(model().tokenSpace(), Token.real(3.0), Token.real(0.25))
    val exact = model().prior().observe(tokens).predictive(model().labelQuery()).mean()
    val context = Context.of(model(), tokens)
    val attended = Derivation.of(model()).attention().attend(model().labelQuery(), context)
    assertTrue(attended.isIdentical(exact, FEW_ULPS))
    assertTrue(!shrunkMean.attend(model().labelQuery(), context).isIdentical(exact, 0.1)) // control
  }

  private companion object {
    const val FEW_ULPS = 1e-14
  }
}
