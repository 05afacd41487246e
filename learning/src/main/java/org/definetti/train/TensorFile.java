package org.definetti.train;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.definetti.engine.ParameterShape;

/**
 * Named matrices in the safetensors layout, float32 or float64.
 *
 * <pre>{@code
 * 8 bytes   length N of the header, little-endian
 * N bytes   JSON: {"__metadata__": {text: text}, name: {"dtype": "F32" | "F64",
 *           "shape": [rows, columns], "data_offsets": [from, to]}, ...}, padded with spaces
 * the rest  the numbers, little-endian, row by row; offsets count from the end of the header
 * }</pre>
 *
 * <p>Metadata entry {@code crc32} is the checksum of the numbers, checked on reading. Source of the
 * layout: [recalled: the safetensors format].
 */
record TensorFile(Map<String, String> metadata, List<Tensor> tensors) {

  private static final String METADATA = "__metadata__";
  private static final String CHECKSUM = "crc32";
  private static final int ALIGNMENT = 8;

  /** One matrix: its numbers are little-endian bytes, row by row. */
  record Tensor(String name, boolean wide, int rows, int columns, ByteBuffer bytes) {

    static Tensor ofFloats(String prefix, ParameterShape shape, float[] data, int offset) {
      ByteBuffer bytes = little(shape.size() * Float.BYTES);
      bytes.asFloatBuffer().put(data, offset, shape.size());
      return new Tensor(prefix + shape.name(), false, shape.rows(), shape.columns(), bytes);
    }

    static Tensor ofDoubles(String name, int rows, int columns, double[] numbers) {
      ByteBuffer bytes = little(numbers.length * Double.BYTES);
      bytes.asDoubleBuffer().put(numbers);
      return new Tensor(name, true, rows, columns, bytes);
    }

    void copyFloats(float[] out, int offset) {
      bytes.asFloatBuffer().get(0, out, offset, rows * columns);
    }

    double[] doubles() {
      double[] numbers = new double[rows * columns];
      bytes.asDoubleBuffer().get(0, numbers);
      return numbers;
    }
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  Tensor tensor(String name) {
    return tensors.stream()
        .filter(tensor -> tensor.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("tensors: expected one named " + name + ", got none"));
  }

  /** Writes through a temporary file and a rename, so that a reader sees all or nothing. */
  void write(Path file) {
    byte[] content = encode();
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      // A stream, not a channel: an interrupt must not tear a checkpoint.
      try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
        out.write(content);
        out.getFD().sync();
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private byte[] encode() {
    int size = tensors.stream().mapToInt(tensor -> tensor.bytes().capacity()).sum();
    byte[] numbers = new byte[size];
    int at = 0;
    for (Tensor tensor : tensors) {
      tensor.bytes().get(0, numbers, at, tensor.bytes().capacity());
      at += tensor.bytes().capacity();
    }
    Map<String, Object> header = new LinkedHashMap<>();
    Map<String, Object> texts = new LinkedHashMap<>(metadata);
    texts.put(CHECKSUM, checksum(numbers, 0, size));
    header.put(METADATA, texts);
    long offset = 0;
    for (Tensor tensor : tensors) {
      long end = offset + tensor.bytes().capacity();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", tensor.wide() ? "F64" : "F32");
      entry.put("shape", List.of((long) tensor.rows(), (long) tensor.columns()));
      entry.put("data_offsets", List.of(offset, end));
      header.put(tensor.name(), entry);
      offset = end;
    }
    byte[] text = TensorHeader.write(header).getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] content = new byte[Long.BYTES + padded + size];
    Arrays.fill(content, (byte) ' ');
    ByteBuffer out = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(padded).put(text).position(Long.BYTES + padded).put(numbers);
    return content;
  }

  private static String checksum(byte[] bytes, int from, int count) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, count);
    return Long.toHexString(crc.getValue());
  }

  /** Reads and checks a file. */
  static TensorFile read(Path file) {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    try {
      return decode(content);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "file: expected an undamaged safetensors file, got " + file + " (" + e.getMessage() + ")",
          e);
    }
  }

  private static TensorFile decode(byte[] content) {
    ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int headerSize = Math.toIntExact(in.getLong());
    int start = Math.addExact(Long.BYTES, headerSize);
    Map<String, Object> header =
        TensorHeader.read(new String(content, Long.BYTES, headerSize, StandardCharsets.UTF_8));
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Tensor> tensors = new ArrayList<>();
    header.forEach(
        (name, value) -> {
          Map<?, ?> entry = (Map<?, ?>) value;
          if (name.equals(METADATA)) {
            entry.forEach((key, text) -> metadata.put((String) key, (String) text));
          } else {
            tensors.add(tensor(name, entry, content, start));
          }
        });
    String expected = metadata.remove(CHECKSUM);
    String got = checksum(content, start, content.length - start);
    if (expected != null && !expected.equals(got)) {
      throw new IllegalArgumentException("crc32: expected " + expected + ", got " + got);
    }
    return new TensorFile(metadata, tensors);
  }

  private static Tensor tensor(String name, Map<?, ?> entry, byte[] content, int start) {
    boolean wide = "F64".equals(entry.get("dtype"));
    if (!wide && !"F32".equals(entry.get("dtype"))) {
      throw new IllegalArgumentException("dtype: expected F32 or F64, got " + entry.get("dtype"));
    }
    int rows = number(entry, "shape", 0);
    int columns = number(entry, "shape", 1);
    int from = number(entry, "data_offsets", 0);
    int size = rows * columns * (wide ? Double.BYTES : Float.BYTES);
    ByteBuffer bytes = little(size);
    bytes.put(content, start + from, size).rewind();
    return new Tensor(name, wide, rows, columns, bytes);
  }

  private static int number(Map<?, ?> entry, String key, int index) {
    if (entry.get(key) instanceof List<?> list && list.get(index) instanceof Long number) {
      return Math.toIntExact(number);
    }
    throw new IllegalArgumentException(key + ": expected a list of numbers, got " + entry.get(key));
  }
}
