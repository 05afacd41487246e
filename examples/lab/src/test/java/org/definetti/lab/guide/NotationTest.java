package org.definetti.lab.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The names in the table of symbols are names in the code. */
class NotationTest {

  private static final Pattern ROW = Pattern.compile("(?m)^\\| [^|]+ \\| ([^|]*`[^|]*) \\|");
  private static final Pattern NAME = Pattern.compile("`(?:\\w+\\.)?([A-Za-z][\\w-]*)`");
  private static final Pattern WORD = Pattern.compile("[A-Za-z][\\w-]*");

  @Test
  void everyNameIsInTheCode() throws IOException {
    Set<String> names = new TreeSet<>();
    ROW.matcher(Guides.read(Guides.root().resolve("docs/notation.md")))
        .results()
        .flatMap(row -> NAME.matcher(row.group(1)).results())
        .forEach(name -> names.add(name.group(1)));
    assertTrue(names.size() > 60, names::toString);
    assertEquals(Set.of(), absent(names));
    // The control: a name that nobody has.
    assertEquals(Set.of("nobodysName"), absent(Set.of("length", "nobodysName")));
  }

  private static Set<String> absent(Set<String> names) throws IOException {
    Set<String> left = new HashSet<>(names);
    for (String module :
        List.of("latent-model", "attention-derivation", "learning", "examples/lab")) {
      Path sources = Guides.root().resolve(module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          WORD.matcher(Guides.read(file)).results().map(MatchResult::group).forEach(left::remove);
        }
      }
    }
    return left;
  }
}
