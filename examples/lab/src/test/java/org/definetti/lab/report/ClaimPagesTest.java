package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClaimPagesTest {

  @TempDir Path folder;

  private Path run() {
    return SampleRun.write(folder.resolve("run"));
  }

  @Test
  void everyClaimWithAResultGetsItsPage() throws IOException {
    List<Path> pages = ClaimPages.write(run(), folder.resolve("pages"));
    assertEquals(
        List.of("B2.md", "C5.md", "X1.md", "E3.md"),
        pages.stream().map(page -> String.valueOf(page.getFileName())).toList());
    String page = Files.readString(pages.get(0));
    assertTrue(page.startsWith("# B2: null token exact\n"), page);
    assertTrue(page.contains("Source: derived here."), page);
    assertTrue(page.contains("`definetti verify B2 --budget standard --seed 20250601`"), page);
    assertTrue(page.contains("| gaussian-mean | CONFIRMED | 3.1·10⁻¹⁵ |"), page);
    String refuted = Files.readString(pages.get(2));
    assertTrue(refuted.contains("Expected outcome: REFUTED"), refuted);
    assertTrue(refuted.contains("| whole | REFUTED, as expected |"), refuted);
    String missed = Files.readString(pages.get(3));
    assertTrue(missed.contains("| whole | REFUTED, expected CONFIRMED |"), missed);
  }

  @Test
  void proseIsKeptAndFiguresAreReplaced() throws IOException {
    Path pages = folder.resolve("pages");
    Path page = ClaimPages.write(run(), pages).get(0);
    String first = Files.readString(page);
    String edited =
        first
            .replace("# B2: null token exact\n", "# The prior is one more token\n\nWhy it is so.\n")
            .replace("3.1·10⁻¹⁵", "typed by hand");
    Files.writeString(page, edited + "\nFurther reading.\n");
    ClaimPages.write(folder.resolve("run"), pages);
    String second = Files.readString(page);
    assertTrue(second.startsWith("# The prior is one more token\n\nWhy it is so.\n"), second);
    assertTrue(second.endsWith("\nFurther reading.\n"), second);
    assertFalse(second.contains("typed by hand"), second);
    ClaimPages.write(folder.resolve("run"), pages);
    assertEquals(second, Files.readString(page));
  }

  @Test
  void theListSaysWhatWasAsExpected() throws IOException {
    Path pages = folder.resolve("pages");
    ClaimPages.write(run(), pages);
    String list = Files.readString(pages.resolve("README.md"));
    assertTrue(list.contains("[C5](C5.md) corrected softmax rate"), list);
    assertTrue(list.contains("| 1 of 2 |"), list);
    assertTrue(list.contains("| 0 of 1 |"), list);
  }

  @Test
  void aPageByHandIsToldItsClaimBelowTheTitle() throws IOException {
    Path pages = Files.createDirectories(folder.resolve("pages"));
    Path page = Files.writeString(pages.resolve("B2.md"), "# B2: one more token\n\nProse.\n");
    ClaimPages.write(run(), pages);
    String text = Files.readString(page);
    assertTrue(text.startsWith("# B2: one more token\n\n<!-- claim: "), text);
    assertTrue(text.indexOf("Source: ") < text.indexOf("\nProse.\n"), text);
    assertTrue(text.indexOf("\nProse.\n") < text.indexOf("<!-- measured: "), text);
  }

  @Test
  void theListKeepsClaimsOfEarlierRuns() throws IOException {
    Path pages = Files.createDirectories(folder.resolve("pages"));
    Path list = pages.resolve("README.md");
    ClaimPages.write(run(), pages);
    String row = "| [A1](A1.md) order | No order matters. | 3 of 3 |\n";
    Files.writeString(
        list, Files.readString(list).replace("|---|---|---|\n", "|---|---|---|\n" + row));
    String before = Files.readString(list);
    ClaimPages.write(folder.resolve("run"), pages);
    assertEquals(before, Files.readString(list));
  }
}
