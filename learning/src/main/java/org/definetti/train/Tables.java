package org.definetti.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Writes losses as CSV, at once or not at all. */
final class Tables {

  private Tables() {}

  static void writeLosses(Path file, List<LossPoint> log) {
    StringBuilder text = new StringBuilder("step,loss,learning_rate\n");
    for (LossPoint point : log) {
      text.append(point.step()).append(',').append(point.loss()).append(',');
      text.append(point.learningRate()).append('\n');
    }
    write(file, text);
  }

  static void writeValidation(Path file, List<ValidationPoint> log) {
    StringBuilder text = new StringBuilder("step,loss\n");
    for (ValidationPoint point : log) {
      text.append(point.step()).append(',').append(point.loss()).append('\n');
    }
    write(file, text);
  }

  private static void write(Path file, StringBuilder text) {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.write(temporary, text.toString().getBytes(StandardCharsets.UTF_8));
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
