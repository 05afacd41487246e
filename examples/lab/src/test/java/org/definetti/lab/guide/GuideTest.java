package org.definetti.lab.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.definetti.lab.Main;
import org.definetti.lab.command.ConfigFile;
import org.definetti.lab.guide.Guides.Block;
import org.definetti.lab.model.ModelFile;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Every snippet of the guides compiles, runs and prints what the page says.
 *
 * <p>A {@code java} block with a main method is a program, and one with another type is a file of
 * {@code examples/own-model}; the other {@code java} blocks of a page are one program in pieces
 * that knows those types. A {@code text} block after either is its exact output, and without one it
 * prints nothing. An {@code xml} block is part of that example's POM. Commands in {@code sh} blocks
 * must be understood, and cheap ones are run. A {@code yaml} block is a model file, or one of
 * {@code examples/experiments} if its first line names a schema.
 */
class GuideTest {

  private static final String BETWEEN = "--- next piece ---";
  private static final Pattern TYPE =
      Pattern.compile("^(public )?(class|record) ", Pattern.MULTILINE);
  private static final String SCHEMA = "# yaml-language-server: $schema=";
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");

  /** Verbs that take seconds; {@code verify} and {@code train} take longer and have own tests. */
  private static final Set<String> CHEAP =
      Set.of(
          "models",
          "claims",
          "class-path",
          "--help",
          "sample",
          "posterior",
          "derive",
          "audit",
          "fit",
          "sweep");

  @TempDir Path folder;

  static List<Path> pages() {
    return Guides.pages();
  }

  /** A piece of Java with the output that the page shows for it. */
  private record Piece(String code, String output) {

    boolean isProgram() {
      return code.contains(" main(");
    }

    boolean isType() {
      return !isProgram() && TYPE.matcher(code).find();
    }
  }

  private static List<Piece> pieces(List<Block> blocks) {
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).language().equals("java")) {
        boolean shown = i + 1 < blocks.size() && blocks.get(i + 1).language().equals("text");
        pieces.add(new Piece(blocks.get(i).text(), shown ? blocks.get(i + 1).text() : ""));
      }
    }
    return pieces;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void programsPrintWhatThePageSays(Path page) throws IOException, InterruptedException {
    for (Piece piece : pieces(Guides.blocks(page))) {
      if (piece.isProgram()) {
        assertEquals(piece.output(), run(piece.code()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void piecesPrintWhatThePageSays(Path page) throws IOException, InterruptedException {
    List<Piece> pieces =
        pieces(Guides.blocks(page)).stream()
            .filter(piece -> !piece.isProgram() && !piece.isType())
            .toList();
    if (pieces.isEmpty()) {
      return;
    }
    List<Piece> types = pieces(Guides.blocks(page)).stream().filter(Piece::isType).toList();
    String[] outputs = run(join(pieces, types)).split(BETWEEN + "\n", -1);
    for (int i = 0; i < pieces.size(); i++) {
      assertEquals(pieces.get(i).output(), outputs[i], pieces.get(i).code());
    }
  }

  private static String join(List<Piece> pieces, List<Piece> types) {
    StringBuilder imports = new StringBuilder();
    StringBuilder declarations = new StringBuilder();
    for (Piece type : types) {
      for (String line : type.code().lines().toList()) {
        (line.startsWith("import ") ? imports : declarations)
            .append(line.replaceFirst("^public ", ""))
            .append('\n');
      }
    }
    StringBuilder body = new StringBuilder();
    for (Piece piece : pieces) {
      for (String line : piece.code().lines().toList()) {
        (line.startsWith("import ") ? imports : body).append(line).append('\n');
      }
      body.append("System.out.println(\"").append(BETWEEN).append("\");\n");
    }
    return imports
        + "class Pieces { public static void main(String[] arguments) throws Exception {\n"
        + body
        + "}}\n"
        + declarations;
  }

  @Test
  void typesAndPomsAreThoseOfTheExample() throws IOException {
    StringBuilder example = new StringBuilder();
    try (Stream<Path> files = Files.walk(Guides.root().resolve("examples/own-model"))) {
      files
          .filter(file -> file.toString().matches(".*/src/.*[.]java|.*/pom[.]xml"))
          .map(Guides::read)
          .forEach(example::append);
    }
    int seen = 0;
    for (Path page : pages()) {
      List<Block> blocks = Guides.blocks(page);
      for (Piece piece : pieces(blocks)) {
        if (piece.isType()) {
          assertTrue(example.indexOf(piece.code()) >= 0, piece.code());
          seen++;
        }
      }
      for (Block block : blocks) {
        if (block.language().equals("xml")) {
          assertTrue(example.indexOf(block.text()) >= 0, block.text());
          seen++;
        }
      }
    }
    assertEquals(3, seen); // the model, its test, its dependencies
  }

  private String run(String code) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("Snippet.java"), code);
    JavaFile.Outcome outcome = JavaFile.run(file);
    assertEquals(0, outcome.code(), () -> outcome.output() + "\n" + code);
    return outcome.output();
  }

  @Test
  void modelFilesAreModels() throws IOException {
    int seen = 0;
    for (Path page : pages()) {
      for (Block block : Guides.blocks(page)) {
        if (block.language().equals("yaml") && !block.text().startsWith(SCHEMA)) {
          Path file = Files.writeString(folder.resolve("model.yaml"), block.text());
          assertEquals(
              2, ModelFile.read(file).model().sample(2, Seed.of(1).generator()).tokens().length());
          seen++;
        }
      }
    }
    assertTrue(seen >= 3, () -> "model files of docs/model-files.md");
  }

  @Test
  void experimentFilesAreTheExamples() throws IOException {
    List<String> examples;
    try (Stream<Path> files = Files.list(Guides.root().resolve("examples/experiments"))) {
      examples = files.map(Guides::read).toList();
    }
    List<String> shown =
        pages().stream()
            .flatMap(page -> Guides.blocks(page).stream())
            .filter(block -> block.language().equals("yaml") && block.text().startsWith(SCHEMA))
            .map(Block::text)
            .toList();
    assertTrue(examples.containsAll(shown), shown::toString);
    assertEquals(1, shown.size());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void commandsAreUnderstood(Path page) {
    for (Block block : Guides.blocks(page)) {
      if (block.language().equals("sh")) {
        ShellLine.commands(block.text()).forEach(this::check);
      }
    }
  }

  private void check(List<String> words) {
    if (words.get(0).equals("mvn")) {
      assertTrue(words.contains("verify") || words.contains("spotless:apply"), words::toString);
      return;
    }
    assertEquals("./definetti", words.get(0));
    String[] arguments = arguments(words);
    CommandLine command = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
    command.parseArgs(ConfigFile.expand(command, arguments)); // throws what wrong usage would print
    if (words.get(1).equals("run")) {
      assertTrue(Files.exists(Guides.root().resolve(words.get(2))), words::toString);
    }
    if (CHEAP.contains(words.get(1)) && !words.contains("--trained")) { // needs a run
      StringWriter err = new StringWriter();
      int code =
          Main.execute(new PrintWriter(new StringWriter()), new PrintWriter(err, true), arguments);
      assertEquals(0, code, () -> words + "\n" + err);
    }
  }

  /** Returns the words after the command, with all that it writes kept in the test's folder. */
  private String[] arguments(List<String> words) {
    List<String> arguments = new ArrayList<>();
    words.stream()
        .skip(1)
        .map(word -> word.replace("runs/", folder + "/"))
        .map(word -> word.replaceFirst("^examples/", Guides.root() + "/examples/"))
        .forEach(arguments::add);
    if (words.get(1).equals("sweep") && !words.contains("--out")) {
      arguments.addAll(List.of("--out", folder.resolve("sweep").toString()));
    }
    return arguments.toArray(String[]::new);
  }

  @Test
  void wrongCommandsAreNotUnderstood() {
    assertThrows(
        CommandLine.ParameterException.class,
        () -> check(List.of("./definetti", "sweep", "--no-such-option")));
  }

  @Test
  void theTestCommandIsWhatContinuousIntegrationRuns() {
    assertTrue(Guides.read(Guides.root().resolve("README.md")).contains("mvn -B verify"));
    String script = Guides.read(Guides.root().resolve(".ci/run"));
    assertTrue(
        Pattern.compile("^mvn -B( \\S+)* verify$", Pattern.MULTILINE).matcher(script).find());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(Path page) {
    LINK.matcher(Guides.read(page))
        .results()
        .map(MatchResult::group)
        .map(link -> link.substring(2, link.length() - 1).replaceAll("#.*", ""))
        .filter(target -> !target.startsWith("http"))
        .forEach(target -> assertTrue(Files.exists(page.resolveSibling(target)), target));
  }

  @Test
  void snippetsAreSeen() {
    List<Block> blocks = Guides.blocks("a\n```java\nint x;\n```\nb\n```text\n1\n```\n");
    assertEquals(List.of(new Block("java", "int x;\n"), new Block("text", "1\n")), blocks);
    assertEquals(new Piece("int x;\n", "1\n"), pieces(blocks).get(0));
    assertFalse(pieces(Guides.blocks(Guides.root().resolve("README.md"))).isEmpty());
    assertFalse(pieces(Guides.blocks(Guides.root().resolve("docs/tour.md"))).isEmpty());
    assertEquals(
        List.of(List.of("a", "b c"), List.of("d")), ShellLine.commands("a \\\n 'b c' # e\n\nd\n"));
  }
}
