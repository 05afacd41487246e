package org.definetti.lab.report;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.definetti.experiment.AtomicFile;
import org.jspecify.annotations.Nullable;

/**
 * Two runs side by side on one page: what was run, which verdicts changed, and the curves of both.
 *
 * <p>Like {@link Report} it is a function of the files of the runs alone. The first run is called
 * A, the second B.
 */
public final class Comparison {

  /** More curves than this in one picture cannot be told apart; those runs stand beside it. */
  private static final int MOST_CURVES = 8;

  private static final String[] COLUMNS = {
    "part", "verdict A", "verdict B", "control A", "control B", "measured A", "measured B", "change"
  };

  private final Html html = new Html();
  private final RunFiles first;
  private final RunFiles second;

  private Comparison(RunFiles first, RunFiles second) {
    this.first = first;
    this.second = second;
  }

  /**
   * Writes the page that compares two runs.
   *
   * <ul>
   *   <li>Verdicts are matched by the name of the part; a part that only one of the runs has is
   *       said to be. Numbers count as changed where the measured value or its interval differs at
   *       all.
   *   <li>Curves are matched by model, metric and axis: drawn in one picture if they are on the
   *       same axes and not too many, else in two. A curve that is the same in both is drawn once.
   *   <li>Edge cases: a run without verdicts or curves leaves out that part, as in {@link Report}.
   *   <li>Safety and cost: as {@link Report#write}.
   * </ul>
   *
   * @param page the file to write; replaced whole
   * @throws IllegalArgumentException if a directory is not that of a run
   * @throws UncheckedIOException if a file cannot be read or written
   */
  public static Path write(Path first, Path second, Path page) {
    Comparison comparison = new Comparison(RunFiles.read(first), RunFiles.read(second));
    comparison.runs(name(first), name(second));
    comparison.verdicts();
    boolean charts = comparison.curves();
    String title = "Two runs: A " + name(first) + ", B " + name(second);
    AtomicFile.write(page, Frame.of(title, "", charts, comparison.html));
    return page;
  }

  private static String name(Path directory) {
    return String.valueOf(directory.toAbsolutePath().normalize().getFileName());
  }

  private void runs(String nameA, String nameB) {
    Map<String, String> factsA = Provenance.facts(first.manifest());
    Map<String, String> factsB = Provenance.facts(second.manifest());
    Set<String> names = new LinkedHashSet<>(factsA.keySet());
    names.addAll(factsB.keySet());
    html.raw("<section aria-labelledby=\"runs\">\n<h2 id=\"runs\">The two runs</h2>\n");
    html.raw("<div class=\"scroll\"><table class=\"runs\">\n").head("", "A", "B", "");
    html.raw("<tbody>\n");
    fact("directory", nameA, nameB);
    for (String name : names) {
      fact(name, factsA.getOrDefault(name, ""), factsB.getOrDefault(name, ""));
    }
    html.raw("</tbody>\n</table></div>\n</section>\n");
  }

  private void fact(String name, String valueA, String valueB) {
    html.raw("<tr>").element("th scope=\"row\"", name);
    html.cell("A", valueA).cell("B", valueB).raw("<td>");
    html.raw(valueA.equals(valueB) ? "" : Badge.PLAIN.html("differs")).raw("</td></tr>\n");
  }

  private void verdicts() {
    Map<String, Part> partsA = parts(first);
    Map<String, Part> partsB = parts(second);
    Set<String> names = new LinkedHashSet<>(partsA.keySet());
    names.addAll(partsB.keySet());
    if (names.isEmpty()) {
      return;
    }
    Map<String, Integer> changes = new LinkedHashMap<>();
    Html rows = new Html();
    for (String name : names) {
      Part partA = partsA.get(name);
      Part partB = partsB.get(name);
      String change = change(partA, partB);
      changes.merge(change, 1, Integer::sum);
      row(rows, name, partA, partB, change);
    }
    html.raw("<section aria-labelledby=\"verdicts\">\n<h2 id=\"verdicts\">Verdicts</h2>\n");
    html.raw("<p class=\"summary\">");
    changes.forEach((change, count) -> html.raw(badge(change).html(change + ": " + count)));
    html.raw("</p>\n<div class=\"scroll\"><table class=\"overview\" data-facets=\"change\"");
    html.raw(" aria-labelledby=\"verdicts\">\n").head(COLUMNS).raw("<tbody>\n");
    html.raw(rows.toString()).raw("</tbody>\n</table></div>\n</section>\n");
  }

  private static Map<String, Part> parts(RunFiles files) {
    Map<String, Part> parts = new LinkedHashMap<>();
    files.verdicts().forEach(row -> parts.put(row.text("claim"), new Part(row)));
    return parts;
  }

  private static String change(@Nullable Part partA, @Nullable Part partB) {
    if (partA == null || partB == null) {
      return partA == null ? "only in B" : "only in A";
    }
    if (!partA.verdict().equals(partB.verdict())) {
      return "verdict";
    }
    if (!partA.control().equals(partB.control())) {
      return "control";
    }
    List<String> numbers = List.of("measured", "low", "high");
    return partA.row().agrees(partB.row(), numbers) ? "unchanged" : "numbers";
  }

  private static Badge badge(String change) {
    return change.equals("verdict") || change.equals("control") ? Badge.BAD : Badge.PLAIN;
  }

  private static void row(
      Html rows, String name, @Nullable Part partA, @Nullable Part partB, String change) {
    rows.raw("<tr data-change=\"" + change + "\">").element("th scope=\"row\"", name);
    cell(rows, "verdict A", partA == null ? "–" : partA.verdictHtml());
    cell(rows, "verdict B", partB == null ? "–" : partB.verdictHtml());
    cell(rows, "control A", partA == null ? "–" : partA.controlHtml());
    cell(rows, "control B", partB == null ? "–" : partB.controlHtml());
    rows.number("measured A", measured(partA), 4).number("measured B", measured(partB), 4);
    cell(rows, "change", badge(change).html(change));
    rows.raw("</tr>\n");
  }

  private static void cell(Html rows, String column, String markup) {
    rows.raw("<td data-label=\"" + column + "\">").raw(markup).raw("</td>");
  }

  private static double measured(@Nullable Part part) {
    return part == null ? Double.NaN : part.row().number("measured");
  }

  /** Appends the pictures; returns whether there are any. */
  private boolean curves() {
    Map<String, Figure> figuresA = CurveFigures.of(first);
    Map<String, Figure> figuresB = CurveFigures.of(second);
    Set<String> names = new LinkedHashSet<>(figuresA.keySet());
    names.addAll(figuresB.keySet());
    Map<String, Drawing> drawings = new LinkedHashMap<>();
    for (String name : names) {
      Figure figureA = figuresA.get(name);
      Figure figureB = figuresB.get(name);
      if (figureA != null && figureB != null && fit(figureA, figureB)) {
        drawings.put(name, Drawing.of(together(figureA, figureB)));
      } else {
        if (figureA != null) {
          drawings.put(name + "-A", Drawing.of(titled("A", figureA)));
        }
        if (figureB != null) {
          drawings.put(name + "-B", Drawing.of(titled("B", figureB)));
        }
      }
    }
    if (!drawings.isEmpty()) {
      html.raw("<section aria-labelledby=\"curves\">\n<h2 id=\"curves\">Curves</h2>\n");
      Pictures.append(html, drawings, List.of());
      html.raw("</section>\n");
    }
    return !drawings.isEmpty();
  }

  private static boolean fit(Figure figureA, Figure figureB) {
    return figureA.horizontal().equals(figureB.horizontal())
        && figureA.vertical().equals(figureB.vertical())
        && together(figureA, figureB).series().stream()
                .filter(one -> one.style() != Series.Style.REFERENCE)
                .count()
            <= MOST_CURVES;
  }

  /** Returns both in one picture, each curve named after its run, or both if it is the same. */
  private static Figure together(Figure figureA, Figure figureB) {
    Figure both =
        Figure.of(figureA.title(), figureA.horizontal(), figureA.vertical())
            .withCaption(figureA.caption());
    List<Series> rest = new ArrayList<>(figureB.series());
    for (Series one : figureA.series()) {
      boolean same = rest.remove(one);
      both = both.withSeries(named(same ? "A and B" : "A", one));
      for (Series other : List.copyOf(rest)) {
        if (other.label().equals(one.label()) && other.style() == one.style()) {
          both = both.withSeries(named("B", other));
          rest.remove(other);
          break;
        }
      }
    }
    for (Series other : rest) {
      both = both.withSeries(named("B", other));
    }
    return both;
  }

  private static Series named(String run, Series one) {
    return new Series(run + " · " + one.label(), one.style(), one.points());
  }

  private static Figure titled(String run, Figure figure) {
    String title = run + " · " + figure.title();
    return new Figure(
        title, figure.caption(), figure.horizontal(), figure.vertical(), figure.series());
  }
}
