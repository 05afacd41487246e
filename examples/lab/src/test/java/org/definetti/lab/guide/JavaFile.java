package org.definetti.lab.guide;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs a one-file Java program in a process of its own, as {@code java -cp … FILE.java} does. */
final class JavaFile {

  private static final long MINUTES = 5; // a hang fails; no test asserts a time

  private JavaFile() {}

  /**
   * What a program did.
   *
   * @param code its exit code
   * @param output what it printed, standard error included
   */
  record Outcome(int code, String output) {}

  static Outcome run(Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dfile.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8",
                "-Duser.language=en",
                "-Ddefinetti.kernels=plain", // asked for, they are not reported
                "-cp",
                System.getProperty("java.class.path"),
                file.toString())
            .directory(Guides.root().toFile()) // paths in guides start there
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(MINUTES, TimeUnit.MINUTES), () -> "still running: " + file);
    return new Outcome(process.exitValue(), output.replace("\r\n", "\n"));
  }
}
