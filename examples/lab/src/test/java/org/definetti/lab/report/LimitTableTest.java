package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LimitTableTest {

  @TempDir Path folder;

  private static final String HEAD =
      "| part | verdict | measured | interval | predicted | control |\n|---|---|---|---|---|---|\n";

  private void page(String id, String... rows) throws IOException {
    Path pages = Files.createDirectories(folder.resolve("claims"));
    Files.writeString(pages.resolve(id + ".md"), "# Title\n\n" + HEAD + String.join("", rows));
  }

  @Test
  void whatIsNotConfirmedIsListedUnexpectedFirst() throws IOException {
    page("S10", "| a (b) | REFUTED, as expected | 2 | [2, 2] | \\|x\\| <= 1 | – |\n");
    page(
        "S2",
        "| whole | INCONCLUSIVE, expected CONFIRMED | – | – | >= 1 | caught: x |\n",
        "| c | CONFIRMED | 1 | [1, 1] | 1 ± 0 | – |\n");
    page("README", "| [S2](S2.md) | REFUTED in a sentence, not in a verdict |\n");
    String table = "| part | verdict | measured | predicted |\n|---|---|---|---|\n";
    String expected =
        "The pages of the claims have 3 parts; 1 are CONFIRMED.\n"
            + "\n### Not as expected\n\n"
            + table
            + "| [S2](claims/S2.md) | INCONCLUSIVE | – | >= 1 |\n"
            + "\n### Refuted, as expected\n\n"
            + table
            + "| [S10](claims/S10.md) a (b) | REFUTED | 2 | \\|x\\| <= 1 |\n"
            + "\n### Undecided, as expected\n\nNothing.\n";
    assertEquals(expected, LimitTable.of(folder.resolve("claims")));
  }

  @Test
  void theListIsKeptWithThePagesOfClaims() throws IOException {
    Path page = Files.writeString(folder.resolve("limits.md"), "# Limits\n\nProse.\n");
    ClaimPages.write(SampleRun.write(folder.resolve("run")), folder.resolve("claims"));
    String text = Files.readString(page);
    assertTrue(text.startsWith("# Limits\n\nProse.\n\n<!-- limits: "), text);
    assertTrue(text.contains("| [X1](claims/X1.md) | REFUTED | "), text);
  }

  @Test
  void theRepositorysListIsUpToDate() throws IOException {
    Path docs = Path.of("..", "..", "docs");
    String list = LimitTable.of(docs.resolve("claims"));
    String page = Files.readString(docs.resolve("limits.md"));
    assertTrue(
        page.contains("report -->\n" + list + "<!-- limits: end -->"),
        "docs/limits.md: expected the verdicts on docs/claims; definetti report --claims writes"
            + " them");
  }
}
