package org.definetti.lab.guide;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits the commands of a shell block into words: quotes, continued lines and comments. */
final class ShellLine {

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private ShellLine() {}

  /** Returns the words of each command. */
  static List<List<String>> commands(String block) {
    List<List<String>> commands = new ArrayList<>();
    for (String line : block.replace("\\\n", " ").lines().toList()) {
      List<String> words = words(line);
      if (!words.isEmpty()) {
        commands.add(words);
      }
    }
    return commands;
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find() && !matcher.group().startsWith("#")) {
      for (int quote = 1; quote <= matcher.groupCount(); quote++) {
        if (matcher.group(quote) != null) {
          words.add(matcher.group(quote));
        }
      }
    }
    return words;
  }
}
