package org.definetti.lab.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The notebooks run from top to bottom, and every cell prints what is stored below it.
 *
 * <p>Kernels for Java give their cells to JShell; so does this test, without a kernel.
 */
class NotebookTest {

  static List<Path> notebooks() throws IOException {
    try (Stream<Path> files = Files.list(Guides.root().resolve("examples/notebooks"))) {
      return files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("notebooks")
  void cellsPrintWhatIsStored(Path notebook) throws Exception {
    JsonNode root = new ObjectMapper().readTree(notebook.toFile());
    assertEquals("java", root.at("/metadata/kernelspec/language").asText());
    int cells = 0;
    try (JShell shell = JShell.builder().executionEngine("local").build()) {
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        shell.addToClasspath(entry);
      }
      for (JsonNode cell : root.path("cells")) {
        if (cell.path("cell_type").asText().equals("code")) {
          String source = text(cell.path("source"));
          assertEquals(stored(cell), Printed.by(() -> run(shell, source)), source);
          cells++;
        }
      }
    }
    assertTrue(cells > 3, notebook::toString);
  }

  /** Runs a cell, piece by piece, as far as JShell takes them. */
  private static void run(JShell shell, String cell) {
    String rest = cell;
    while (!rest.isBlank()) {
      SourceCodeAnalysis.CompletionInfo piece = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      assertTrue(piece.completeness().isComplete(), rest);
      for (SnippetEvent event : shell.eval(piece.source())) {
        assertFalse(
            event.status() == Status.REJECTED,
            () ->
                shell.diagnostics(event.snippet()).map(d -> d.getMessage(null)).toList()
                    + piece.source());
        assertNull(event.exception(), piece::source);
      }
      rest = piece.remaining();
    }
  }

  private static String stored(JsonNode cell) {
    StringBuilder stored = new StringBuilder();
    for (JsonNode output : cell.path("outputs")) {
      assertEquals("stdout", output.path("name").asText());
      stored.append(text(output.path("text")));
    }
    return stored.toString();
  }

  private static String text(JsonNode lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.asText()));
    return text.toString();
  }
}
