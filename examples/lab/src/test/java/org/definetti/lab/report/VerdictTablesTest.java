package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerdictTablesTest {

  @TempDir Path folder;

  private static String region(String id, String content) {
    return "<!-- "
        + id
        + ": written by definetti report -->\n"
        + content
        + "<!-- "
        + id
        + ": end -->\n";
  }

  private Path page(String text) throws IOException {
    return Files.writeString(folder.resolve("page.md"), text);
  }

  @Test
  void fillsTheRegionsOfTheRunsClaimsAndNothingElse() throws IOException {
    Path run = SampleRun.write(folder.resolve("run"));
    Path page =
        page("# Words\n\n" + region("C5", "old\n") + "\nBetween.\n\n" + region("A1", "kept\n"));
    VerdictTables.write(run, page);
    String text = Files.readString(page);
    assertTrue(text.contains("`definetti verify C5 --budget standard --seed 20250601`"), text);
    assertTrue(text.contains("| −1.004 | [−1.021, −0.987] | CONFIRMED |"), text);
    assertTrue(text.contains("| INCONCLUSIVE, expected CONFIRMED |"), text);
    assertTrue(text.contains("\nBetween.\n\n" + region("A1", "kept\n")), text);
    assertFalse(text.contains("old"), text);
    assertFalse(text.contains("B2"), text);
    VerdictTables.write(run, page);
    assertEquals(text, Files.readString(page));
  }

  @Test
  void aPageWithoutARegionOfTheRunIsRefused() throws IOException {
    Path run = SampleRun.write(folder.resolve("run"));
    Path page = page("# Words\n\n" + region("A1", "kept\n"));
    assertThrows(IllegalArgumentException.class, () -> VerdictTables.write(run, page));
    Path missing = folder.resolve("none.md");
    assertThrows(IllegalArgumentException.class, () -> VerdictTables.write(run, missing));
  }
}
