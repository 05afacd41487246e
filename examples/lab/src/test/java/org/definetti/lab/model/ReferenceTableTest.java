package org.definetti.lab.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.definetti.lab.model.ReferenceTable.Agreement;
import org.junit.jupiter.api.Test;

/** The published table is what the models say today, and a comparison sees what is wrong. */
final class ReferenceTableTest {

  private static final Path PUBLISHED =
      Path.of("../../docs/reference/exact-posteriors-" + ReferenceTable.VERSION + ".jsonl");

  private static final String TABLE = ReferenceTable.text();

  @Test
  void thePublishedTableIsThatOfTheModels() throws IOException {
    String published = Files.readString(PUBLISHED);
    assertEquals(TABLE.lines().count(), published.lines().count());
    for (Agreement agreement : ReferenceTable.compare(published, TABLE)) {
      // Quadrature promises 1e-9; another JDK may round elementary functions differently.
      assertTrue(agreement.error() < 2e-9, agreement.toString());
    }
    assertEquals(inputs(published), inputs(TABLE));
  }

  /** Everything but the answers: what was asked may not change by a bit. */
  private static List<String> inputs(String table) {
    return table.lines().map(line -> line.substring(0, line.indexOf(",\"exact\""))).toList();
  }

  @Test
  void everyModelHasAPriorAndSequences() {
    for (BuiltInModel model : Models.ALL) {
      assertEquals(
          4, TABLE.lines().filter(l -> l.contains("\"case\":\"" + model.name() + "/")).count());
    }
  }

  @Test
  void whatIsNoNumberDiffers() {
    String given = "{\"case\":\"beta-bernoulli/0\",\"exact\":{\"bayes-risk\":[\"NaN\"]}}";
    assertTrue(Double.isNaN(ReferenceTable.compare(TABLE, given).get(0).error()));
  }

  @Test
  void whatIsNotOfTheTableIsRefused() {
    for (String given :
        List.of(
            "{\"case\":\"nobody/0\",\"exact\":{}}",
            "{\"exact\":{}}",
            "{\"case\":\"beta-bernoulli/0\",\"exact\":{\"bayes-risk\":[1,2]}}",
            "{\"case\":\"beta-bernoulli/0\",\"exact\":{\"risk\":[1]}}",
            "{\"case\":\"beta-bernoulli/0\"}\n{\"case\":\"beta-bernoulli/0\"}")) {
      assertThrows(
          IllegalArgumentException.class, () -> ReferenceTable.compare(TABLE, given), given);
    }
  }
}
