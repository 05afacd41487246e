package org.definetti.lab.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The part of the page that answers first: which claims held, and whether the checks can fail. */
final class VerdictSection {

  private static final String[] COLUMNS = {
    "part",
    "verdict",
    "expected",
    "measured",
    "interval",
    "predicted",
    "tolerance",
    "control",
    "seconds"
  };

  private VerdictSection() {}

  /** Appends the section; nothing where the run has no claims. */
  static void append(Html html, RunFiles files) {
    Map<String, List<Row>> claims = byClaim(files);
    if (claims.isEmpty()) {
      return;
    }
    html.raw("<section aria-labelledby=\"verdicts\">\n<h2 id=\"verdicts\">Verdicts</h2>\n");
    summary(html, files.verdicts());
    html.raw("<table class=\"verdicts\">\n").head(COLUMNS);
    claims.forEach((id, rows) -> appendClaim(html, id, described(files.manifest(), id), rows));
    html.raw("</table>\n<p class=\"note\">A verdict is CONFIRMED only if the whole interval lies");
    html.raw(" within prediction ± tolerance, REFUTED if it lies outside, INCONCLUSIVE otherwise.");
    html.raw(
        " Green means: as expected. A control is something known to be wrong, put through the");
    html.raw(" same check: it must be CAUGHT.</p>\n</section>\n");
  }

  /**
   * Rows by claim in the order of the manifest, then of the file; claims without a row stay empty.
   */
  private static Map<String, List<Row>> byClaim(RunFiles files) {
    Map<String, List<Row>> claims = new LinkedHashMap<>();
    for (JsonNode claim : files.manifest().path("claims")) {
      claims.put(claim.path("id").asText(""), new ArrayList<>());
    }
    for (Row row : files.verdicts()) {
      String id = claimId(row, claims.keySet().stream().toList());
      claims.computeIfAbsent(id, key -> new ArrayList<>()).add(row);
    }
    return claims;
  }

  /** The claim of a row: {@code C5} of the part {@code C5.a}. */
  private static String claimId(Row row, List<String> known) {
    String name = row.text("claim");
    int dot = name.indexOf('.');
    return known.contains(name) || dot < 1 ? name : name.substring(0, dot);
  }

  private static JsonNode described(JsonNode manifest, String id) {
    for (JsonNode claim : manifest.path("claims")) {
      if (claim.path("id").asText("").equals(id)) {
        return claim;
      }
    }
    return manifest.path("no such claim");
  }

  private static void summary(Html html, List<Row> rows) {
    int good = 0;
    int bad = 0;
    int open = 0;
    int missed = 0;
    for (Row row : rows) {
      switch (Badge.ofVerdict(verdict(row), expected(row))) {
        case GOOD -> good++;
        case BAD -> bad++;
        case OPEN -> open++;
        case PLAIN -> {}
      }
      missed += control(row).equals("MISSED") ? 1 : 0;
    }
    html.raw("<p class=\"summary\">").raw(Badge.GOOD.html("as expected: " + good)).raw(" ");
    html.raw((bad > 0 ? Badge.BAD : Badge.PLAIN).html("against expectation: " + bad)).raw(" ");
    html.raw((open > 0 ? Badge.OPEN : Badge.PLAIN).html("inconclusive: " + open)).raw(" ");
    html.raw((missed > 0 ? Badge.BAD : Badge.PLAIN).html("controls missed: " + missed));
    html.raw("</p>\n");
  }

  private static void appendClaim(Html html, String id, JsonNode claim, List<Row> rows) {
    html.raw("<tbody>\n<tr class=\"claim\"><th scope=\"rowgroup\" colspan=\"9\">");
    html.element("span class=\"id\"", id).raw(" ");
    html.element("span class=\"slug\"", text(claim, "slug")).raw(" ");
    html.raw(Badge.PLAIN.html("source: " + source(claim, rows)));
    html.element("p class=\"statement\"", text(claim, "statement"));
    detail(html, "Predicted", text(claim, "prediction"));
    if (rows.stream().allMatch(row -> controlText(row).isEmpty())) {
      detail(html, "Control", text(claim, "control"));
    }
    html.raw("</th></tr>\n");
    if (rows.isEmpty()) {
      html.raw("<tr><td colspan=\"9\">").raw(Badge.OPEN.html("no result yet"));
      html.raw("</td></tr>\n");
    }
    for (Row row : rows) {
      appendPart(html, id, row);
    }
    html.raw("</tbody>\n");
  }

  private static void appendPart(Html html, String id, Row row) {
    String name = row.text("claim");
    String part = name.startsWith(id + ".") ? name.substring(id.length() + 1) : name;
    html.raw("<tr>").element("th scope=\"row\"", part);
    html.raw("<td data-label=\"verdict\">");
    html.raw(Badge.ofVerdict(verdict(row), expected(row)).html(row.text("verdict")));
    html.raw("</td>").cell("expected", row.text("expected").toLowerCase(Locale.ROOT));
    html.number("measured", Numbers.text(row.number("measured"), 4));
    html.number("interval", interval(row));
    html.number("predicted", bound(row) + Numbers.text(row.number("predicted"), 4));
    html.number("tolerance", tolerance(row));
    html.raw("<td data-label=\"control\">");
    html.raw(control(row).isEmpty() ? "–" : Badge.ofControl(control(row)).html(control(row)));
    html.raw("</td>").number("seconds", Numbers.text(row.number("seconds"), 3)).raw("</tr>\n");
    aside(html, "Control", controlText(row));
    aside(html, "Note", row.text("reason"));
  }

  private static void aside(Html html, String name, String text) {
    if (!text.isEmpty()) {
      html.raw("<tr class=\"aside\"><td colspan=\"9\">" + name + ": ").text(text);
      html.raw("</td></tr>\n");
    }
  }

  /** What the control did: behind the word CAUGHT or MISSED, or in a column of its own. */
  private static String controlText(Row row) {
    String behind = row.text("control").substring(control(row).length());
    return (behind.replaceFirst("^[\\s:,;.–-]+", "") + " " + row.text("control_text")).strip();
  }

  private static void detail(Html html, String name, String text) {
    if (!text.isEmpty()) {
      html.raw("<p class=\"detail\"><b>" + name + ":</b> ").text(text).raw("</p>");
    }
  }

  static String interval(Row row) {
    return Numbers.interval(row.number("low"), row.number("high"));
  }

  /** A prediction that is a bound says so in words only. */
  private static String bound(Row row) {
    String prediction = row.text("prediction");
    return prediction.startsWith("<=") ? "≤ " : prediction.startsWith(">=") ? "≥ " : "";
  }

  private static String tolerance(Row row) {
    double tolerance = row.number("tolerance");
    return Double.isNaN(tolerance) ? "–" : "± " + Numbers.text(tolerance, 3);
  }

  private static String verdict(Row row) {
    return row.text("verdict").toUpperCase(Locale.ROOT);
  }

  private static String expected(Row row) {
    return firstWord(row.text("expected"));
  }

  private static String control(Row row) {
    return firstWord(row.text("control"));
  }

  private static String firstWord(String text) {
    int end = 0;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    return text.substring(0, end);
  }

  private static String source(JsonNode claim, List<Row> rows) {
    String source = text(claim, "source");
    return !source.isEmpty() || rows.isEmpty() ? source : rows.get(0).text("source");
  }

  private static String text(JsonNode node, String key) {
    JsonNode value = node.path(key);
    return value.isTextual() ? value.asText() : value.isMissingNode() ? "" : value.toString();
  }
}
