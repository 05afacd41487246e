package org.definetti.lab.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The one-file scripts in Java run and print what they promise; those in Kotlin are tested beside
 * the Kotlin samples.
 */
class ScriptsTest {

  private static final Path SCRIPTS = Guides.root().resolve("examples/scripts");

  private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+");

  /** One ends the virtual machine itself, the other reads from the current folder. */
  private static final Set<String> ON_THEIR_OWN =
      Set.of("SlopeWithVerdict.java", "ImagePatches.java");

  private static final Map<String, String> OUTPUTS = new HashMap<>();

  @TempDir static Path classes;

  @BeforeAll
  static void compileAll() {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    arguments.addAll(List.of("-d", classes.toString(), "-proc:none", "-encoding", "UTF-8"));
    javaScripts().forEach(script -> arguments.add(script.toString()));
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, errors, arguments.toArray(String[]::new));
    assertEquals(0, code, () -> errors.toString(StandardCharsets.UTF_8));
  }

  static List<Path> javaScripts() {
    return scripts().stream().filter(file -> file.toString().endsWith(".java")).toList();
  }

  static List<Path> scripts() {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what a script prints; it runs once, however many tests ask. */
  private static String run(String name) throws Exception {
    String known = OUTPUTS.get(name);
    if (known == null) {
      known = ON_THEIR_OWN.contains(name) ? inItsOwnProcess(name) : inThisProcess(name);
      OUTPUTS.put(name, known);
    }
    return known;
  }

  private static String inItsOwnProcess(String name) throws Exception {
    JavaFile.Outcome outcome = JavaFile.run(SCRIPTS.resolve(name));
    assertEquals(0, outcome.code(), outcome::output);
    return outcome.output();
  }

  private static String inThisProcess(String name) throws Exception {
    URL[] compiled = {classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(compiled, ScriptsTest.class.getClassLoader())) {
      Method main =
          loader.loadClass(name.replace(".java", "")).getDeclaredMethod("main", String[].class);
      main.setAccessible(true); // of a class that is not public, as the launcher allows
      return Printed.by(() -> main.invoke(null, (Object) new String[0]));
    }
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
  void ownModel() throws Exception {
    String output = run("OwnModel.java");
    double[] means = numbers(output, "E\\[x² \\| X\\]");
    assertEquals(means[0], means[1], 0.005 * means[1]);
    assertTrue(output.endsWith("\nagree\n"), output);
  }

  @Test
  void ownAttention() throws Exception {
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
  void supervisedAgainstMasked() throws Exception {
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
  void slopeWithVerdict() throws Exception {
    String output = run("SlopeWithVerdict.java");
    double[] corrected = numbers(output, "corrected-softmax");
    assertTrue(corrected[1] > -1.1 && corrected[2] < -0.9, output);
    assertTrue(numbers(output, "softmax")[1] > -0.2, output);
  }

  @Test
  void imagePatches() throws Exception {
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

  @ParameterizedTest
  @MethodSource("javaScripts")
  void printWhatTheirHeadsSay(Path script) throws Exception {
    Transcript transcript = Transcript.of(script);
    assertEquals(List.of(), transcript.arguments());
    transcript.check(run(script.getFileName().toString()));
  }

  @Test
  void scriptsAreShortAndOnThePage() throws IOException {
    String page = Guides.read(Guides.root().resolve("docs/scripts.md"));
    for (Path script : scripts()) {
      List<String> lines = Files.readAllLines(script);
      assertTrue(lines.size() <= 70, () -> script + " has " + lines.size() + " lines");
      assertTrue(lines.stream().allMatch(line -> line.length() <= 100), script::toString);
      assertTrue(page.contains("(../examples/scripts/" + script.getFileName() + ")"), page);
    }
    assertTrue(scripts().size() >= 12);
  }

  @Test
  void promisesAreHeld() {
    Transcript exact = new Transcript(List.of(), "gap 0.50\n", false);
    exact.check("gap 0.50\n");
    assertThrows(AssertionError.class, () -> exact.check("gap 0.51\n"));
    Transcript varies = new Transcript(List.of(), "gap  0.50\n", true);
    varies.check("gap 0.54\n");
    assertThrows(AssertionError.class, () -> varies.check("gap 0.57\n"));
    assertThrows(AssertionError.class, () -> varies.check("hap 0.50\n"));
    assertThrows(AssertionError.class, () -> varies.check("gap 0.50 0.50\n"));
  }
}
