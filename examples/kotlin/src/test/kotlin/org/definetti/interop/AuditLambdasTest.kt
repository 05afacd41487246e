package org.definetti.interop

import org.definetti.audit.Coherence
import org.definetti.audit.Drift
import org.definetti.audit.LengthAwareness
import org.definetti.audit.SampledMartingale
import org.definetti.latent.CategoricalTokens
import org.definetti.latent.Token
import org.definetti.latent.Tokens
import org.definetti.random.Seed
import org.ejml.simple.SimpleMatrix
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A learned predictor is a trailing lambda to every audit. */
class AuditLambdasTest {

  private val rng = Seed.of(1).generator()
  private val tokens =
    Tokens.of(CategoricalTokens(2), Token.category(0), Token.category(1), Token.category(1))

  /** Stays with the last token; exchangeable it is not. */
  private fun sticky(seen: Tokens): SimpleMatrix {
    val one = if (seen.length() == 0) 0.5 else 0.2 + 0.6 * seen.at(seen.length() - 1, 0)
    return SimpleMatrix(1, 2, true, 1 - one, one)
  }

  @Test
  fun rowsOfProbabilities() {
    val constant =
      Coherence.largest(tokens, 5, rng) { SimpleMatrix(1, 2, true, 0.3, 0.7) }
    assertTrue(constant.areWithin(1e-15))
    val gaps = Coherence.largest(tokens, 20, rng) { seen -> sticky(seen) }
    assertEquals(0.6, gaps.past(), 1e-12)
    assertTrue(gaps.martingale() > 0.01 && gaps.symmetry() > 0.01)
  }

  @Test
  fun draws() {
    val audit =
      SampledMartingale.of { seen, random ->
        Token.category(if (random.nextDouble() < sticky(seen).get(0, 1)) 1 else 0)
      }
    val drifts = audit.drift(tokens, rng) { token -> doubleArrayOf(token.at(0)) }
    assertTrue(Drift.largest(drifts) > 5) // from 0.8 back to 0.5
  }

  @Test
  fun representations() {
    val gap =
      LengthAwareness.copiesGap(tokens, 2) { seen ->
        SimpleMatrix(1, 1, true, seen.values().elementSum() / seen.length())
      }
    assertEquals(0.0, gap, 1e-15)
  }
}
