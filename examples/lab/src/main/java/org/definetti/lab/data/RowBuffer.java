package org.definetti.lab.data;

import java.util.Arrays;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;

/** A growing table of rows that becomes a sequence of tokens. */
final class RowBuffer {

  private final int width;
  private double[] rows;
  private int used;

  RowBuffer(int width) {
    this.width = width;
    this.rows = new double[64 * width];
  }

  void add(double[] row) {
    if (used + width > rows.length) {
      rows = Arrays.copyOf(rows, 2 * rows.length);
    }
    System.arraycopy(row, 0, rows, used, width);
    used += width;
  }

  Tokens take(TokenSpace space) {
    Tokens tokens = Tokens.ofRows(space, Arrays.copyOf(rows, used));
    used = 0;
    return tokens;
  }
}
