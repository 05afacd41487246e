/* A model without a closed form: say what the world does, and the posterior comes by quadrature.
 *
 * Measurements around an unknown value with logistic errors: most are small, some are not, so one
 * wild number moves the posterior less than the mean. Then what every model should be asked: does
 * the order of tokens matter, are its posteriors calibrated? (docs/own-model.md has the whole kit.)
 *
 * $ ./definetti run examples/scripts/OwnLikelihood.kt
 * mean of the tokens 2.62, posterior mean 1.30
 * order does not matter
 * calibrated
 */
import java.util.random.RandomGenerator
import kotlin.math.*
import org.definetti.audit.Exchangeability
import org.definetti.calibration.*
import org.definetti.latent.*
import org.definetti.latent.numerical.LatentPrior
import org.definetti.latent.numerical.Quadrature
import org.definetti.random.Normal
import org.definetti.random.Seed
import org.ejml.simple.SimpleMatrix

/** z ~ N(0, 9), x | z ~ Logistic(z, 1/2). */
object Measurements : LikelihoodModel<SimpleMatrix> {
  override fun tokenSpace() = RealTokens(1)

  override fun drawLatent(rng: RandomGenerator): SimpleMatrix =
    SimpleMatrix.filled(1, 1, 3 * Normal.draw(rng))

  override fun drawToken(latent: SimpleMatrix, rng: RandomGenerator): Token {
    val u = rng.nextDouble()
    return Token.real(latent[0] + 0.5 * ln(u / (1 - u)))
  }

  override fun logLikelihood(latent: SimpleMatrix, token: Token): Double {
    val error = 2 * (token.coordinates()[0] - latent[0])
    return ln(2.0) - error - 2 * ln1p(exp(-error))
  }

  override fun prior(): Quadrature =
    Quadrature.of(this, LatentPrior.gaussian(SimpleMatrix(1, 1), 9.0))
}

fun main() {
  val seen = Tokens.ofRows(RealTokens(1), doubleArrayOf(1.1, 0.8, 1.3, 0.9, 9.0))
  val mean = seen.values().elementSum() / seen.length()
  val posterior = Measurements.prior().observe(seen)
  println("mean of the tokens %.2f, posterior mean %.2f".format(mean, posterior.mean()[0]))

  val rng = Seed.of(1).generator()
  val order =
    Exchangeability.largestGap(seen, 20, rng) { Measurements.prior().observe(it).logEvidence() }
  println(if (order < 1e-9) "order does not matter" else "order matters")

  val latents = LatentRows.of(Measurements)
  val simulations = Simulations.draw(latents, 100, 5, Seed.of(2))
  val judged = JudgedPosterior.of(simulations, 99, Seed.of(3), PosteriorEstimator.exact(latents))
  val detected = SimulationBasedCalibration().judge(judged).detects(0.001)
  println(if (detected) "not calibrated" else "calibrated")
}
