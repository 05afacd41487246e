package org.definetti.latent;

import org.ejml.data.MatrixType;
import org.ejml.simple.SimpleMatrix;

/**
 * Argument checks that name the argument, what was expected and what came.
 *
 * <p>Every check is written so that NaN fails. All are O(size of the argument).
 */
public final class Check {

  // Probabilities divided by their sum add to one within W ulps; this allows W up to a million.
  private static final double PROBABILITY_SUM_TOLERANCE = 1e-9;

  private Check() {}

  /** Returns {@code value} if it is at least {@code least}, else throws. */
  public static int atLeast(String argument, int least, int value) {
    if (value < least) {
      throw new IllegalArgumentException(argument + ": expected >= " + least + ", got " + value);
    }
    return value;
  }

  /** Returns {@code value} if it is finite and above zero, else throws. */
  public static double positive(String argument, double value) {
    if (value > 0 && value < Double.POSITIVE_INFINITY) {
      return value;
    }
    throw new IllegalArgumentException(argument + ": expected finite and > 0, got " + value);
  }

  /** Returns {@code value} if it is finite and not negative, else throws. */
  public static double notNegative(String argument, double value) {
    if (value >= 0 && value < Double.POSITIVE_INFINITY) {
      return value;
    }
    throw new IllegalArgumentException(argument + ": expected finite and >= 0, got " + value);
  }

  /** Throws unless {@code values} has exactly {@code width} numbers. */
  public static void width(String argument, int width, double[] values) {
    if (values.length != width) {
      throw new ShapeMismatchException(
          argument + ": expected " + width + " numbers, got " + values.length);
    }
  }

  /** Throws unless {@code count} numbers of {@code values} from {@code offset} are finite. */
  public static void finite(String argument, double[] values, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            argument + ": expected finite numbers, got " + values[i] + " at " + (i - offset));
      }
    }
  }

  /**
   * Returns {@code matrix} if it is dense, double, finite and of the given shape, else throws.
   *
   * @param rows the expected number of rows, or -1 for any
   * @param columns the expected number of columns, or -1 for any
   */
  public static SimpleMatrix matrix(String argument, SimpleMatrix matrix, int rows, int columns) {
    if (matrix.getType() != MatrixType.DDRM) {
      throw new IllegalArgumentException(
          argument + ": expected a dense double matrix, got " + matrix.getType());
    }
    if ((rows >= 0 && matrix.getNumRows() != rows)
        || (columns >= 0 && matrix.getNumCols() != columns)) {
      throw new ShapeMismatchException(
          argument
              + ": expected shape "
              + shape(rows, columns)
              + ", got "
              + shape(matrix.getNumRows(), matrix.getNumCols()));
    }
    finite(argument, matrix.getDDRM().data, 0, matrix.getNumElements());
    return matrix;
  }

  /**
   * Returns {@code row} if it is one row of probabilities: not negative, with a sum within 1e-9 of
   * one, else throws.
   */
  public static SimpleMatrix probabilities(String argument, SimpleMatrix row) {
    matrix(argument, row, 1, -1);
    double sum = 0;
    for (int i = 0; i < row.getNumCols(); i++) {
      sum += notNegative(argument + "[" + i + "]", row.get(0, i));
    }
    if (!(Math.abs(sum - 1) <= PROBABILITY_SUM_TOLERANCE)) {
      throw new IllegalArgumentException(argument + ": expected a sum of 1, got " + sum);
    }
    return row;
  }

  /**
   * Returns {@code matrix} if it has the given shape and every row of it is probabilities, as {@link
   * #probabilities} checks them, else throws.
   *
   * @param rows the expected number of rows, or -1 for any
   * @param columns the expected number of columns, or -1 for any
   */
  public static SimpleMatrix stochastic(
      String argument, SimpleMatrix matrix, int rows, int columns) {
    matrix(argument, matrix, rows, columns);
    for (int i = 0; i < matrix.getNumRows(); i++) {
      probabilities(argument + ", row " + i, matrix.extractVector(true, i));
    }
    return matrix;
  }

  /** Returns {@code tokens} if they are of the space that a model expects, else throws. */
  public static Tokens space(TokenSpace expected, Tokens tokens) {
    if (!tokens.space().equals(expected)) {
      throw new ShapeMismatchException("tokens: expected " + expected + ", got " + tokens.space());
    }
    return tokens;
  }

  private static String shape(int rows, int columns) {
    return "(" + (rows < 0 ? "any" : rows) + ", " + (columns < 0 ? "any" : columns) + ")";
  }
}
