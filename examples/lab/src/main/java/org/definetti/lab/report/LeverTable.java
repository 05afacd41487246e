package org.definetti.lab.report;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.definetti.experiment.AtomicFile;

/**
 * Keeps the page on transfer: prose by hand, the table of what moves the downstream error from a
 * run of claim X2.
 *
 * <p>The region {@code levers} has one row a setting of each lever, with both errors, their ratio
 * and that ratio's share of the largest there can be.
 */
public final class LeverTable {

  private static final String CLAIM = "X2";
  private static final List<String> METRICS =
      List.of("pretraining-error", "downstream-error", "ratio", "share-of-kappa");

  private LeverTable() {}

  /**
   * Writes the region.
   *
   * @param run directory of a run of {@code verify} that checked claim X2
   * @param page the page; begun if missing
   * @return the page
   * @throws IllegalArgumentException if the run has no lever of claim X2
   * @throws UncheckedIOException if a file cannot be read or written
   */
  public static Path write(Path run, Path page) {
    RunFiles files = RunFiles.read(run);
    // predictor and lever, setting, metric
    Map<String, Map<String, Map<String, Row>>> levers = new LinkedHashMap<>();
    for (Row row : files.curves()) {
      if (row.axis("claim").equals(CLAIM) && !row.axis("lever").isEmpty()) {
        levers
            .computeIfAbsent(
                row.text("attention") + " | " + row.axis("lever").replace('-', ' '),
                lever -> new LinkedHashMap<>())
            .computeIfAbsent(Numbers.text(row.number("value"), 4), setting -> new LinkedHashMap<>())
            .put(row.text("metric"), row);
      }
    }
    if (levers.isEmpty()) {
      throw new IllegalArgumentException(
          "run: expected one of claim " + CLAIM + " with levers, got none in " + run);
    }
    String text = Files.exists(page) ? ClaimPages.read(page) : "# Transfer\n";
    String content = ClaimPages.run(files.manifest(), CLAIM) + table(levers);
    AtomicFile.write(page, ClaimPages.withRegion(text, "levers", content));
    return page;
  }

  private static String table(Map<String, Map<String, Map<String, Row>>> levers) {
    StringBuilder text =
        new StringBuilder(
            "| predictor | lever | setting | pretraining error | downstream error | ratio | of κ_task"
                + " |\n|---|---|---|---|---|---|---|\n");
    levers.forEach(
        (lever, settings) ->
            settings.forEach(
                (setting, metrics) -> {
                  text.append("| ").append(lever).append(" | ").append(setting);
                  for (String metric : METRICS) {
                    Row row = metrics.get(metric);
                    text.append(" | ").append(row == null ? "–" : measured(row));
                  }
                  text.append(" |\n");
                }));
    return text.toString();
  }

  private static String measured(Row row) {
    double radius = (row.number("high") - row.number("low")) / 2;
    String mean = Numbers.text(row.number("mean"), 3);
    return radius > 0 ? mean + " ± " + Numbers.text(radius, 2) : mean;
  }
}
