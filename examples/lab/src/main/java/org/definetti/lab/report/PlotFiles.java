package org.definetti.lab.report;

import java.nio.file.Path;
import org.definetti.experiment.AtomicFile;

/** Writes a picture in the forms a paper takes, beside the numbers it shows. */
public final class PlotFiles {

  private PlotFiles() {}

  /**
   * Writes {@code name.svg}, {@code name.csv} and, where this JDK can paint, {@code name.png}.
   *
   * @throws java.io.UncheckedIOException if a file cannot be written
   */
  public static void write(Path directory, String name, Figure figure) {
    Drawing drawing = Drawing.of(figure);
    write(directory, name, drawing.document(), figure.toCsv(), drawing.svg());
  }

  /**
   * Writes {@code name.svg}, {@code name.csv} and, where this JDK can paint, {@code name.png}.
   *
   * @throws java.io.UncheckedIOException if a file cannot be written
   */
  public static void write(Path directory, String name, HeatMap map) {
    write(directory, name, map.toSvg(), map.toCsv(), map.inline());
  }

  private static void write(Path directory, String name, String svg, String csv, String still) {
    AtomicFile.write(directory.resolve(name + ".svg"), svg);
    AtomicFile.write(directory.resolve(name + ".csv"), csv);
    paint(still, directory.resolve(name + ".png"));
  }

  /** Paints a picture; returns false where this JDK has no means to. */
  static boolean paint(String svg, Path file) {
    byte[] png;
    try {
      png = PngWriter.encode(svg);
    } catch (LinkageError | InternalError | RuntimeException e) {
      // A JDK without fonts fails in any of these ways, and differently the second time. Nothing
      // but memory is touched here, so nothing else can be wrong.
      return false;
    }
    AtomicFile.write(file, png);
    return true;
  }
}
