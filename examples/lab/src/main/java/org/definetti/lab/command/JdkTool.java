package org.definetti.lab.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Programs of the JDK, and others, each in a process of its own that has the streams of this. */
final class JdkTool {

  private static final Path HOME = Path.of(System.getProperty("java.home"));

  private JdkTool() {}

  /**
   * Runs a program of the JDK that runs this.
   *
   * @param name of the program, such as {@code java}
   * @return its exit code
   * @throws IllegalArgumentException if this Java comes without it
   */
  static int run(String name, List<String> arguments) {
    Path program = HOME.resolve("bin").resolve(name);
    if (!Files.isExecutable(program)) {
      throw new IllegalArgumentException(
          name + ": expected a whole JDK, got " + HOME + ", which has no bin/" + name);
    }
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    return run(command);
  }

  /**
   * Runs any program.
   *
   * @return its exit code
   * @throws UncheckedIOException if it cannot be started
   */
  static int run(List<String> command) {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.get(0) + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }
}
