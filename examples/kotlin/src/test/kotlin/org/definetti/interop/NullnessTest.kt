package org.definetti.interop

import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.writeText
import org.definetti.attention.NullToken
import org.definetti.attention.SoftmaxAttention
import org.ejml.simple.SimpleMatrix
import org.jetbrains.kotlin.cli.common.ExitCode
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** What Java marks as nullable is `T?` in Kotlin; all else refuses null when it is compiled. */
class NullnessTest {

  @TempDir lateinit var folder: Path

  @Test
  fun whatMayBeMissingIsNullable() {
    val plain: NullToken? = SoftmaxAttention.of(1.0).nullToken()
    assertNull(plain)
    val prior = NullToken.ofCount(2.0, SimpleMatrix(1, 1))
    val withPrior: NullToken? = SoftmaxAttention.of(1.0).withNullToken(prior).nullToken()
    assertEquals(Math.log(2.0), withPrior?.logit() ?: Double.NaN, 1e-15)
  }

  @Test
  fun nullIsRefusedWhereJavaExpectsAValue() {
    assertCompiles("val seed = org.definetti.random.Seed.of(1).child(\"length\")")
    assertRefused("val seed = org.definetti.random.Seed.of(1).child(null)")
  }

  @Test
  fun aMissingValueIsNotUsedUnchecked() {
    val token = "org.definetti.attention.SoftmaxAttention.of(1.0).nullToken()"
    assertCompiles("val logit = $token?.logit()")
    assertRefused("val logit = $token.logit()")
  }

  private fun assertCompiles(source: String) {
    val (code, messages) = compile(source)
    assertEquals(ExitCode.OK, code, messages)
  }

  private fun assertRefused(source: String) {
    val (code, messages) = compile(source)
    assertEquals(ExitCode.COMPILATION_ERROR, code)
    assertTrue(messages.contains("null", ignoreCase = true), messages)
  }

  private fun compile(source: String): Pair<ExitCode, String> {
    val file = folder.resolve("Snippet.kt")
    file.writeText(source)
    val messages = ByteArrayOutputStream()
    val code =
      K2JVMCompiler()
        .exec(
          PrintStream(messages, true, Charsets.UTF_8),
          "-no-stdlib",
          "-no-reflect",
          "-classpath",
          System.getProperty("java.class.path"),
          "-d",
          folder.resolve("classes").toString(),
          file.toString(),
        )
    return code to messages.toString(Charsets.UTF_8)
  }
}
