package org.definetti.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.definetti.lab.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell, fed by standard input as a terminal would. */
class JshellCommandTest {

  private static final String LINES =
      """
      var model = GaussianMean.of(1, 1.0, 2.0)
      System.out.println("worth " + model.priorCount() + " tokens")
      var sweep = Sweep.of(model).withLengths(1, 4).withDerived("mean-pooling")
      var result = sweep.withSequences(2).withSeeds(2).execute(1)
      plot(result, "squared-gap", "gap")
      /exit 4
      """;

  @TempDir Path folder;

  @Test
  void hasTheLibraryAndDraws() throws IOException, InterruptedException {
    String path = System.getProperty("java.class.path");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                List.of(
                    java.toString(), "-cp", absolute(path), Main.class.getName(), "jshell", "-"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().write(LINES.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(5, TimeUnit.MINUTES)); // a hang fails; no test asserts a time
    assertEquals(4, process.exitValue(), said);
    assertTrue(said.contains("worth 2.0 tokens"), said);
    assertTrue(said.contains("drawn: gap.svg"), said);
    assertFalse(said.contains("Error"), said);
    for (String ending : List.of(".svg", ".csv")) {
      assertTrue(Files.size(folder.resolve("gap" + ending)) > 0);
    }
  }

  private static String absolute(String path) {
    return String.join(
        File.pathSeparator,
        List.of(path.split(File.pathSeparator, -1)).stream()
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }
}
