package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightMapsTest {

  private static Path run(Path directory) {
    StringBuilder curves =
        new StringBuilder(
            "model,attention,origin,objective,train_length,metric,axis,value,fixed,mean,"
                + "standard_error,low,high,count\n");
    for (int head = 0; head < 2; head++) {
      for (int position = 2; position >= 0; position--) {
        curves.append(
            String.format(
                Locale.ROOT,
                "and,head-0%d,trained,,,attention-weight,position,%d,claim=V24,%s,0,0,0,1%n",
                head,
                position,
                (1 + head) * position / 8.0));
      }
    }
    curves.append("and,all,trained,,,success,heads,1,claim=V24,0.5,0,0,1,1\n");
    curves.append("and,all,trained,,,success,heads,4,claim=V24,0.7,0,0,1,1\n");
    SampleRun.put(directory, "curves.csv", curves.toString());
    return directory;
  }

  @Test
  void headsAreRowsAndPositionsColumns(@TempDir Path directory) {
    Map<String, HeatMap> maps = WeightMaps.of(RunFiles.read(run(directory)));
    assertEquals(1, maps.size());
    HeatMap map = maps.values().iterator().next();
    assertEquals("V24-and-attention-weight-position", maps.keySet().iterator().next());
    assertEquals(2, map.values().getNumRows());
    assertEquals(3, map.values().getNumCols());
    assertEquals(0, map.values().get(0, 0));
    assertEquals(0.25, map.values().get(0, 2));
    assertEquals(0.5, map.values().get(1, 2));
  }

  @Test
  void thePageShowsTheMapAndNoCurveOfIt(@TempDir Path directory) throws Exception {
    String page = Files.readString(Report.write(run(directory)));
    assertTrue(page.contains("Where heads attend"), "section");
    assertTrue(Files.exists(directory.resolve("plots/V24-and-attention-weight-position.svg")));
    assertTrue(Files.exists(directory.resolve("plots/V24-and-success-heads.svg")));
    assertFalse(page.contains("option-V24-and-attention-weight"), "a curve of weights");
    assertEquals(1, CurveFigures.of(RunFiles.read(directory)).size(), "figures besides the map");
  }
}
