package org.definetti.latent;

/**
 * Tokens that are real vectors.
 *
 * @param dimension the width d of a token, at least 1
 */
public record RealTokens(int dimension) implements TokenSpace {

  /**
   * Checks the dimension.
   *
   * @throws IllegalArgumentException if {@code dimension} is below 1
   */
  public RealTokens {
    Check.atLeast("dimension", 1, dimension);
  }

  @Override
  public int width() {
    return dimension;
  }

  @Override
  public int keyWidth() {
    return dimension;
  }

  @Override
  public int valueWidth() {
    return dimension;
  }

  @Override
  public void writeKey(double[] row, int offset, double[] key, int keyOffset) {
    System.arraycopy(row, offset, key, keyOffset, dimension);
  }

  @Override
  public void writeValue(double[] row, int offset, double[] value, int valueOffset) {
    System.arraycopy(row, offset, value, valueOffset, dimension);
  }

  @Override
  public void check(String argument, double[] row, int offset) {
    Check.finite(argument, row, offset, dimension);
  }
}
