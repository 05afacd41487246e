package org.definetti.lab.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.definetti.experiment.AtomicFile;

/**
 * Draws the report of a run: the page {@code report.html} and the pictures in {@code plots}.
 *
 * <p>The report is a function of the files of the run alone: {@code manifest.json}, {@code
 * verdicts.csv}, {@code curves.csv}, {@code slopes.csv} and, where there are such, {@code
 * local-slopes.csv}, {@code diagnosis.csv}, {@code loss.csv} and {@code validation.csv}. It
 * computes no result, so it can be drawn again at any time, also for a run that is not finished or
 * comes from somewhere else.
 */
public final class Report {

  /** Fewer would not make up for loading the chart library once more. */
  private static final int FIGURES_A_THREAD = 12;

  private Report() {}

  /**
   * Reads the result files in a directory and writes {@code plots/*.svg}, {@code plots/*.png},
   * {@code plots/*.csv} (the numbers of each picture) and {@code report.html} beside them.
   *
   * <ul>
   *   <li>Edge cases: files that are missing leave out their part of the page; a run that has not
   *       ended, or has claims or cells without a result, is marked as half-finished. Where the JDK
   *       cannot paint (some installations have no fonts), the PNG files are left out and the page
   *       says so.
   *   <li>Safety: every name and number from the files is escaped; the page asks no other machine
   *       for anything and runs no script but its own. Each file is replaced whole, the page after
   *       the pictures; then such files of an earlier report are deleted from {@code plots}.
   *   <li>Cost: a quarter of a second of a processor for each figure, two thirds of it spent in the
   *       chart library, and a second for each thread to load that. Many figures are drawn on
   *       several threads; the files do not depend on it.
   * </ul>
   *
   * @return the page
   * @throws IllegalArgumentException if the directory is not that of a run, or a file in it is not
   *     of its form
   * @throws UncheckedIOException if a file cannot be read or written
   */
  public static Path write(Path directory) {
    RunFiles files = RunFiles.read(directory);
    Map<String, Figure> figures = CurveFigures.of(files);
    Path plots = directory.resolve("plots");
    Map<String, Drawing> drawings = new LinkedHashMap<>();
    Set<Path> written = new HashSet<>();
    boolean painted = true;
    for (Drawn drawn : Workers.map(figures.entrySet(), FIGURES_A_THREAD, one -> draw(plots, one))) {
      drawings.put(drawn.name(), drawn.drawing());
      written.add(plots.resolve(drawn.name() + ".svg"));
      written.add(plots.resolve(drawn.name() + ".csv"));
      painted = painted && drawn.painted();
      if (painted) {
        written.add(plots.resolve(drawn.name() + ".png"));
      }
    }
    Map<String, HeatMap> maps = WeightMaps.of(files);
    maps.forEach(
        (name, map) -> {
          PlotFiles.write(plots, name, map);
          for (String ending : new String[] {".svg", ".csv", ".png"}) {
            written.add(plots.resolve(name + ending));
          }
        });
    Path page = directory.resolve("report.html");
    AtomicFile.write(page, Page.of(files, drawings, maps, painted));
    deletePlotsBut(written, plots);
    return page;
  }

  /** A figure whose files are written; the PNG only where it could be painted. */
  private record Drawn(String name, Drawing drawing, boolean painted) {}

  private static Drawn draw(Path plots, Map.Entry<String, Figure> entry) {
    String name = entry.getKey();
    Drawing drawing = Drawing.of(entry.getValue());
    AtomicFile.write(plots.resolve(name + ".svg"), drawing.document());
    AtomicFile.write(plots.resolve(name + ".csv"), entry.getValue().toCsv());
    return new Drawn(name, drawing, PlotFiles.paint(drawing.svg(), plots.resolve(name + ".png")));
  }

  /** Deletes the pictures an earlier report left that this one has not. */
  private static void deletePlotsBut(Set<Path> written, Path plots) {
    if (!Files.isDirectory(plots)) {
      return;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(plots, "*.{svg,png,csv}")) {
      for (Path file : found) {
        if (!written.contains(file)) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
