package org.definetti.derivation;

import org.definetti.attention.Context;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.PairTokens;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * The tokens that a context was made of: the value map of a derived head may be any function of a
 * token, and attention sees contexts.
 */
final class ContextTokens {

  private ContextTokens() {}

  /**
   * Returns the tokens whose keys (and values, for pairs) a context holds; O(L).
   *
   * @throws IllegalArgumentException if a row is no token of the space
   */
  static Tokens of(TokenSpace space, Context context) {
    SimpleMatrix keys = context.keys();
    if (space instanceof PairTokens) {
      return Tokens.ofRows(space, keys.concatColumns(context.values()).getDDRM().data);
    }
    if (space instanceof CategoricalTokens) {
      double[] categories = new double[keys.getNumRows()];
      for (int l = 0; l < categories.length; l++) {
        categories[l] = category(keys, l);
      }
      return Tokens.ofRows(space, categories);
    }
    return Tokens.ofRows(space, keys.getDDRM().data);
  }

  private static int category(SimpleMatrix keys, int row) {
    for (int w = 0; w < keys.getNumCols(); w++) {
      if (keys.get(row, w) == 1) {
        return w;
      }
    }
    throw new IllegalArgumentException(
        "keys: expected the one-hot vector of a category, got another row at " + row);
  }
}
