package org.definetti.lab.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A NumPy array file: version 1.0, little-endian float64, C order. */
final class NpyArray {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int PREAMBLE = MAGIC.length + 2;
  private static final int ALIGNMENT = 64;
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([\\d,\\s]*)\\)");
  private static final Pattern C_ORDER = Pattern.compile("'fortran_order':\\s*False");

  private final int[] shape;
  private final double[] numbers;

  /**
   * Returns the array of these numbers.
   *
   * @param numbers last axis fastest. Not copied.
   */
  NpyArray(int[] shape, double[] numbers) {
    this.shape = shape;
    this.numbers = numbers;
  }

  /** Returns the size of an axis. */
  int size(int axis) {
    return shape[axis];
  }

  /** Returns a copy of the {@code index}-th of the parts that the first axis has. */
  double[] part(int index) {
    int size = shape[0] == 0 ? 0 : numbers.length / shape[0];
    return Arrays.copyOfRange(numbers, index * size, (index + 1) * size);
  }

  /**
   * Reads a file.
   *
   * @param argument what errors call the file
   * @param expected the sizes of the axes, -1 where any will do. Not modified.
   * @throws IllegalArgumentException if it is not such a file or has another shape
   */
  static NpyArray read(String argument, Path file, int... expected) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int[] shape = shape(argument, header(argument, bytes), expected);
    long count = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
    if (bytes.remaining() != Math.multiplyExact(count, (long) Double.BYTES)) {
      throw new IllegalArgumentException(
          argument + ": expected " + count + " numbers, got " + bytes.remaining() + " bytes");
    }
    double[] numbers = new double[Math.toIntExact(count)];
    bytes.asDoubleBuffer().get(numbers);
    return new NpyArray(shape, numbers);
  }

  private static String header(String argument, ByteBuffer bytes) {
    byte[] magic = new byte[MAGIC.length];
    if (bytes.remaining() >= PREAMBLE) {
      bytes.get(magic);
    }
    if (!Arrays.equals(magic, MAGIC)) {
      throw new IllegalArgumentException(
          argument + ": expected a NumPy file of version 1.0, got something else");
    }
    byte[] text = new byte[Math.min(Short.toUnsignedInt(bytes.getShort()), bytes.remaining())];
    bytes.get(text);
    return new String(text, StandardCharsets.US_ASCII);
  }

  private static int[] shape(String argument, String header, int[] expected) {
    Matcher matcher = SHAPE.matcher(header);
    if (!header.contains("'<f8'") || !C_ORDER.matcher(header).find() || !matcher.find()) {
      throw new IllegalArgumentException(
          argument + ": expected little-endian float64 in C order, got " + header.strip());
    }
    int[] shape;
    try {
      shape =
          Arrays.stream(matcher.group(1).split(",", -1))
              .map(String::strip)
              .filter(size -> !size.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
    } catch (NumberFormatException e) {
      shape = new int[0]; // a size beyond what an array here can hold: not the shape asked for
    }
    boolean fits = shape.length == expected.length;
    for (int i = 0; fits && i < shape.length; i++) {
      fits = expected[i] < 0 || shape[i] == expected[i];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          argument
              + ": expected shape "
              + text(expected)
              + ", got ("
              + matcher.group(1).strip()
              + ")");
    }
    return shape;
  }

  private static String text(int[] shape) {
    return Arrays.stream(shape)
        .mapToObj(size -> size < 0 ? "any" : String.valueOf(size))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** Returns the bytes of the file. */
  byte[] bytes() {
    String dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': " + text(shape) + ", }";
    // The format asks for a header padded with spaces to a multiple of 64 bytes, ended by \n.
    int blocks = (PREAMBLE + dictionary.length() + ALIGNMENT) / ALIGNMENT;
    int padded = blocks * ALIGNMENT - PREAMBLE;
    String header = dictionary + " ".repeat(padded - dictionary.length() - 1) + "\n";
    int size = Math.addExact(blocks * ALIGNMENT, Math.multiplyExact(numbers.length, Double.BYTES));
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).putShort((short) padded).put(header.getBytes(StandardCharsets.US_ASCII));
    bytes.asDoubleBuffer().put(numbers);
    return bytes.array();
  }
}
