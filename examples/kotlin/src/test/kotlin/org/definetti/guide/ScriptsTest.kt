package org.definetti.guide

import java.nio.file.Path
import java.util.Locale
import java.util.concurrent.TimeUnit
import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readText
import kotlin.io.path.writeText
import kotlin.math.abs
import org.definetti.lab.Main
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource

/**
 * The scripts in Kotlin, compiled with the tests of this module, print what the comments at their
 * heads say; and `definetti run` compiles and runs one as a user does.
 *
 * Where training decides about the last digits, `# numbers vary a little` follows the command.
 */
class ScriptsTest {

  @TempDir lateinit var folder: Path

  @ParameterizedTest
  @MethodSource("scripts")
  fun printsWhatItsHeadSays(script: Path) {
    val (name, arguments, varies, output) = COMMAND.find(head(script))!!.destructured
    assertEquals(script.name, name)
    val given = arguments.trim().split(" ").filter { it.isNotEmpty() }.map(::here)
    val printed = printedBy(script.nameWithoutExtension + "Kt", given)
    if (varies.isEmpty()) assertEquals(output, printed) else assertNear(output, printed)
    for (file in DRAWN.findAll(printed)) {
      assertTrue(folder.resolve("comparison").resolve(file.value).readText().isNotEmpty())
    }
  }

  @Test
  fun runCompilesAndRuns() {
    val script = folder.resolve("square.kt")
    script.writeText(
      """
      package of.mine
      import org.definetti.latent.conjugate.GaussianMean
      fun main(arguments: Array<String>) {
        val count = GaussianMean.of(1, 1.0, 2.0).priorCount()
        println("worth ${'$'}count tokens, ${'$'}{arguments.toList()}")
        kotlin.system.exitProcess(7)
      }
      """
        .trimIndent()
    )
    assertEquals(7 to "worth 2.0 tokens, [--of, it]\n", definetti("run", "$script", "--of", "it"))
  }

  @Test
  fun aScriptWithoutMainIsRefused() {
    val mute = folder.resolve("Mute.kt")
    mute.writeText("val answer = 42\n")
    val refused = "definetti: script: expected one function main in $mute, got none or several\n"
    assertEquals(2 to refused, definetti("run", "$mute"))
  }

  private fun head(script: Path): String =
    HEAD.matchAt(script.readText(), 0)!!.groupValues[1].lines().joinToString("\n") {
      it.removePrefix(" *").removePrefix(" ")
    }

  private fun here(argument: String) =
    when {
      argument.startsWith("examples/") -> ROOT.resolve(argument).toString()
      else -> argument.replace("runs/", "$folder/")
    }

  private fun printedBy(program: String, arguments: List<String>): String {
    val main = Class.forName(program).methods.first { it.name == "main" && it.parameterCount == 1 }
    val locale = Locale.getDefault()
    try {
      Locale.setDefault(Locale.ENGLISH)
      return captured { main.invoke(null, arguments.toTypedArray()) }
    } finally {
      Locale.setDefault(locale)
    }
  }

  private fun definetti(vararg arguments: String): Pair<Int, String> {
    val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
    val path = System.getProperty("java.class.path")
    val process =
      ProcessBuilder(java, "-Dfile.encoding=UTF-8", "-cp", path, Main::class.java.name, *arguments)
        .redirectErrorStream(true)
        .start()
    process.outputStream.close()
    val said = process.inputStream.readBytes().toString(Charsets.UTF_8)
    assertTrue(process.waitFor(5, TimeUnit.MINUTES)) // a hang fails; no test asserts a time
    return process.exitValue() to said.replace("\r\n", "\n")
  }

  private fun assertNear(expected: String, actual: String) {
    fun words(text: String) = DECIMAL.replace(text, "#").replace(Regex(" +"), " ")
    fun decimals(text: String) = DECIMAL.findAll(text).map { it.value.toDouble() }.toList()
    assertEquals(words(expected), words(actual), actual)
    decimals(expected).zip(decimals(actual)).forEach { (e, a) ->
      assertEquals(e, a, 0.01 + 0.1 * abs(e), actual)
    }
  }

  companion object {
    private val ROOT =
      generateSequence(Path.of("").toAbsolutePath()) { it.parent }
        .first { it.resolve("definetti").exists() }
    private val HEAD = Regex("/\\*(.*?) \\*/\n", RegexOption.DOT_MATCHES_ALL)
    private val COMMAND =
      Regex(
        "\\$ ./definetti run examples/scripts/(\\S+)(.*?)( +# numbers vary a little)?\n(.*)",
        RegexOption.DOT_MATCHES_ALL,
      )
    private val DRAWN = Regex("\\w+\\.(svg|csv)")
    private val DECIMAL = Regex("-?\\d+\\.\\d+")

    @JvmStatic
    fun scripts(): List<Path> =
      ROOT.resolve("examples/scripts").listDirectoryEntries("*.kt").sorted()
  }
}
