package org.definetti.lab.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;

/** The NumPy format of {@link SequenceFormat#NPY}: shape (count, length, width). */
final class NpySequences {

  private NpySequences() {}

  static byte[] write(TokenSpace space, List<Named> sequences) {
    int length = sequences.isEmpty() ? 0 : sequences.get(0).tokens().length();
    int size = Math.multiplyExact(length, space.width());
    double[] numbers = new double[Math.multiplyExact(sequences.size(), size)];
    for (int i = 0; i < sequences.size(); i++) {
      Tokens tokens = sequences.get(i).tokens();
      if (tokens.length() != length) {
        throw new IllegalArgumentException(
            "format: expected sequences of one length for npy, got "
                + length
                + " and "
                + tokens.length());
      }
      tokens.copyRows(numbers, i * size);
    }
    return new NpyArray(new int[] {sequences.size(), length, space.width()}, numbers).bytes();
  }

  static List<Named> read(Path file, TokenSpace space) throws IOException {
    NpyArray array = NpyArray.read("data", file, -1, -1, space.width());
    List<Named> sequences = new ArrayList<>();
    for (int i = 0; i < array.size(0); i++) {
      double[] rows = array.part(i);
      for (int j = 0; j < array.size(1); j++) {
        space.check("data sequence " + i + ", token " + j, rows, j * space.width());
      }
      sequences.add(new Named(String.valueOf(i), Tokens.owning(space, rows)));
    }
    return sequences;
  }
}
