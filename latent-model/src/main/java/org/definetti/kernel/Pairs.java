package org.definetti.kernel;

import java.util.Locale;
import org.ejml.simple.SimpleMatrix;

/** Loops and checks that kernels of two vectors share. */
final class Pairs {

  private Pairs() {}

  /** A kernel's value between two stored rows of {@code width} numbers. */
  interface Value {
    double of(double[] a, int aOffset, double[] b, int bOffset, int width);
  }

  /** Returns all values between the rows of two matrices; each depends on its two rows only. */
  static SimpleMatrix gram(SimpleMatrix a, SimpleMatrix b, Value value) {
    int width = a.getNumCols();
    if (b.getNumCols() != width) {
      throw new IllegalArgumentException(
          "b: expected width " + width + " (as a), got " + b.getNumCols());
    }
    int columns = b.getNumRows();
    SimpleMatrix gram = new SimpleMatrix(a.getNumRows(), columns);
    double[] out = gram.getDDRM().data;
    double[] left = a.getDDRM().data;
    double[] right = b.getDDRM().data;
    for (int i = 0; i < a.getNumRows(); i++) {
      for (int j = 0; j < columns; j++) {
        out[i * columns + j] = value.of(left, i * width, right, j * width, width);
      }
    }
    return gram;
  }

  static double squaredDistance(double[] a, int aOffset, double[] b, int bOffset, int width) {
    double sum = 0;
    for (int j = 0; j < width; j++) {
      double gap = a[aOffset + j] - b[bOffset + j];
      sum += gap * gap;
    }
    return sum;
  }

  /** Returns (rows of a, 1) times one number. */
  static SimpleMatrix column(SimpleMatrix a, double value) {
    return SimpleMatrix.filled(a.getNumRows(), 1, value);
  }

  static void positive(String argument, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s: expected finite and > 0, got %s", argument, value));
    }
  }
}
