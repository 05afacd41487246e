package org.definetti.lab.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.definetti.experiment.AtomicFile;

/**
 * Lists what the claims do not confirm, from their own pages, so that the list of limits cannot say
 * less than the measurements do.
 *
 * <p>A function of the pages that {@link ClaimPages} keeps: every row of a table of parts whose
 * verdict is not CONFIRMED, the unexpected ones first.
 */
public final class LimitTable {

  private static final String REGION = "limits";
  private static final Pattern PAGE = Pattern.compile("([A-Z]+)(\\d*)\\.md");
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| ([^|]*) \\| ((CONFIRMED|REFUTED|INCONCLUSIVE)[^|]*) \\| ([^|]*) \\| [^|]* \\|"
              + " ((?:[^|\\\\]|\\\\.)*) \\|",
          Pattern.MULTILINE);

  private LimitTable() {}

  /** A part of a claim, as its page has it. */
  private record Limit(
      String id, String part, String outcome, String verdict, String measured, String predicted) {

    boolean isUnexpected() {
      return verdict.contains(", expected ");
    }

    String row(String folder) {
      String name = part.equals("whole") ? "" : " " + part;
      String link = "[" + id + "](" + folder + "/" + id + ".md)" + name;
      return "| " + link + " | " + outcome + " | " + measured + " | " + predicted + " |\n";
    }
  }

  /**
   * Brings the region of a page up to date.
   *
   * @param page the Markdown page with the region {@code limits}
   * @param pages directory of the pages of claims, beside it
   * @throws UncheckedIOException if a file cannot be read or written
   */
  public static void write(Path page, Path pages) {
    AtomicFile.write(page, ClaimPages.withRegion(ClaimPages.read(page), REGION, of(pages)));
  }

  /**
   * Returns the list as Markdown: what came out other than expected, what was refuted as expected,
   * what was left undecided as expected.
   *
   * @param pages directory of the pages of claims
   * @throws UncheckedIOException if a page cannot be read
   */
  public static String of(Path pages) {
    List<Limit> parts = parts(pages);
    List<Limit> unexpected = parts.stream().filter(Limit::isUnexpected).toList();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "The pages of the claims have %d parts; %d are CONFIRMED.\n",
            parts.size(),
            parts.stream().filter(part -> part.outcome().equals("CONFIRMED")).count()));
    table(text, "Not as expected", unexpected, pages);
    for (String outcome : new String[] {"REFUTED", "INCONCLUSIVE"}) {
      List<Limit> expected =
          parts.stream()
              .filter(part -> part.outcome().equals(outcome) && !part.isUnexpected())
              .toList();
      String title = outcome.equals("REFUTED") ? "Refuted, as expected" : "Undecided, as expected";
      table(text, title, expected, pages);
    }
    return text.toString();
  }

  private static void table(StringBuilder text, String title, List<Limit> limits, Path pages) {
    text.append("\n### ").append(title).append("\n\n");
    if (limits.isEmpty()) {
      text.append("Nothing.\n");
      return;
    }
    text.append("| part | verdict | measured | predicted |\n|---|---|---|---|\n");
    limits.forEach(limit -> text.append(limit.row(String.valueOf(pages.getFileName()))));
  }

  private static List<Limit> parts(Path pages) {
    List<Limit> parts = new ArrayList<>();
    for (MatchResult name : names(pages)) {
      String id = name.group(1) + name.group(2);
      Matcher rows = ROW.matcher(ClaimPages.read(pages.resolve(name.group())));
      rows.results()
          .map(
              row ->
                  new Limit(
                      id, row.group(1), row.group(3), row.group(2), row.group(4), row.group(5)))
          .forEach(parts::add);
    }
    return parts;
  }

  // S2 before S10.
  private static List<MatchResult> names(Path pages) {
    try (Stream<Path> files = Files.list(pages)) {
      return files
          .flatMap(file -> PAGE.matcher(String.valueOf(file.getFileName())).results())
          .sorted(
              Comparator.comparing((MatchResult name) -> name.group(1))
                  .thenComparing(name -> name.group(2).length())
                  .thenComparing(name -> name.group(2)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + pages + ": " + e.getMessage(), e);
    }
  }
}
