package org.definetti.lab.data;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.PairTokens;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;

/** The CSV format of {@link SequenceFormat#CSV}. */
final class CsvSequences {

  private CsvSequences() {}

  static List<String> columns(TokenSpace space) {
    List<String> columns = new ArrayList<>(List.of("sequence"));
    if (space instanceof CategoricalTokens) {
      columns.add("category");
    } else if (space instanceof PairTokens pairs) {
      number(columns, "k", pairs.keyWidth());
      number(columns, "v", pairs.valueWidth());
    } else {
      number(columns, "x", space.width());
    }
    return columns;
  }

  private static void number(List<String> columns, String letter, int count) {
    for (int i = 1; i <= count; i++) {
      columns.add(letter + i);
    }
  }

  static List<Named> read(Path file, TokenSpace space) throws IOException {
    List<String> columns = columns(space);
    CsvMapper mapper =
        CsvMapper.builder()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.TRIM_SPACES)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();
    try (MappingIterator<String[]> lines =
        mapper.readerFor(String[].class).readValues(file.toFile())) {
      if (!lines.hasNext()) {
        throw new IllegalArgumentException("data: expected a header " + columns + ", got no line");
      }
      String[] header = lines.next();
      if (!columns.equals(Arrays.asList(header))) {
        throw new IllegalArgumentException(
            "data: expected the header "
                + String.join(",", columns)
                + ", got "
                + String.join(",", header));
      }
      return group(lines, space, columns);
    }
  }

  private static List<Named> group(
      MappingIterator<String[]> lines, TokenSpace space, List<String> columns) {
    List<Named> sequences = new ArrayList<>();
    Set<String> finished = new HashSet<>();
    RowBuffer buffer = new RowBuffer(space.width());
    String current = null;
    int line = 1;
    while (lines.hasNext()) {
      String[] fields = lines.next();
      line++;
      if (fields.length != columns.size()) {
        throw new IllegalArgumentException(
            "data line " + line + ": expected " + columns.size() + " fields, got " + fields.length);
      }
      if (!fields[0].equals(current)) {
        if (current != null) {
          sequences.add(new Named(current, buffer.take(space)));
        }
        current = fields[0];
        if (!finished.add(current)) {
          throw new IllegalArgumentException(
              "data line "
                  + line
                  + ": expected the lines of a sequence to stand together, got "
                  + current
                  + " again");
        }
      }
      double[] row = new double[space.width()];
      for (int i = 0; i < row.length; i++) {
        row[i] = number(fields[i + 1], line, columns.get(i + 1));
      }
      space.check("data line " + line, row, 0);
      buffer.add(row);
    }
    if (current != null) {
      sequences.add(new Named(current, buffer.take(space)));
    }
    return sequences;
  }

  private static double number(String field, int line, String column) {
    try {
      double value = Double.parseDouble(field);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for everything that is not a finite number
    }
    throw new IllegalArgumentException(
        "data line "
            + line
            + ", column "
            + column
            + ": expected a finite number, got '"
            + field
            + "'");
  }

  static String write(TokenSpace space, List<Named> sequences) {
    StringBuilder text = new StringBuilder(String.join(",", columns(space))).append('\n');
    boolean category = space instanceof CategoricalTokens;
    for (Named sequence : sequences) {
      Tokens tokens = sequence.tokens();
      for (int i = 0; i < tokens.length(); i++) {
        text.append(sequence.name());
        for (int j = 0; j < space.width(); j++) {
          text.append(',');
          if (category) {
            text.append((int) tokens.at(i, j));
          } else {
            text.append(tokens.at(i, j));
          }
        }
        text.append('\n');
      }
    }
    return text.toString();
  }
}
