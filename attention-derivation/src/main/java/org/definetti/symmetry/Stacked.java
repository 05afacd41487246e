package org.definetti.symmetry;

import java.util.Arrays;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/** Rows on top of rows, and rows in another order. */
final class Stacked {

  private Stacked() {}

  /** Returns V = [X; Z], shape (n + k, d). */
  static SimpleMatrix of(SimpleMatrix tokens, SimpleMatrix knowledge) {
    int d = tokens.getNumCols();
    if (knowledge.getNumCols() != d) {
      throw new ShapeMismatchException(
          "knowledge: expected width " + d + " (as tokens), got " + knowledge.getNumCols());
    }
    int n = tokens.getNumRows() * d;
    double[] rows = Arrays.copyOf(tokens.getDDRM().data, n + knowledge.getNumRows() * d);
    System.arraycopy(knowledge.getDDRM().data, 0, rows, n, rows.length - n);
    return new SimpleMatrix(tokens.getNumRows() + knowledge.getNumRows(), d, true, rows);
  }

  /** Returns the rows {@code from <= i < to}. */
  static SimpleMatrix rows(SimpleMatrix matrix, int from, int to) {
    int d = matrix.getNumCols();
    double[] rows = Arrays.copyOfRange(matrix.getDDRM().data, from * d, to * d);
    return new SimpleMatrix(to - from, d, true, rows);
  }

  /** Returns columns {@code from <= j < to}. */
  static SimpleMatrix columns(SimpleMatrix matrix, int from, int to) {
    double[] block = new double[matrix.getNumRows() * (to - from)];
    for (int i = 0; i < matrix.getNumRows(); i++) {
      for (int j = from; j < to; j++) {
        block[i * (to - from) + j - from] = matrix.get(i, j);
      }
    }
    return new SimpleMatrix(matrix.getNumRows(), to - from, true, block);
  }

  /** Returns the matrix whose row i is row {@code order[i]} of the given one. */
  static SimpleMatrix reordered(SimpleMatrix matrix, int[] order) {
    int d = matrix.getNumCols();
    double[] rows = new double[order.length * d];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(matrix.getDDRM().data, order[i] * d, rows, i * d, d);
    }
    return new SimpleMatrix(order.length, d, true, rows);
  }

  /** Returns every row plus one row of numbers. */
  static SimpleMatrix plusRow(SimpleMatrix matrix, double[] row) {
    double[] sum = matrix.getDDRM().data.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += row[i % row.length];
    }
    return new SimpleMatrix(matrix.getNumRows(), row.length, true, sum);
  }
}
