package org.definetti.engine.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * How matrices of the vector kernels lie in memory: in panels of {@link #WIDTH} columns.
 *
 * <pre>
 * {@code  element (r, c) of a matrix at `at` is  a[at + (c / WIDTH) · panel + r · WIDTH + c % WIDTH]  }
 * </pre>
 *
 * <p>Rows of a panel lie one after the other, so products find A, B and C at constant distances, B
 * needs no packing, and no two rows of a panel share a cache set more than they must. {@code panel}
 * is an odd number of rows, so that neither do panels. Columns past a matrix's width are zero; rows
 * past its height have no meaning and are there because products work on tiles of rows.
 */
final class Panels {

  /** Vectors of 8 numbers: what AVX2 has, and no slower than 16 on processors that split those. */
  static final VectorSpecies<Float> LANES = FloatVector.SPECIES_256;

  /** Numbers in a vector. */
  static final int HALF = 8;

  /** Columns of a panel. */
  static final int WIDTH = 16;

  private static final int LARGE = 6;
  private static final int SMALL = 5;

  private Panels() {}

  /** Returns how many panels hold this many columns. */
  static int count(int columns) {
    return (columns + WIDTH - 1) / WIDTH;
  }

  /** Returns this many columns or rows rounded up to whole panels. */
  static int padded(int columns) {
    return count(columns) * WIDTH;
  }

  /** Returns the numbers of a panel with room for this many rows. */
  static int panel(int rows) {
    return (padded(rows) + WIDTH + 1) * WIDTH;
  }

  /** Returns the number of tiles of five rows among those of {@code rows} rows. */
  static int fives(int rows) {
    int n = tiled(rows);
    return (LARGE - n % LARGE) % LARGE;
  }

  /** Returns the least n >= rows that is a sum of sixes and at most five fives. */
  static int tiled(int rows) {
    int n = rows;
    while (SMALL * ((LARGE - n % LARGE) % LARGE) > n) {
      n++;
    }
    return n;
  }

  /** Copies row-major rows (rows, width) into panels and fills columns past the width with zero. */
  static void read(float[] in, int inAt, int rows, int width, float[] out, int outAt, int panel) {
    for (int c = 0; c < width; c += WIDTH) {
      int to = outAt + c / WIDTH * panel;
      int n = Math.min(WIDTH, width - c);
      if (n == WIDTH) {
        readWhole(in, inAt + c, rows, width, out, to);
      } else {
        for (int r = 0; r < rows; r++) {
          System.arraycopy(in, inAt + r * width + c, out, to + r * WIDTH, n);
          Arrays.fill(out, to + r * WIDTH + n, to + (r + 1) * WIDTH, 0f);
        }
      }
    }
  }

  private static void readWhole(float[] in, int inAt, int rows, int width, float[] out, int to) {
    for (int r = 0; r < rows; r++) {
      int i = inAt + r * width;
      FloatVector.fromArray(LANES, in, i).intoArray(out, to + r * WIDTH);
      FloatVector.fromArray(LANES, in, i + HALF).intoArray(out, to + r * WIDTH + HALF);
    }
  }

  /** Copies panels to row-major rows (rows, width). */
  static void write(float[] in, int inAt, int panel, int rows, int width, float[] out, int outAt) {
    for (int c = 0; c < width; c += WIDTH) {
      int from = inAt + c / WIDTH * panel;
      int n = Math.min(WIDTH, width - c);
      if (n == WIDTH) {
        writeWhole(in, from, rows, out, outAt + c, width);
      } else {
        for (int r = 0; r < rows; r++) {
          System.arraycopy(in, from + r * WIDTH, out, outAt + r * width + c, n);
        }
      }
    }
  }

  private static void writeWhole(
      float[] in, int from, int rows, float[] out, int outAt, int width) {
    for (int r = 0; r < rows; r++) {
      int i = outAt + r * width;
      FloatVector.fromArray(LANES, in, from + r * WIDTH).intoArray(out, i);
      FloatVector.fromArray(LANES, in, from + r * WIDTH + HALF).intoArray(out, i + HALF);
    }
  }

  /** Adds rows {@code 0..rows} of one panel to those of another. */
  static void addPanel(float[] in, int inAt, float[] out, int outAt, int rows) {
    for (int i = 0; i < rows * WIDTH; i += HALF) {
      FloatVector.fromArray(LANES, in, inAt + i)
          .add(FloatVector.fromArray(LANES, out, outAt + i))
          .intoArray(out, outAt + i);
    }
  }

  /** Transposes WIDTH rows of one panel: out (WIDTH, WIDTH) = inᵀ. */
  static void transpose(float[] in, int inAt, float[] out, int outAt) {
    for (int r = 0; r < WIDTH; r++) {
      for (int c = 0; c < WIDTH; c++) {
        out[outAt + c * WIDTH + r] = in[inAt + r * WIDTH + c];
      }
    }
  }
}
