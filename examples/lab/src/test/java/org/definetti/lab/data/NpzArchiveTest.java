package org.definetti.lab.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.GaussianMean;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Archives as NumPy writes them; that NumPy reads them is shown by the page on other languages. */
final class NpzArchiveTest {

  private static final RealTokens PLANE = new RealTokens(2);

  @TempDir Path folder;

  private static List<Named> sequences() {
    return List.of(
        new Named("0", Tokens.owning(PLANE, new double[] {1, 2, 3, 4, 5, 6})),
        new Named("1", Tokens.owning(PLANE, new double[] {7, 8})),
        new Named("2", Tokens.owning(PLANE, new double[0])));
  }

  private static NpzArchive archive() {
    GaussianMean model = GaussianMean.of(2, 1, 1);
    List<Map<String, SimpleMatrix>> exact =
        sequences().stream()
            .map(one -> ExactAnswers.of(model, one.tokens(), model.labelQuery()))
            .toList();
    return NpzArchive.of(PLANE, sequences())
        .withLabels(List.of(new double[] {1, 0}, new double[] {0, 1}, new double[] {0, 0}))
        .withExact(exact);
  }

  /** Returns the arrays by name, headers and numbers, read by the JDK's own streams. */
  private static Map<String, ByteBuffer> arrays(byte[] file) throws IOException {
    Map<String, ByteBuffer> arrays = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        assertEquals(ZipEntry.STORED, entry.getMethod());
        arrays.put(
            entry.getName(), ByteBuffer.wrap(zip.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    return arrays;
  }

  private static String header(ByteBuffer array) {
    byte[] text = new byte[array.getShort(8)];
    array.get(10, text);
    return new String(text, StandardCharsets.US_ASCII).strip();
  }

  @Test
  void holdsWhatTheNamesSay() throws IOException {
    Map<String, ByteBuffer> arrays = arrays(archive().bytes());
    assertEquals(
        List.of("tokens.npy", "lengths.npy", "labels.npy", "predictive_mean.npy"),
        List.copyOf(arrays.keySet()).subList(0, 4));
    assertEquals(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 3, 2), }",
        header(arrays.get("tokens.npy")));
    assertEquals(
        "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }",
        header(arrays.get("lengths.npy")));
    assertTrue(header(arrays.get("labels.npy")).contains("(3, 2)"));
    assertTrue(header(arrays.get("predictive_mean.npy")).contains("(3, 2)"));
    assertTrue(header(arrays.get("bayes_risk.npy")).contains("(3,)"));
    ByteBuffer risk = arrays.get("bayes_risk.npy");
    // tr Cov(x | X) = d (s2 + 1 / (1/t2 + L/s2)), L = 3, 1, 0
    for (int i = 0; i < 3; i++) {
      double expected = 2 * (1 + 1.0 / (1 + List.of(3, 1, 0).get(i)));
      assertEquals(expected, risk.getDouble(risk.limit() - 8 * (3 - i)), 1e-12);
    }
  }

  @Test
  void sameArraysSameBytes() {
    byte[] first = archive().bytes();
    TimeZone here = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      assertArrayEquals(first, archive().bytes());
    } finally {
      TimeZone.setDefault(here);
    }
  }

  @Test
  void readsBackWhatItWrote() {
    Path file = folder.resolve("all.npz");
    archive().write(file);
    List<Named> read = SequenceFormat.read(file, PLANE);
    assertEquals(3, read.size());
    for (int i = 0; i < 3; i++) {
      assertEquals(sequences().get(i).name(), read.get(i).name());
      assertArrayEquals(rows(sequences().get(i).tokens()), rows(read.get(i).tokens()));
    }
    assertEquals(2, UnknownSpace.readNumbers(file).get(0).tokens().space().width());
  }

  private static double[] rows(Tokens tokens) {
    double[] rows = new double[tokens.length() * 2];
    tokens.copyRows(rows, 0);
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "text, 'data: expected a NumPy archive, got '",
    "empty, 'data: expected an array tokens, got none in '",
    "long, 'data lengths: expected 0 to 3, got 4'",
    "wide, 'data: expected shape (any, any, 1), got (3, 3, 2)'",
  })
  void wrongArchivesAreRefused(String kind, String message) throws IOException {
    Path file = folder.resolve("wrong.npz");
    switch (kind) {
      case "text" -> Files.writeString(file, "sequence,x1,x2\n");
      case "empty" -> new NpzArchive(Map.of()).write(file);
      case "long" -> archive().with("lengths", NpyArray.bytesOf(4, 1, 0)).write(file);
      default -> archive().write(file);
    }
    Exception refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                SequenceFormat.read(file, kind.equals("wide") ? new CategoricalTokens(9) : PLANE));
    assertTrue(refused.getMessage().startsWith(message), refused.getMessage());
  }

  @Test
  void anEmptyArchiveIsOne() throws IOException {
    Map<String, ByteBuffer> arrays = arrays(NpzArchive.of(PLANE, List.of()).bytes());
    assertTrue(header(arrays.get("tokens.npy")).contains("(0, 0, 2)"));
    assertEquals(List.of("tokens.npy", "lengths.npy"), List.copyOf(arrays.keySet()));
  }
}
