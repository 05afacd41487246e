package org.definetti.lab.command;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs a one-file Java program with the library on its class path; no build file is needed. */
@Command(
    name = "run",
    description = "Runs a one-file Java script with the library on its class path.")
public final class RunCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "FILE.java", description = "The script.")
  Path script = Path.of("");

  @Parameters(index = "1..*", paramLabel = "ARGUMENT", description = "What the script is given.")
  List<String> arguments = new ArrayList<>();

  @Mixin ClassPathOption own = new ClassPathOption();

  @Override
  public Integer call() {
    if (!script.toString().endsWith(".java") || !Files.isReadable(script)) {
      throw new IllegalArgumentException(
          "script: expected a readable file ending in .java, got " + script);
    }
    String path = ClassPathCommand.classPath();
    if (own.classPath != null) {
      path = path + File.pathSeparator + own.classPath;
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Djava.awt.headless=true", "-cp", path, script.toString()));
    command.addAll(arguments);
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("script: cannot start java: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }
}
