package org.definetti.lab.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the report page: one file with all it needs, nothing fetched from anywhere. */
final class Page {

  private final Html html = new Html();
  private final RunFiles files;
  private final Map<String, Drawing> drawings;

  private Page(RunFiles files, Map<String, Drawing> drawings) {
    this.files = files;
    this.drawings = drawings;
  }

  static String of(
      RunFiles files, Map<String, Drawing> drawings, Map<String, HeatMap> maps, boolean painted) {
    Page page = new Page(files, drawings);
    List<CheckedClaim> claims = CheckedClaim.of(files);
    List<String> endings = painted ? List.of("svg", "png", "csv") : List.of("svg", "csv");
    page.notice();
    VerdictSection.append(page.html, claims);
    DiagnosisSection.append(page.html, files.diagnosis());
    ClaimSection.append(page.html, files, claims, drawings, endings);
    page.pictures(claims, painted, endings);
    page.maps(maps);
    page.slopes();
    page.foot();
    return Frame.of(
        Provenance.title(files.manifest()),
        Provenance.line(files.manifest()),
        !drawings.isEmpty(),
        page.html);
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
    if (files.curves().isEmpty() && files.verdicts().isEmpty() && files.losses().isEmpty()) {
      reasons.add("there are neither curves nor verdicts yet");
    }
    if (!reasons.isEmpty()) {
      html.raw("<p class=\"notice\" role=\"note\"><b>Half-finished run:</b> ");
      html.text(String.join("; ", reasons)).raw(". What is here stands; finish the run with");
      html.raw(" <code>--resume</code> and draw the report again.</p>\n");
    }
  }

  /** The pictures that are of no claim. */
  private void pictures(List<CheckedClaim> claims, boolean painted, List<String> endings) {
    Map<String, Drawing> rest = new LinkedHashMap<>(drawings);
    rest.keySet().removeIf(name -> claims.stream().anyMatch(claim -> claim.owns(name)));
    if (!drawings.isEmpty() && !painted) {
      html.raw("<p class=\"note\">This JDK could not paint letters, so there are no PNG files;");
      html.raw(" the SVG files and this page are complete.</p>\n");
    }
    if (!rest.isEmpty()) {
      html.raw("<section aria-labelledby=\"curves\">\n<h2 id=\"curves\">Curves</h2>\n");
      Pictures.append(html, rest, endings);
      html.raw("</section>\n");
    }
  }

  private void maps(Map<String, HeatMap> maps) {
    if (maps.isEmpty()) {
      return;
    }
    html.raw("<section aria-labelledby=\"maps\">\n<h2 id=\"maps\">Where heads attend</h2>\n");
    maps.forEach(
        (name, map) -> {
          html.raw("<figure>\n").raw(map.inline()).raw("<figcaption><span class=\"files\">");
          html.raw("<a href=\"plots/").text(name).raw(".svg\">SVG</a> ");
          html.raw("<a href=\"plots/").text(name).raw(".csv\">CSV</a></span></figcaption>\n");
          html.raw("</figure>\n");
        });
    html.raw("</section>\n");
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
      html.number("interval", Numbers.interval(row.number("low"), row.number("high")));
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
    present.put("diagnosis.csv", !files.diagnosis().isEmpty());
    present.put("loss.csv", !files.losses().isEmpty());
    present.put("validation.csv", !files.validation().isEmpty());
    html.raw("<p class=\"files\">Everything on this page was read from these files:");
    present.forEach(
        (name, here) -> html.raw(here ? " <a href=\"" + name + "\">" + name + "</a>" : ""));
    html.raw("</p>\n</section>\n");
  }
}
