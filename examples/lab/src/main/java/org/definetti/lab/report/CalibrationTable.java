package org.definetti.lab.report;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.definetti.calibration.Diagnosis;
import org.definetti.calibration.Diagnostic;
import org.definetti.calibration.PlantedError;
import org.definetti.experiment.AtomicFile;
import org.definetti.lab.claims.PowerTable;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the page on calibration: prose by hand, the power table from a run of claim CAL12.
 *
 * <p>The region {@code power} has one row a diagnostic and one column a posterior; an entry is the
 * share of repetitions in which an error was detected, at each number of simulations.
 */
public final class CalibrationTable {

  private static final String CLAIM = "CAL12";
  private static final double DETECTED = 0.8;

  private CalibrationTable() {}

  /**
   * Writes the region.
   *
   * @param run directory of a run of {@code verify} that checked claim CAL12
   * @param page the page; begun if missing
   * @return the page
   * @throws IllegalArgumentException if the run has no result of claim CAL12
   * @throws UncheckedIOException if a file cannot be read or written
   */
  public static Path write(Path run, Path page) {
    RunFiles files = RunFiles.read(run);
    // diagnostic, posterior, simulations
    Map<String, Map<String, Map<Double, Row>>> entries = new LinkedHashMap<>();
    for (Row row : files.curves()) {
      if (row.axis("claim").equals(CLAIM)) {
        entries
            .computeIfAbsent(row.text("metric"), metric -> new LinkedHashMap<>())
            .computeIfAbsent(row.text("attention"), posterior -> new TreeMap<>())
            .put(row.number("value"), row);
      }
    }
    if (entries.isEmpty()) {
      throw new IllegalArgumentException(
          "run: expected one of claim " + CLAIM + ", got none in " + run);
    }
    String text = Files.exists(page) ? ClaimPages.read(page) : "# Calibration\n";
    String content = ClaimPages.run(files.manifest(), CLAIM) + table(entries);
    AtomicFile.write(page, ClaimPages.withRegion(text, "power", content));
    return page;
  }

  private static String table(Map<String, Map<String, Map<Double, Row>>> entries) {
    List<String> posteriors = new ArrayList<>(List.of(PowerTable.EXACT));
    for (PlantedError error : PlantedError.values()) {
      posteriors.add(error.label());
    }
    StringBuilder text = new StringBuilder("Detected at ");
    text.append(simulations(entries)).append(" simulations, in per cent of repetitions:\n\n");
    text.append("| diagnostic | ").append(String.join(" | ", posteriors)).append(" |\n|---|");
    text.append("---|".repeat(posteriors.size())).append('\n');
    for (Diagnostic diagnostic : Diagnosis.diagnostics()) {
      row(text, "`" + diagnostic.name() + "`", entries.get(diagnostic.name()), posteriors);
    }
    row(text, "any of them", entries.get(PowerTable.ANY), posteriors);
    row(text, "any, sharing one level", entries.get(PowerTable.SHARED), posteriors);
    return text.toString();
  }

  private static String simulations(Map<String, Map<String, Map<Double, Row>>> entries) {
    Map<Double, Row> first = entries.values().iterator().next().values().iterator().next();
    List<String> numbers = new ArrayList<>();
    first.keySet().forEach(n -> numbers.add(String.format(Locale.ROOT, "%,.0f", n)));
    return String.join(" · ", numbers);
  }

  private static void row(
      StringBuilder text,
      String name,
      @Nullable Map<String, Map<Double, Row>> found,
      List<String> posteriors) {
    if (found == null) {
      return;
    }
    text.append("| ").append(name);
    for (String posterior : posteriors) {
      List<String> shares = new ArrayList<>();
      found.getOrDefault(posterior, Map.of()).values().forEach(row -> shares.add(share(row)));
      text.append(" | ").append(shares.isEmpty() ? "–" : String.join(" · ", shares));
    }
    text.append(" |\n");
  }

  /** Bold where an error is detected in four repetitions of five at least. */
  private static String share(Row row) {
    String per = Numbers.text(100 * row.number("mean"), 3);
    return row.number("mean") >= DETECTED ? "**" + per + "**" : per;
  }
}
