package org.definetti.lab.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part of the page that says what the diagnostics of posteriors found. */
final class DiagnosisSection {

  private DiagnosisSection() {}

  /** Appends the table; nothing where the run made no diagnosis. */
  static void append(Html html, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<String> posteriors = new ArrayList<>();
    Map<String, Map<String, Row>> diagnostics = new LinkedHashMap<>();
    for (Row row : rows) {
      if (!posteriors.contains(row.text("posterior"))) {
        posteriors.add(row.text("posterior"));
      }
      diagnostics
          .computeIfAbsent(row.text("diagnostic"), name -> new LinkedHashMap<>())
          .put(row.text("posterior"), row);
    }
    html.raw("<section aria-labelledby=\"diagnosis\">\n<h2 id=\"diagnosis\">Diagnosis</h2>\n");
    html.raw("<table>\n<caption>The number, and in brackets its p-value under the exact");
    html.raw(" posterior; a star where an error is detected, two where it would be if all");
    html.raw(" diagnostics shared the level.</caption>\n");
    List<String> columns = new ArrayList<>(List.of("diagnostic"));
    columns.addAll(posteriors);
    columns.add("what");
    html.head(columns.toArray(String[]::new)).raw("<tbody>\n");
    diagnostics.forEach(
        (name, found) -> {
          html.raw("<tr>").element("th scope=\"row\"", name);
          String what = "";
          for (String posterior : posteriors) {
            Row row = found.get(posterior);
            html.cell(posterior, row == null ? "–" : words(row));
            what = row == null ? what : row.text("statistic");
          }
          html.cell("what", what).raw("</tr>\n");
        });
    html.raw("</tbody>\n</table>\n</section>\n");
  }

  private static String words(Row row) {
    if (row.text("value").isEmpty()) {
      return "– " + row.text("reason");
    }
    return Numbers.text(row.number("value"), 4)
        + " ("
        + Numbers.text(row.number("p_value"), 2)
        + ")"
        + (row.text("detected_together").equals("yes")
            ? " **"
            : row.text("detected").equals("yes") ? " *" : "");
  }
}
