package org.definetti.lab.claims;

import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * A rule that gives the ridge λ of CME attention at a length, with what it costs on linear
 * regression with keys uniform on the sphere.
 *
 * <pre>{@code
 * bias²     t2 (λ d / (L + λ d))²
 * variance  s2 d L / (L + λ d)²
 * }</pre>
 *
 * <p>These are the exact terms with KᵀK replaced by its mean (L/d) I; what that leaves out is of
 * relative order d/L. Source: [derived] (check C1).
 *
 * @param name for tables, for example {@code L^3/4}
 * @param ridge λ at a length
 */
record RidgeSchedule(String name, DoubleUnaryOperator ridge) {

  /** The same λ at every length; s2 / t2 is that of Bayes. */
  static RidgeSchedule fixed(double ridge) {
    return new RidgeSchedule(String.format(Locale.ROOT, "%.2f", ridge), length -> ridge);
  }

  /** λ = L^power. */
  static RidgeSchedule power(String name, double power) {
    return new RidgeSchedule(name, length -> Math.pow(length, power));
  }

  /** Returns λ. */
  double at(double length) {
    return ridge.applyAsDouble(length);
  }

  /** Returns the squared bias of one value coordinate in closed form. */
  double squaredBias(int keyWidth, double priorVariance, double length) {
    double shrunk = at(length) * keyWidth / (length + at(length) * keyWidth);
    return priorVariance * shrunk * shrunk;
  }

  /** Returns the squared error of one value coordinate in closed form. */
  double error(int keyWidth, double priorVariance, double noiseVariance, double length) {
    double whole = length + at(length) * keyWidth;
    return squaredBias(keyWidth, priorVariance, length)
        + noiseVariance * keyWidth * length / (whole * whole);
  }
}
