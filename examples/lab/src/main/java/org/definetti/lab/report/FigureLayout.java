package org.definetti.lab.report;

import java.util.ArrayList;
import java.util.List;
import org.definetti.lab.report.Mark.Anchor;
import org.definetti.lab.report.Mark.Dot;
import org.definetti.lab.report.Mark.Fill;
import org.definetti.lab.report.Mark.Label;
import org.definetti.lab.report.Mark.Place;
import org.definetti.lab.report.Mark.Stroke;
import org.definetti.lab.report.Series.Point;

/** Places everything a figure shows on a canvas; knows nothing of SVG or of screens. */
final class FigureLayout {

  static final double WIDTH = 560;

  private static final double LEFT = 64;
  private static final double RIGHT = WIDTH - 16;
  private static final double TOP = 66;
  private static final double BOTTOM = 350;
  private static final double LEGEND_TOP = BOTTOM + 64;
  private static final double LEGEND_ROW = 20;
  private static final double LETTER = 12.5;

  /** Interval ends may lengthen an axis by this much of the span of the values, each way. */
  private static final double INTERVAL_SHARE = 0.5;

  private final Figure figure;
  private final Ticks across;
  private final Ticks upwards;
  private final List<Mark> marks = new ArrayList<>();

  private FigureLayout(Figure figure) {
    this.figure = figure;
    List<Double> xs = new ArrayList<>();
    List<Double> ys = new ArrayList<>();
    for (Series series : figure.series()) {
      List<Point> drawn = series.points().stream().filter(figure::draws).toList();
      drawn.forEach(point -> ys.add(point.y()));
      if (series.style() != Series.Style.REFERENCE) {
        drawn.forEach(point -> xs.add(point.x()));
      } else if (!drawn.isEmpty()) {
        // Only its ends: the places between were not measured and should not choose the ticks.
        xs.add(drawn.get(0).x());
        xs.add(drawn.get(drawn.size() - 1).x());
      }
    }
    this.across = Ticks.over(figure.horizontal().logarithmic(), xs);
    this.upwards = Ticks.over(figure.vertical().logarithmic(), withIntervals(ys));
  }

  /** Returns the marks in painting order. */
  static List<Mark> of(Figure figure) {
    FigureLayout layout = new FigureLayout(figure);
    layout.addFrame();
    layout.addBands();
    layout.addLines();
    layout.addDots();
    layout.addLegend();
    return List.copyOf(layout.marks);
  }

  /** Returns the height of the canvas, which grows with the legend. */
  static double height(Figure figure) {
    int rows = figure.series().size() + (figure.omittedCount() > 0 ? 1 : 0);
    return LEGEND_TOP + LEGEND_ROW * Math.max(rows, 1) - 4;
  }

  /**
   * Adds the interval ends that do not dwarf the values: one wild interval must not hide a curve.
   */
  private List<Double> withIntervals(List<Double> values) {
    if (values.isEmpty()) {
      return values;
    }
    Axis axis = figure.vertical();
    Ticks bare = Ticks.over(axis.logarithmic(), values);
    List<Double> all = new ArrayList<>(values);
    for (Series series : figure.series()) {
      for (Point point : series.points()) {
        for (double end : new double[] {point.low(), point.high()}) {
          if (figure.draws(point) && axis.holds(end)) {
            double place = bare.fraction(axis.logarithmic(), end);
            if (place >= -INTERVAL_SHARE && place <= 1 + INTERVAL_SHARE) {
              all.add(end);
            }
          }
        }
      }
    }
    return all;
  }

  private double x(double value) {
    return LEFT + across.fraction(figure.horizontal().logarithmic(), value) * (RIGHT - LEFT);
  }

  /** The height of a value, held within the frame: an interval may reach further than the axis. */
  private double y(double value) {
    boolean logarithmic = figure.vertical().logarithmic();
    double fraction = logarithmic && value <= 0 ? 0 : upwards.fraction(logarithmic, value);
    return BOTTOM - Math.min(Math.max(fraction, 0), 1) * (BOTTOM - TOP);
  }

  private Place place(Point point) {
    return new Place(x(point.x()), y(point.y()));
  }

  private void addFrame() {
    text(shortened(figure.title(), 16, WIDTH - 24), 16, 26, Anchor.START, 16, true, Ink.TEXT);
    text(figure.vertical().label(), 16, 50, Anchor.START, LETTER, false, Ink.MUTED);
    for (double value : upwards.minor()) {
      line(LEFT, y(value), RIGHT, y(value), 0.4);
    }
    for (double value : upwards.major()) {
      line(LEFT, y(value), RIGHT, y(value), 1);
      text(upwards.label(value), LEFT - 8, y(value) + 4, Anchor.END, LETTER, false, Ink.MUTED);
    }
    for (double value : across.major()) {
      line(x(value), TOP, x(value), BOTTOM, 1);
      text(across.label(value), x(value), BOTTOM + 18, Anchor.MIDDLE, LETTER, false, Ink.MUTED);
    }
    marks.add(
        new Stroke(
            List.of(new Place(LEFT, BOTTOM), new Place(RIGHT, BOTTOM)), Ink.MUTED, 1, false));
    String label = figure.horizontal().label();
    text(label, (LEFT + RIGHT) / 2, BOTTOM + 40, Anchor.MIDDLE, LETTER, false, Ink.MUTED);
    if (figure.series().stream().allMatch(s -> s.points().stream().noneMatch(figure::draws))) {
      text(
          "nothing to draw",
          (LEFT + RIGHT) / 2,
          (TOP + BOTTOM) / 2,
          Anchor.MIDDLE,
          14,
          false,
          Ink.MUTED);
    }
  }

  private void addBands() {
    for (int i = 0; i < figure.series().size(); i++) {
      List<Point> run = new ArrayList<>();
      for (Point point : figure.series().get(i).points()) {
        boolean known = figure.draws(point) && !Double.isNaN(point.low() + point.high());
        if (known) {
          run.add(point);
        } else {
          addBand(run, ink(i));
          run.clear();
        }
      }
      addBand(run, ink(i));
    }
  }

  /** Adds the intervals of neighbouring points: a band, with a thin upright line at each point. */
  private void addBand(List<Point> run, Ink ink) {
    List<Place> outline = new ArrayList<>();
    for (Point point : run) {
      outline.add(new Place(x(point.x()), y(point.high())));
      Place low = new Place(x(point.x()), y(point.low()));
      marks.add(new Stroke(List.of(outline.get(outline.size() - 1), low), ink, 1, false));
    }
    for (int i = run.size() - 1; i >= 0; i--) {
      outline.add(new Place(x(run.get(i).x()), y(run.get(i).low())));
    }
    if (run.size() > 1) {
      marks.add(new Fill(outline, ink, 0.16));
    }
  }

  private void addLines() {
    for (int i = 0; i < figure.series().size(); i++) {
      Series series = figure.series().get(i);
      List<Place> run = new ArrayList<>();
      for (Point point : series.points()) {
        if (figure.draws(point)) {
          run.add(place(point));
        } else {
          addLine(run, series, ink(i));
          run.clear();
        }
      }
      addLine(run, series, ink(i));
    }
  }

  private void addLine(List<Place> run, Series series, Ink ink) {
    boolean reference = series.style() == Series.Style.REFERENCE;
    if (run.size() > 1) {
      marks.add(new Stroke(run, ink, reference ? 1.4 : 1.8, reference));
    }
  }

  private void addDots() {
    for (int i = 0; i < figure.series().size(); i++) {
      Series series = figure.series().get(i);
      for (Point point : series.points()) {
        if (series.style() != Series.Style.REFERENCE && figure.draws(point)) {
          String words = series.label() + ": " + hover(point);
          marks.add(new Dot(outline(series.style(), place(point)), ink(i), words));
        }
      }
    }
  }

  private static String hover(Point point) {
    String text = Numbers.text(point.x(), 6) + " → " + Numbers.text(point.y(), 4);
    return Double.isNaN(point.low() + point.high())
        ? text
        : text + " [" + Numbers.text(point.low(), 4) + ", " + Numbers.text(point.high(), 4) + "]";
  }

  private void addLegend() {
    double row = LEGEND_TOP;
    for (int i = 0; i < figure.series().size(); i++) {
      Series series = figure.series().get(i);
      boolean reference = series.style() == Series.Style.REFERENCE;
      Place from = new Place(18, row);
      Place to = new Place(46, row);
      marks.add(new Stroke(List.of(from, to), ink(i), reference ? 1.4 : 1.8, reference));
      if (!reference) {
        marks.add(new Dot(outline(series.style(), new Place(32, row)), ink(i), series.label()));
      }
      String label = shortened(series.label(), LETTER, WIDTH - 70);
      text(label, 54, row + 4, Anchor.START, LETTER, false, Ink.TEXT);
      row += LEGEND_ROW;
    }
    int omitted = figure.omittedCount();
    if (omitted > 0) {
      text(omission(omitted), 18, row + 4, Anchor.START, LETTER, false, Ink.MUTED);
    }
  }

  /** Says in words that points are missing from a drawing. */
  static String omission(int count) {
    return count == 1
        ? "1 point (zero, negative or not a number) has no place on these axes."
        : count + " points (zero, negative or not a number) have no place on these axes.";
  }

  /**
   * The colour of a series: curves take turns; a reference line stays visible on top of a curve.
   */
  private Ink ink(int index) {
    if (figure.series().get(index).style() == Series.Style.REFERENCE) {
      return Ink.TEXT;
    }
    long before =
        figure.series().subList(0, index).stream()
            .filter(series -> series.style() != Series.Style.REFERENCE)
            .count();
    return Ink.ofSeries((int) before);
  }

  private static List<Place> outline(Series.Style style, Place centre) {
    return switch (style) {
      case TRIANGLES -> polygon(centre, 3, 5.2, -0.25);
      case SQUARES -> polygon(centre, 4, 5.0, 0.125);
      case DIAMONDS -> polygon(centre, 4, 5.0, 0);
      case CIRCLES, REFERENCE -> polygon(centre, 20, 3.9, 0);
    };
  }

  private static List<Place> polygon(Place centre, int corners, double radius, double turn) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < corners; i++) {
      double angle = 2 * Math.PI * (turn + i / (double) corners);
      places.add(
          new Place(centre.x() + radius * Math.cos(angle), centre.y() + radius * Math.sin(angle)));
    }
    return places;
  }

  private void line(double x1, double y1, double x2, double y2, double width) {
    marks.add(new Stroke(List.of(new Place(x1, y1), new Place(x2, y2)), Ink.GRID, width, false));
  }

  private void text(
      String text, double x, double y, Anchor anchor, double size, boolean bold, Ink ink) {
    marks.add(new Label(text, new Place(x, y), anchor, size, bold, ink));
  }

  /** Cuts text that would not fit. No font is at hand: a letter is taken as 0.56 of its size. */
  private static String shortened(String text, double size, double room) {
    int letters = (int) (room / (0.56 * size));
    int length = text.codePointCount(0, text.length());
    return length <= letters
        ? text
        : text.substring(0, text.offsetByCodePoints(0, letters - 1)) + "…";
  }
}
