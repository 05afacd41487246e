package org.definetti.experiment;

import org.definetti.latent.ShapeMismatchException;

/**
 * A table as comma-separated values after RFC 4180, with a header line and line feeds.
 *
 * <p>Fields are quoted where they hold a comma, a quote or a line break. Numbers are written so
 * that they read back to the same bits, whole ones without a point; what is not known is left
 * empty.
 */
public final class Csv {

  private final int width;
  private final StringBuilder text = new StringBuilder();

  private Csv(int width) {
    this.width = width;
  }

  /** Returns the table with these columns and no row. */
  public static Csv withColumns(String... columns) {
    Csv csv = new Csv(columns.length);
    return csv.row((Object[]) columns);
  }

  /**
   * Adds a row and returns this table.
   *
   * @param fields one for each column; a double that is NaN leaves its field empty
   * @throws ShapeMismatchException if there are more or fewer fields than columns
   */
  public Csv row(Object... fields) {
    if (fields.length != width) {
      throw new ShapeMismatchException(
          "fields: expected " + width + " (as columns), got " + fields.length);
    }
    for (int i = 0; i < fields.length; i++) {
      text.append(i == 0 ? "" : ",").append(field(fields[i]));
    }
    text.append('\n');
    return this;
  }

  /** Returns the table as text. */
  public String text() {
    return text.toString();
  }

  private static String field(Object field) {
    if (field instanceof Double number) {
      return number.isNaN() ? "" : Numbers.text(number);
    }
    String raw = field.toString();
    boolean plain = raw.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? raw : '"' + raw.replace("\"", "\"\"") + '"';
  }
}
