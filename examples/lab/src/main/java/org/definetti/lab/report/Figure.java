package org.definetti.lab.report;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.definetti.experiment.AtomicFile;
import org.definetti.experiment.Csv;
import org.definetti.experiment.Curve;
import org.definetti.experiment.SweepResult;

/**
 * What one picture shows, as an immutable value that knows nothing of how it is drawn.
 *
 * <ul>
 *   <li>Edge cases: points without a place on an axis (not finite, or not positive on a logarithmic
 *       axis) are left out and counted by {@link #omittedCount()}; interval ends without a place
 *       are not drawn. A figure without any drawable point is a frame that says so.
 *   <li>A curve that is rounding alone, below 1e-20 wherever it has a value, would squash the
 *       others on their logarithmic axis: beside another curve it is named in {@link #notes()}
 *       instead of drawn.
 *   <li>Accuracy: equal figures give equal bytes of SVG on every machine, of PNG on one machine
 *       (its fonts draw the letters).
 *   <li>Cost: an SVG some 0.3 s, a PNG 0.1 s more; the first of a process a second more again, in
 *       which the chart library is loaded. Safe to share between threads.
 * </ul>
 *
 * @param title heading; also the start of the text for those who cannot see the picture
 * @param caption what to look at, in a sentence or two; may be empty
 * @param horizontal the horizontal axis
 * @param vertical the vertical axis
 * @param series what is drawn, in the order of the legend
 */
public record Figure(
    String title, String caption, Axis horizontal, Axis vertical, List<Series> series) {

  private static final double ROUNDING = 1e-20;

  /** Copies the list of series. */
  public Figure {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(caption, "caption");
    Objects.requireNonNull(horizontal, "horizontal");
    Objects.requireNonNull(vertical, "vertical");
    series = List.copyOf(series);
  }

  /** Returns a figure without series or caption. */
  public static Figure of(String title, Axis horizontal, Axis vertical) {
    return new Figure(title, "", horizontal, vertical, List.of());
  }

  /**
   * Returns a metric of a sweep over its axis, as the report of its run draws it: a curve for each
   * attention, with intervals, hollow markers where it was trained.
   *
   * @param metric what was measured, for example {@code squared-gap}
   * @throws IllegalArgumentException if the sweep has no curve of this metric
   */
  public static Figure of(SweepResult result, String metric) {
    List<Curve> curves =
        result.curves().stream().filter(curve -> curve.key().metric().equals(metric)).toList();
    if (curves.isEmpty()) {
      throw new IllegalArgumentException(
          "metric: expected one of "
              + result.curves().stream().map(curve -> curve.key().metric()).distinct().toList()
              + ", got "
              + metric);
    }
    return CurveFigures.of(curves);
  }

  /** Returns this figure with another caption. */
  public Figure withCaption(String text) {
    return new Figure(title, text, horizontal, vertical, series);
  }

  /** Returns this figure with one more series, drawn last. */
  public Figure withSeries(Series added) {
    List<Series> all = new ArrayList<>(series);
    all.add(added);
    return new Figure(title, caption, horizontal, vertical, all);
  }

  /**
   * Returns how many points of the drawn series have no place on the axes and are therefore left
   * out.
   */
  public int omittedCount() {
    int count = 0;
    for (Series one : drawnSeries()) {
      for (Series.Point point : one.points()) {
        if (!draws(point)) {
          count++;
        }
      }
    }
    return count;
  }

  /** Returns the picture as an SVG document that asks for nothing outside itself. */
  public String toSvg() {
    return Drawing.of(this).document();
  }

  /**
   * Writes the picture as a PNG file, light, at twice the size of the SVG for dense screens.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public void writePng(Path file) {
    AtomicFile.write(file, Drawing.of(this).png());
  }

  /**
   * Returns the numbers behind the picture, a line a point: {@code series,x,y,low,high}; also those
   * that are not drawn. A value that is not known leaves its field empty.
   */
  public String toCsv() {
    Csv csv = Csv.withColumns("series", "x", "y", "low", "high");
    for (Series one : series) {
      one.points().forEach(p -> csv.row(one.label(), p.x(), p.y(), p.low(), p.high()));
    }
    return csv.text();
  }

  /** Returns in words what is not drawn: curves that are rounding alone, points without a place. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    List<Series> drawn = drawnSeries();
    for (Series one : series) {
      if (one.style() != Series.Style.REFERENCE && !drawn.contains(one)) {
        notes.add(one.label() + ": below 1e-20 everywhere, not drawn.");
      }
    }
    int omitted = omittedCount();
    if (omitted > 0) {
      String points = omitted == 1 ? "1 point" : omitted + " points";
      notes.add(
          points
              + " (zero, negative or not a number) "
              + (omitted == 1 ? "has" : "have")
              + " no place on these axes.");
    }
    return notes;
  }

  /** Returns the caption with the notes behind it. */
  String fullCaption() {
    return (caption + " " + String.join(" ", notes())).strip();
  }

  /** Returns the series that are drawn: all, but where others remain, those of rounding alone. */
  List<Series> drawnSeries() {
    List<Series> drawn = series.stream().filter(one -> !isRounding(one)).toList();
    boolean remains =
        drawn.stream()
            .filter(one -> one.style() != Series.Style.REFERENCE)
            .anyMatch(one -> one.points().stream().anyMatch(this::draws));
    return vertical.logarithmic() && remains ? drawn : series;
  }

  private static boolean isRounding(Series one) {
    return one.points().stream().anyMatch(point -> !Double.isNaN(point.y()))
        && one.points().stream().noneMatch(point -> Math.abs(point.y()) >= ROUNDING);
  }

  /** Tells whether a point has a place on both axes. */
  boolean draws(Series.Point point) {
    return horizontal.holds(point.x()) && vertical.holds(point.y());
  }
}
