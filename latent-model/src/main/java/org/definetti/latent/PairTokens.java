package org.definetti.latent;

/**
 * Tokens that are (key, value) pairs of real vectors, stored as the key followed by the value.
 *
 * <p>The key says where (a position, an input), the value what. A set of such pairs is exchangeable
 * even though an ordered list of values with fixed positions is not [derived].
 *
 * @param keyWidth the width dk of a key, at least 1
 * @param valueWidth the width dv of a value, at least 1
 */
public record PairTokens(int keyWidth, int valueWidth) implements TokenSpace {

  /**
   * Checks the widths.
   *
   * @throws IllegalArgumentException if a width is below 1
   */
  public PairTokens {
    Check.atLeast("keyWidth", 1, keyWidth);
    Check.atLeast("valueWidth", 1, valueWidth);
  }

  @Override
  public int width() {
    return keyWidth + valueWidth;
  }

  @Override
  public void writeKey(double[] row, int offset, double[] key, int keyOffset) {
    System.arraycopy(row, offset, key, keyOffset, keyWidth);
  }

  @Override
  public void writeValue(double[] row, int offset, double[] value, int valueOffset) {
    System.arraycopy(row, offset + keyWidth, value, valueOffset, valueWidth);
  }

  @Override
  public void check(String argument, double[] row, int offset) {
    Check.finite(argument, row, offset, width());
  }

  @Override
  public boolean hasQueries() {
    return true;
  }
}
