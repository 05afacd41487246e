package org.definetti.derivation;

import org.definetti.latent.Check;

/**
 * The Legendre polynomial of degree j in dimension d, {@code P_j(1) = 1}: the zonal function of
 * degree j on the unit sphere.
 *
 * <pre>{@code
 * (j + d - 2) P_{j+1}(t) = (2j + d - 2) t P_j(t) - j P_{j-1}(t),   P_0 = 1, P_1 = t
 * }</pre>
 *
 * <p>d = 2 gives cos(j arccos t), d = 3 the Legendre polynomials. For keys uniform on the sphere a
 * random function of degree j and variance one has the covariance {@code P_j(q·k)}. Source:
 * [recalled].
 */
public final class ZonalPolynomial {

  private ZonalPolynomial() {}

  /**
   * Returns P_j(t); O(j), stable for t in -1..1.
   *
   * @param dimension d, at least 2
   * @param degree j, at least 0
   */
  public static double value(int dimension, int degree, double t) {
    Check.atLeast("dimension", 2, dimension);
    Check.atLeast("degree", 0, degree);
    if (degree == 0) {
      return 1;
    }
    double before = 1;
    double now = t;
    for (int j = 1; j < degree; j++) {
      double next = ((2 * j + dimension - 2) * t * now - j * before) / (j + dimension - 2);
      before = now;
      now = next;
    }
    return now;
  }
}
