package org.definetti.benchmarks.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.definetti.experiment.AtomicFile;
import org.definetti.lab.report.Axis;
import org.definetti.lab.report.Figure;
import org.definetti.lab.report.Series;

/**
 * How a training step grows with one size while the others stay: the shapes measured, and the
 * figures drawn of them with the machine's limit as a dashed line.
 */
final class Scaling {

  private static final int DIMENSION = 64;
  private static final int HEADS = 4;
  private static final int LENGTH = 64;
  private static final int BATCH = 64;
  private static final int LONG_BATCH = 16;
  private static final int HEAD_WIDTH = 16;
  private static final double MEBI = 1024.0 * 1024;

  private Scaling() {}

  /** What varies in a figure. */
  enum Size {
    BATCH("batch size B"),
    LENGTH("length L"),
    DIMENSION("dimension d"),
    THREADS("threads");

    private final String label;

    Size(String label) {
      this.label = label;
    }

    private String file() {
      return name().toLowerCase(Locale.ROOT);
    }

    private double of(Task task) {
      return switch (this) {
        case BATCH -> task.shape().batch();
        case LENGTH -> task.shape().length();
        case DIMENSION -> task.shape().dimension();
        case THREADS -> task.threads();
      };
    }
  }

  /** Returns the tasks along one size. */
  static List<Task> tasks(Size size, int threads) {
    List<Task> tasks = new ArrayList<>();
    switch (size) {
      case BATCH -> {
        for (int batch = 1; batch <= 256; batch *= 4) {
          tasks.add(train(batch, LENGTH, DIMENSION, HEADS, threads));
        }
      }
      case LENGTH -> {
        for (int length = 16; length <= 2048; length *= 2) {
          tasks.add(train(LONG_BATCH, length, DIMENSION, HEADS, threads));
        }
      }
      case DIMENSION -> {
        for (int width = 16; width <= 256; width *= 2) {
          tasks.add(train(BATCH, LENGTH, width, width / HEAD_WIDTH, threads));
        }
      }
      case THREADS -> {
        for (int count = 1; count <= threads; count++) {
          tasks.add(train(BATCH, LENGTH, DIMENSION, HEADS, count));
        }
      }
      default -> throw new IllegalStateException(size.name());
    }
    return tasks;
  }

  private static Task train(int batch, int length, int dimension, int heads, int threads) {
    return new Task(Work.TRAIN, new Shape(batch, length, dimension, heads), threads);
  }

  /** Writes the figures of one size's rows into a directory. */
  static void draw(Size size, List<Row> rows, Path directory) {
    write(directory, "step-" + size.file(), times(size, rows));
    if (size == Size.LENGTH) {
      write(directory, "memory-" + size.file(), memory(rows));
    }
  }

  private static void write(Path directory, String name, Figure figure) {
    AtomicFile.write(directory.resolve(name + ".svg"), figure.toSvg());
  }

  private static Figure times(Size size, List<Row> rows) {
    Axis across = Axis.logarithmic(size.label);
    Axis up = Axis.logarithmic("ms per step");
    Figure figure =
        Figure.of("One training step against " + size.label, across, up)
            .withCaption(
                fixed(size, rows.get(0).task()) + " Intervals: least and most of the rounds.")
            .withSeries(series("definetti", Series.Style.COMPUTED, size, rows, Row::ours));
    if (hasPeer(rows)) {
      figure = figure.withSeries(series("PyTorch", Series.Style.TRAINED, size, rows, Row::peer));
    }
    List<Series.Point> floor = new ArrayList<>();
    for (Row row : rows) {
      floor.add(Series.Point.of(size.of(row.task()), row.floorMillis()));
    }
    return figure.withSeries(new Series("limit of the machine", Series.Style.REFERENCE, floor));
  }

  private static boolean hasPeer(List<Row> rows) {
    return rows.stream().anyMatch(row -> !row.peerName().isEmpty());
  }

  private static Series series(
      String label, Series.Style style, Size size, List<Row> rows, Function<Row, Times> times) {
    List<Series.Point> points = new ArrayList<>();
    for (Row row : rows) {
      Times t = times.apply(row);
      double x = size.of(row.task());
      points.add(new Series.Point(x, t.median(), t.least(), t.most()));
    }
    return new Series(label, style, points);
  }

  private static String fixed(Size varied, Task task) {
    Shape shape = task.shape();
    List<String> words = new ArrayList<>();
    if (varied != Size.BATCH) {
      words.add("B = " + shape.batch());
    }
    if (varied != Size.LENGTH) {
      words.add("L = " + shape.length());
    }
    if (varied == Size.DIMENSION) {
      words.add("heads of width " + HEAD_WIDTH);
    } else {
      words.add("d = " + shape.dimension());
      words.add("H = " + shape.heads());
    }
    if (varied != Size.THREADS) {
      words.add(String.format(Locale.ROOT, "%d threads", task.threads()));
    }
    return "Transformer block, Adam, " + String.join(", ", words) + ".";
  }

  private static Figure memory(List<Row> rows) {
    List<Series.Point> ours = new ArrayList<>();
    List<Series.Point> peer = new ArrayList<>();
    List<Series.Point> data = new ArrayList<>();
    for (Row row : rows) {
      double length = row.task().shape().length();
      ours.add(Series.Point.of(length, row.ourMemory() / MEBI));
      peer.add(Series.Point.of(length, row.peerMemory() / MEBI));
      data.add(Series.Point.of(length, 2 * row.task().bytes() / MEBI));
    }
    Figure figure =
        Figure.of(
                "Memory of training against length L",
                Axis.logarithmic("length L"),
                Axis.logarithmic("MiB"))
            .withCaption(
                fixed(Size.LENGTH, rows.get(0).task())
                    + " Ours: live heap, the data and a virtual machine of some 4 MiB included;"
                    + " PyTorch: growth of the largest resident set.")
            .withSeries(new Series("definetti", Series.Style.COMPUTED, ours));
    if (hasPeer(rows)) {
      figure = figure.withSeries(new Series("PyTorch", Series.Style.TRAINED, peer));
    }
    return figure.withSeries(new Series("inputs and targets alone", Series.Style.REFERENCE, data));
  }
}
