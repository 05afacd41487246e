package org.definetti.interop

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** No public name needs backticks in Kotlin, or is mistaken for an extension of every object. */
class KeywordNamesTest {

  private val keywords =
    setOf("as", "fun", "in", "is", "object", "typealias", "typeof", "val", "var", "when")
  private val extensions = setOf("also", "apply", "let", "run", "takeIf", "takeUnless", "to")

  private fun offending(type: Class<*>): List<String> =
    PublicApi.executables(type)
      .flatMap { call -> call.parameters.map { it.name } + call.name }
      .filter { it in keywords }
      .plus(PublicApi.executables(type).map { it.name }.filter { it in extensions })
      .map { "${type.name}: $it" }

  @Test
  fun noNameIsAKeywordOrAnExtension() {
    assertTrue(PublicApi.classes.size > 50) { "only ${PublicApi.classes.size} classes were seen" }
    assertEquals(emptyList<String>(), PublicApi.classes.flatMap(::offending))
  }

  @Suppress("unused")
  class Control {
    fun `in`(`object`: Int) = `object`
    fun run() = Unit
  }

  @Test
  fun controlIsCaught() {
    val expected = setOf("in", "object", "run")
    assertEquals(expected, offending(Control::class.java).map { it.substringAfter(": ") }.toSet())
  }
}
