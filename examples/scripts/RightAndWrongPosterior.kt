/* Can a posterior be believed? Where the truth lies among its draws, 500 times.
 *
 * If a posterior is right, the rank of the truth among its draws is uniform: a flat picture. One
 * that is too sure has the truth at the ends, one that is too modest in the middle, one that leans
 * has it on one side. Nothing but a simulator is needed to see it.
 *
 * $ ./definetti run examples/scripts/RightAndWrongPosterior.kt
 * right       ▃▄▄▄▄▃▄▃▄▅  nothing against it
 * too sure    █▃▂▂▂▃▃▃▃█  wrong
 * too modest  ▂▄▄▄▅▄▅▄▄▂  wrong
 * leaning     █▇▅▄▃▂▃▂▂▁  wrong
 */
import org.definetti.calibration.JudgedPosterior
import org.definetti.calibration.PosteriorEstimator
import org.definetti.calibration.SimulationBasedCalibration
import org.definetti.calibration.Simulations
import org.definetti.latent.LatentRows
import org.definetti.latent.conjugate.GaussianMean
import org.definetti.random.Seed
import org.ejml.simple.SimpleMatrix

/** The posterior of somebody who believes in another noise or prior mean than the simulator has. */
fun believer(noise: Double, priorMean: Double = 0.0): PosteriorEstimator {
  val belief = GaussianMean.of(1, 1.0, noise).withPriorMean(SimpleMatrix.filled(1, 1, priorMean))
  return PosteriorEstimator.exact(LatentRows.of(belief))
}

fun main() {
  val world = LatentRows.of(GaussianMean.of(1, 1.0, 1.0))
  val simulations = Simulations.draw(world, 500, 4, Seed.of(1))
  val believers =
    mapOf(
      "right" to believer(1.0),
      "too sure" to believer(0.25),
      "too modest" to believer(4.0),
      "leaning" to believer(1.0, priorMean = 2.0),
    )
  for ((name, posterior) in believers) {
    val judged = JudgedPosterior.of(simulations, 99, Seed.of(2), posterior)
    val sbc = SimulationBasedCalibration()
    val counts = sbc.ranks(judged, 0).groupBy { it / 10 }.mapValues { it.value.size }
    val bars = (0..9).map { "▁▂▃▄▅▆▇█"[minOf(7, (counts[it] ?: 0) / 15)] }.joinToString("")
    val verdict = if (sbc.judge(judged).detects(0.001)) "wrong" else "nothing against it"
    println("%-12s%s  %s".format(name, bars, verdict))
  }
}
