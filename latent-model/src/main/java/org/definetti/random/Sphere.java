package org.definetti.random;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Uniform draws from the unit sphere: {@code x = g / |g|}, g standard normal in the dimension.
 *
 * <p>Rotation invariance of g makes x uniform. Source: Muller 1959 [recalled].
 */
public final class Sphere {

  private Sphere() {}

  /**
   * Fills {@code out[offset] ... out[offset + dimension - 1]} with one uniform unit vector.
   *
   * <p>Its norm is 1 within about dimension · 1e-16; dimension 1 gives -1 or 1 with equal
   * probability. O(dimension), no allocation; same bits on any JDK and machine.
   *
   * @param out Modified.
   * @param dimension at least 1
   * @throws IllegalArgumentException if the dimension is below 1
   * @throws IndexOutOfBoundsException if the vector does not fit into out at offset
   */
  public static void fill(double[] out, int offset, int dimension, RandomGenerator rng) {
    if (dimension < 1) {
      throw new IllegalArgumentException("dimension: expected >= 1, got " + dimension);
    }
    Objects.checkFromIndexSize(offset, dimension, out.length);
    Normal.fill(out, offset, offset + dimension, rng);
    double squares = 0;
    for (int i = offset; i < offset + dimension; i++) {
      squares += out[i] * out[i];
    }
    // Normal draws are never zero, so neither is the norm.
    double norm = Math.sqrt(squares);
    for (int i = offset; i < offset + dimension; i++) {
      out[i] /= norm;
    }
  }
}
