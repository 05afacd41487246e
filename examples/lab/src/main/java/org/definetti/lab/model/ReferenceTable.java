package org.definetti.lab.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.definetti.lab.data.ExactAnswers;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * A frozen table of exact posteriors, for other implementations to check themselves against: for
 * every model of the catalogue, at its default settings, some sequences and the exact answers about
 * them.
 *
 * <p>JSON Lines, one sequence a line; {@code parameters} is a model file ({@link ModelFile}), and
 * {@code exact} holds the quantities of {@link ExactAnswers}, matrices row by row:
 *
 * <pre>{@code
 * {"table":1,"case":"gaussian-mean/5","model":"gaussian-mean","parameters":{…},
 *  "tokens":[[…],…],"query":[…],"exact":{"predictive-mean":[…],…}}
 * }</pre>
 *
 * <p>The tokens are part of the table: nobody has to reproduce a random number.
 */
public final class ReferenceTable {

  /** Of the table's content; a published version is never changed. */
  public static final int VERSION = 1;

  private static final int[] LENGTHS = {0, 1, 5, 12};
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ReferenceTable() {}

  /**
   * The greatest error of one quantity of one model in somebody's table.
   *
   * @param cases in how many sequences it was given
   * @param error the greatest |theirs - exact| / max(1, |exact|); NaN where theirs is no number
   */
  public record Agreement(String model, String quantity, int cases, double error) {}

  /** Returns the table as text. */
  public static String text() {
    StringBuilder text = new StringBuilder();
    for (BuiltInModel entry : Models.ALL) {
      for (int length : LENGTHS) {
        text.append(line(entry, length)).append('\n');
      }
    }
    return text.toString();
  }

  private static ObjectNode line(BuiltInModel entry, int length) {
    LatentModel<?> model = entry.build("");
    Seed seed = Seed.of(VERSION).child(entry.name()).child(length);
    Tokens tokens = model.sample(length, seed.generator()).tokens();
    ObjectNode line = MAPPER.createObjectNode();
    line.put("table", VERSION);
    line.put("case", entry.name() + "/" + length);
    line.put("model", entry.name());
    line.set("parameters", parse(ModelFile.json(model.description())));
    ArrayNode rows = line.putArray("tokens");
    for (int i = 0; i < length; i++) {
      ArrayNode row = rows.addArray();
      for (int j = 0; j < model.tokenSpace().width(); j++) {
        row.add(tokens.at(i, j));
      }
    }
    SimpleMatrix query = model.labelQuery();
    putNumbers(line, "query", query);
    ObjectNode exact = line.putObject("exact");
    ExactAnswers.of(model, tokens, query).forEach((name, value) -> putNumbers(exact, name, value));
    return line;
  }

  private static void putNumbers(ObjectNode node, String name, SimpleMatrix numbers) {
    ArrayNode array = node.putArray(name);
    for (int i = 0; i < numbers.getNumElements(); i++) {
      array.add(numbers.get(i));
    }
  }

  /**
   * Returns the lines of someone's table, each under where it stands.
   *
   * @throws IllegalArgumentException if a line is not a JSON object
   */
  public static Map<String, JsonNode> parsed(String theirs) {
    Map<String, JsonNode> lines = new LinkedHashMap<>();
    int number = 0;
    for (String text : theirs.lines().toList()) {
      number++;
      if (!text.isBlank()) {
        String where = "check line " + number;
        lines.put(where, parse(where, text));
      }
    }
    return lines;
  }

  /**
   * Compares somebody's table with this one, quantity by quantity. Cases and quantities that they
   * left out are not judged.
   *
   * @param exact this table, of any release
   * @param theirs lines of the same form; only {@code case} and {@code exact} are read
   * @throws IllegalArgumentException naming the line if a case or a quantity is unknown, given
   *     twice, or of another size
   */
  public static List<Agreement> compare(String exact, String theirs) {
    Map<String, JsonNode> known = new LinkedHashMap<>();
    exact.lines().map(ReferenceTable::parse).forEach(n -> known.put(n.path("case").asText(), n));
    Map<List<String>, Agreement> agreements = new LinkedHashMap<>();
    List<String> seen = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : parsed(theirs).entrySet()) {
      String where = entry.getKey();
      JsonNode line = entry.getValue();
      String name = line.path("case").asText();
      JsonNode reference = known.get(name);
      if (reference == null || seen.contains(name)) {
        throw new IllegalArgumentException(
            where + ": expected a \"case\" of the table, each once, got \"" + name + '"');
      }
      seen.add(name);
      String model = reference.path("model").asText();
      for (Map.Entry<String, JsonNode> given : line.path("exact").properties()) {
        String quantity = given.getKey();
        JsonNode right = reference.path("exact").path(quantity);
        double error = error(where, quantity, right, given.getValue());
        agreements.merge(
            List.of(model, quantity),
            new Agreement(model, quantity, 1, error),
            (a, b) ->
                new Agreement(
                    model, quantity, a.cases() + b.cases(), Math.max(a.error(), b.error())));
      }
    }
    return List.copyOf(agreements.values());
  }

  private static double error(String where, String quantity, JsonNode right, JsonNode given) {
    if (right.size() != given.size() || !right.isArray()) {
      throw new IllegalArgumentException(
          where + ", " + quantity + ": expected " + right.size() + " numbers, got " + given);
    }
    double greatest = 0;
    for (int i = 0; i < right.size(); i++) {
      double value = right.get(i).asDouble();
      double theirs = given.get(i).isNumber() ? given.get(i).asDouble() : Double.NaN;
      greatest = Math.max(greatest, Math.abs(theirs - value) / Math.max(1, Math.abs(value)));
    }
    return greatest;
  }

  private static JsonNode parse(String text) {
    return parse("table", text);
  }

  private static JsonNode parse(String where, String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          where + ": expected one JSON object, got " + e.getOriginalMessage(), e);
    }
  }
}
