package org.definetti.lab.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.definetti.lab.Main;

/**
 * What one call of the command gave.
 *
 * @param code the exit code
 */
record Console(int code, String out, String err) {

  /** Runs the command in this process. */
  static Console run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code;
    try (PrintWriter outWriter = new PrintWriter(out);
        PrintWriter errWriter = new PrintWriter(err)) {
      code = Main.execute(outWriter, errWriter, texts(arguments));
    }
    return new Console(code, out.toString(), err.toString());
  }

  /** Starts the command in a process of its own; what it prints goes to a file. */
  static Process start(Path log, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The kernels of this process: others round differently.
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    String path = System.getProperty("surefire.test.class.path");
    command.add("-cp");
    command.add(path == null ? System.getProperty("java.class.path") : path);
    command.add(Main.class.getName());
    command.addAll(List.of(texts(arguments)));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static String[] texts(Object... arguments) {
    return Stream.of(arguments).map(Object::toString).toArray(String[]::new);
  }

  /** Waits until a journal holds some finished cells. */
  static void awaitCells(Path directory, int cells, Process process) throws Exception {
    Path journal = directory.resolve("journal.jsonl");
    while (lines(journal) < 1 + cells) {
      if (!process.isAlive()) {
        throw new AssertionError("the process ended before it had " + cells + " cells");
      }
      Thread.sleep(5);
    }
  }

  private static long lines(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    }
  }

  /** Returns every file below a directory with its content, to see that nothing has changed. */
  static Map<String, String> contents(Path directory) {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        String text = Files.isDirectory(file) ? "" : text(file);
        contents.put(directory.relativize(file).toString(), text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return contents;
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
