package org.definetti.lab.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.definetti.latent.ModelDescription;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * The fields of a model file as they come, token by token, so that whatever is wrong has its line.
 */
final class ModelFields {

  /** Decimal numbers only: what else YAML takes for a number, such as 1_000 or 0x1f, is refused. */
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");

  private static final int MOST_SHOWN = 40;

  private final String file;
  private final JsonParser parser;
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Map<String, String> words = new LinkedHashMap<>();
  private final Map<String, Double> numbers = new LinkedHashMap<>();
  private final Map<String, SimpleMatrix> matrices = new LinkedHashMap<>();

  private ModelFields(String file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /**
   * Reads the text of a model file.
   *
   * @throws IllegalArgumentException naming the file, and line and field where there is one
   */
  static ModelFields parse(String file, String text, boolean json) {
    try (JsonParser parser = json ? json(text) : yaml(text)) {
      ModelFields fields = new ModelFields(file, parser);
      fields.readAll();
      return fields;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      // Lines that begin with a space show the place, which the line number says.
      String problem =
          String.valueOf(e.getOriginalMessage())
              .lines()
              .filter(part -> !part.startsWith(" "))
              .collect(Collectors.joining(", "));
      throw wrong(
          file,
          line,
          "expected " + (json ? "JSON" : "YAML") + ", which this is not: " + problem,
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static JsonParser json(String text) throws IOException {
    // Read NaN to refuse it by its field.
    return JsonFactory.builder()
        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
        .build()
        .createParser(text);
  }

  private static JsonParser yaml(String text) throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit((int) ModelFile.MOST_BYTES);
    return YAMLFactory.builder().loaderOptions(options).build().createParser(text);
  }

  private void readAll() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw wrong("expected a model, lines such as 'model: gaussian-mean', got " + shown());
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      if (lines.putIfAbsent(field, line()) != null) {
        throw wrong(field, "expected once, got again (first in line " + lines.get(field) + ")");
      }
      parser.nextToken();
      readValue(field);
    }
    if (parser.nextToken() != null) {
      throw wrong("expected the end of the file after one model, got " + shown());
    }
  }

  private void readValue(String field) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_ARRAY) {
      matrices.put(field, matrix(field));
    } else if (isNumber()) {
      numbers.put(field, number(field));
    } else if (token == JsonToken.VALUE_STRING && !parser.getText().isBlank()) {
      words.put(field, parser.getText());
    } else {
      throw wrong(field, "expected a word, a number or rows of numbers, got " + shown());
    }
  }

  private SimpleMatrix matrix(String field) throws IOException {
    boolean nested = parser.nextToken() == JsonToken.START_ARRAY;
    if (!nested) {
      double[] row = row(field, 0);
      return new SimpleMatrix(1, row.length, true, row);
    }
    List<double[]> rows = new ArrayList<>();
    for (; parser.currentToken() == JsonToken.START_ARRAY; parser.nextToken()) {
      parser.nextToken();
      rows.add(row(field, rows.size()));
      int width = rows.get(0).length;
      int last = rows.get(rows.size() - 1).length;
      if (last != width) {
        throw wrong(
            field,
            "expected rows of " + width + " numbers, got " + last + " in row " + rows.size());
      }
    }
    if (parser.currentToken() != JsonToken.END_ARRAY) {
      throw wrong(field, "expected a row [x, y, …], got " + shown());
    }
    return new SimpleMatrix(rows.toArray(double[][]::new));
  }

  private double[] row(String field, int index) throws IOException {
    double[] row = new double[4];
    int count = 0;
    for (; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken()) {
      if (!isNumber()) {
        throw wrong(field, "expected numbers in row " + (index + 1) + ", got " + shown());
      }
      if (count == row.length) {
        row = Arrays.copyOf(row, 2 * count);
      }
      row[count++] = number(field);
    }
    if (count == 0) {
      throw wrong(field, "expected numbers in row " + (index + 1) + ", got none");
    }
    return Arrays.copyOf(row, count);
  }

  /** Whether this is a number, in quotes or not: no word looks like one. */
  private boolean isNumber() throws IOException {
    JsonToken token = parser.currentToken();
    return token != null
        && (token.isNumeric()
            || (token == JsonToken.VALUE_STRING && NUMBER.matcher(parser.getText()).matches()));
  }

  private double number(String field) throws IOException {
    String text = parser.getText();
    if (!NUMBER.matcher(text).matches()) {
      throw wrong(field, "expected a finite decimal number, got " + shown());
    }
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw wrong(field, "expected a number that a double can hold, got " + shown());
    }
    return value;
  }

  /** Returns the model's name and the hyperparameters. */
  ModelDescription description() {
    String name = words.get(ModelText.MODEL);
    if (name == null) {
      throw wrong(
          file,
          lines.getOrDefault(ModelText.MODEL, 0),
          "expected a line 'model: NAME' with a name of " + names() + ", got none",
          null);
    }
    Double version = numbers.get(ModelText.VERSION);
    if (version == null || version != Math.rint(version) || !(version >= 1 && version < 1e9)) {
      throw wrong(
          file,
          lines.getOrDefault(ModelText.VERSION, 0),
          name
              + ", version: expected a whole number from 1, such as 'version: 1', got "
              + (version == null ? "none" : version),
          null);
    }
    Map<String, String> choices = new LinkedHashMap<>(words);
    choices.remove(ModelText.MODEL);
    Map<String, Double> parameters = new LinkedHashMap<>(numbers);
    parameters.remove(ModelText.VERSION);
    return new ModelDescription(name, version.intValue(), choices, parameters, matrices);
  }

  static List<String> names() {
    return Models.ALL.stream().map(BuiltInModel::name).toList();
  }

  /** Returns the line of each field. */
  Map<String, Integer> lines() {
    return lines;
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  private String shown() throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null || token == JsonToken.VALUE_NULL || parser.getText().isEmpty()) {
      return "nothing";
    }
    return switch (token) {
      case START_ARRAY -> "a list";
      case END_ARRAY -> "the end of a list";
      case START_OBJECT -> "fields";
      default -> {
        String text = parser.getText() + "";
        yield "'" + (text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text) + "'";
      }
    };
  }

  private IllegalArgumentException wrong(String field, String what) {
    String name = words.get(ModelText.MODEL);
    return wrong((name == null ? "" : name + ", ") + field + ": " + what);
  }

  private IllegalArgumentException wrong(String what) {
    return wrong(file, line(), what, null);
  }

  static IllegalArgumentException wrong(
      String file, int line, String what, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "model " + file + (line > 0 ? " line " + line : "") + ": " + what, cause);
  }
}
