package org.definetti.lab.command;

/** Breaks texts into lines that fit a page. */
final class Wrapping {

  private static final int WIDTH = 100;

  private Wrapping() {}

  /** Returns a text broken between words into lines that all begin with the indent. */
  static String wrap(String indent, String text) {
    return wrap(indent, indent, text);
  }

  /** Returns a text broken between words into lines, the first of which begins otherwise. */
  static String wrap(String first, String indent, String text) {
    StringBuilder lines = new StringBuilder();
    StringBuilder line = new StringBuilder(first);
    int start = first.length();
    for (String word : text.split(" ", -1)) {
      if (line.length() > start && line.length() + 1 + word.length() > WIDTH) {
        lines.append(line).append('\n');
        line = new StringBuilder(indent);
        start = indent.length();
      }
      line.append(line.length() == start ? "" : " ").append(word);
    }
    return lines.append(line).append('\n').toString();
  }
}
