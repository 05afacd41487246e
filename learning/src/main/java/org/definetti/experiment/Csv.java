package org.definetti.experiment;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.definetti.latent.ShapeMismatchException;

/**
 * A table as comma-separated values after RFC 4180, with a header line and line feeds, and the same
 * as JSON Lines.
 *
 * <p>In CSV, fields are quoted where they hold a comma, a quote or a line break. Numbers are
 * written so that they read back to the same bits, whole ones without a point; what is not known is
 * left empty. In JSON Lines a row is an object, numbers are numbers, an infinity is a string and
 * what is empty in CSV is null.
 */
public final class Csv {

  private final List<String> columns;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder lines = new StringBuilder();

  private Csv(List<String> columns) {
    this.columns = columns;
  }

  /** Returns the table with these columns and no row. */
  public static Csv withColumns(String... columns) {
    Csv csv = new Csv(List.of(columns));
    csv.addText((Object[]) columns);
    return csv;
  }

  /**
   * Adds a row and returns this table.
   *
   * @param fields one for each column; a double that is NaN leaves its field empty
   * @throws ShapeMismatchException if there are more or fewer fields than columns
   */
  public Csv row(Object... fields) {
    if (fields.length != columns.size()) {
      throw new ShapeMismatchException(
          "fields: expected " + columns.size() + " (as columns), got " + fields.length);
    }
    addText(fields);
    lines.append(JournalCodec.json(json -> writeObject(json, fields))).append('\n');
    return this;
  }

  /** Returns the table as CSV. */
  public String text() {
    return text.toString();
  }

  /** Returns the table as JSON Lines, an object for each row. */
  public String jsonLines() {
    return lines.toString();
  }

  private void addText(Object... fields) {
    for (int i = 0; i < fields.length; i++) {
      text.append(i == 0 ? "" : ",").append(field(fields[i]));
    }
    text.append('\n');
  }

  private static String field(Object field) {
    if (field instanceof Double number) {
      return number.isNaN() ? "" : Numbers.text(number);
    }
    String raw = field.toString();
    boolean plain = raw.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? raw : '"' + raw.replace("\"", "\"\"") + '"';
  }

  private void writeObject(JsonGenerator json, Object... fields) throws IOException {
    json.writeStartObject();
    for (int i = 0; i < fields.length; i++) {
      json.writeFieldName(columns.get(i));
      String text = fields[i] instanceof Double number ? field(number) : fields[i].toString();
      boolean isNumber =
          fields[i] instanceof Number number && Double.isFinite(number.doubleValue());
      if (text.isEmpty()) {
        json.writeNull();
      } else if (isNumber) {
        json.writeNumber(text);
      } else {
        json.writeString(text);
      }
    }
    json.writeEndObject();
  }
}
