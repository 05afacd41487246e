package org.definetti.lab.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.definetti.lab.report.Series.Point;
import org.definetti.lab.report.Series.Style;

/**
 * The one description of a figure that page, SVG and PNG are drawn from: an option tree of Apache
 * ECharts. What all figures share stands in {@code chart.json}.
 */
final class ChartOption {

  static final int WIDTH = 600;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] SHAPES = {
    "Circle", "Triangle", "Rect", "Diamond", "Triangle", "Arrow", "Triangle", "Arrow"
  };
  private static final int[] TURNS = {0, 0, 0, 0, 180, 0, 90, 180};
  private static final int[][] DASHES = {{7, 4}, {2, 3}, {12, 4}, {8, 3, 2, 3}};

  /** Interval ends may lengthen an axis by this much of the span of the values, each way. */
  private static final double INTERVAL_SHARE = 0.5;

  private static final double BAND_OPACITY = 0.12;
  private static final int PLOT_HEIGHT = 290;
  private static final int LINE_HEIGHT = 18;
  private static final int LEGEND_ROW = 22;
  private static final double LETTER = 6.4;

  private final Figure figure;
  private final List<Series> drawn;
  private final ChartScale across;
  private final ChartScale upwards;
  private final ChartScale acrossEvenly;
  private final ChartScale upwardsEvenly;
  private final ArrayNode series = JSON.createArrayNode();

  private ChartOption(Figure figure) {
    this.figure = figure;
    this.drawn = figure.drawnSeries();
    List<Double> xs = new ArrayList<>();
    List<Double> ys = new ArrayList<>();
    for (Series one : drawn) {
      List<Point> points = one.points().stream().filter(figure::draws).toList();
      points.forEach(point -> ys.add(point.y()));
      // Of a prediction only its ends: the places between were not measured.
      int between = one.style() == Style.REFERENCE ? Math.max(points.size() - 1, 1) : 1;
      for (int i = 0; i < points.size(); i += between) {
        xs.add(points.get(i).x());
      }
    }
    boolean logarithmic = figure.vertical().logarithmic();
    this.across = ChartScale.over(figure.horizontal().logarithmic(), xs);
    this.acrossEvenly = ChartScale.over(false, xs);
    this.upwards = ChartScale.over(logarithmic, withIntervals(ys, logarithmic));
    this.upwardsEvenly = ChartScale.over(false, withIntervals(ys, false));
  }

  /** Returns the option as JSON text that may stand inside a script element of a page. */
  static String json(Figure figure) {
    try {
      return scriptSafe(JSON.writeValueAsString(new ChartOption(figure).tree()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("chart.json is part of the program", e);
    }
  }

  /** Returns the height a picture needs for its legend: wide, or as narrow as a telephone. */
  static int height(Figure figure, boolean narrow) {
    return (narrow ? 90 : 72) + PLOT_HEIGHT - 24 + bottom(figure, narrow);
  }

  /** Keeps text from ending the script element or being read as a line end by old engines. */
  private static String scriptSafe(String json) {
    return json.replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  private ObjectNode tree() throws JsonProcessingException {
    String template = Resources.text("chart.json");
    for (Ink ink : Ink.values()) {
      template = template.replace("@" + ink.name(), ink.hex());
    }
    ObjectNode option = (ObjectNode) JSON.readTree(template);
    ObjectNode base = option.withObject("/baseOption");
    ((ObjectNode) base.get("title").get(0)).put("text", clean(figure.title()));
    ((ObjectNode) base.get("title").get(1)).put("text", clean(notes(figure)));
    axis(base.withObject("/xAxis"), figure.horizontal(), across, acrossEvenly);
    axis(base.withObject("/yAxis"), figure.vertical(), upwards, upwardsEvenly);
    room(base, false);
    room((ObjectNode) option.get("media").get(0).get("option"), true);
    room((ObjectNode) option.get("media").get(1).get("option"), false);
    ArrayNode names = base.withObject("/legend").putArray("data");
    labels(drawn).forEach(names::add);
    addSeries();
    base.set("series", series);
    return option;
  }

  private static String notes(Figure figure) {
    List<String> notes = new ArrayList<>(figure.notes());
    boolean empty =
        figure.drawnSeries().stream()
            .allMatch(one -> one.points().stream().noneMatch(figure::draws));
    if (empty) {
      notes.add(0, "nothing to draw:");
    }
    return String.join(" ", notes);
  }

  /** Describes both scales of an axis: chart.js chooses, and finds the places of the values. */
  private static void axis(ObjectNode node, Axis axis, ChartScale scale, ChartScale evenly) {
    node.put("name", clean(axis.label()));
    node.putArray("ends").add(evenly.low()).add(evenly.high());
    if (scale.base() > 0) {
      node.put("base", scale.base());
      node.put("min", scale.low()).put("max", scale.high()).put("interval", scale.step());
    }
  }

  /** Leaves room for the legend, and for the notes below it. */
  private void room(ObjectNode option, boolean narrow) {
    option.withObject("/grid").put("bottom", bottom(figure, narrow));
    option.withObject("/legend").put("bottom", 6 + noteHeight(figure, narrow));
  }

  private static int bottom(Figure figure, boolean narrow) {
    int rows = 0;
    for (String label : labels(figure.drawnSeries())) {
      rows += LEGEND_ROW + 16 * (lines(label, narrow ? 245 : 420) - 1);
    }
    return 50 + rows + noteHeight(figure, narrow);
  }

  private static int noteHeight(Figure figure, boolean narrow) {
    String notes = notes(figure);
    return notes.isEmpty() ? 4 : 10 + LINE_HEIGHT * lines(notes, narrow ? 280 : 450);
  }

  private static int lines(String text, int width) {
    return Math.max(1, (int) Math.ceil(LETTER * text.length() / width));
  }

  private static Set<String> labels(List<Series> all) {
    Set<String> labels = new LinkedHashSet<>();
    all.forEach(one -> labels.add(label(one)));
    return labels;
  }

  /** A name for the legend, where an empty one would start a new row. */
  private static String label(Series one) {
    String label = clean(one.label()).strip();
    return label.isEmpty() ? "–" : label;
  }

  private static String clean(String text) {
    return Markup.known(text).replaceAll("\\s+", " ");
  }

  private void addSeries() {
    int curves = 0;
    int references = 0;
    for (Series one : drawn) {
      if (one.style() == Style.REFERENCE) {
        addReference(one, DASHES[references++ % DASHES.length]);
      } else {
        // The intervals come first, and so lie below; the name makes the legend hide both.
        ObjectNode curve = line(one, Ink.ofSeries(curves).hex(), 3);
        if (one.style() == Style.LINE) {
          withoutMarkers(curve);
        } else {
          mark(curve, one.style(), curves);
        }
        curve.withObject("/lineStyle").put("width", 2);
        ArrayNode data = curve.putArray("data");
        one.points().forEach(point -> addPoint(data, point));
        addIntervals(one, Ink.ofSeries(curves).hex());
        curves++;
      }
    }
  }

  private static void mark(ObjectNode curve, Style style, int index) {
    curve.put("symbol", symbol(SHAPES[index % SHAPES.length], style)).put("symbolSize", 8);
    curve.put("symbolRotate", TURNS[index % TURNS.length]).put("showAllSymbol", true);
  }

  private static void withoutMarkers(ObjectNode line) {
    // Where there is no marker, the legend would show one all the same.
    line.put("symbol", "none").withObject("/itemStyle").put("opacity", 0);
  }

  private ObjectNode line(Series one, String color, int level) {
    ObjectNode line = series.addObject();
    line.put("type", "line").put("name", label(one)).put("color", color).put("z", level);
    line.withObject("/emphasis").put("disabled", true);
    return line;
  }

  /** What was computed is filled, what was trained is hollow. */
  private static String symbol(String shape, Style style) {
    return style == Style.TRAINED
        ? "empty" + shape
        : shape.substring(0, 1).toLowerCase(Locale.ROOT) + shape.substring(1);
  }

  private void addReference(Series one, int[] dashes) {
    ObjectNode line = line(one, Ink.TEXT.hex(), 4);
    withoutMarkers(line);
    line.put("silent", true).withObject("/tooltip").put("show", false);
    ArrayNode pattern = line.withObject("/lineStyle").put("width", 1.5).putArray("type");
    for (int dash : dashes) {
      pattern.add(dash);
    }
    ArrayNode data = line.putArray("data");
    one.points().forEach(point -> addPlace(data, point));
  }

  private void addPoint(ArrayNode data, Point point) {
    if (!figure.draws(point)) {
      data.addNull();
      return;
    }
    ObjectNode item = data.addObject();
    item.putArray("value").add(point.x()).add(point.y());
    item.put("at", clean(figure.horizontal().label()) + " " + Numbers.text(point.x(), 6));
    String interval = Numbers.interval(point.low(), point.high());
    String number = Numbers.text(point.y(), 4);
    item.put("name", interval.equals("–") ? number : number + " " + interval);
  }

  private void addPlace(ArrayNode data, Point point) {
    if (figure.draws(point)) {
      data.addArray().add(point.x()).add(point.y());
    } else {
      data.addNull();
    }
  }

  /**
   * Adds place and ends of each interval twice: chart.js makes upright lines with caps of them, and
   * a band between neighbours.
   */
  private void addIntervals(Series one, String color) {
    List<Point> known =
        one.points().stream()
            .filter(point -> figure.draws(point) && !Double.isNaN(point.low() + point.high()))
            .toList();
    if (known.isEmpty()) {
      return;
    }
    ObjectNode bars = silent(line(one, color, 2)).put("intervals", true);
    bars.withObject("/lineStyle").put("width", 1.5).put("opacity", 0.55);
    addEnds(bars, known);
    if (known.size() > 1) {
      ObjectNode band = silent(line(one, color, 1)).put("band", true);
      band.withObject("/lineStyle").put("width", 0).put("opacity", 0);
      band.withObject("/areaStyle").put("opacity", BAND_OPACITY);
      addEnds(band, known);
    }
  }

  private static ObjectNode silent(ObjectNode line) {
    line.put("symbol", "none").put("silent", true).withObject("/tooltip").put("show", false);
    return line;
  }

  private static void addEnds(ObjectNode line, List<Point> points) {
    ArrayNode data = line.putArray("data");
    for (Point point : points) {
      data.addArray().add(point.x()).add(held(point.low())).add(held(point.high()));
    }
  }

  /** Keeps the end of an interval a number that JSON knows. */
  private static double held(double end) {
    return Math.max(-Double.MAX_VALUE, Math.min(end, Double.MAX_VALUE));
  }

  /**
   * Adds the interval ends that do not dwarf the values: one wild interval must not hide a curve.
   */
  private List<Double> withIntervals(List<Double> values, boolean logarithmic) {
    if (values.isEmpty()) {
      return values;
    }
    double least = size(logarithmic, values.stream().mapToDouble(v -> v).min().orElseThrow());
    double most = size(logarithmic, values.stream().mapToDouble(v -> v).max().orElseThrow());
    double room = most > least ? INTERVAL_SHARE * (most - least) : Math.max(Math.abs(most), 1);
    List<Double> all = new ArrayList<>(values);
    for (Series one : drawn) {
      one.points().stream()
          .filter(figure::draws)
          .flatMap(point -> Stream.of(point.low(), point.high()))
          .filter(end -> figure.vertical().holds(end))
          .filter(end -> size(logarithmic, end) >= least - room)
          .filter(end -> size(logarithmic, end) <= most + room)
          .forEach(all::add);
    }
    return all;
  }

  private static double size(boolean logarithmic, double value) {
    return logarithmic ? Math.log10(value) : value;
  }
}
