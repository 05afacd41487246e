package org.definetti.lab.model;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.definetti.latent.ModelDescription;
import org.ejml.simple.SimpleMatrix;

/**
 * Writes a description as the text of a model file: name, version, words, numbers, matrices, each
 * in the order of the description. By hand, because no generator puts a row on a line.
 */
final class ModelText {

  /** The first two fields of every file; no hyperparameter has such a name. */
  static final String MODEL = "model";

  static final String VERSION = "version";

  private static final Pattern PLAIN = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /** What YAML reads as something else than a word. */
  private static final Set<String> NO_WORDS =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  /** Whole numbers below this are written without a point; a double holds them exactly. */
  private static final double LARGEST_WHOLE = 1e15;

  private final boolean json;

  ModelText(boolean json) {
    this.json = json;
  }

  String of(ModelDescription description) {
    Map<String, String> fields = new LinkedHashMap<>();
    put(fields, MODEL, word(description.name()));
    put(fields, VERSION, String.valueOf(description.version()));
    description.choices().forEach((name, value) -> put(fields, name, word(value)));
    description.numbers().forEach((name, value) -> put(fields, name, number(name, value)));
    description.arrays().forEach((name, value) -> put(fields, name, matrix(name, value)));
    if (json) {
      StringJoiner text = new StringJoiner(",\n", "{\n", "\n}\n");
      fields.forEach((name, value) -> text.add("  \"" + name + "\": " + value));
      return text.toString();
    }
    StringBuilder text = new StringBuilder();
    fields.forEach(
        (name, value) ->
            text.append(name).append(value.startsWith("\n") ? ":" : ": ").append(value + "\n"));
    return text.toString();
  }

  private static void put(Map<String, String> fields, String name, String value) {
    if (!PLAIN.matcher(name).matches() || fields.put(name, value) != null) {
      throw new IllegalArgumentException(
          "description: expected lower-case fields with hyphens, each once, got " + name);
    }
  }

  private String word(String value) {
    if (!json && PLAIN.matcher(value).matches() && !NO_WORDS.contains(value)) {
      return value;
    }
    return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(value)) + '"';
  }

  private static String number(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + ": expected finite numbers, got " + value);
    }
    boolean negativeZero = value == 0 && 1 / value < 0;
    boolean whole = value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE;
    return whole && !negativeZero ? Long.toString((long) value) : Double.toString(value);
  }

  private String matrix(String name, SimpleMatrix matrix) {
    if (matrix.getNumElements() == 0) {
      throw new IllegalArgumentException(name + ": expected a matrix of numbers, got none");
    }
    if (matrix.getNumRows() == 1) {
      return row(name, matrix, 0);
    }
    StringJoiner rows =
        json
            ? new StringJoiner(",\n    ", "[\n    ", "\n  ]")
            : new StringJoiner("\n  - ", "\n  - ", "");
    for (int i = 0; i < matrix.getNumRows(); i++) {
      rows.add(row(name, matrix, i));
    }
    return rows.toString();
  }

  private static String row(String name, SimpleMatrix matrix, int i) {
    StringJoiner row = new StringJoiner(", ", "[", "]");
    for (int j = 0; j < matrix.getNumCols(); j++) {
      row.add(number(name, matrix.get(i, j)));
    }
    return row.toString();
  }
}
