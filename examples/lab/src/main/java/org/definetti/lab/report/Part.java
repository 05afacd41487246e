package org.definetti.lab.report;

import java.util.Locale;

/**
 * One judged part of a claim, as the page says it.
 *
 * @param row its line of {@code verdicts.csv}
 */
record Part(Row row) {

  /** The whole name, {@code C5.slope}. */
  String name() {
    return row.text("claim");
  }

  /** The name behind that of its claim: {@code slope} of {@code C5.slope}. */
  String name(String claim) {
    return name().startsWith(claim + ".") ? name().substring(claim.length() + 1) : name();
  }

  String verdict() {
    return row.text("verdict").toUpperCase(Locale.ROOT);
  }

  String expected() {
    return firstWord(row.text("expected"));
  }

  /** {@code CAUGHT}, {@code MISSED}, or empty where the part has no control. */
  String control() {
    return firstWord(row.text("control"));
  }

  /** What the control did: behind the word CAUGHT or MISSED, or in a column of its own. */
  String controlText() {
    String behind = row.text("control").substring(control().length());
    return (behind.replaceFirst("^[\\s:,;.–-]+", "") + " " + row.text("control_text")).strip();
  }

  Badge badge() {
    return Badge.ofVerdict(verdict(), expected());
  }

  String verdictHtml() {
    return badge().html(row.text("verdict"));
  }

  String controlHtml() {
    return control().isEmpty() ? "–" : Badge.ofControl(control()).html(control());
  }

  /** What is predicted; a prediction that is a bound says so in words only. */
  String predicted() {
    String prediction = row.text("prediction");
    String bound = prediction.startsWith("<=") ? "≤ " : prediction.startsWith(">=") ? "≥ " : "";
    return bound + Numbers.text(row.number("predicted"), 4);
  }

  String interval() {
    return Numbers.interval(row.number("low"), row.number("high"));
  }

  String tolerance() {
    double tolerance = row.number("tolerance");
    return Double.isNaN(tolerance) ? "–" : "± " + Numbers.text(tolerance, 3);
  }

  private static String firstWord(String text) {
    int end = 0;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    return text.substring(0, end);
  }
}
