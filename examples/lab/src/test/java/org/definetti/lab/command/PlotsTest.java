package org.definetti.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pictures that verbs draw, by the numbers behind them. */
final class PlotsTest {

  @TempDir Path folder;

  private static void assertDrawn(Path directory, String name) throws IOException {
    assertTrue(Files.readString(directory.resolve(name + ".svg")).startsWith("<svg"), name);
    assertTrue(Files.size(directory.resolve(name + ".csv")) > 0, name);
    assertTrue(Files.size(directory.resolve(name + ".png")) > 1000, name);
  }

  private Console drawn(String model) {
    Path data = folder.resolve("data.csv");
    assertEquals(0, Console.run("sample", "--model", model, "--length=9", "--out", data).code());
    Console console =
        Console.run(
            "posterior", "--model", model, "--data", data, "--plots", folder.resolve("plots"));
    assertEquals(0, console.code(), console.err());
    return console;
  }

  /** The points of each series of a figure's table, whose fields hold no commas. */
  private Map<String, List<double[]>> series(String name) throws IOException {
    Map<String, List<double[]>> series = new LinkedHashMap<>();
    List<String> lines = Files.readAllLines(folder.resolve("plots").resolve(name + ".csv"));
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(",", -1);
      series
          .computeIfAbsent(fields[0], key -> new ArrayList<>())
          .add(new double[] {Double.parseDouble(fields[1]), Double.parseDouble(fields[2])});
    }
    return series;
  }

  @Test
  void theDensityOfOneSequenceIsADensityExactAndReadOut() throws IOException {
    drawn("beta-bernoulli");
    assertDrawn(folder.resolve("plots"), "density");
    List<double[]> exact = series("density").get("exact");
    List<double[]> derived = series("density").get("derived attention");
    double mass = 0;
    for (int i = 0; i < exact.size(); i++) {
      assertEquals(exact.get(i)[1], derived.get(i)[1], 1e-9);
      if (i > 0) {
        mass +=
            (exact.get(i)[0] - exact.get(i - 1)[0]) * (exact.get(i)[1] + exact.get(i - 1)[1]) / 2;
      }
    }
    assertEquals(1, mass, 2e-3, "four deviations each way, or to the ends of the interval");
  }

  @Test
  void ofFinitelyManyLatentsTheProbabilitiesAreDrawn() throws IOException {
    Console console = drawn("categorical-concepts");
    double sum = series("density").get("exact").stream().mapToDouble(p -> p[1]).sum();
    assertEquals(1, sum, 1e-12);
    assertTrue(console.err().contains("weights: none, because the output"), console.err());
    assertFalse(Files.exists(folder.resolve("plots/weights.svg")));
  }

  @Test
  void theWeightsGiveTheOutputBack() throws IOException {
    Console console = drawn("linear-regression:key-width=2");
    assertDrawn(folder.resolve("plots"), "weights");
    List<String> data = Files.readAllLines(folder.resolve("data.csv"));
    List<String> cells = Files.readAllLines(folder.resolve("plots/weights.csv"));
    assertEquals(1 + 10 * 9, cells.size(), "masked token and nine tokens, against nine");
    String[] columns = data.get(0).split(",", -1);
    double output = 0;
    for (int token = 1; token <= 9; token++) {
      String[] row = data.get(token).split(",", -1);
      output +=
          Double.parseDouble(cells.get(token).split(",", -1)[2])
              * Double.parseDouble(row[columns.length - 1]);
    }
    String printed =
        console.out().lines().filter(line -> line.contains("predictive-mean")).findFirst().get();
    assertEquals(Double.parseDouble(printed.split(",", -1)[5]), output, 1e-9);
  }

  @Test
  void whatCannotBeMovedAloneHasNoDensity() {
    Console console = drawn("dirichlet-categorical");
    assertTrue(console.err().contains("density: none, because"), console.err());
  }

  @Test
  void trainingDrawsItsLoss() throws IOException {
    Path run = folder.resolve("run");
    Console console =
        Console.run(
            "train",
            "--model=gaussian-mean",
            "--train-length=4",
            "--steps=20",
            "--log-every=5",
            "--quiet",
            "--out",
            run);
    assertEquals(0, console.code(), console.err());
    assertDrawn(run.resolve("plots"), "loss");
    assertEquals(
        Files.readAllLines(run.resolve("loss.csv")).size(),
        Files.readAllLines(run.resolve("plots/loss.csv")).size());
    assertFalse(Files.readString(run.resolve("report.html")).contains("Half-finished"));
  }
}
