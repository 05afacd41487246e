package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CalibrationTableTest {

  private static final String HEADER =
      "model,attention,origin,objective,train_length,metric,axis,value,fixed,mean,"
          + "standard_error,low,high,count\n";

  @TempDir Path folder;

  private static String row(String posterior, String metric, double n, double share, String claim) {
    return "gaussian-mean,%s,derived,,,%s,simulations,%s,claim=%s,%s,0,0,0,10%n"
        .formatted(posterior, metric, n, claim, share);
  }

  @Test
  void writesOneRowADiagnosticAndKeepsProse() throws IOException {
    Files.writeString(
        folder.resolve("curves.csv"),
        HEADER
            + row("exact", "sbc", 300, 0.045, "CAL12")
            + row("exact", "sbc", 3000, 0.06, "CAL12")
            + row("biased", "sbc", 3000, 1, "CAL12")
            + row("biased", "sbc", 300, 0.5, "CAL12")
            + row("exact", "any", 300, 0.3, "CAL12")
            + row("exact", "sbc", 300, 0.9, "CAL1"));
    Path page = folder.resolve("calibration.md");
    Files.writeString(page, "# Calibration\n\nBy hand.\n");
    assertEquals(page, CalibrationTable.write(folder, page));
    String once = Files.readString(page);
    assertTrue(once.startsWith("# Calibration\n\nBy hand.\n"), once);
    assertTrue(once.contains("Detected at 300 · 3,000 simulations"), once);
    assertTrue(once.contains("| `sbc` | 4.5 · 6 | – | – | 50 · **100** | – | – |\n"), once);
    assertTrue(once.contains("| any of them | 30 | – |"), once);
    CalibrationTable.write(folder, page);
    assertEquals(once, Files.readString(page));
  }

  @Test
  void aRunWithoutTheClaimIsRefused() throws IOException {
    Files.writeString(folder.resolve("curves.csv"), HEADER + row("exact", "sbc", 300, 0.9, "CAL1"));
    Path page = folder.resolve("calibration.md");
    assertThrows(IllegalArgumentException.class, () -> CalibrationTable.write(folder, page));
  }
}
