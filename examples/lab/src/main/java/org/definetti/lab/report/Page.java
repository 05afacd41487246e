package org.definetti.lab.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the report page: one file with all it needs, nothing fetched from anywhere. */
final class Page {

  // Even if a name slipped through unescaped, a browser would neither run nor fetch anything: it
  // runs the one script with this hash.
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-";

  private final Html html = new Html();
  private final RunFiles files;
  private final Map<String, Drawing> drawings;
  private final String script;

  private Page(RunFiles files, Map<String, Drawing> drawings) {
    this.files = files;
    this.drawings = drawings;
    this.script = drawings.isEmpty() ? "" : script();
  }

  static String of(RunFiles files, Map<String, Drawing> drawings, boolean painted) {
    Page page = new Page(files, drawings);
    page.head();
    page.notice();
    VerdictSection.append(page.html, files);
    DiagnosisSection.append(page.html, files.diagnosis());
    page.pictures(painted);
    page.slopes();
    page.foot();
    return page.html.toString();
  }

  private void head() {
    String title = title(files.manifest());
    html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY);
    html.raw(hash(script)).raw("'\">\n");
    html.raw("<link rel=\"icon\" href=\"data:,\">\n").element("title", title).raw("\n<style>\n");
    html.raw(Resources.text("report.css")).raw(Ink.darkRules()).raw("</style>\n</head>\n<body>\n");
    html.raw("<a class=\"skip\" href=\"#main\">Skip to the results</a>\n<header>\n");
    html.raw("<p class=\"kicker\">Definetti · when does attention compute the posterior?</p>\n");
    html.element("h1", title).raw("\n");
    String origin = Provenance.line(files.manifest());
    if (!origin.isEmpty()) {
      html.element("p class=\"origin\"", origin).raw("\n");
    }
    html.raw("</header>\n<main id=\"main\">\n");
  }

  private static String title(JsonNode manifest) {
    String verb = manifest.path("verb").asText(manifest.path("command").asText(""));
    return verb.isEmpty() ? "Report of a run" : "Report of a run: " + verb;
  }

  /** The one script of the page: the chart library, its labels, and what brings it to life. */
  private static String script() {
    // Whoever receives the page receives the notices of what is in it.
    String all =
        "/*!\n"
            + Resources.text("/NOTICE")
            + "*/\n"
            + ChartScript.bundle()
            + "\n"
            + Resources.text("chart.js")
            + Resources.text("page.js");
    // Browsers read line ends this way before they take the hash.
    return "\n" + all.replace("\r\n", "\n");
  }

  private static String hash(String script) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] bytes = digest.digest(script.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Says plainly what is missing from a run that has not come to its end. */
  private void notice() {
    List<String> reasons = new ArrayList<>();
    JsonNode manifest = files.manifest();
    if (manifest.isMissingNode()) {
      reasons.add("it has no manifest.json, so where the results come from is not known");
    } else if (Provenance.end(manifest).isEmpty()) {
      reasons.add("the manifest records no end");
    }
    long planned = manifest.path("cells").asLong(0);
    if (planned > files.finishedCount()) {
      reasons.add(files.finishedCount() + " of " + planned + " cells have a result");
    }
    long open = 0;
    for (JsonNode claim : manifest.path("claims")) {
      String id = claim.path("id").asText("");
      boolean checked =
          files.verdicts().stream()
              .map(row -> row.text("claim"))
              .anyMatch(name -> name.equals(id) || name.startsWith(id + "."));
      open += checked ? 0 : 1;
    }
    if (open > 0) {
      reasons.add(open + " of " + manifest.path("claims").size() + " claims have no verdict");
    }
    if (files.curves().isEmpty() && files.verdicts().isEmpty()) {
      reasons.add("there are neither curves nor verdicts yet");
    }
    if (!reasons.isEmpty()) {
      html.raw("<p class=\"notice\" role=\"note\"><b>Half-finished run:</b> ");
      html.text(String.join("; ", reasons)).raw(". What is here stands; finish the run with");
      html.raw(" <code>--resume</code> and draw the report again.</p>\n");
    }
  }

  private void pictures(boolean painted) {
    if (drawings.isEmpty()) {
      return;
    }
    html.raw("<section aria-labelledby=\"curves\">\n<h2 id=\"curves\">Curves</h2>\n");
    if (!painted) {
      html.raw("<p class=\"note\">This JDK could not paint letters, so there are no PNG files;");
      html.raw(" the SVG files and this page are complete.</p>\n");
    }
    html.raw("<div class=\"grid\">\n");
    drawings.forEach((name, drawing) -> picture(name, drawing, painted));
    html.raw("</div>\n</section>\n");
  }

  private void picture(String name, Drawing drawing, boolean painted) {
    Figure figure = drawing.figure();
    // The still picture stays where no script runs; else the live one takes its place.
    html.raw("<figure>\n<div class=\"picture\" role=\"img\" aria-label=\"");
    html.text(drawing.spoken()).raw("\" data-chart=\"option-" + name + "\" data-wide=\"");
    html.raw(ChartOption.height(figure, false) + "\" data-narrow=\"");
    html.raw(ChartOption.height(figure, true) + "\">\n").raw(drawing.inline(name)).raw("</div>\n");
    html.raw("<script type=\"application/json\" id=\"option-" + name + "\">");
    html.raw(drawing.option()).raw("</script>\n");
    html.raw("<figcaption>").text(figure.fullCaption()).raw(" <span class=\"files\">");
    html.raw("<a href=\"plots/").text(name).raw(".svg\">SVG</a>");
    if (painted) {
      html.raw(" <a href=\"plots/").text(name).raw(".png\">PNG</a>");
    }
    html.raw("</span></figcaption>\n<details><summary>Numbers</summary>\n<table>\n");
    html.head("curve", figure.horizontal().label(), figure.vertical().label(), "interval");
    html.raw("<tbody>\n");
    for (Series series : figure.series()) {
      if (series.style() != Series.Style.REFERENCE) {
        series.points().forEach(point -> numbers(figure, series.label(), point));
      }
    }
    html.raw("</tbody>\n</table>\n</details>\n</figure>\n");
  }

  private void numbers(Figure figure, String label, Series.Point point) {
    String interval = Numbers.interval(point.low(), point.high());
    html.raw("<tr>").element("th scope=\"row\"", label);
    html.number(figure.horizontal().label(), Numbers.text(point.x(), 6));
    html.number(figure.vertical().label(), Numbers.text(point.y(), 5));
    html.number("interval", interval).raw("</tr>\n");
  }

  private void slopes() {
    if (files.slopes().isEmpty()) {
      return;
    }
    boolean tested = files.slopes().stream().anyMatch(r -> !r.text("lack_of_fit").isEmpty());
    html.raw("<section aria-labelledby=\"slopes\">\n<h2 id=\"slopes\">Slopes</h2>\n<table>\n");
    html.raw("<caption>Slope of log error on the log of the axis, with its interval.</caption>\n");
    List<String> columns =
        new ArrayList<>(
            List.of("model", "metric", "curve", "range", "slope", "interval", "predicted"));
    columns.add("verdict");
    if (tested) {
      columns.add("lack of fit");
    }
    html.head(columns.toArray(String[]::new)).raw("<tbody>\n");
    for (Row row : files.slopes()) {
      html.raw("<tr>").element("th scope=\"row\"", CurveFigures.words(row.text("model")));
      html.cell("metric", CurveFigures.words(row.text("metric")));
      html.cell("curve", CurveFigures.label(row));
      html.number("range", range(row)).number("slope", Numbers.text(row.number("slope"), 4));
      html.number("interval", VerdictSection.interval(row));
      html.number("predicted", Numbers.text(row.number("predicted"), 4));
      html.raw("<td data-label=\"verdict\">");
      String verdict = row.text("verdict");
      html.raw(verdict.isEmpty() ? "–" : Badge.ofVerdict(verdict, "").html(verdict)).raw("</td>");
      if (tested) {
        html.cell("lack of fit", shortened(row.text("lack_of_fit")));
      }
      html.raw("</tr>\n");
    }
    html.raw("</tbody>\n</table>\n</section>\n");
  }

  /** Rounds what is a number, and leaves words as they are. */
  private static String shortened(String text) {
    try {
      return Numbers.text(Double.parseDouble(text), 3);
    } catch (NumberFormatException e) {
      return text;
    }
  }

  private static String range(Row row) {
    return Numbers.text(row.number("from"), 6) + " to " + Numbers.text(row.number("to"), 6);
  }

  private void foot() {
    html.raw("<section aria-labelledby=\"run\">\n<h2 id=\"run\">This run</h2>\n");
    Provenance.append(html, files.manifest());
    Map<String, Boolean> present = new LinkedHashMap<>();
    present.put("manifest.json", !files.manifest().isMissingNode());
    present.put("verdicts.csv", !files.verdicts().isEmpty());
    present.put("curves.csv", !files.curves().isEmpty());
    present.put("slopes.csv", !files.slopes().isEmpty());
    present.put("local-slopes.csv", !files.localSlopes().isEmpty());
    html.raw("<p class=\"files\">Everything on this page was read from these files:");
    present.forEach(
        (name, here) -> html.raw(here ? " <a href=\"" + name + "\">" + name + "</a>" : ""));
    html.raw("</p>\n</section>\n</main>\n");
    if (!script.isEmpty()) {
      html.raw("<script>").raw(script).raw("</script>\n");
    }
    html.raw("</body>\n</html>\n");
  }
}
