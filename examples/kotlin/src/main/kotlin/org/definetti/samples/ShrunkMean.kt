package org.definetti.samples

import java.util.Locale
import org.definetti.attention.Attention
import org.definetti.experiment.Outcome
import org.definetti.experiment.Rate
import org.definetti.experiment.Sweep
import org.definetti.experiment.Verdict
import org.ejml.simple.SimpleMatrix

/**
 * An attention of one's own: a lambda from queries and context to output. This one averages waiting
 * times as if the prior were worth one token and expected zero.
 */
val shrunkMean = Attention { _, context ->
  SimpleMatrix.filled(1, 1, context.values().elementSum() / (context.length() + 1))
}

/** How fast the shrunk mean approaches the exact posterior of a model with another prior. */
fun shrunkMeanRate(): Rate =
  Sweep.of(WaitingTimes(6.0, 2.5))
    .withLengths(128, 512, 2048)
    .withDerived("null-token-softmax")
    .withAttention("shrunk-mean", shrunkMean)
    .withSeeds(20)
    .execute(1)
    .curve("shrunk-mean", "squared-gap")
    .rate(128.0, 2048.0)

/** A prior is forgotten at rate 1/L, so the squared gap of a wrong one falls with slope -2. */
fun judge(rate: Rate): Verdict = rate.expect(-2.0, 0.1)

/** Prints the slope and its verdict. */
fun main() {
  val rate = shrunkMeanRate()
  val verdict = judge(rate)
  println(
    "squared gap of the shrunk mean: slope %.3f in [%.3f, %.3f], expected -2 ± 0.1: %s"
      .format(
        Locale.ROOT,
        rate.slope(),
        rate.interval().low(),
        rate.interval().high(),
        verdict.outcome(),
      )
  )
  check(verdict.outcome() == Outcome.CONFIRMED) { verdict.reason() }
}
