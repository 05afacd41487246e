package org.definetti.benchmarks.compare;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.definetti.experiment.AtomicFile;
import org.definetti.experiment.Csv;
import org.definetti.lab.command.BenchOptions;

/** Measures task after task; the table grows by a row each, on the console and in its file. */
final class Run {

  /** The table's name in the run's directory. */
  static final String FILE = "bench.csv";

  private final BenchOptions options;
  private final Path out;
  private final PrintWriter console;
  private final Csv table = Row.table();

  Run(BenchOptions options, Path out, PrintWriter console) {
    if (!WorkerProcess.hasVectors()) {
      throw new IllegalArgumentException(
          "bench: expected a JDK with the module jdk.incubator.vector, got one without");
    }
    this.options = options;
    this.out = out;
    this.console = console;
    console.println(Row.header());
    console.flush();
  }

  /** Measures the tasks and returns their rows. */
  List<Row> measure(List<Task> tasks, Effort effort) {
    List<Row> rows = new ArrayList<>();
    try (MachineLimits limits = MachineLimits.start()) {
      Comparison comparison = new Comparison(limits, options.hasPeer(), options.hasPlain(), effort);
      for (Task task : tasks) {
        Row row = comparison.measure(task);
        rows.add(row);
        row.addTo(table);
        AtomicFile.write(out.resolve(FILE), table.text());
        console.println(row.line());
        console.flush();
      }
    }
    return rows;
  }

  /** Measures and draws the curves against these sizes. */
  void scale(List<Scaling.Size> sizes, Effort effort) {
    for (Scaling.Size size : sizes) {
      List<Row> rows = measure(Scaling.tasks(size, options.threads()), effort);
      Scaling.draw(size, rows, out.resolve("plots"));
    }
  }
}
