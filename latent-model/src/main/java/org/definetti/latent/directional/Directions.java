package org.definetti.latent.directional;

import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/** Checks that the models of directions share. */
final class Directions {

  /** Beyond it the rounding of a unit vector, 1e-16, moves log densities by more than 1e-4. */
  static final double LARGEST_CONCENTRATION = 1e12;

  /** Directions read from text are rounded; this accepts seven digits. */
  private static final double UNIT_TOLERANCE = 1e-6;

  private Directions() {}

  static double concentration(String argument, double value) {
    if (value > 0 && value <= LARGEST_CONCENTRATION) {
      return value;
    }
    throw new IllegalArgumentException(
        argument + ": expected > 0 and <= " + LARGEST_CONCENTRATION + ", got " + value);
  }

  /** Throws unless {@code width} numbers from {@code offset} have norm one, within 1e-6. */
  static void unit(String argument, double[] row, int offset, int width) {
    double squares = 0;
    for (int i = offset; i < offset + width; i++) {
      squares += row[i] * row[i];
    }
    double norm = Math.sqrt(squares);
    if (!(Math.abs(norm - 1) <= UNIT_TOLERANCE)) {
      throw new IllegalArgumentException(
          argument + ": expected a unit vector, got one of norm " + norm);
    }
  }

  static double[] unitRow(String argument, SimpleMatrix row, int width) {
    double[] numbers = Check.matrix(argument, row, 1, width).getDDRM().data;
    unit(argument, numbers, 0, width);
    return numbers;
  }

  /** Returns all stored rows, each block of {@code width} numbers checked to be a unit vector. */
  static double[] unitRows(Tokens tokens, int width) {
    double[] rows = new double[tokens.length() * tokens.space().width()];
    tokens.copyRows(rows, 0);
    for (int start = 0; start < rows.length; start += width) {
      unit("tokens[" + start / tokens.space().width() + "]", rows, start, width);
    }
    return rows;
  }

  static IllegalArgumentException otherFamily(Belief<?> mine, Belief<?> other) {
    return new IllegalArgumentException(
        "other: expected a belief of the same model as " + mine + ", got " + other);
  }
}
