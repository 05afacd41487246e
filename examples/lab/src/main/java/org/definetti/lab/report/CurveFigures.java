package org.definetti.lab.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.definetti.experiment.Curve;
import org.definetti.lab.report.Series.Point;
import org.definetti.lab.report.Series.Style;
import org.jspecify.annotations.Nullable;

/**
 * Turns the rows of a run into figures: one for each model, metric and axis, with everything that
 * was measured of them side by side, derived and trained.
 */
final class CurveFigures {

  /** More curves than this make a figure unreadable; the rest go on to the next one. */
  private static final int MOST_SERIES = 8;

  /** The axis that tells apart the curves of different claims. */
  private static final String CLAIM = "claim";

  private final RunFiles files;

  private CurveFigures(RunFiles files) {
    this.files = files;
  }

  /** Returns the figures of a run by file name without ending, in the order of the rows. */
  static Map<String, Figure> of(RunFiles files) {
    CurveFigures figures = new CurveFigures(files);
    Map<String, Figure> all = new LinkedHashMap<>();
    List<List<List<Row>>> local = new ArrayList<>(pictures(files.localSlopes()));
    List<Row> curves = files.curves().stream().filter(row -> !WeightMaps.isPartOfOne(row)).toList();
    for (List<List<Row>> picture : pictures(curves)) {
      Row first = picture.get(0).get(0);
      add(all, fileName(first, ""), figures.errors(first, picture));
      figures.addLocalSlopes(all, local, first);
    }
    // What is left has local slopes, but no curve of its own in the files.
    while (!local.isEmpty()) {
      figures.addLocalSlopes(all, local, local.get(0).get(0).get(0));
    }
    if (!files.losses().isEmpty()) {
      add(all, "loss", LearningCurve.of(files.losses(), files.validation()));
    }
    return all;
  }

  /** Returns the one figure of curves of one model and metric, however many they are. */
  static Figure of(List<Curve> curves) {
    RunFiles files = RunFiles.of(curves);
    List<List<Row>> rows = pictures(files.curves()).stream().flatMap(List::stream).toList();
    return new CurveFigures(files).errors(rows.get(0).get(0), rows);
  }

  /** Moves the local slopes that belong to a curve's picture behind it. */
  private void addLocalSlopes(Map<String, Figure> all, List<List<List<Row>>> local, Row curve) {
    for (List<List<Row>> picture : List.copyOf(local)) {
      Row first = picture.get(0).get(0);
      if (picture(first).equals(picture(curve))) {
        add(all, fileName(first, "-local-slopes"), localSlopes(first, picture));
        local.remove(picture);
      }
    }
  }

  /** Names a curve as people would: attention and origin first, then what else tells it apart. */
  static String label(Row row) {
    List<String> parts = new ArrayList<>();
    parts.add(or(row.text("attention"), "attention"));
    parts.add((row.text("origin") + " " + row.text("objective")).strip());
    String trained = row.text("train_length");
    if (!trained.isEmpty()) {
      parts.add(trained.equals("each") ? "trained at each length" : "trained at length " + trained);
    }
    List<String> fixed = new ArrayList<>();
    for (String pair : row.text("fixed").split(";", -1)) {
      if (!pair.startsWith(CLAIM + "=")) {
        fixed.add(pair.startsWith("form=") ? pair.substring(5) : pair.replace('=', ' '));
      }
    }
    parts.add(String.join(", ", fixed));
    return String.join(" · ", parts.stream().filter(part -> !part.isEmpty()).distinct().toList());
  }

  /** Says in words what a curve is drawn over. */
  static String axisName(Row row) {
    String axis = or(row.text("axis"), "length");
    return axis.equals("length") ? "length (tokens)" : words(axis);
  }

  static String words(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z][a-z])", " ")
        .replace('-', ' ')
        .replace('_', ' ')
        .toLowerCase(Locale.ROOT);
  }

  /** Rows of one curve together, curves of one picture together, in pieces of a readable size. */
  private static List<List<List<Row>>> pictures(List<Row> rows) {
    Map<List<String>, Map<List<String>, List<Row>>> groups = new LinkedHashMap<>();
    for (Row row : rows) {
      groups
          .computeIfAbsent(picture(row), key -> new LinkedHashMap<>())
          .computeIfAbsent(values(row, RunFiles.CURVE_KEY), key -> new ArrayList<>())
          .add(row);
    }
    List<List<List<Row>>> pictures = new ArrayList<>();
    for (Map<List<String>, List<Row>> curves : groups.values()) {
      List<List<Row>> list = new ArrayList<>(curves.values());
      for (int from = 0; from < list.size(); from += MOST_SERIES) {
        pictures.add(list.subList(from, Math.min(from + MOST_SERIES, list.size())));
      }
    }
    return pictures;
  }

  /** What curves drawn together have in common. */
  private static List<String> picture(Row row) {
    return List.of(row.text("model"), row.text("metric"), row.text("axis"), row.axis(CLAIM));
  }

  private static List<String> values(Row row, List<String> columns) {
    return columns.stream().map(row::text).toList();
  }

  private Figure errors(Row first, List<List<Row>> curves) {
    Axis across = axis(axisName(first), curves, row -> row.number("value"), true);
    // A share against a probability: what matters lies between both ends, not near zero.
    Axis upwards =
        first.text("axis").equals("probability")
            ? Axis.linear("share of simulations")
            : axis(words(first.text("metric")), curves, row -> row.number("mean"), false);
    Figure figure = Figure.of(title(first), across, upwards);
    Set<String> predicted = new LinkedHashSet<>();
    for (List<Row> curve : curves) {
      Series series = series(curve, "value", "mean");
      figure = figure.withSeries(series);
      for (Row slope : files.slopes()) {
        if (slope.agrees(curve.get(0), RunFiles.CURVE_KEY)) {
          Series line = prediction(slope, series);
          if (line != null) {
            figure = figure.withSeries(line);
            predicted.add(line.label());
          }
        }
      }
    }
    return figure.withCaption(caption(predicted.isEmpty()) + doubt(first, curves));
  }

  /** Says where the exact answers were too uncertain, which the run has marked. */
  private static String doubt(Row first, List<List<Row>> curves) {
    Set<String> marked = new LinkedHashSet<>();
    for (List<Row> curve : curves) {
      curve.stream()
          .filter(row -> !row.text("mark").isEmpty())
          .forEach(row -> marked.add(Numbers.text(row.number("value"), 6)));
    }
    return marked.isEmpty()
        ? ""
        : " The posterior is computed numerically, and its own error may exceed a tenth of the"
            + " squared gap at "
            + words(or(first.text("axis"), "length"))
            + " "
            + String.join(", ", marked)
            + ": nothing is confirmed or refuted from there.";
  }

  private static String caption(boolean withoutPrediction) {
    String intervals =
        "Upright lines and the shade between them are the intervals of the run; hollow markers are"
            + " trained.";
    return withoutPrediction
        ? intervals
        : intervals
            + " Dashed lines have the predicted slope and start on the curve they belong to.";
  }

  static String title(Row row) {
    String claim = row.axis(CLAIM);
    return (claim.isEmpty() ? "" : claim + " · ")
        + words(row.text("model"))
        + ": "
        + words(row.text("metric"));
  }

  /** The line of the predicted slope through the curve's first point in range, or null. */
  private static @Nullable Series prediction(Row slope, Series series) {
    double predicted = slope.number("predicted");
    double from = slope.number("from");
    double to = slope.number("to");
    for (Point point : series.points()) {
      boolean usable = point.x() >= from && point.x() < to && point.x() > 0 && point.y() > 0;
      if (usable && Double.isFinite(predicted) && Double.isFinite(to)) {
        String label = predictionLabel(slope);
        return Series.powerLaw(label, Point.of(point.x(), point.y()), predicted, to);
      }
    }
    return null;
  }

  private static String predictionLabel(Row slope) {
    String text = "predicted slope " + Numbers.text(slope.number("predicted"), 3);
    return text + " for " + or(slope.text("attention"), "attention");
  }

  private Figure localSlopes(Row first, List<List<Row>> curves) {
    Axis across = axis(axisName(first), curves, CurveFigures::middle, true);
    Figure figure = Figure.of(title(first) + ", local slopes", across, Axis.linear("local slope"));
    for (List<Row> curve : curves) {
      List<Point> points = new ArrayList<>();
      for (Row row : curve) {
        points.add(
            new Point(middle(row), row.number("slope"), row.number("low"), row.number("high")));
      }
      figure = figure.withSeries(new Series(label(curve.get(0)), style(curve.get(0)), points));
      for (Row slope : files.slopes()) {
        double predicted = slope.number("predicted");
        if (slope.agrees(curve.get(0), RunFiles.CURVE_KEY) && Double.isFinite(predicted)) {
          figure =
              figure.withSeries(
                  new Series(
                      predictionLabel(slope),
                      Style.REFERENCE,
                      List.of(
                          Point.of(slope.number("from"), predicted),
                          Point.of(slope.number("to"), predicted))));
        }
      }
    }
    return figure.withCaption(
        "Slope between neighbouring values, drawn at their geometric mean. A pure power law is"
            + " flat.");
  }

  private static double middle(Row row) {
    return Math.sqrt(row.number("from") * row.number("to"));
  }

  private static Series series(List<Row> rows, String x, String y) {
    List<Point> points = new ArrayList<>();
    for (Row row : rows) {
      points.add(new Point(row.number(x), row.number(y), row.number("low"), row.number("high")));
    }
    points.sort((a, b) -> Double.compare(a.x(), b.x()));
    return new Series(label(rows.get(0)), style(rows.get(0)), points);
  }

  private static Style style(Row row) {
    return row.text("origin").equals("trained") ? Style.TRAINED : Style.COMPUTED;
  }

  /**
   * Chooses the scale of an axis. Errors and lengths belong on a logarithmic one; quantities that
   * are never positive, and a horizontal axis with a zero or less than a factor of four, do not.
   */
  private static Axis axis(
      String label, List<List<Row>> curves, ToDoubleFunction<Row> value, boolean whole) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (List<Row> curve : curves) {
      for (Row row : curve) {
        double one = value.applyAsDouble(row);
        if (Double.isFinite(one)) {
          least = Math.min(least, one);
          most = Math.max(most, one);
        }
      }
    }
    boolean logarithmic = whole ? least > 0 && most >= 4 * least : most > 0;
    return new Axis(label, logarithmic);
  }

  static String fileName(Row row, String ending) {
    String axis = or(row.text("axis"), "length");
    String name = row.axis(CLAIM) + "-" + row.text("model") + "-" + row.text("metric");
    return safe(axis.equals("length") ? name : name + "-" + axis) + ending;
  }

  /** Keeps letters, digits and hyphens: a name from a file must not choose another directory. */
  static String safe(String name) {
    String safe = name.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-+|-+$", "");
    return safe.isEmpty() ? "figure" : safe.substring(0, Math.min(safe.length(), 100));
  }

  private static void add(Map<String, Figure> all, String name, Figure figure) {
    String free = name;
    for (int i = 2; all.containsKey(free); i++) {
      free = name + "-" + i;
    }
    all.put(free, figure);
  }

  private static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }
}
