package org.definetti.lab.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.PairTokens;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.jspecify.annotations.Nullable;

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
    Grouping grouping = new Grouping(space);
    CsvTable.read("data", file, columns(space), grouping::add);
    return grouping.finish();
  }

  /** Collects the lines of a sequence, which stand together. */
  private static final class Grouping {

    private final TokenSpace space;
    private final RowBuffer buffer;
    private final List<Named> sequences = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private @Nullable String current;

    Grouping(TokenSpace space) {
      this.space = space;
      this.buffer = new RowBuffer(space.width());
    }

    void add(CsvTable.Line line) {
      if (!line.name().equals(current)) {
        finish();
        current = line.name();
        if (!names.add(current)) {
          throw new IllegalArgumentException(
              line.where()
                  + ": expected the lines of a sequence to stand together, got "
                  + current
                  + " again");
        }
      }
      space.check(line.where(), line.numbers(), 0);
      buffer.add(line.numbers());
    }

    List<Named> finish() {
      if (current != null) {
        sequences.add(new Named(current, buffer.take(space)));
      }
      return sequences;
    }
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
