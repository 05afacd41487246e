package org.definetti.lab.report;

import java.util.ArrayList;
import java.util.List;
import org.definetti.lab.report.Series.Point;
import org.definetti.lab.report.Series.Style;

/** The picture of a training: loss, and validation loss where there is one, over its steps. */
final class LearningCurve {

  /** A loss that falls by less than this is read as well on a linear axis. */
  private static final double FALL = 4;

  private LearningCurve() {}

  static Figure of(List<Row> losses, List<Row> validation) {
    List<Row> all = new ArrayList<>(losses);
    all.addAll(validation);
    double least = all.stream().mapToDouble(row -> row.number("loss")).min().orElse(0);
    double most = all.stream().mapToDouble(row -> row.number("loss")).max().orElse(0);
    Figure figure =
        Figure.of(
            "Loss of the training",
            Axis.linear("step"),
            new Axis("loss", least > 0 && most >= FALL * least));
    figure = figure.withSeries(series("training", losses));
    if (!validation.isEmpty()) {
      figure = figure.withSeries(series("validation", validation));
    }
    return figure.withCaption("The loss of single batches of samples, as it was logged.");
  }

  private static Series series(String label, List<Row> rows) {
    List<Point> points = new ArrayList<>();
    rows.forEach(row -> points.add(Point.of(row.number("step"), row.number("loss"))));
    return new Series(label, Style.LINE, points);
  }
}
