package org.definetti.lab.fit;

import org.definetti.latent.Check;

/**
 * How to fit: every result names the options it came from.
 *
 * @param seed same seed, same data, same bits
 * @param restarts how many random starts are climbed from; the best is kept
 * @param iterations the most steps of one climb
 * @param tolerance a climb has converged when a step gains at most this many nats a token
 * @param priorTokens c, how many tokens (not necessarily whole) distributed like all tokens pooled
 *     every fitted law is taken to have seen beforehand: a conjugate prior worth c tokens, which
 *     keeps variances and probabilities away from zero. With 0 the fit is maximum likelihood
 */
public record FitOptions(
    long seed, int restarts, int iterations, double tolerance, double priorTokens) {

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException naming the option that is out of range
   */
  public FitOptions {
    Check.atLeast("restarts", 1, restarts);
    Check.atLeast("iterations", 1, iterations);
    Check.notNegative("tolerance", tolerance);
    Check.notNegative("prior-tokens", priorTokens);
  }

  /** Returns seed 1, 10 restarts, at most 1000 iterations, tolerance 1e-8, one prior token. */
  public static FitOptions withDefaults() {
    return new FitOptions(1, 10, 1000, 1e-8, 1);
  }

  /** Returns these options with another seed. */
  public FitOptions withSeed(long other) {
    return new FitOptions(other, restarts, iterations, tolerance, priorTokens);
  }

  /** Returns these options with this many random starts, at least one. */
  public FitOptions withRestarts(int count) {
    return new FitOptions(seed, count, iterations, tolerance, priorTokens);
  }

  /** Returns these options with this many steps at most, at least one. */
  public FitOptions withIterations(int most) {
    return new FitOptions(seed, restarts, most, tolerance, priorTokens);
  }

  /** Returns these options with another tolerance, in nats a token, not negative. */
  public FitOptions withTolerance(double natsPerToken) {
    return new FitOptions(seed, restarts, iterations, natsPerToken, priorTokens);
  }

  /** Returns these options with a prior worth this many tokens, not negative. */
  public FitOptions withPriorTokens(double count) {
    return new FitOptions(seed, restarts, iterations, tolerance, count);
  }
}
