package org.definetti.lab.claims;

/**
 * {@code ∫ v·b exp(κ v·b) dv} over the unit sphere of R^d for a unit vector b, by quadrature.
 *
 * <pre>{@code  |S^(d-2)| ∫_0^π cos θ e^(κ cos θ) sin^(d-2) θ dθ  }</pre>
 *
 * <p>Simpson's rule; knows no Bessel function.
 */
final class SurfaceIntegral {

  private static final int PANELS = 200_000;

  private SurfaceIntegral() {}

  static double of(int dimension, double concentration) {
    double sum = 0;
    for (int i = 0; i <= PANELS; i++) {
      double angle = Math.PI * i / PANELS;
      double simpson = i == 0 || i == PANELS ? 1 : i % 2 == 1 ? 4 : 2;
      double cosine = Math.cos(angle);
      sum +=
          simpson
              * cosine
              * Math.exp(concentration * cosine)
              * Math.pow(Math.sin(angle), dimension - 2);
    }
    return area(dimension - 1) * sum * Math.PI / PANELS / 3;
  }

  /** Area of the unit sphere of R^d: 2 for d = 1, 2π for d = 2, then times 2π/(d - 2). */
  private static double area(int dimension) {
    return switch (dimension) {
      case 1 -> 2;
      case 2 -> 2 * Math.PI;
      default -> area(dimension - 2) * 2 * Math.PI / (dimension - 2);
    };
  }
}
