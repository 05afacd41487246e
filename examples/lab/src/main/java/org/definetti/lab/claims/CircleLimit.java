package org.definetti.lab.claims;

import java.util.function.DoubleUnaryOperator;

/**
 * What softmax attention tends to for infinitely many keys on the circle, by quadrature.
 *
 * <pre>{@code
 * S_γ(q) = E[m(t) e^{cos(t - q)/γ}] / E[e^{cos(t - q)/γ}],   t ~ density,  q the query's angle
 * }</pre>
 *
 * <p>The trapezoid rule, which for smooth periodic functions converges faster than any power; no
 * Bessel function. Points in the plane are complex numbers as two doubles.
 */
final class CircleLimit {

  private static final int NODES = 20_000;

  private final DoubleUnaryOperator density;
  private final int[] degrees;

  /**
   * @param density of the keys' angle, up to a factor
   * @param degrees the conditional mean is the average of {@code (cos jt, sin jt)} over them
   */
  CircleLimit(DoubleUnaryOperator density, int... degrees) {
    this.density = density;
    this.degrees = degrees.clone();
  }

  /** Returns the limit with keys uniform on the circle. */
  static CircleLimit uniform(int... degrees) {
    return new CircleLimit(angle -> 1, degrees);
  }

  /** Returns E[v | k = q]. */
  double[] mean(double angle) {
    double[] mean = new double[2];
    for (int degree : degrees) {
      mean[0] += Math.cos(degree * angle) / degrees.length;
      mean[1] += Math.sin(degree * angle) / degrees.length;
    }
    return mean;
  }

  /** Returns S_γ(q). */
  double[] softmax(double temperature, double query) {
    double[] sum = new double[2];
    double mass = 0;
    for (int i = 0; i < NODES; i++) {
      double angle = 2 * Math.PI * i / NODES;
      double weight =
          density.applyAsDouble(angle) * Math.exp((Math.cos(angle - query) - 1) / temperature);
      double[] mean = mean(angle);
      mass += weight;
      sum[0] += weight * mean[0];
      sum[1] += weight * mean[1];
    }
    return new double[] {sum[0] / mass, sum[1] / mass};
  }

  /** Returns the factor C that brings C S_γ(q) closest to E[v | q]. */
  double bestFactor(double temperature, double query) {
    double[] limit = softmax(temperature, query);
    double[] mean = mean(query);
    return dot(limit, mean) / dot(limit, limit);
  }

  /** Returns {@code min_C |C S_γ(q) - E[v|q]| / |E[v|q]|}: the sine of the angle between them. */
  double residual(double temperature, double query) {
    double[] limit = softmax(temperature, query);
    double[] mean = mean(query);
    double cross = limit[0] * mean[1] - limit[1] * mean[0];
    return Math.abs(cross) / Math.sqrt(dot(limit, limit) * dot(mean, mean));
  }

  /** Returns {@code |S_γ(q) - E[v|q]|}. */
  double gap(double temperature, double query) {
    double[] limit = softmax(temperature, query);
    double[] mean = mean(query);
    return Math.hypot(limit[0] - mean[0], limit[1] - mean[1]);
  }

  private static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1];
  }
}
