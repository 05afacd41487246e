package org.definetti.lab.report;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.definetti.experiment.AtomicFile;

/**
 * What one picture shows, as an immutable value that knows nothing of how it is drawn.
 *
 * <ul>
 *   <li>Edge cases: points without a place on an axis (not finite, or not positive on a logarithmic
 *       axis) are left out and counted by {@link #omittedCount()}; interval ends without a place
 *       are not drawn. A figure without any drawable point is a frame that says so.
 *   <li>Accuracy: equal figures give equal bytes of SVG on every machine, of PNG on one machine
 *       (its fonts draw the letters).
 *   <li>Cost: an SVG about a millisecond; a PNG some 50 ms, the first up to a second more.
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

  /** Returns how many measured points have no place on the axes and are therefore not drawn. */
  public int omittedCount() {
    int count = 0;
    for (Series one : series) {
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
    return SvgWriter.document(this);
  }

  /**
   * Writes the picture as a PNG file, light, at twice the size of the SVG for dense screens.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public void writePng(Path file) {
    AtomicFile.write(file, PngWriter.encode(this));
  }

  /** Tells whether a point has a place on both axes. */
  boolean draws(Series.Point point) {
    return horizontal.holds(point.x()) && vertical.holds(point.y());
  }
}
