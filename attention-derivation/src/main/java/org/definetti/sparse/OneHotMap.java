package org.definetti.sparse;

import java.util.Objects;
import org.definetti.latent.Check;

/**
 * Tokens with a unit vector of their own for every position and bit.
 *
 * <pre>{@code  x_t = e_(t, b_t),   d = 2T + 1 with [CLS]  }</pre>
 *
 * <p>A head can then read one position's bit alone, which no additive map allows; O(1) a product.
 *
 * @param length T, at least 1
 */
public record OneHotMap(int length) implements InputMap {

  /**
   * Checks the length.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public OneHotMap {
    Check.atLeast("length", 1, length);
  }

  @Override
  public int dimension() {
    return 2 * length + 1;
  }

  /** Returns the coordinate of the token of a bit at a position. */
  public int index(int position, boolean bit) {
    return 2 * Objects.checkIndex(position, length) + (bit ? 1 : 0);
  }

  @Override
  public double[] token(int position, boolean bit) {
    double[] token = new double[dimension()];
    token[index(position, bit)] = 1;
    return token;
  }

  @Override
  public double[] cls() {
    double[] token = new double[dimension()];
    token[2 * length] = 1;
    return token;
  }

  @Override
  public double dot(int position, boolean bit, double[] direction) {
    return direction[index(position, bit)];
  }
}
