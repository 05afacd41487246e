package org.definetti.lab.report;

import java.util.List;
import java.util.Map;

/**
 * One line of a result file.
 *
 * @param file name of the file, for messages
 * @param line number of the line, the header being 1
 * @param cells values by column; a column the file does not have is absent
 */
record Row(String file, long line, Map<String, String> cells) {

  /** Returns a value, empty where the file has no such column. */
  String text(String column) {
    return cells.getOrDefault(column, "").strip();
  }

  /**
   * Returns a value as a number, NaN where it is empty or absent.
   *
   * @throws IllegalArgumentException if there is a value that is no number
   */
  double number(String column) {
    String text = text(column);
    if (text.isEmpty()) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          file + " line " + line + ": expected a number in column " + column + ", got " + text, e);
    }
  }

  /**
   * Returns the value on an axis that has no column of its own, from {@code fixed}: {@code
   * heads=4;temperature=0.25}; empty where the row is not on that axis.
   */
  String axis(String name) {
    for (String pair : text("fixed").split(";", -1)) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return "";
  }

  /** Returns whether both rows have the same values in all these columns. */
  boolean agrees(Row other, List<String> columns) {
    return columns.stream().allMatch(column -> text(column).equals(other.text(column)));
  }
}
