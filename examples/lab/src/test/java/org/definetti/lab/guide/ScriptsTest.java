package org.definetti.lab.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The one-file scripts run and print what they promise. */
class ScriptsTest {

  private static final Path SCRIPTS = Guides.root().resolve("examples/scripts");

  private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+");

  private static String run(String name) throws IOException, InterruptedException {
    JavaFile.Outcome outcome = JavaFile.run(SCRIPTS.resolve(name));
    assertEquals(0, outcome.code(), outcome::output);
    return outcome.output();
  }

  /** Returns the numbers with a decimal point of the one line that starts with a pattern. */
  private static double[] numbers(String output, String start) {
    Pattern pattern = Pattern.compile("^ *" + start + "[ :].*");
    List<String> lines = output.lines().filter(pattern.asMatchPredicate()).toList();
    assertEquals(1, lines.size(), output);
    return NUMBER
        .matcher(lines.get(0))
        .results()
        .map(MatchResult::group)
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  @Test
  void ownModel() throws IOException, InterruptedException {
    String output = run("OwnModel.java");
    double[] means = numbers(output, "E\\[x² \\| X\\]");
    assertEquals(means[0], means[1], 0.005 * means[1]);
    assertTrue(output.endsWith("\nagree\n"), output);
  }

  @Test
  void ownAttention() throws IOException, InterruptedException {
    String output = run("OwnAttention.java");
    double[] median = numbers(output, "median");
    double[] shrunk = numbers(output, "shrunk median");
    for (double gap : numbers(output, "null-token-softmax")) {
      assertEquals(0, gap);
    }
    for (int i = 1; i < median.length; i++) {
      assertTrue(median[i] < median[i - 1] / 2, output);
    }
    // Shrinking helps while tokens are few and stops the error from vanishing.
    assertTrue(shrunk[0] < median[0] && shrunk[3] > 2 * median[3], output);
  }

  @Test
  void supervisedAgainstMasked() throws IOException, InterruptedException {
    String output = run("SupervisedAgainstMasked.java");
    for (String objective : new String[] {"supervised", "masked"}) {
      for (double count : numbers(output, objective + " +implied-prior-count")) {
        assertEquals(2, count, 0.2);
      }
      for (double gap : numbers(output, objective + " +squared-gap")) {
        assertTrue(gap < 0.01, output); // a hundredth of the prior variance
      }
    }
  }

  @Test
  void slopeWithVerdict() throws IOException, InterruptedException {
    String output = run("SlopeWithVerdict.java");
    double[] corrected = numbers(output, "corrected-softmax");
    assertTrue(corrected[1] > -1.1 && corrected[2] < -0.9, output);
    assertTrue(numbers(output, "softmax")[1] > -0.2, output);
  }

  @Test
  void imagePatches() throws IOException, InterruptedException {
    String output = run("ImagePatches.java");
    double[] exact = numbers(output, "exact");
    double[] ridge = numbers(output, "kernel ridge");
    double[] trained = numbers(output, "trained");
    assertEquals(0, exact[1]);
    assertEquals(0, ridge[1]);
    assertEquals(exact[0], ridge[0]);
    assertTrue(trained[1] > 0.001 && trained[0] > exact[0], output);
    assertTrue(trained[0] < 0.14, output); // the mean of what is visible errs by 0.15
  }

  @Test
  void scriptsAreShortAndAllAreTested() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      Set<Path> scripts = files.collect(Collectors.toSet());
      assertEquals(
          Set.of(
              "OwnModel.java",
              "ImagePatches.java",
              "OwnAttention.java",
              "SupervisedAgainstMasked.java",
              "SlopeWithVerdict.java"),
          scripts.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
      for (Path script : scripts) {
        List<String> lines = Files.readAllLines(script);
        assertTrue(lines.size() < 40, () -> script + " has " + lines.size() + " lines");
        assertTrue(lines.stream().allMatch(line -> line.length() <= 100), script::toString);
      }
    }
  }
}
