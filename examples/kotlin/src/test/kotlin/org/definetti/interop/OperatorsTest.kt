package org.definetti.interop

import org.definetti.latent.RealTokens
import org.definetti.latent.Token
import org.definetti.latent.Tokens
import org.ejml.simple.SimpleMatrix
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Methods named like Kotlin's operators are its operators: on matrices and on tokens. */
class OperatorsTest {

  @Test
  fun matricesAddSubtractAndIndex() {
    val a = SimpleMatrix(arrayOf(doubleArrayOf(1.0, 2.0)))
    val b = SimpleMatrix(arrayOf(doubleArrayOf(10.0, 20.0)))
    assertEquals(22.0, (a + b)[0, 1])
    assertTrue(((a + b) - b).isIdentical(a, 0.0))
    assertEquals(50.0, a.mult(b.transpose())[0, 0]) // a product is mult: there is no *
  }

  @Test
  fun tokensConcatenateAndIndex() {
    val space = RealTokens(1)
    val left = Tokens.of(space, Token.real(1.0))
    val both = left + Tokens.of(space, Token.real(2.0))
    assertEquals(2, both.length())
    assertEquals(Token.real(2.0), both[1])
  }
}
