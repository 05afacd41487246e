package org.definetti.lab.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.experiment.AtomicFile;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;

/**
 * A model written in a file, as YAML or JSON by the file's ending: what its {@link
 * LatentModel#description} says, with every number to the last bit.
 *
 * <pre>{@code
 * model: gaussian-mean
 * version: 1
 * dimension: 2
 * prior-variance: 1
 * noise-variance: 0.25
 * label-variance: 0.25
 * prior-mean: [0, 0.5]
 * }</pre>
 *
 * <p>A field is a word, a number, or a matrix: a list of rows, or one row alone. Whatever a file
 * says wrongly is refused in one sentence with the file, the line, the model and the field.
 *
 * @param path where it was read
 * @param sha256 the hash of its bytes, in hexadecimal
 * @param description what it says
 * @param lines the line of each field, from 1, in the order of the file
 */
public record ModelFile(
    Path path, String sha256, ModelDescription description, Map<String, Integer> lines) {

  private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");

  /** The largest file that is read: a million numbers in full precision are a third of it. */
  static final long MOST_BYTES = 64_000_000;

  /** Copies the map. */
  public ModelFile {
    lines = Map.copyOf(lines);
  }

  /** Returns whether a text names a model file: it ends in .yaml, .yml or .json. */
  public static boolean isNamedBy(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(lower::endsWith);
  }

  private static boolean isJson(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
  }

  /**
   * Reads a model file.
   *
   * @throws IllegalArgumentException naming the file, and the line and field where there is one, if
   *     it cannot be read, is too large, or is not of the form
   */
  public static ModelFile read(Path file) {
    byte[] bytes = bytes(file);
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "model " + file + ": expected text in UTF-8, got other bytes", e);
    }
    ModelFields fields = ModelFields.parse(file.toString(), text, isJson(file));
    return new ModelFile(file, sha256(bytes), fields.description(), fields.lines());
  }

  private static byte[] bytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw new IllegalArgumentException(
            "model " + file + ": expected at most " + MOST_BYTES + " bytes, got " + size);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "model: expected a readable model file, got " + file + " (" + why(e) + ")", e);
    }
  }

  private static String why(IOException e) {
    return e instanceof NoSuchFileException ? "no such file" : String.valueOf(e.getMessage());
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Builds the model.
   *
   * @throws IllegalArgumentException naming file, line, model and field if there is no such model
   *     or a field is missing, unknown or wrong
   */
  public LatentModel<?> model() {
    return new ModelFileErrors(this).build();
  }

  /**
   * Writes a description as a model file, YAML or JSON by the file's ending, in place of the file.
   *
   * @throws IllegalArgumentException if the name has another ending, or the description holds what
   *     no model file can: a number that is not finite, a matrix without numbers, two fields of one
   *     name
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public static void write(Path file, ModelDescription description) {
    if (!isNamedBy(file.toString())) {
      throw new IllegalArgumentException(
          "save: expected a file ending in .yaml, .yml or .json, got " + file);
    }
    AtomicFile.write(file, isJson(file) ? json(description) : yaml(description));
  }

  /** Returns a description as YAML; see {@link #write}. */
  public static String yaml(ModelDescription description) {
    return new ModelText(false).of(description);
  }

  /** Returns a description as JSON; see {@link #write}. */
  public static String json(ModelDescription description) {
    return new ModelText(true).of(description);
  }
}
