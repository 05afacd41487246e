package org.definetti.lab.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The formula of each claim: the first plain block of its page in {@code docs/claims}. */
final class Formulas {

  private static final Pattern ID = Pattern.compile("[A-Z]+[0-9]*");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(?:text)?\\n(.*?)^```$");

  private Formulas() {}

  /** Returns the formula of a claim; empty for claims that have no page, such as a user's own. */
  static String of(String claim) {
    // Names come from files: only what can be the name of a page is looked for.
    if (!ID.matcher(claim).matches()) {
      return "";
    }
    try (InputStream page = Formulas.class.getResourceAsStream("claims/" + claim + ".md")) {
      return page == null
          ? ""
          : in(new String(page.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the first plain block of a page, without the spaces around it; empty without one. */
  static String in(String page) {
    Matcher block = BLOCK.matcher(page);
    return block.find() ? block.group(1).stripTrailing().stripIndent() : "";
  }
}
