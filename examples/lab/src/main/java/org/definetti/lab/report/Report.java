package org.definetti.lab.report;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.definetti.experiment.AtomicFile;

/**
 * Draws the report of a run: the page {@code report.html} and the pictures in {@code plots}.
 *
 * <p>The report is a function of the files of the run alone: {@code manifest.json}, {@code
 * verdicts.csv}, {@code curves.csv}, {@code slopes.csv} and, where there is one, {@code
 * local-slopes.csv}. It computes no result, so it can be drawn again at any time, also for a run
 * that is not finished or comes from somewhere else.
 */
public final class Report {

  private Report() {}

  /**
   * Reads the result files in a directory and writes {@code plots/*.svg}, {@code plots/*.png} and
   * {@code report.html} beside them.
   *
   * <ul>
   *   <li>Edge cases: files that are missing leave out their part of the page; a run that has not
   *       ended, or has claims or cells without a result, is marked as half-finished. Where the JDK
   *       cannot paint (some installations have no fonts), the PNG files are left out and the page
   *       says so.
   *   <li>Safety: every name and number from the files is escaped; the page asks no other machine
   *       for anything and holds no script. Each file is replaced whole, the page last.
   *   <li>Cost: about a second and a half for twelve figures, most of it painting PNG.
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
    boolean painted = true;
    for (Map.Entry<String, Figure> entry : figures.entrySet()) {
      Figure figure = entry.getValue();
      byte[] svg = figure.toSvg().getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(plots.resolve(entry.getKey() + ".svg"), svg);
      painted = painted && paint(figure, plots.resolve(entry.getKey() + ".png"));
    }
    Path page = directory.resolve("report.html");
    String html = Page.of(files, figures, painted);
    AtomicFile.write(page, html);
    return page;
  }

  /** Paints a picture; returns false where this JDK has no means to. */
  private static boolean paint(Figure figure, Path file) {
    byte[] png;
    try {
      png = PngWriter.encode(figure);
    } catch (LinkageError | InternalError | RuntimeException e) {
      // A JDK without fonts fails in any of these ways, and differently the second time. Nothing
      // but memory is touched here, so nothing else can be wrong.
      return false;
    }
    AtomicFile.write(file, png);
    return true;
  }
}
