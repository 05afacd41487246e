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

/**
 * A NumPy array file: version 1.0, little-endian, C order; of float64, and one axis of int64 too.
 */
final class NpyArray {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int PREAMBLE = MAGIC.length + 2;
  private static final int ALIGNMENT = 64;
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([\\d,\\s]*)\\)");
  private static final String DOUBLES = "<f8";
  private static final String LONGS = "<i8";
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
    return of(argument, Files.readAllBytes(file), expected);
  }

  /** Reads the bytes of a file, as {@link #read} does. */
  static NpyArray of(String argument, byte[] file, int... expected) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int[] shape = shape(argument, DOUBLES, header(argument, bytes), expected);
    double[] numbers = new double[count(argument, shape, bytes)];
    bytes.asDoubleBuffer().get(numbers);
    return new NpyArray(shape, numbers);
  }

  /** Reads {@code count} whole numbers from the bytes of a file. */
  static long[] wholes(String argument, byte[] file, int count) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int[] shape = shape(argument, LONGS, header(argument, bytes), count);
    long[] numbers = new long[count(argument, shape, bytes)];
    bytes.asLongBuffer().get(numbers);
    return numbers;
  }

  /** Returns how many numbers of eight bytes there are, as many as the shape says. */
  private static int count(String argument, int[] shape, ByteBuffer bytes) {
    long count = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
    if (bytes.remaining() != Math.multiplyExact(count, (long) Double.BYTES)) {
      throw new IllegalArgumentException(
          argument + ": expected " + count + " numbers, got " + bytes.remaining() + " bytes");
    }
    return Math.toIntExact(count);
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

  private static int[] shape(String argument, String type, String header, int... expected) {
    Matcher matcher = SHAPE.matcher(header);
    if (!header.contains("'" + type + "'") || !C_ORDER.matcher(header).find() || !matcher.find()) {
      throw new IllegalArgumentException(
          argument
              + ": expected little-endian "
              + (type.equals(DOUBLES) ? "float64" : "int64")
              + " in C order, got "
              + header.strip());
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
    byte[] file = begin(DOUBLES, shape, numbers.length);
    body(file, numbers.length).asDoubleBuffer().put(numbers);
    return file;
  }

  /** Returns the bytes of a file of whole numbers. */
  static byte[] bytesOf(long... numbers) {
    byte[] file = begin(LONGS, new int[] {numbers.length}, numbers.length);
    body(file, numbers.length).asLongBuffer().put(numbers);
    return file;
  }

  /** Returns a file with its header and room for its numbers. */
  private static byte[] begin(String type, int[] shape, int count) {
    // In Python (5) is a number and (5,) a tuple.
    String axes = shape.length == 1 ? "(" + shape[0] + ",)" : text(shape);
    String dictionary =
        "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + axes + ", }";
    // The format asks for a header padded with spaces to a multiple of 64 bytes, ended by \n.
    int blocks = (PREAMBLE + dictionary.length() + ALIGNMENT) / ALIGNMENT;
    int padded = blocks * ALIGNMENT - PREAMBLE;
    String header = dictionary + " ".repeat(padded - dictionary.length() - 1) + "\n";
    int size = Math.addExact(blocks * ALIGNMENT, Math.multiplyExact(count, Double.BYTES));
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).putShort((short) padded).put(header.getBytes(StandardCharsets.US_ASCII));
    return bytes.array();
  }

  /** Returns the last {@code count} numbers of a file. */
  private static ByteBuffer body(byte[] file, int count) {
    int size = count * Double.BYTES;
    return ByteBuffer.wrap(file, file.length - size, size).slice().order(ByteOrder.LITTLE_ENDIAN);
  }
}
