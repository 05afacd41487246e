package org.definetti.latent.sequence;

import org.ejml.simple.SimpleMatrix;

/** Closed forms of a law over finitely many values. */
final class FiniteLaw {

  private FiniteLaw() {}

  /** Returns {@code diag(p) - pᵀp}. */
  static SimpleMatrix covariance(double[] p) {
    int width = p.length;
    double[] covariance = new double[width * width];
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        covariance[i * width + j] = i == j ? p[i] * (1 - p[i]) : -p[i] * p[j];
      }
    }
    return new SimpleMatrix(width, width, true, covariance);
  }

  static double entropyNats(double[] p) {
    double entropy = 0;
    for (double x : p) {
      entropy -= x > 0 ? x * Math.log(x) : 0;
    }
    return entropy;
  }

  static double klNats(double[] p, double[] q) {
    double kl = 0;
    for (int i = 0; i < p.length; i++) {
      kl += p[i] > 0 ? p[i] * (Math.log(p[i]) - Math.log(q[i])) : 0;
    }
    return Math.max(0, kl);
  }
}
