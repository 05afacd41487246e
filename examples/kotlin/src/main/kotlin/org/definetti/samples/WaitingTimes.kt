package org.definetti.samples

import java.util.random.RandomGenerator
import kotlin.math.*
import org.definetti.latent.*
import org.definetti.latent.special.SpecialFunctions.logGamma
import org.definetti.random.Gamma
import org.ejml.simple.SimpleMatrix
import org.ejml.simple.SimpleMatrix.filled

/** Waiting times: z ~ Gamma(shape, rate), x | z ~ Exponential(z), z | X ~ Gamma(a, b). */
data class WaitingTimes(val shape: Double, val rate: Double) : ConjugateModel<Double> {
  override fun tokenSpace() = RealTokens(1)
  override fun drawLatent(rng: RandomGenerator) = Gamma.draw(shape, rng) / rate
  override fun drawToken(latent: Double, rng: RandomGenerator): Token =
    Token.real(Gamma.draw(1.0, rng) / latent)
  override fun priorCount() = shape - 1
  override fun priorMean() = filled(1, 1, rate / (shape - 1))
  override fun prior() = GammaLaw(this, 0.0, 0.0)
  override fun posterior(count: Double, sum: SimpleMatrix) = GammaLaw(this, count, sum[0])
}

data class GammaLaw(val model: WaitingTimes, val count: Double, val sum: Double) : Belief<Double> {
  private val a = model.shape + count
  private val b = model.rate + sum // Σ x
  private fun plus(more: Double, x: Double) = copy(count = count + more, sum = sum + x)
  override fun observe(tokens: Tokens) =
    Check.space(model.tokenSpace(), tokens).run { plus(length().toDouble(), values().elementSum()) }
  override fun merge(other: Belief<Double>) = (other as GammaLaw).let { plus(it.count, it.sum) }
  override fun count() = count
  override fun mean() = filled(1, 1, a / b)
  override fun covariance() = filled(1, 1, a / b.pow(2))
  override fun logDensity(latent: Double) =
    a * ln(b) - logGamma(a) + (a - 1) * ln(latent) - b * latent
  override fun logEvidence() =
    logGamma(a) - logGamma(model.shape) + model.shape * ln(model.rate) - a * ln(b)
  override fun sample(rng: RandomGenerator) = Gamma.draw(a, rng) / b
  override fun predictive(query: SimpleMatrix) = Lomax(a, b)
}

/** The law of the next waiting time: P(x > t) = (b / (b + t))^a. */
data class Lomax(val a: Double, val b: Double) : Predictive {
  override fun mean() = filled(1, 1, b / (a - 1))
  override fun covariance() = filled(1, 1, b.pow(2) * a / ((a - 1).pow(2) * (a - 2)))
  override fun logProbability(value: DoubleArray) =
    if (value[0] < 0) Double.NEGATIVE_INFINITY else ln(a / b) - (a + 1) * ln(1 + value[0] / b)
  override fun draw(rng: RandomGenerator) =
    doubleArrayOf(b * Gamma.draw(1.0, rng) / Gamma.draw(a, rng))
}
