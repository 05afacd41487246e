package org.definetti.lab.claims;

import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.derivation.SphericalTarget;
import org.definetti.random.Normal;
import org.definetti.random.Sphere;
import org.ejml.simple.SimpleMatrix;

/**
 * A draw of the random function of a {@link SphericalTarget} on the circle or the sphere, and of
 * tokens that show it.
 *
 * <pre>{@code
 * m(k) = Σ_j τ_j Σ_i c_ji b_ji(k),   c ~ N(0, 1),   Σ_i b_ji(q) b_ji(k) = P_j(q·k)
 * }</pre>
 *
 * <p>b are the real harmonics of degree 1 and 3 (and any degree on the circle), written out as
 * polynomials; scaled so that the addition theorem has factor one. Source: [recalled].
 */
final class SphericalFunction {

  private final SphericalTarget target;
  private final int width;
  private final double[][] coefficients; // one row per degree, (harmonics, width) row by row

  private SphericalFunction(SphericalTarget target, int width, double[][] coefficients) {
    this.target = target;
    this.width = width;
    this.coefficients = coefficients;
  }

  /** Draws a function with {@code width} independent coordinates. */
  static SphericalFunction draw(SphericalTarget target, int width, RandomGenerator rng) {
    double[][] coefficients = new double[target.degreeCount()][];
    for (int i = 0; i < coefficients.length; i++) {
      double[] pole = new double[target.dimension()];
      int count = harmonics(target.degree(i), pole).length;
      coefficients[i] = new double[count * width];
      Normal.fill(coefficients[i], 0, coefficients[i].length, rng);
    }
    return new SphericalFunction(target, width, coefficients);
  }

  /** Returns m(k), {@code width} numbers, for a unit vector k. */
  double[] at(double[] key) {
    double[] value = new double[width];
    for (int i = 0; i < coefficients.length; i++) {
      double[] harmonics = harmonics(target.degree(i), key);
      double deviation = Math.sqrt(target.variance(i));
      for (int h = 0; h < harmonics.length; h++) {
        for (int c = 0; c < width; c++) {
          value[c] += deviation * harmonics[h] * coefficients[i][h * width + c];
        }
      }
    }
    return value;
  }

  /** Draws {@code length} tokens: keys uniform on the sphere, values m(k) plus noise. */
  Context tokens(int length, RandomGenerator rng) {
    int dimension = target.dimension();
    double[] keys = new double[length * dimension];
    double[] values = new double[length * width];
    double[] key = new double[dimension];
    double deviation = Math.sqrt(target.noiseVariance());
    for (int l = 0; l < length; l++) {
      Sphere.fill(key, 0, dimension, rng);
      System.arraycopy(key, 0, keys, l * dimension, dimension);
      double[] mean = at(key);
      for (int c = 0; c < width; c++) {
        values[l * width + c] = mean[c] + deviation * Normal.draw(rng);
      }
    }
    return Context.of(
        new SimpleMatrix(length, dimension, true, keys),
        new SimpleMatrix(length, width, true, values));
  }

  /** Returns the harmonics b of a degree at a key; on the sphere of R^3 for degrees 1 and 3. */
  static double[] harmonics(int degree, double[] key) {
    if (key.length == 2) {
      double angle = degree * Math.atan2(key[1], key[0]);
      return new double[] {Math.cos(angle), Math.sin(angle)};
    }
    if (key.length == 3 && degree == 1) {
      return key.clone();
    }
    if (key.length == 3 && degree == 3) {
      return cubic(key[0], key[1], key[2]);
    }
    throw new IllegalArgumentException(
        "degree: expected any on the circle, 1 or 3 on the sphere of R^3, got "
            + degree
            + " in dimension "
            + key.length);
  }

  private static double[] cubic(double x, double y, double z) {
    double six = Math.sqrt(6) / 4;
    double ten = Math.sqrt(10) / 4;
    double fifteen = Math.sqrt(15);
    return new double[] {
      z * (5 * z * z - 3) / 2,
      six * x * (5 * z * z - 1),
      six * y * (5 * z * z - 1),
      fifteen / 2 * z * (x * x - y * y),
      fifteen * x * y * z,
      ten * x * (x * x - 3 * y * y),
      ten * y * (3 * x * x - y * y)
    };
  }
}
