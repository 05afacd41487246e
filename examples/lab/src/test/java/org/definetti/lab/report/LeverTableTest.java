package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeverTableTest {

  private static final String HEADER =
      "model,attention,origin,objective,train_length,metric,axis,value,fixed,mean,"
          + "standard_error,low,high,count\n";

  @TempDir Path folder;

  private static String row(String metric, String setting, String fixed, String numbers) {
    return "dice,multi-head,trained,,,%s,heads-setting,%s,%s,%s%n"
        .formatted(metric, setting, fixed, numbers);
  }

  @Test
  void writesOneRowASettingAndKeepsProse() throws IOException {
    String heads = "claim=X2;lever=heads";
    Files.writeString(
        folder.resolve("curves.csv"),
        HEADER
            + row("pretraining-error", "1.0", heads, "0.01,0.001,0.008,0.012,5")
            + row("pretraining-error", "2.0", heads, "0.005,0.001,0.005,0.005,5")
            + row("ratio", "1.0", heads, "40,1,38,42,5")
            + row("downstream-error", "3.0", "claim=X2", "0.1,0,0.1,0.1,5"));
    Path page = folder.resolve("transfer.md");
    Files.writeString(page, "# Transfer\n\nBy hand.\n");
    assertEquals(page, LeverTable.write(folder, page));
    String once = Files.readString(page);
    assertTrue(once.startsWith("# Transfer\n\nBy hand.\n"), once);
    assertTrue(once.contains("| multi-head | heads | 1 | 0.01 ± 0.002 | – | 40 ± 2 | – |\n"), once);
    assertTrue(once.contains("| multi-head | heads | 2 | 0.005 | – | – | – |\n"), once);
    LeverTable.write(folder, page);
    assertEquals(once, Files.readString(page));
  }

  @Test
  void aRunWithoutTheClaimIsRefused() throws IOException {
    Files.writeString(
        folder.resolve("curves.csv"),
        HEADER + row("ratio", "1.0", "claim=E6;lever=heads", "40,1,38,42,5"));
    Path page = folder.resolve("transfer.md");
    assertThrows(IllegalArgumentException.class, () -> LeverTable.write(folder, page));
  }
}
