package org.definetti.attention;

import java.util.Arrays;
import java.util.Objects;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Tokens;
import org.ejml.data.DMatrixRMaj;
import org.ejml.simple.SimpleMatrix;

/**
 * What attention sees: keys, values and log biases, one row per token.
 *
 * <p>A log bias is added to the token's logit, so prior weights and null tokens are rows like any
 * other. Row order carries no meaning.
 *
 * @param keys shape (n, dk), finite
 * @param values shape (n, dv), finite
 * @param logBiases shape (n, 1), finite
 */
public record Context(SimpleMatrix keys, SimpleMatrix values, SimpleMatrix logBiases) {

  /**
   * Checks shapes and finiteness.
   *
   * @throws ShapeMismatchException if the numbers of rows differ
   * @throws IllegalArgumentException if a number is not finite
   */
  public Context {
    Check.matrix("keys", keys, -1, -1);
    Check.matrix("values", values, keys.getNumRows(), -1);
    Check.matrix("logBiases", logBiases, keys.getNumRows(), 1);
  }

  /** Returns the context of these keys and values with log biases of zero. */
  public static Context of(SimpleMatrix keys, SimpleMatrix values) {
    return new Context(keys, values, new SimpleMatrix(keys.getNumRows(), 1));
  }

  /**
   * Returns the context that a model's tokens make: their keys, and as values what a masked token
   * hides, the statistic T(x) of a conjugate model or the token's value; O(L).
   */
  public static Context of(LatentModel<?> model, Tokens tokens) {
    if (!model.tokenSpace().equals(tokens.space())) {
      throw new ShapeMismatchException(
          "tokens: expected " + model.tokenSpace() + " (as the model), got " + tokens.space());
    }
    SimpleMatrix values =
        model instanceof ConjugateModel<?> conjugate
            ? conjugate.statistic(tokens)
            : tokens.values();
    return of(tokens.keys(), values);
  }

  /**
   * Returns the first {@code count} rows: the context of a prefix of the tokens; O(count).
   *
   * @throws IndexOutOfBoundsException if there are fewer
   */
  public Context prefix(int count) {
    Objects.checkFromToIndex(0, count, length());
    return count == length()
        ? this
        : new Context(rows(keys, count), rows(values, count), rows(logBiases, count));
  }

  private static SimpleMatrix rows(SimpleMatrix matrix, int count) {
    int width = matrix.getNumCols();
    double[] first = Arrays.copyOf(matrix.getDDRM().data, count * width);
    return SimpleMatrix.wrap(DMatrixRMaj.wrap(count, width, first));
  }

  /** Returns the number n of rows. */
  public int length() {
    return keys.getNumRows();
  }
}
