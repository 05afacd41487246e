package org.definetti.lab.claims;

/**
 * Expectations under a Beta law by the trapezoid rule over the log odds u = log(z / (1 - z)).
 *
 * <pre>{@code  ∫ f(z) z^a (1 - z)^b du,   z = 1 / (1 + e^-u)  }</pre>
 *
 * <p>The integrand is analytic in a strip and falls exponentially at both ends, so the rule
 * converges exponentially in its step [recalled]. No gamma or digamma function is used.
 */
final class CoinIntegral {

  private static final double STEP = 0.02;
  private static final double RANGE = 80;

  private CoinIntegral() {}

  /** Returns E[-s log z - t log(1 - z)] under Beta(a, b), in nats; a and b at least 1/2. */
  static double loss(double a, double b, double ones, double zeros) {
    double peak = a * log(Math.log(a / b)) + b * log(-Math.log(a / b));
    double mass = 0;
    double sum = 0;
    for (double u = -RANGE; u <= RANGE; u += STEP) {
      double weight = Math.exp(a * log(u) + b * log(-u) - peak);
      mass += weight;
      sum -= weight * (ones * log(u) + zeros * log(-u));
    }
    return sum / mass;
  }

  /** Returns log z at log odds u. */
  private static double log(double u) {
    return u > 0 ? -Math.log1p(Math.exp(-u)) : u - Math.log1p(Math.exp(u));
  }
}
