package org.definetti.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.definetti.lab.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The page of wrong inputs shows what each prints: one line, no trace, nothing touched. */
final class ErrorPageTest {

  private static final Pattern SHOWN =
      Pattern.compile("(?m)^\\$ definetti (.*)\\n(definetti: .*)$");

  @TempDir Path folder;

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private Console run(String command) {
    return Console.run(
        (Object[])
            Stream.of(command.split(" ", -1))
                .map(word -> word.replaceFirst("^my/", folder + "/"))
                .toArray(String[]::new));
  }

  @Test
  void everyLineIsAsShown() throws IOException {
    write("good.csv", "sequence,x1\na,1\na,2\nb,3\n");
    write("nan.csv", "sequence,x1\na,1\nb,NaN\n");
    write("empty.csv", "sequence,x1\n");
    write("answers.csv", "sequence,y1\na,1\n");
    write("notes.txt", "not a run\n");
    write("model.yaml", "model: beta-bernoulli\nversion: 1\na: -1\nb: 1\nlabel-variance: 1\n");
    String sweep = "sweep --model gaussian-mean --lengths 2,4 --seeds 2 --sequences 3 --quiet";
    assertEquals(0, run(sweep + " --out my/run").code());
    String page = Files.readString(Path.of("..", "..", "docs", "errors.md"));
    List<MatchResult> shown = SHOWN.matcher(page).results().toList();
    Set<String> unseen = new TreeSet<>(new CommandLine(new Main()).getSubcommands().keySet());
    unseen.remove("jshell"); // its arguments are for the JDK's own
    List<String> wrong = new ArrayList<>();
    var before = Console.contents(folder);
    for (MatchResult entry : shown) {
      Console console = run(entry.group(1));
      String line = console.err().replace(folder.toString(), "my").stripTrailing();
      if (!matches(entry.group(2), line) || !(console.code() == 2 || console.code() == 3)) {
        wrong.add("$ definetti " + entry.group(1) + "\n" + line);
      }
      unseen.remove(entry.group(1).split(" ", 2)[0]);
    }
    assertEquals("", String.join("\n", wrong));
    assertEquals(Set.of(), unseen, "verbs without a wrong input");
    assertEquals(before, Console.contents(folder));
    assertTrue(shown.size() >= 20, () -> shown.size() + " wrong inputs");
  }

  // A line has no line end in it, so a trace is no match.
  private static boolean matches(String shown, String line) {
    String pattern =
        Stream.of(shown.split("…", -1)).map(Pattern::quote).reduce((a, b) -> a + ".*" + b).get();
    return Pattern.matches(pattern, line);
  }
}
