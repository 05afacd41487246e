package org.definetti.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.optimise.OptimiserState;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  private static final List<ParameterShape> SHAPES =
      List.of(new ParameterShape("a.map", 2, 2), new ParameterShape("b", 1, 1));

  private static final SimpleMatrix A = new SimpleMatrix(new double[][] {{1, -2}, {0.5, 1e-20}});

  private static Checkpoint checkpoint() {
    Parameters parameters = Parameters.zeros(SHAPES).with("a.map", A);
    Parameters second = parameters.with("b", new SimpleMatrix(new double[][] {{7}}));
    return new Checkpoint(
        "abc",
        second,
        parameters,
        OptimiserState.of(12, List.of(parameters.zeros(), second)),
        List.of(new LossPoint(5, 0.1, 0.02), new LossPoint(10, 1.0 / 3.0, 0.01)),
        List.of(new ValidationPoint(7, 0.25)),
        0.7,
        2);
  }

  @Test
  void roundTripIsExact(@TempDir Path directory) {
    Path file = directory.resolve("c");
    checkpoint().write(file);
    assertEquals(checkpoint(), Checkpoint.read(file));
    checkpoint().write(file); // in place
    assertFalse(Files.exists(directory.resolve("c.tmp")));
  }

  @Test
  void anEmptyLogAndNoMomentsRoundTrip(@TempDir Path directory) {
    Checkpoint plain =
        new Checkpoint(
            "é\"",
            Parameters.zeros(SHAPES),
            Parameters.zeros(SHAPES),
            OptimiserState.of(0, List.of()),
            List.of(),
            List.of(),
            0,
            0);
    plain.write(directory.resolve("c"));
    assertEquals(plain, Checkpoint.read(directory.resolve("c")));
  }

  @Test
  void theFileIsSafetensors(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("c");
    checkpoint().write(file);
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int size = (int) in.getLong();
    assertEquals(0, size % 8);
    String header = new String(in.array(), 8, size, StandardCharsets.UTF_8);
    assertTrue(header.startsWith("{\"__metadata__\":{\"format\":\"definetti-checkpoint-1\""));
    assertTrue(
        header.contains("\"a.map\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}"));
    assertEquals(-2f, in.getFloat(8 + size + 4));
  }

  @Test
  void damageIsFound(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("c");
    checkpoint().write(file);
    byte[] bytes = Files.readAllBytes(file);
    for (int cut : new int[] {0, 5, 40, bytes.length - 1}) {
      Files.write(file, Arrays.copyOf(bytes, cut));
      Exception error = assertThrows(IllegalArgumentException.class, () -> Checkpoint.read(file));
      assertTrue(
          String.valueOf(error.getMessage())
              .startsWith("file: expected an undamaged safetensors file"));
    }
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    Exception error = assertThrows(IllegalArgumentException.class, () -> Checkpoint.read(file));
    assertTrue(String.valueOf(error.getMessage()).contains("crc32: expected"));
  }

  @Test
  void anotherFormatIsRefused(@TempDir Path directory) {
    Path file = directory.resolve("c");
    new TensorFile(Map.of("format", "other"), List.of()).write(file);
    Exception error = assertThrows(IllegalArgumentException.class, () -> Checkpoint.read(file));
    assertTrue(
        String.valueOf(error.getMessage()).contains("expected format definetti-checkpoint-1"));
  }

  @Test
  void failuresOfTheDiskAreReported(@TempDir Path directory) {
    Path missing = directory.resolve("no").resolve("c");
    assertThrows(UncheckedIOException.class, () -> checkpoint().write(missing));
    assertThrows(UncheckedIOException.class, () -> Checkpoint.read(missing));
  }
}
