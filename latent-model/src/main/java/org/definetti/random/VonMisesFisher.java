package org.definetti.random;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Draws from the von Mises-Fisher law on the unit sphere of R^d: density proportional to {@code
 * exp(κ μ·x)}.
 *
 * <pre>{@code  x = w μ + √(1 - w²) ξ,   w = 1 - t  }</pre>
 *
 * <ul>
 *   <li>Where: ξ uniform on the unit vectors orthogonal to μ. For d = 3, {@code t = -log(u + (1-u)
 *       e^-2κ) / κ} with u uniform; for other d, t by rejection from a transformed Beta draw,
 *       accepted with probability above 0.6. For d = 2 its envelope is the wrapped Cauchy law of
 *       Best and Fisher.
 *   <li>Accuracy: t, not w, is drawn, so the spread about μ is right however large κ is, as far as
 *       coordinates of a unit vector can say: to 1e-16.
 *   <li>Edge cases: κ = 0 is the uniform law.
 *   <li>Cost: O(d), one array of d numbers; same bits on any JDK and machine; stateless.
 *   <li>Source: Wood 1994 after Ulrich 1984 [recalled]; d = 3 by inversion [derived].
 * </ul>
 */
public final class VonMisesFisher {

  private VonMisesFisher() {}

  /**
   * Fills {@code out[offset] ... out[offset + d - 1]} with one draw.
   *
   * @param out Modified.
   * @param direction μ, a unit vector of d numbers, d at least 2. Not modified; not {@code out}.
   * @param concentration κ, finite and not negative
   */
  public static void fill(
      double[] out, int offset, double[] direction, double concentration, RandomGenerator rng) {
    int d = direction.length;
    if (d < 2) {
      throw new IllegalArgumentException("direction: expected at least 2 numbers, got " + d);
    }
    if (!(concentration >= 0 && concentration < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "concentration: expected finite and >= 0, got " + concentration);
    }
    Objects.checkFromIndexSize(offset, d, out.length);
    if (concentration == 0) {
      Sphere.fill(out, offset, d, rng);
      return;
    }
    double t = d == 3 ? shortfallOnSphere(concentration, rng) : shortfall(d, concentration, rng);
    place(out, offset, direction, t, rng);
  }

  private static double shortfallOnSphere(double concentration, RandomGenerator rng) {
    double u = Uniform.open(rng);
    double t = -StrictMath.log(u + (1 - u) * StrictMath.exp(-2 * concentration)) / concentration;
    return Math.min(Math.max(t, 0), 2);
  }

  private static double shortfall(int d, double concentration, RandomGenerator rng) {
    double width = d - 1;
    double twice = 2 * concentration;
    // Two roots of a sum of squares that must not overflow.
    double b = width / (twice + Math.max(twice, width) * root(twice, width));
    double least = 2 * b / (1 + b); // 1 - x0 of the envelope
    while (true) {
      double e = Beta.draw(width / 2, width / 2, rng);
      double t = 2 * b * e / (1 - (1 - b) * e);
      double ratio = (least + (1 - least) * t) / (least * (2 - least));
      double logAccept = concentration * (least - t) + width * StrictMath.log(ratio);
      if (t <= 2 && logAccept >= StrictMath.log(Uniform.open(rng))) {
        return t;
      }
    }
  }

  private static double root(double x, double y) {
    double ratio = Math.min(x, y) / Math.max(x, y);
    return StrictMath.sqrt(1 + ratio * ratio);
  }

  // The reflection that takes the first axis to -sign·μ takes (-sign·w, s·ξ) to the draw.
  private static void place(
      double[] out, int offset, double[] direction, double t, RandomGenerator rng) {
    int d = direction.length;
    double sign = direction[0] >= 0 ? 1 : -1;
    double[] y = new double[d];
    Sphere.fill(y, 1, d - 1, rng);
    double s = StrictMath.sqrt(t * (2 - t));
    double dot = 0;
    for (int i = 1; i < d; i++) {
      y[i] *= s;
      dot += direction[i] * y[i];
    }
    // v = μ + sign·e1, v·v = 2 (1 + |μ_1|); only the tangent part is reflected, w μ is added.
    double factor = dot / (1 + Math.abs(direction[0]));
    for (int i = 0; i < d; i++) {
      double v = direction[i] + (i == 0 ? sign : 0);
      out[offset + i] = (1 - t) * direction[i] + y[i] - factor * v;
    }
  }
}
