package org.definetti.samples

import java.util.random.RandomGenerator
import org.definetti.latent.Belief
import org.definetti.latent.ConjugateModel
import org.definetti.latent.ModelDescription
import org.definetti.latent.RealTokens
import org.definetti.latent.Token
import org.definetti.latent.TokenSpace
import org.definetti.latent.conjugate.ConjugateBelief
import org.definetti.random.Gamma
import org.ejml.simple.SimpleMatrix

/**
 * A latent model of one's own, in Kotlin: counts with a gamma prior on their rate.
 *
 *     z ~ Gamma(shape, rate);  x | z ~ Poisson(z)
 *     E[x | X] = (shape + Σ x) / (rate + L)
 *
 * It declares what the prior is worth in tokens (the rate) and what it expects (shape / rate); the
 * attention that infers it follows from these two numbers. Source: gamma-Poisson conjugacy
 * `[recalled]`.
 */
data class GammaPoisson(private val shape: Double, private val rate: Double) :
  ConjugateModel<Double> {

  override fun tokenSpace(): TokenSpace = RealTokens(1)

  override fun prior(): Belief<Double> = ConjugateBelief.prior(this)

  override fun drawLatent(rng: RandomGenerator): Double = Gamma.draw(shape, rng) / rate

  override fun drawToken(latent: Double, rng: RandomGenerator): Token =
    Token.real(poisson(latent, rng).toDouble())

  override fun priorCount(): Double = rate

  override fun priorMean(): SimpleMatrix = SimpleMatrix.filled(1, 1, shape / rate)

  override fun posterior(count: Double, sum: SimpleMatrix): Belief<Double> =
    ConjugateBelief.of(this, count, sum)

  override fun description(): ModelDescription =
    ModelDescription.of("gamma-poisson").with("shape", shape).with("rate", rate)

  /** Counts the exponential waiting times that fit into [mean] units of time. */
  private fun poisson(mean: Double, rng: RandomGenerator): Int {
    var count = 0
    var time = Gamma.draw(1.0, rng)
    while (time < mean) {
      count++
      time += Gamma.draw(1.0, rng)
    }
    return count
  }
}
