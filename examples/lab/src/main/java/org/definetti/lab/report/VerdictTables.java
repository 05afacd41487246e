package org.definetti.lab.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.definetti.experiment.AtomicFile;

/**
 * Keeps the figures of a page that speaks of several claims: prose by hand, a table of verdicts a
 * claim from a run.
 *
 * <p>Where the page has a region named as a claim, {@code XS1}, and the run checked that claim, the
 * region becomes one row a part: what was predicted, what was measured with its interval, and the
 * verdict. Regions of other claims stay as they are, so that several runs fill one page.
 */
public final class VerdictTables {

  private VerdictTables() {}

  /**
   * Writes the regions.
   *
   * @param run directory of a run of {@code verify}
   * @param page a page with a region of at least one claim of the run
   * @return the page
   * @throws IllegalArgumentException if the page is missing or has no such region
   * @throws UncheckedIOException if a file cannot be read or written
   */
  public static Path write(Path run, Path page) {
    if (!Files.isRegularFile(page)) {
      throw new IllegalArgumentException("page: expected a Markdown page, got " + page);
    }
    RunFiles files = RunFiles.read(run);
    String before = ClaimPages.read(page);
    String text = before;
    boolean found = false;
    for (JsonNode claim : files.manifest().path("claims")) {
      String id = claim.path("id").asText("");
      List<Row> parts = ClaimPages.parts(files, id);
      if (text.contains("<!-- " + id + ": ") && !parts.isEmpty()) {
        found = true;
        text =
            ClaimPages.withRegion(
                text, id, ClaimPages.run(files.manifest(), id) + table(id, parts));
      }
    }
    if (!found) {
      throw new IllegalArgumentException(
          "page: expected a region of a claim of the run, such as '<!-- XS1: written by definetti"
              + " report -->', got none in "
              + page);
    }
    AtomicFile.write(page, text);
    return page;
  }

  private static String table(String id, List<Row> parts) {
    StringBuilder text =
        new StringBuilder(
            "| part | predicted | measured | interval | verdict |\n|---|---|---|---|---|\n");
    for (Row row : parts) {
      Part part = new Part(row);
      text.append("| ").append(part.name(id));
      text.append(" | ").append(ClaimPages.cell(row.text("prediction")));
      text.append(" | ").append(Numbers.text(row.number("measured"), 4));
      text.append(" | ").append(part.interval());
      text.append(" | ").append(part.verdict()).append(ClaimPages.expectation(row)).append(" |\n");
    }
    return text.toString();
  }
}
