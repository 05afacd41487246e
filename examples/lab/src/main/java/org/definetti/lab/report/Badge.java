package org.definetti.lab.report;

import java.util.Locale;

/** A word that must be seen at once: a sign, the word itself and a colour, never colour alone. */
enum Badge {
  GOOD("✓"),
  BAD("✗"),
  OPEN("?"),
  PLAIN("");

  private final String sign;

  Badge(String sign) {
    this.sign = sign;
  }

  /** Chooses for a verdict: what was expected is good, whatever it is. */
  static Badge ofVerdict(String verdict, String expected) {
    if (verdict.isEmpty()) {
      return PLAIN;
    }
    // Where nothing was expected on file, a confirmation is what one hopes for.
    String hoped = expected.isEmpty() ? "CONFIRMED" : expected;
    return verdict.equals(hoped) ? GOOD : verdict.equals("INCONCLUSIVE") ? OPEN : BAD;
  }

  /** Chooses for a control, which must be caught. */
  static Badge ofControl(String control) {
    return switch (control) {
      case "CAUGHT" -> GOOD;
      case "MISSED" -> BAD;
      default -> PLAIN;
    };
  }

  String html(String word) {
    String kind = name().toLowerCase(Locale.ROOT);
    String before = sign.isEmpty() ? "" : "<span aria-hidden=\"true\">" + sign + "</span> ";
    return "<span class=\"badge " + kind + "\">" + before + Markup.escape(word) + "</span>";
  }
}
