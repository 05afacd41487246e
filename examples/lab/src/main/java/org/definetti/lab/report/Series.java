package org.definetti.lab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Points that belong together under one label in the legend.
 *
 * @param label name in the legend, plain text
 * @param style how the points are drawn
 * @param points the points in drawing order; any number, also none
 */
public record Series(String label, Style style, List<Point> points) {

  /** How a series is drawn. Each curve of a figure has a colour and a marker shape of its own. */
  public enum Style {
    /** A line through filled markers: what is computed. */
    COMPUTED,
    /** A line through hollow markers: what was trained. */
    TRAINED,
    /** A line without markers, through many points: a density, a loss. */
    LINE,
    /** A dark dashed line without markers: what is predicted. */
    REFERENCE
  }

  /**
   * A measured value with its interval.
   *
   * @param x place on the horizontal axis
   * @param y value; NaN breaks the line
   * @param low lower end of the interval, NaN where there is none
   * @param high upper end of the interval, NaN where there is none
   */
  public record Point(double x, double y, double low, double high) {

    /** Returns a point without an interval. */
    public static Point of(double x, double y) {
      return new Point(x, y, Double.NaN, Double.NaN);
    }
  }

  /** Copies the points. */
  public Series {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(style, "style");
    points = List.copyOf(points);
  }

  /**
   * Returns the line {@code y = y0 · (x / x0)^slope} between two places: straight on log-log axes.
   *
   * @param anchor the point (x0, y0) the line passes through; x0 and y0 positive
   * @param slope the exponent
   * @param to the other end of the line, positive
   * @throws IllegalArgumentException if a coordinate is not positive or the slope not finite
   */
  public static Series powerLaw(String label, Point anchor, double slope, double to) {
    if (!(anchor.x() > 0 && anchor.y() > 0 && to > 0 && Double.isFinite(slope))) {
      throw new IllegalArgumentException(
          "powerLaw: expected positive coordinates and a finite slope, got anchor ("
              + anchor.x()
              + ", "
              + anchor.y()
              + "), slope "
              + slope
              + ", to "
              + to);
    }
    // Several pieces, so that the line also bends rightly where an axis is linear.
    int pieces = 16;
    List<Point> line = new ArrayList<>();
    for (int i = 0; i <= pieces; i++) {
      double x = i == pieces ? to : anchor.x() * Math.pow(to / anchor.x(), i / (double) pieces);
      line.add(Point.of(x, anchor.y() * Math.pow(x / anchor.x(), slope)));
    }
    return new Series(label, Style.REFERENCE, line);
  }
}
