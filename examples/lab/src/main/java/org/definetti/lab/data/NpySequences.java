package org.definetti.lab.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;

/**
 * The NumPy format of {@link SequenceFormat#NPY}: version 1.0, little-endian float64, C order,
 * shape (count, length, width).
 */
final class NpySequences {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int PREAMBLE = MAGIC.length + 2;
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([^)]*)\\)");

  private NpySequences() {}

  static byte[] write(TokenSpace space, List<Named> sequences) {
    int length = sequences.isEmpty() ? 0 : sequences.get(0).tokens().length();
    for (Named sequence : sequences) {
      if (sequence.tokens().length() != length) {
        throw new IllegalArgumentException(
            "format: expected sequences of one length for npy, got "
                + length
                + " and "
                + sequence.tokens().length());
      }
    }
    String shape = "(" + sequences.size() + ", " + length + ", " + space.width() + ")";
    String header = "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }";
    // The format asks for a header padded with spaces to a multiple of 64 bytes, ended by \n.
    int padded = (PREAMBLE + header.length() + 1 + 63) / 64 * 64 - PREAMBLE;
    header = header + " ".repeat(padded - header.length() - 1) + "\n";
    int numbers = sequences.size() * length * space.width();
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.addExact(PREAMBLE + padded, Math.multiplyExact(numbers, 8)))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).putShort((short) padded).put(header.getBytes(StandardCharsets.US_ASCII));
    double[] rows = new double[length * space.width()];
    for (Named sequence : sequences) {
      sequence.tokens().copyRows(rows, 0);
      for (double number : rows) {
        bytes.putDouble(number);
      }
    }
    return bytes.array();
  }

  static List<Named> read(Path file, TokenSpace space) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int[] shape = readShape(bytes, space);
    List<Named> sequences = new ArrayList<>();
    double[] rows = new double[shape[1] * shape[2]];
    for (int i = 0; i < shape[0]; i++) {
      for (int j = 0; j < rows.length; j++) {
        rows[j] = bytes.getDouble();
      }
      for (int j = 0; j < shape[1]; j++) {
        space.check("data sequence " + i + ", token " + j, rows, j * shape[2]);
      }
      sequences.add(new Named(String.valueOf(i), Tokens.ofRows(space, rows)));
    }
    return sequences;
  }

  private static int[] readShape(ByteBuffer bytes, TokenSpace space) {
    byte[] magic = new byte[MAGIC.length];
    if (bytes.remaining() < PREAMBLE) {
      throw new IllegalArgumentException(
          "data: expected a NumPy file, got " + bytes.remaining() + " bytes");
    }
    bytes.get(magic);
    if (magic[0] != MAGIC[0] || magic[1] != 'N' || magic[6] != 1) {
      throw new IllegalArgumentException("data: expected a NumPy file of version 1.0");
    }
    int length = Short.toUnsignedInt(bytes.getShort());
    if (bytes.remaining() < length) {
      throw new IllegalArgumentException("data: expected a whole NumPy header, got a torn file");
    }
    byte[] text = new byte[length];
    bytes.get(text);
    String header = new String(text, StandardCharsets.US_ASCII);
    Matcher matcher = SHAPE.matcher(header);
    if (!header.contains("<f8") || !header.contains("False") || !matcher.find()) {
      throw new IllegalArgumentException(
          "data: expected little-endian float64 in C order, got " + header.strip());
    }
    String[] sizes = matcher.group(1).replace(" ", "").split(",");
    if (sizes.length != 3 || Integer.parseInt(sizes[2]) != space.width()) {
      throw new IllegalArgumentException(
          "data: expected shape (count, length, "
              + space.width()
              + "), got ("
              + matcher.group(1)
              + ")");
    }
    int[] shape = new int[3];
    for (int i = 0; i < 3; i++) {
      shape[i] = Integer.parseInt(sizes[i]);
    }
    if (bytes.remaining() != 8L * shape[0] * shape[1] * shape[2]) {
      throw new IllegalArgumentException(
          "data: expected "
              + 8L * shape[0] * shape[1] * shape[2]
              + " bytes of numbers, got "
              + bytes.remaining());
    }
    return shape;
  }
}
