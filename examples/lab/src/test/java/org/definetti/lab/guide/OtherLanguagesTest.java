package org.definetti.lab.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.definetti.lab.Main;
import org.definetti.lab.guide.Guides.Block;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page about other languages, played from top to bottom: commands and Python in turn, on the
 * files they leave each other. Needs a Python with NumPy.
 */
final class OtherLanguagesTest {

  private static final long MINUTES = 5; // a hang fails; no test asserts a time
  private static final Path PAGE = Guides.root().resolve("docs/other-languages.md");

  @TempDir Path folder;

  @Test
  void thePageDoesWhatItSays() throws IOException, InterruptedException {
    String python = python();
    assumeTrue(python != null, "no python3 with numpy here (Debian: python3-numpy)");
    Files.createDirectory(folder.resolve("runs"));
    List<Block> blocks = Guides.blocks(PAGE);
    int programs = 0;
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      if (block.language().equals("sh")) {
        ShellLine.commands(block.text()).forEach(this::command);
      } else if (block.language().equals("python")) {
        Path program = Files.writeString(folder.resolve("program.py"), block.text());
        assertEquals(blocks.get(i + 1).text(), run(python, program.toString()));
        programs++;
      }
    }
    assertEquals(3, programs);
  }

  private void command(List<String> words) {
    String[] arguments =
        words.stream()
            .skip(1)
            .map(word -> word.replaceFirst("^runs/", folder + "/runs/"))
            .toArray(String[]::new);
    StringWriter err = new StringWriter();
    int code =
        Main.execute(new PrintWriter(new StringWriter()), new PrintWriter(err, true), arguments);
    assertEquals(0, code, () -> words + "\n" + err);
  }

  private String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(MINUTES, TimeUnit.MINUTES), () -> "still running: " + command[0]);
    return output;
  }

  /** Returns the first Python that knows NumPy, or null. */
  private @Nullable String python() throws InterruptedException {
    for (String candidate : List.of("python3", "/usr/bin/python3")) {
      try {
        Process process =
            new ProcessBuilder(candidate, "-c", "import numpy").redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        if (process.waitFor() == 0) {
          return candidate;
        }
      } catch (IOException e) {
        // There is no such program.
      }
    }
    return null;
  }
}
