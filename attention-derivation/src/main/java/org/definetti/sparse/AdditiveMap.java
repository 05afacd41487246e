package org.definetti.sparse;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that add a vector for the bit and a vector for the position.
 *
 * <pre>{@code  x_t = e_(b_t) + v_t,   x_[CLS] = e_[CLS]  }</pre>
 *
 * <ul>
 *   <li>Orthonormal: the T + 3 vectors e_0, e_1, e_[CLS], v_0..v_(T-1) are the unit vectors, d = T
 *       + 3; O(1) a product.
 *   <li>Nearly orthogonal: entries ±1/√d, independent signs. Any d; all products of two of them are
 *       at most Δ in size with probability 1 - δ if {@link #dimensionFor}{@code (T, Δ, δ) <= d}.
 *   <li>Source: the map [recalled: Edelman-2022]; the dimension [derived: Hoeffding's inequality
 *       and a union over pairs] (check V11).
 * </ul>
 */
public final class AdditiveMap implements InputMap {

  private static final int BITS = 3; // e_0, e_1, e_[CLS]

  private final int length;
  private final int dimension;
  private final double @Nullable [] rows; // (T + 3, d); null for the unit vectors

  private AdditiveMap(int length, int dimension, double @Nullable [] rows) {
    this.length = length;
    this.dimension = dimension;
    this.rows = rows;
  }

  /** Returns the orthonormal map of T bits, d = T + 3. */
  public static AdditiveMap orthonormal(int length) {
    Check.atLeast("length", 1, length);
    return new AdditiveMap(length, length + BITS, null);
  }

  /**
   * Draws a nearly orthogonal map of T bits.
   *
   * @param dimension d, at least 1
   */
  public static AdditiveMap nearlyOrthogonal(int length, int dimension, RandomGenerator rng) {
    Check.atLeast("length", 1, length);
    Check.atLeast("dimension", 1, dimension);
    double[] rows = new double[Math.multiplyExact(length + BITS, dimension)];
    double entry = 1 / Math.sqrt(dimension);
    long signs = 0;
    for (int i = 0; i < rows.length; i++) {
      signs = i % Long.SIZE == 0 ? rng.nextLong() : signs >>> 1;
      rows[i] = (signs & 1) == 0 ? entry : -entry;
    }
    return new AdditiveMap(length, dimension, rows);
  }

  /**
   * Returns the least d that makes all T + 3 vectors nearly orthogonal with high probability.
   *
   * <pre>{@code  d >= (2/Δ²) ln((T+3)²/δ)   since   P(|<a,b>| > Δ) <= 2 exp(-d Δ²/2)  }</pre>
   *
   * @param overlap Δ, in (0, 1]
   * @param failure δ, in (0, 1)
   */
  public static double dimensionFor(int length, double overlap, double failure) {
    Check.atLeast("length", 1, length);
    Check.positive("overlap", overlap);
    Check.positive("failure", failure);
    double pairs = (double) (length + BITS) * (length + BITS);
    return Math.ceil(2 / (overlap * overlap) * Math.log(pairs / failure));
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  /** Returns e_0 or e_1, (d) numbers. */
  public double[] bit(boolean bit) {
    return vector(bit ? 1 : 0);
  }

  /** Returns v_t, (d) numbers. */
  public double[] position(int position) {
    return vector(BITS + checked(position));
  }

  @Override
  public double[] cls() {
    return vector(2);
  }

  @Override
  public double[] token(int position, boolean bit) {
    double[] sum = position(position);
    double[] own = bit(bit);
    for (int j = 0; j < sum.length; j++) {
      sum[j] += own[j];
    }
    return sum;
  }

  @Override
  public double dot(int position, boolean bit, double[] direction) {
    return product(BITS + checked(position), direction) + product(bit ? 1 : 0, direction);
  }

  private int checked(int position) {
    return java.util.Objects.checkIndex(position, length);
  }

  private double product(int index, double[] direction) {
    if (rows == null) {
      return direction[index];
    }
    double sum = 0;
    for (int j = 0; j < dimension; j++) {
      sum += rows[index * dimension + j] * direction[j];
    }
    return sum;
  }

  private double[] vector(int index) {
    double[] vector = new double[dimension];
    if (rows == null) {
      vector[index] = 1;
    } else {
      System.arraycopy(rows, index * dimension, vector, 0, dimension);
    }
    return vector;
  }

  @Override
  public String toString() {
    return "AdditiveMap[" + length + " bits, dimension " + dimension + "]";
  }
}
