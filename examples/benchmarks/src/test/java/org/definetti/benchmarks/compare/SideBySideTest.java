package org.definetti.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.definetti.experiment.AtomicFile;
import org.definetti.experiment.Csv;
import org.definetti.lab.command.BenchOptions;
import org.definetti.lab.run.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison once at tiny size, without the peer, whose library is not here. */
class SideBySideTest {

  @TempDir Path folder;

  @Test
  void sidesAndLimitsAreMeasuredInProcessesOfTheirOwn() throws IOException {
    BenchOptions options = new BenchOptions(List.of("train"), "2,3,4,2", 2, false, true, false);
    StringWriter console = new StringWriter();
    Run run = new Run(options, folder, new PrintWriter(console));
    run.measure(SideBySide.tasks(options), Effort.least());
    List<String> lines = Files.readAllLines(folder.resolve("bench.csv"));
    assertEquals(2, lines.size());
    String columns = "work,batch,length,dimension,heads,threads,ours_ms,peer_ms,ratio,peak_share,";
    assertTrue(lines.get(0).startsWith(columns + "loss_gap,"), lines.get(0));
    String[] fields = lines.get(1).split(",", -1);
    assertEquals("train", fields[0]);
    assertTrue(Double.parseDouble(fields[6]) > 0, fields[6]);
    assertEquals("", fields[7]); // no peer
    double share = Double.parseDouble(fields[9]);
    assertTrue(share > 0 && share < 1, fields[9]);
    assertTrue(console.toString().contains("2,3,4,2"), console.toString());
  }

  @Test
  void everyWorkIsDone() {
    BenchOptions options =
        new BenchOptions(
            List.of("train", "infer", "single-query-train"), "2,3,4,2", 2, false, false, false);
    for (Task task : SideBySide.tasks(options)) {
      try (Side side = SideName.OURS.start(task)) {
        assertEquals(task.work() == Work.INFER ? 1 : Side.COMPARED, side.losses().length);
        for (long nanos : side.nanos(2)) {
          assertTrue(nanos > 0);
        }
        assertTrue(side.memory() > 0);
      }
    }
  }

  @Test
  void curvesAreDrawnWithTheLimit() throws IOException {
    for (Scaling.Size size : Scaling.Size.values()) {
      List<Task> tasks = Scaling.tasks(size, 2);
      assertTrue(tasks.size() >= 2, size.name());
      Scaling.draw(size, tasks.stream().map(SideBySideTest::row).toList(), folder);
      String svg = Files.readString(folder.resolve("step-" + name(size) + ".svg"));
      for (String label : List.of("definetti", "PyTorch", "limit of the machine")) {
        assertTrue(svg.contains(label), size + ": " + label);
      }
    }
    assertTrue(Files.readString(folder.resolve("memory-length.svg")).contains("MiB"));
  }

  @Test
  void thePageIsFilledFromRuns() throws IOException {
    Path run = folder.resolve("run");
    Csv table = Row.table();
    List<Task> tasks = Scaling.tasks(Scaling.Size.THREADS, 2);
    tasks.forEach(task -> row(task).addTo(table));
    AtomicFile.write(run.resolve(Run.FILE), table.text());
    new Manifest("bench", 1, Map.of()).write(run);
    Scaling.draw(
        Scaling.Size.THREADS,
        tasks.stream().map(SideBySideTest::row).toList(),
        run.resolve("plots"));
    StringBuilder page = new StringBuilder("# How fast\n");
    for (String region : List.of("machine", "table", "plain", "threads")) {
      page.append("<!-- measured: " + region + " -->\nold\n<!-- end -->\n");
    }
    Path docs = folder.resolve("docs");
    AtomicFile.write(docs.resolve("performance.md"), page + "prose\n");
    String[] runs = {run.toString(), run.toString(), run.toString(), docs.toString()};
    PerformancePage.main(runs);
    String text = Files.readString(docs.resolve("performance.md"));
    assertFalse(text.contains("old"), text);
    assertTrue(text.endsWith("<!-- end -->\nprose\n"), text);
    assertTrue(text.contains("| train | 64, 64, 64, 4 | 128 (64.0 to 192) | 256 "), text);
    assertTrue(text.contains("| 70 % of the peak | **no** |"), text);
    assertTrue(text.contains("From 1 to 2 threads"), text);
    assertTrue(Files.exists(docs.resolve("images").resolve("performance-step-threads.svg")));
  }

  private static String name(Scaling.Size size) {
    return size.name().toLowerCase(Locale.ROOT);
  }

  /** A row of invented times. */
  private static Row row(Task task) {
    Times ours = new Times();
    Times peer = new Times();
    for (int round = 1; round <= 3; round++) {
      ours.add(new long[] {1_000_000L * round * task.shape().batch()});
      peer.add(new long[] {2_000_000L * round * task.shape().batch()});
    }
    List<Double> floors = List.of(0.5, 0.6, 0.7);
    return new Row(
        task, ours, new Times(), peer, floors, 1e11, 1e10, 1e-7, 1e7, 2e7, "definetti", "pytorch");
  }

  @Test
  void trainingStartsFromTheSameWeightsInEveryProcess() {
    Task task = new Task(Work.SINGLE_QUERY_TRAIN, new Shape(5, 7, 3, 1), 2);
    double[] first;
    try (Side side = new OurTraining(task)) {
      first = side.losses();
      assertEquals(3, side.nanos(3).length);
      assertEquals(1, side.nanos(1).length);
    }
    assertEquals(Side.COMPARED, first.length);
    assertTrue(first[4] < first[0], first[0] + " then " + first[4]);
    try (Side side = new OurTraining(task)) {
      assertArrayEquals(first, side.losses());
    }
  }

  @Test
  void workInHandIsCounted() {
    Shape shape = new Shape(64, 512, 64, 4);
    double forward = 64 * 512 * (24.0 * 64 * 64 + 4.0 * 512 * 64);
    assertEquals(forward, new Task(Work.INFER, shape, 1).operations());
    assertEquals(3 * forward, new Task(Work.TRAIN, shape, 1).operations());
    assertEquals(64 * 512 * 64 * 4.0, new Task(Work.TRAIN, shape, 1).bytes());
  }

  @Test
  void lossesThatDifferMakeTheComparisonVoid() {
    assertEquals(0.5, Comparison.gap(new double[] {1, 3}, new double[] {1, 2}));
    assertEquals(
        Double.POSITIVE_INFINITY, Comparison.gap(new double[] {Double.NaN}, new double[] {2}));
    assertThrows(IllegalStateException.class, () -> Comparison.gap(new double[1], new double[2]));
  }

  @Test
  void shapesAreReadOrRefused() {
    assertEquals(
        List.of(new Shape(1, 2, 4, 2), new Shape(5, 6, 7, 1)), Shape.parse("1,2,4,2; 5,6,7,1"));
    for (String wrong : List.of("", "1,2,3", "1,2,x,1", "1,2,4,3", "0,2,4,2", "1,2,4,2;")) {
      assertThrows(IllegalArgumentException.class, () -> Shape.parse(wrong), wrong);
    }
    assertThrows(IllegalArgumentException.class, () -> Work.of("walk"));
  }

  @Test
  void theArchiveIsStoredAndHasTheCode() throws IOException {
    List<String> names = new ArrayList<>();
    try (ZipInputStream zip =
        new ZipInputStream(new ByteArrayInputStream(TorchArchive.of("class Peer(Module):\n")))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        assertEquals(ZipEntry.STORED, entry.getMethod(), entry.getName());
        names.add(entry.getName());
      }
    }
    assertEquals(
        List.of("peer/data.pkl", "peer/code/__torch__.py", "peer/constants.pkl", "peer/version"),
        names);
  }
}
