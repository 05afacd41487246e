package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.definetti.lab.model.BuiltInModel;
import org.definetti.lab.model.Models;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTableTest {

  private static final String HEADER =
      "claim,verdict,expected,measured,predicted,low,high,tolerance,control,seconds,source,"
          + "prediction,control_text,reason\n";

  @TempDir Path folder;

  private void run(String rows) throws IOException {
    Files.writeString(folder.resolve("verdicts.csv"), HEADER + rows);
  }

  @Test
  void writesOneRowAModelAndKeepsProse() throws IOException {
    run(
        "\"M.urn\",CONFIRMED,CONFIRMED,1.5E-15,1E-10,0,0,,CAUGHT,1,\"s\",\"<= 1E-10\",\"other"
            + " balls: 0.3\",\"counting arrangements\"\n"
            + "\"M.topics\",REFUTED,CONFIRMED,2E-3,1E-10,0,0,,CAUGHT,1,\"s\",\"<= 1E-10\",\"c\","
            + "\"sum\"\n");
    Path page = folder.resolve("models.md");
    Files.writeString(page, "# Models\n\nBy hand.\n");
    assertEquals(page, ModelTable.write(folder, page));
    String once = Files.readString(page);
    assertTrue(once.startsWith("# Models\n\nBy hand.\n"));
    List<String> urn = once.lines().filter(line -> line.startsWith("| `urn` | `")).toList();
    assertEquals(1, urn.size());
    assertTrue(
        urn.get(0).contains("| counting arrangements | 1.5·10⁻¹⁵ (<= 1E-10) | caught: other"));
    assertTrue(once.contains("| sum | 0.002 (<= 1E-10, **not met**) |"), once);
    for (BuiltInModel model : Models.ALL) {
      assertTrue(once.contains("| `" + model.name() + "` | `"), model.name());
    }
    assertTrue(once.contains("| `index-tied` | merge |"), "no merge of index-tied tokens");
    ModelTable.write(folder, page);
    assertEquals(once, Files.readString(page));
  }

  @Test
  void everyReasonIsGiven() {
    for (BuiltInModel model : Models.ALL) {
      ModelTable.reasons(model.build(""))
          .forEach((question, why) -> assertTrue(why.contains("because"), model.name() + why));
    }
  }

  @Test
  void aRunWithoutTheClaimIsRefused() throws IOException {
    run("\"B1\",CONFIRMED,CONFIRMED,0,0,0,0,,,1,\"s\",\"p\",\"\",\"\"\n");
    Path page = folder.resolve("models.md");
    assertThrows(IllegalArgumentException.class, () -> ModelTable.write(folder, page));
  }
}
