package org.definetti.guide

import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readText
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/**
 * Every Kotlin snippet of the guides is a program of this module, and prints what the guide says.
 *
 * A `kotlin` block must equal a file in `src/main/kotlin`; a `text` block after it is that program's
 * output.
 */
class GuideTest {

  private val root =
    generateSequence(Path.of("").toAbsolutePath()) { it.parent }
      .first { it.resolve("definetti").exists() }

  private val guides =
    listOf(root.resolve("README.md"), root.resolve("CONTRIBUTING.md")) +
      root.resolve("docs").listDirectoryEntries("*.md").sorted()

  private val programs =
    root.resolve("examples/kotlin/src/main/kotlin").listDirectoryEntries("*.kt").associate {
      it.readText() to it.nameWithoutExtension
    }

  @Test
  fun snippetsAreProgramsOfThisModule() {
    val snippets = guides.flatMap { SNIPPET.findAll(it.readText()) }
    assertTrue(snippets.isNotEmpty())
    for (snippet in snippets) {
      val (code, output) = snippet.destructured
      val name = programs[code]
      assertTrue(name != null) { "no file of examples/kotlin/src/main/kotlin equals\n$code" }
      assertEquals(output, run("${name}Kt"))
    }
    assertEquals(programs.size, snippets.size) // a snippet that no guide shows has no place here
  }

  private fun run(program: String): String = captured {
    Class.forName(program).getMethod("main").invoke(null)
  }

  private companion object {
    val SNIPPET =
      Regex("```kotlin\n(.*?)```\n(?:\n```text\n(.*?)```)?", RegexOption.DOT_MATCHES_ALL)
  }
}
