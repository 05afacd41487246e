package org.definetti.lab.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/** Whatever a file holds, it is a model or refused in one sentence that names the file. */
class ModelFileProperties {

  private static final List<String> PIECES =
      List.of(
          "-1",
          "0",
          "2",
          "1e-320",
          "1e308",
          "1e999",
          ".nan",
          "NaN",
          "null",
          "true",
          "[",
          "]",
          "{",
          "}",
          ":",
          "- ",
          "  ",
          "\n",
          "\t",
          "\"",
          "'",
          "#",
          "&a ",
          "*a",
          "!!binary ",
          "---\n",
          "...\n",
          "? ",
          "| ",
          "> ",
          "%YAML 1.1\n",
          "\0",
          "\ufeff",
          "é",
          "model: urn\n",
          "version: 2\n",
          ",",
          "0x10",
          "[[1]]",
          "[]",
          "[[[[[[[[",
          "1_0",
          "sphere",
          "999999999999999999999");

  private static Path folder = Path.of("");

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("model-files");
  }

  @AfterContainer
  static void deleteFolder() throws IOException {
    for (String ending : List.of("yaml", "json")) {
      Files.deleteIfExists(folder.resolve("model." + ending));
    }
    Files.delete(folder);
  }

  private static final List<ModelDescription> DESCRIPTIONS =
      Models.ALL.stream().map(model -> model.build("").description()).toList();

  private static ModelDescription any(RandomGenerator rng) {
    return DESCRIPTIONS.get(rng.nextInt(DESCRIPTIONS.size()));
  }

  /** Whole pieces of text replaced, doubled, dropped and moved. */
  @Property(tries = 1500, seed = "20261127")
  void mutatedFilesAreModelsOrRefused(@ForAll long seed) throws IOException {
    RandomGenerator rng = Seed.of(seed).generator();
    ModelDescription description = any(rng);
    boolean json = rng.nextBoolean();
    StringBuilder text =
        new StringBuilder(json ? ModelFile.json(description) : ModelFile.yaml(description));
    for (int changes = rng.nextInt(4); changes >= 0; changes--) {
      int from = rng.nextInt(text.length() + 1);
      int to = Math.min(text.length(), from + rng.nextInt(12));
      String piece = PIECES.get(rng.nextInt(PIECES.size()));
      switch (rng.nextInt(3)) {
        case 0 -> text.replace(from, to, piece);
        case 1 -> text.insert(from, piece);
        default -> text.insert(rng.nextInt(text.length() + 1), text.substring(from, to));
      }
    }
    assertModelOrRefused(json, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 500, seed = "20261128")
  void mutatedBytesAreModelsOrRefused(@ForAll long seed) throws IOException {
    RandomGenerator rng = Seed.of(seed).generator();
    boolean json = rng.nextBoolean();
    ModelDescription description = any(rng);
    byte[] bytes =
        (json ? ModelFile.json(description) : ModelFile.yaml(description))
            .getBytes(StandardCharsets.UTF_8);
    for (int changes = rng.nextInt(3); changes >= 0; changes--) {
      bytes[rng.nextInt(bytes.length)] = (byte) rng.nextInt(256);
    }
    assertModelOrRefused(json, bytes);
  }

  private static void assertModelOrRefused(boolean json, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(json ? "model.json" : "model.yaml"), bytes);
    try {
      LatentModel<?> model = ModelFile.read(file).model();
      assertFalse(model.description().name().isEmpty());
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith("model " + file), message);
      assertTrue(message.contains(": expected ") || message.contains("than"), message);
    }
  }

  /** Any finite double and any matrix comes back to the last bit, from both formats. */
  @Property(tries = 500, seed = "20261129")
  void everyNumberComesBack(@ForAll long seed) {
    RandomGenerator rng = Seed.of(seed).generator();
    int rows = 1 + rng.nextInt(4);
    int columns = 1 + rng.nextInt(4);
    SimpleMatrix matrix = new SimpleMatrix(rows, columns, true, numbers(rows * columns, rng));
    ModelDescription description =
        ModelDescription.of("any").with("number", number(rng)).with("matrix", matrix);
    for (boolean json : new boolean[] {false, true}) {
      String text = json ? ModelFile.json(description) : ModelFile.yaml(description);
      ModelDescription back = ModelFields.parse("file", text, json).description();
      assertEquals(description.text(), back.text());
    }
  }

  private static double[] numbers(int count, RandomGenerator rng) {
    double[] numbers = new double[count];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(rng);
    }
    return numbers;
  }

  private static double number(RandomGenerator rng) {
    double bits = Double.longBitsToDouble(rng.nextLong());
    return Double.isFinite(bits) && rng.nextInt(8) > 0 ? bits : -0.0;
  }

  /** Every number and every matrix of every model, made wrong, is refused by its own name. */
  @Property(tries = 300, seed = "20261130")
  void wrongFieldsAreNamed(@ForAll long seed) throws IOException {
    RandomGenerator rng = Seed.of(seed).generator();
    ModelDescription description = any(rng);
    List<String> fields = List.copyOf(description.numbers().keySet());
    if (fields.isEmpty()) {
      return;
    }
    String field = fields.get(rng.nextInt(fields.size()));
    Path file = folder.resolve("model.yaml");
    ModelFile.write(file, description.with(field, -1e9));
    try {
      assertEquals(-1e9, ModelFile.read(file).model().description().numbers().get(field));
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.matches("model \\S+ line \\d+: .*\\b" + field + "\\b.*"), message);
    }
  }
}
