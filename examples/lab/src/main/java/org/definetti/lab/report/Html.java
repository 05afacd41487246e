package org.definetti.lab.report;

/**
 * A page under construction: what is text is escaped, what is markup is written here in the code.
 */
final class Html {

  private final StringBuilder out = new StringBuilder();

  /** Appends markup as it stands; never pass anything read from a file. */
  Html raw(String markup) {
    out.append(markup);
    return this;
  }

  /** Appends text, escaped. */
  Html text(String text) {
    out.append(Markup.escape(text));
    return this;
  }

  /**
   * Appends an element with text inside; the opening tag's inner part is markup: {@code p
   * class="x"}.
   */
  Html element(String opening, String text) {
    int space = opening.indexOf(' ');
    String name = space < 0 ? opening : opening.substring(0, space);
    return raw("<" + opening + ">").text(text).raw("</" + name + ">");
  }

  /** Appends a table cell that names its column where a narrow screen stacks the cells. */
  Html cell(String column, String text) {
    return element("td data-label=\"" + Markup.escape(column) + "\"", text);
  }

  /** Appends a table cell with a number, set right. */
  Html number(String column, String text) {
    return element("td class=\"number\" data-label=\"" + Markup.escape(column) + "\"", text);
  }

  /** Appends a table cell with a number, rounded for the eye, whole for sorting. */
  Html number(String column, double number, int digits) {
    raw("<td class=\"number\" data-label=\"" + Markup.escape(column) + "\" data-value=\"");
    return raw(number + "\">").text(Numbers.text(number, digits)).raw("</td>");
  }

  /** Appends the head row of a table. */
  Html head(String... columns) {
    raw("<thead><tr>");
    for (String column : columns) {
      element("th scope=\"col\"", column);
    }
    return raw("</tr></thead>\n");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
