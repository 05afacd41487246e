package org.definetti.random;

import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * Uniform (Haar) draws from the orthogonal group O(d) and from each of its two components.
 *
 * <pre>
 * {@code  G = R Q,   G standard normal (d, d),   R lower triangular with a positive diagonal  }
 * </pre>
 *
 * <ul>
 *   <li>Q is Haar because G M has the law of G for every fixed orthogonal M and the factorisation
 *       with a positive diagonal is unique. Without that sign convention it is not: Householder
 *       reflections as they come give one sign of Q_11 only and a determinant fixed by d.
 *   <li>Algorithm: Gram-Schmidt on the rows, twice, so that {@code |Q Qᵀ - I|} stays near 1e-15;
 *       each row is divided by its norm, which is the positive diagonal.
 *   <li>Cost: O(d³) time, O(d²) memory; same bits on any JDK and machine, but for the sign that the
 *       choice of a component takes from a determinant, which is never in doubt.
 *   <li>Source: Stewart 1980, Mezzadri math-ph/0609050 [recalled].
 * </ul>
 */
public final class Haar {

  private static final int PASSES = 2; // twice is enough: Kahan and Parlett [recalled]

  private Haar() {}

  /**
   * Returns a uniform element of O(d), shape (d, d); determinant 1 or -1 with equal probability.
   *
   * @param dimension d, at least 1; dimension 1 gives 1 or -1
   */
  public static SimpleMatrix orthogonal(int dimension, RandomGenerator rng) {
    return new SimpleMatrix(dimension, dimension, true, rows(dimension, rng));
  }

  /**
   * Returns a uniform rotation: an element of SO(d), determinant 1.
   *
   * @param dimension d, at least 1; dimension 1 gives the identity
   */
  public static SimpleMatrix rotation(int dimension, RandomGenerator rng) {
    return component(1, dimension, rng);
  }

  /**
   * Returns a uniform element of O(d) with determinant -1: a rotation and a reflection.
   *
   * @param dimension d, at least 1; dimension 1 gives -1
   */
  public static SimpleMatrix reflection(int dimension, RandomGenerator rng) {
    return component(-1, dimension, rng);
  }

  private static SimpleMatrix component(int determinant, int dimension, RandomGenerator rng) {
    double[] rows = rows(dimension, rng);
    SimpleMatrix drawn = new SimpleMatrix(dimension, dimension, true, rows);
    if (drawn.determinant() * determinant > 0) {
      return drawn;
    }
    // Changing one sign maps one component onto the other and keeps the measure.
    for (int j = 0; j < dimension; j++) {
      rows[j] = -rows[j];
    }
    return new SimpleMatrix(dimension, dimension, true, rows);
  }

  private static double[] rows(int d, RandomGenerator rng) {
    if (d < 1) {
      throw new IllegalArgumentException("dimension: expected >= 1, got " + d);
    }
    double[] q = new double[d * d];
    for (int i = 0; i < d; i++) {
      Normal.fill(q, i * d, (i + 1) * d, rng);
      for (int pass = 0; pass < PASSES; pass++) {
        for (int j = 0; j < i; j++) {
          subtract(dot(q, i * d, j * d, d), q, j * d, i * d, d);
        }
      }
      double norm = Math.sqrt(dot(q, i * d, i * d, d));
      for (int c = i * d; c < (i + 1) * d; c++) {
        q[c] /= norm;
      }
    }
    return q;
  }

  private static double dot(double[] q, int from, int other, int count) {
    double sum = 0;
    for (int c = 0; c < count; c++) {
      sum += q[from + c] * q[other + c];
    }
    return sum;
  }

  private static void subtract(double factor, double[] q, int from, int into, int count) {
    for (int c = 0; c < count; c++) {
      q[into + c] -= factor * q[from + c];
    }
  }
}
