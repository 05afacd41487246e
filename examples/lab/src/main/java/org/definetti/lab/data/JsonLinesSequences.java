package org.definetti.lab.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.jspecify.annotations.Nullable;

/** The JSON Lines format of {@link SequenceFormat#JSONL}. */
final class JsonLinesSequences {

  private JsonLinesSequences() {}

  static List<Named> read(Path file, TokenSpace space) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<Named> sequences = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      int line = 0;
      for (@Nullable String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        if (!text.isBlank()) {
          sequences.add(sequence(mapper, text, line, space));
        }
      }
    }
    return sequences;
  }

  private static Named sequence(ObjectMapper mapper, String text, int line, TokenSpace space) {
    JsonNode node;
    try {
      node = mapper.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "data line " + line + ": expected one JSON object, got " + e.getOriginalMessage(), e);
    }
    JsonNode tokens = node.path("tokens");
    if (!tokens.isArray()) {
      throw new IllegalArgumentException(
          "data line " + line + ": expected an array \"tokens\", got " + tokens.getNodeType());
    }
    RowBuffer buffer = new RowBuffer(space.width());
    for (int i = 0; i < tokens.size(); i++) {
      buffer.add(row(tokens.get(i), "data line " + line + ", token " + i, space));
    }
    return new Named(node.path("sequence").asText(String.valueOf(line)), buffer.take(space));
  }

  private static double[] row(JsonNode token, String where, TokenSpace space) {
    if (!token.isArray() || token.size() != space.width()) {
      throw new IllegalArgumentException(
          where + ": expected an array of " + space.width() + " numbers, got " + token);
    }
    double[] row = new double[space.width()];
    for (int j = 0; j < row.length; j++) {
      if (!token.get(j).isNumber()) {
        throw new IllegalArgumentException(where + ": expected numbers, got " + token.get(j));
      }
      row[j] = token.get(j).asDouble();
    }
    space.check(where, row, 0);
    return row;
  }

  static String write(TokenSpace space, List<Named> sequences) {
    StringBuilder text = new StringBuilder();
    for (Named sequence : sequences) {
      Tokens tokens = sequence.tokens();
      text.append("{\"sequence\":");
      text.append(TextNode.valueOf(sequence.name())).append(",\"tokens\":[");
      for (int i = 0; i < tokens.length(); i++) {
        text.append(i == 0 ? "[" : ",[");
        for (int j = 0; j < space.width(); j++) {
          text.append(j == 0 ? "" : ",").append(tokens.at(i, j));
        }
        text.append(']');
      }
      text.append("]}\n");
    }
    return text.toString();
  }
}
