package org.definetti.lab.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads CSV files whose header is known: first a name, then numbers.
 *
 * <p>Empty lines and spaces around fields are passed over. Errors name the argument and the line.
 */
final class CsvTable {

  private static final CsvMapper MAPPER =
      CsvMapper.builder()
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .enable(CsvParser.Feature.TRIM_SPACES)
          .build();

  private CsvTable() {}

  /** One line below the header. */
  static final class Line {

    private final String where;
    private final String name;
    private final double[] numbers;

    private Line(String where, String name, double[] numbers) {
      this.where = where;
      this.name = name;
      this.numbers = numbers;
    }

    /** Returns argument and line, for errors. */
    String where() {
      return where;
    }

    /** Returns the first field. */
    String name() {
      return name;
    }

    /** Returns the other fields, finite; the reader may keep the array. */
    double[] numbers() {
      return numbers;
    }
  }

  /**
   * Reads a file line by line.
   *
   * @param argument what errors call the file
   * @throws IllegalArgumentException if the header or a line is not as expected
   */
  static void read(String argument, Path file, List<String> columns, Consumer<Line> reader)
      throws IOException {
    try (MappingIterator<String[]> lines =
        MAPPER.readerFor(String[].class).readValues(Files.newBufferedReader(file))) {
      int number = 0;
      while (lines.hasNextValue()) {
        String[] fields = lines.nextValue();
        number++;
        if (number == 1) {
          checkHeader(argument, columns, fields);
        } else if (fields.length > 1 || !fields[0].isEmpty()) {
          reader.accept(line(argument + " line " + number, columns, fields));
        }
      }
      if (number == 0) {
        checkHeader(argument, columns, new String[0]);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          argument + ": expected lines of CSV, got " + e.getOriginalMessage(), e);
    }
  }

  private static void checkHeader(String argument, List<String> columns, String[] header) {
    // Spreadsheets begin a UTF-8 file with a mark that belongs to no field.
    if (header.length > 0 && header[0].startsWith("\ufeff")) {
      header[0] = header[0].substring(1);
    }
    if (!columns.equals(Arrays.asList(header))) {
      throw new IllegalArgumentException(
          argument
              + ": expected the header "
              + String.join(",", columns)
              + ", got "
              + (header.length == 0 ? "none" : String.join(",", header)));
    }
  }

  private static Line line(String where, List<String> columns, String[] fields) {
    if (fields.length != columns.size()) {
      throw new IllegalArgumentException(
          where + ": expected " + columns.size() + " fields, got " + fields.length);
    }
    double[] numbers = new double[fields.length - 1];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(fields[i + 1], where + ", column " + columns.get(i + 1));
    }
    return new Line(where, fields[0], numbers);
  }

  private static double number(String field, String where) {
    try {
      double value = Double.parseDouble(field);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for everything that is not a finite number
    }
    throw new IllegalArgumentException(where + ": expected a finite number, got '" + field + "'");
  }
}
