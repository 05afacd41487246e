package org.definetti.latent.finite;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/** What models whose latent is the index of a concept share. */
final class Concepts {

  private Concepts() {}

  /** Returns the indices 0..count-1. */
  static List<Integer> indices(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /** Returns the uniform prior over {@code count} concepts, shape (1, count). */
  static SimpleMatrix uniform(int count) {
    double[] prior = new double[count];
    Arrays.fill(prior, 1.0 / count);
    return new SimpleMatrix(1, count, true, prior);
  }

  /** Returns {@code prior} if it is a row of {@code count} probabilities, else throws. */
  static SimpleMatrix prior(SimpleMatrix prior, int count) {
    Check.matrix("prior", prior, 1, count);
    return Check.probabilities("prior", prior).copy();
  }

  /** Returns {@code latent} if it is one of 0..count-1, else throws. */
  static int index(Integer latent, int count) {
    int index = latent;
    if (index >= 0 && index < count) {
      return index;
    }
    throw new IllegalArgumentException(
        "latent: expected a concept in 0.." + (count - 1) + ", got " + index);
  }

  /** Returns row {@code index} of a matrix, shape (1, columns). */
  static SimpleMatrix row(SimpleMatrix matrix, int index) {
    return matrix.extractVector(true, index);
  }

  /** Returns matrices of one width, one below the other. */
  static SimpleMatrix stack(List<SimpleMatrix> matrices) {
    SimpleMatrix first = matrices.get(0);
    return first.concatRows(matrices.subList(1, matrices.size()).toArray(SimpleMatrix[]::new));
  }

  /** Returns the {@code count} matrices that {@link #stack} put into one. */
  static List<SimpleMatrix> unstack(SimpleMatrix stacked, int count) {
    int rows = stacked.getNumRows() / count;
    return indices(count).stream().map(k -> stacked.rows(k * rows, (k + 1) * rows)).toList();
  }

  static boolean same(SimpleMatrix a, SimpleMatrix b) {
    return a.getNumRows() == b.getNumRows()
        && a.getNumCols() == b.getNumCols()
        && Arrays.equals(a.getDDRM().data, b.getDDRM().data);
  }
}
