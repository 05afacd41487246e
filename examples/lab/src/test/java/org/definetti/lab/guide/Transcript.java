package org.definetti.lab.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the comment at the head of a script promises: the command that runs it and, below, all that
 * it prints.
 *
 * <pre>{@code
 * $ ./definetti run examples/scripts/OwnModel.java
 * E[x² | X]: 0.8230 attended, 0.8232 sampled
 * }</pre>
 *
 * <p>Where training decides about the last digits, {@code # numbers vary a little} follows the
 * command: kernels round in different ways.
 *
 * @param arguments what the script is given
 * @param output what it prints
 * @param varies whether decimals may be off, by a tenth of theirs and 0.01
 */
record Transcript(List<String> arguments, String output, boolean varies) {

  private static final Pattern HEAD = Pattern.compile("/\\*(.*?) \\*/\n", Pattern.DOTALL);
  private static final Pattern COMMAND =
      Pattern.compile(
          "\\$ ./definetti run examples/scripts/(\\S+)(.*?)( +# numbers vary a little)?");
  private static final Pattern DECIMAL = Pattern.compile("-?\\d+\\.\\d+");

  /** Reads the head of a script. */
  static Transcript of(Path script) {
    Matcher head = HEAD.matcher(Guides.read(script));
    assertTrue(head.lookingAt(), () -> "no comment at the head of " + script);
    List<String> lines =
        head.group(1).lines().map(line -> line.replaceFirst("^ \\* ?", "")).toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher command = COMMAND.matcher(lines.get(i));
      if (command.matches()) {
        assertEquals(script.getFileName().toString(), command.group(1));
        String arguments = command.group(2).strip();
        return new Transcript(
            arguments.isEmpty() ? List.of() : List.of(arguments.split(" ")),
            String.join("\n", lines.subList(i + 1, lines.size())) + "\n",
            command.group(3) != null);
      }
    }
    throw new AssertionError("no command in the head of " + script);
  }

  /** Compares with what a script printed. */
  void check(String printed) {
    if (!varies) {
      assertEquals(output, printed);
      return;
    }
    // Columns of numbers shift with their signs and sizes.
    assertEquals(words(output), words(printed), () -> output + "\n" + printed);
    List<Double> expected = decimals(output);
    List<Double> actual = decimals(printed);
    for (int i = 0; i < expected.size(); i++) {
      double tolerance = 0.01 + 0.1 * Math.abs(expected.get(i));
      assertEquals(expected.get(i), actual.get(i), tolerance, printed);
    }
  }

  private static String words(String text) {
    return DECIMAL.matcher(text).replaceAll("#").replaceAll(" +", " ");
  }

  private static List<Double> decimals(String text) {
    return DECIMAL.matcher(text).results().map(found -> Double.valueOf(found.group())).toList();
  }
}
