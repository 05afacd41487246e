package org.definetti.lab.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Opens the JDK's {@code jshell} with the library: class path, imports and a helper that draws. */
@Command(
    name = "jshell",
    description = {
      "Opens the JDK's jshell with the library's class path and imports. There,",
      "plot(result, \"squared-gap\", \"gap\") draws a sweep into gap.svg, gap.png and gap.csv."
    })
public final class JshellCommand implements Callable<Integer> {

  private static final String START = "start.jsh";

  @Parameters(
      paramLabel = "ARGUMENT",
      description = "What jshell is given: files to read first, - for standard input, options.")
  List<String> arguments = new ArrayList<>();

  @Mixin ClassPathOption own = new ClassPathOption();

  @Override
  public Integer call() {
    try {
      Path start = Files.createTempFile("definetti", ".jsh");
      try (InputStream script = JshellCommand.class.getResourceAsStream(START)) {
        Files.copy(
            Objects.requireNonNull(script, START), start, StandardCopyOption.REPLACE_EXISTING);
        return JdkTool.run("jshell", command(start));
      } finally {
        Files.deleteIfExists(start);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("jshell: cannot write its start: " + e.getMessage(), e);
    }
  }

  private List<String> command(Path start) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("--class-path", own.withLibrary()));
    command.addAll(List.of("--startup", "DEFAULT", "--startup", start.toString()));
    command.add("-R-Djava.awt.headless=true");
    command.addAll(arguments);
    return command;
  }
}
