package org.definetti.latent;

import java.util.Arrays;

/**
 * Tokens that are one of finitely many categories, stored as their index.
 *
 * @param count the number W of categories, at least 2; a token is an index in 0..W-1
 */
public record CategoricalTokens(int count) implements TokenSpace {

  /**
   * Checks the number of categories.
   *
   * @throws IllegalArgumentException if {@code count} is below 2
   */
  public CategoricalTokens {
    Check.atLeast("count", 2, count);
  }

  @Override
  public int width() {
    return 1;
  }

  @Override
  public int keyWidth() {
    return count;
  }

  @Override
  public int valueWidth() {
    return count;
  }

  @Override
  public void writeKey(double[] row, int offset, double[] key, int keyOffset) {
    writeOneHot((int) row[offset], key, keyOffset);
  }

  @Override
  public void writeValue(double[] row, int offset, double[] value, int valueOffset) {
    writeOneHot((int) row[offset], value, valueOffset);
  }

  private void writeOneHot(int category, double[] out, int offset) {
    Arrays.fill(out, offset, offset + count, 0.0);
    out[offset + category] = 1.0;
  }

  @Override
  public void check(String argument, double[] row, int offset) {
    double category = row[offset];
    if (category >= 0 && category < count && category == Math.rint(category)) {
      return;
    }
    throw new IllegalArgumentException(
        argument + ": expected a category in 0.." + (count - 1) + ", got " + category);
  }
}
