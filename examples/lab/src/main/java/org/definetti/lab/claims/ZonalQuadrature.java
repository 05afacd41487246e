package org.definetti.lab.claims;

import org.definetti.derivation.ZonalPolynomial;

/**
 * Eigenvalues of the kernel {@code exp((q·k - 1)/γ)} on the unit sphere of R^d by quadrature: what
 * the closed forms with Bessel functions are held against.
 *
 * <pre>{@code
 * μ_j = ∫ e^((cos θ - 1)/γ) P_j(cos θ) sin^(d-2) θ dθ / ∫ sin^(d-2) θ dθ
 * }</pre>
 *
 * <p>Simpson's rule over the angle between query and key; knows no Bessel function.
 */
final class ZonalQuadrature {

  private static final int PANELS = 20_000;

  private ZonalQuadrature() {}

  /** Returns μ_j. */
  static double eigenvalue(int dimension, double temperature, int degree) {
    double sum = 0;
    double mass = 0;
    for (int i = 0; i <= PANELS; i++) {
      double angle = Math.PI * i / PANELS;
      double simpson = i == 0 || i == PANELS ? 1 : i % 2 == 1 ? 4 : 2;
      double density = simpson * Math.pow(Math.sin(angle), dimension - 2);
      double cosine = Math.cos(angle);
      mass += density;
      sum +=
          density
              * Math.exp((cosine - 1) / temperature)
              * ZonalPolynomial.value(dimension, degree, cosine);
    }
    return sum / mass;
  }
}
