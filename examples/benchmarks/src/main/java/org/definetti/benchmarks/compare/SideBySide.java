package org.definetti.benchmarks.compare;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.definetti.lab.command.BenchCommand;
import org.definetti.lab.command.BenchOptions;
import org.definetti.lab.run.Manifest;

/** What {@code definetti bench} does; {@link BenchCommand} finds it by name. */
public final class SideBySide implements BenchCommand.Measurement {

  /** The lengths of the single-query head that are measured where no shapes are asked for. */
  private static final List<Integer> HEAD_LENGTHS = List.of(32, 64, 128, 256, 1024, 4096);

  private static final int HEAD_BATCH = 256;
  private static final int HEAD_DIMENSION = 16;
  private static final String BLOCK_SHAPES = "64,64,64,4;64,512,64,4;256,40,128,4;32,2048,64,4";

  @Override
  public void measure(BenchOptions options, Manifest manifest, Path out, PrintWriter console) {
    List<Task> tasks = options.scaling() ? List.of() : tasks(options);
    manifest.write(out);
    Run run = new Run(options, out, console);
    if (options.scaling()) {
      run.scale(List.of(Scaling.Size.values()), Effort.quick());
    } else {
      run.measure(tasks, Effort.standard());
    }
    manifest.end();
    manifest.write(out);
    console.println("written: " + out);
    console.flush();
  }

  /** Returns the rows that are asked for: every work on the shapes, or on shapes of its own. */
  static List<Task> tasks(BenchOptions options) {
    List<Task> tasks = new ArrayList<>();
    for (String label : options.works()) {
      Work work = Work.of(label);
      for (Shape shape : shapes(work, options.shapes())) {
        tasks.add(new Task(work, shape, options.threads()));
      }
    }
    return tasks;
  }

  private static List<Shape> shapes(Work work, String asked) {
    if (!asked.isEmpty()) {
      return Shape.parse(asked);
    }
    return work.isBlock()
        ? Shape.parse(BLOCK_SHAPES)
        : HEAD_LENGTHS.stream()
            .map(length -> new Shape(HEAD_BATCH, length, HEAD_DIMENSION, 1))
            .toList();
  }
}
