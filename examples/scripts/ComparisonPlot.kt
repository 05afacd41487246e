/* Three attentions against the exact posterior, drawn: a picture for a paper and the numbers in it.
 *
 * Regression in context. Kernel-ridge attention is the posterior mean itself, so only its rounding
 * could be drawn; softmax stops at a limit of its own; corrected by one constant, it does not.
 *
 * $ ./definetti run examples/scripts/ComparisonPlot.kt runs/comparison
 * cme                0.0000 0.0000 0.0000 0.0000 0.0000
 * corrected-softmax  0.0621 0.0311 0.0150 0.0084 0.0039
 * softmax            0.1370 0.1236 0.1234 0.1219 0.1185
 * drawn: comparison.svg, comparison.png, comparison.csv
 */
import java.nio.file.Path
import org.definetti.experiment.Sweep
import org.definetti.lab.report.Figure
import org.definetti.lab.report.PlotFiles
import org.definetti.latent.regression.LinearRegression

fun main(arguments: Array<String>) {
  val result =
    Sweep.of(LinearRegression.of(4, 1, 1.0, 0.1))
      .withLengths(64, 128, 256, 512, 1024)
      .withDerived("cme")
      .withDerived("corrected-softmax")
      .withDerived("softmax")
      .withSequences(50)
      .withSeeds(6)
      .execute(1)
  for (name in listOf("cme", "corrected-softmax", "softmax")) {
    val gaps = result.curve(name, "squared-gap").points().map { "%7.4f".format(it.mean()) }
    println("%-18s%s".format(name, gaps.joinToString("")))
  }
  val figure = Figure.of(result, "squared-gap").withCaption("Linear regression in four dimensions.")
  PlotFiles.write(Path.of(arguments[0]), "comparison", figure)
  println("drawn: comparison.svg, comparison.png, comparison.csv")
}
