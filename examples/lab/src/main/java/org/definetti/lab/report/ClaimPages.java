package org.definetti.lab.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.definetti.experiment.AtomicFile;

/**
 * Keeps one Markdown page per claim: prose by hand, figures from a run.
 *
 * <p>A page {@code <ID>.md} has two regions that this class writes, each between a pair of comments
 * that it finds again: {@code claim} (statement, source, prediction) below the title, {@code
 * measured} (the table of parts, the controls, the pictures) at the end. Everything else belongs to
 * the writer and is never touched, so no number on a page is typed. {@code README.md} lists the
 * claims, those of earlier runs too. A page {@code limits.md} beside the directory gets the list of
 * what they do not confirm.
 *
 * <p>Like {@link Report} it is a function of the run's files and the pages that are there.
 */
public final class ClaimPages {

  private static final String CLAIM = "claim";
  private static final String MEASURED = "measured";
  private static final String INDEX = "index";
  private static final Pattern ROW =
      Pattern.compile("^\\| \\[([A-Z]+\\d*)\\]\\(.*\\n", Pattern.MULTILINE);

  private ClaimPages() {}

  /**
   * Writes the regions of every claim of a run that has a result, and the list of all pages.
   *
   * <ul>
   *   <li>Edge cases: a page that does not exist is begun; one whose regions were removed gets them
   *       again at its end; pages of claims the run does not have stay as they are.
   *   <li>Pictures go to {@code plots} beside the pages, named after the claim.
   * </ul>
   *
   * @param run directory of a run of {@code verify}
   * @param pages directory of the pages; made if missing
   * @return the pages written, in the order of the run
   * @throws IllegalArgumentException if {@code run} is not the directory of a run
   * @throws UncheckedIOException if a file cannot be read or written
   */
  public static List<Path> write(Path run, Path pages) {
    RunFiles files = RunFiles.read(run);
    Map<String, Figure> figures = CurveFigures.of(files);
    Map<String, HeatMap> maps = WeightMaps.of(files);
    List<Path> written = new ArrayList<>();
    for (JsonNode claim : files.manifest().path("claims")) {
      String id = claim.path("id").asText("");
      List<Row> parts = parts(files, id);
      if (!id.isEmpty() && !parts.isEmpty()) {
        List<String> pictures = pictures(id, figures, maps, pages);
        Path page = pages.resolve(id + ".md");
        String text = Files.exists(page) ? read(page) : "# " + id + ": " + words(claim) + "\n";
        text = withRegion(withClaim(text), CLAIM, described(claim));
        text = withRegion(text, MEASURED, measured(files.manifest(), id, parts, pictures));
        AtomicFile.write(page, text);
        written.add(page);
      }
    }
    index(files, pages);
    Path limits = pages.resolveSibling("limits.md");
    if (Files.exists(limits)) {
      LimitTable.write(limits, pages);
    }
    return written;
  }

  // A page written by hand gets the empty region of the claim below its title.
  private static String withClaim(String text) {
    int title = text.indexOf('\n') + 1;
    boolean there = text.contains("<!-- " + CLAIM + ": ");
    return there ? text : withRegion(text.substring(0, title), CLAIM, "") + text.substring(title);
  }

  private static String claimOf(Row row) {
    String name = row.text("claim");
    int dot = name.indexOf('.');
    return dot < 1 ? name : name.substring(0, dot);
  }

  /** Returns the parts of a claim that a run judged. */
  static List<Row> parts(RunFiles files, String id) {
    return files.verdicts().stream().filter(row -> claimOf(row).equals(id)).toList();
  }

  private static String words(JsonNode claim) {
    return claim.path("slug").asText("").replace('-', ' ');
  }

  private static List<String> pictures(
      String id, Map<String, Figure> figures, Map<String, HeatMap> maps, Path pages) {
    List<String> names = new ArrayList<>();
    figures.forEach(
        (name, figure) -> {
          if (name.startsWith(id + "-")) {
            AtomicFile.write(
                pages.resolve("plots").resolve(name + ".svg"), Drawing.of(figure).document());
            names.add("![" + figure.title() + "](plots/" + name + ".svg)");
          }
        });
    maps.forEach(
        (name, map) -> {
          if (name.startsWith(id + "-")) {
            map.writeSvg(pages.resolve("plots").resolve(name + ".svg"));
            names.add("![" + map.title() + "](plots/" + name + ".svg)");
          }
        });
    return names;
  }

  private static String described(JsonNode claim) {
    StringBuilder text = new StringBuilder();
    text.append("> ").append(claim.path("statement").asText("")).append("\n\n");
    text.append("Source: ").append(claim.path("source").asText("")).append(".\n\n");
    text.append("Predicted: ").append(claim.path("prediction").asText("")).append(".\n");
    if (!claim.path("expected").asText("CONFIRMED").equals("CONFIRMED")) {
      text.append("\nExpected outcome: ").append(claim.path("expected").asText("")).append(", ");
      text.append(claim.path("reason").asText("")).append(".\n");
    }
    return text.toString();
  }

  /** Returns a paragraph that says which run the figures are of. */
  static String run(JsonNode manifest, String id) {
    StringBuilder text = new StringBuilder("Run: `definetti verify ").append(id);
    text.append(" --budget ").append(manifest.path("configuration").path("budget").asText("?"));
    text.append(" --seed ").append(manifest.path("seed").asText("?")).append("`, version ");
    text.append(manifest.path("version").asText("?")).append(", commit ");
    String commit = manifest.path("commit").asText("?");
    text.append(commit, 0, Math.min(12, commit.length())).append(", JDK ");
    return text.append(manifest.path("jdk").asText("?")).append(".\n\n").toString();
  }

  private static String measured(
      JsonNode manifest, String id, List<Row> parts, List<String> pictures) {
    StringBuilder text = new StringBuilder(run(manifest, id));
    text.append("| part | verdict | measured | interval | predicted | control |\n");
    text.append("|---|---|---|---|---|---|\n");
    for (Row part : parts) {
      String name = part.text("claim");
      text.append("| ").append(name.equals(id) ? "whole" : name.substring(id.length() + 1));
      text.append(" | ").append(part.text("verdict")).append(expectation(part));
      text.append(" | ").append(Numbers.text(part.number("measured"), 4));
      text.append(" | ").append(new Part(part).interval());
      text.append(" | ").append(cell(part.text("prediction")));
      text.append(" | ").append(cell(control(part))).append(" |\n");
    }
    for (String picture : pictures) {
      text.append('\n').append(picture).append('\n');
    }
    return text.toString();
  }

  // What is CONFIRMED as expected goes without saying.
  static String expectation(Row part) {
    String expected = part.text("expected");
    if (!expected.equals(part.text("verdict"))) {
      return ", expected " + expected;
    }
    return expected.equals("CONFIRMED") ? "" : ", as expected";
  }

  /** Returns what the control did, or a dash. */
  static String control(Row part) {
    String outcome = part.text("control").toLowerCase(Locale.ROOT);
    return outcome.isEmpty() ? "–" : outcome + ": " + part.text("control_text");
  }

  /** Returns text that stays within a cell of a table. */
  static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }

  /** Returns the text with a region of this name replaced, or added at its end. */
  static String withRegion(String text, String name, String content) {
    String begin = "<!-- " + name + ": written by definetti report -->\n";
    String end = "<!-- " + name + ": end -->\n";
    String region = begin + content + end;
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      return text + (text.endsWith("\n") ? "\n" : "\n\n") + region;
    }
    return text.substring(0, from) + region + text.substring(to + end.length());
  }

  private static void index(RunFiles files, Path pages) {
    Path page = pages.resolve("README.md");
    String text = Files.exists(page) ? read(page) : "# Claims\n";
    Map<String, String> rows = new TreeMap<>();
    ROW.matcher(text).results().forEach(row -> rows.put(row.group(1), row.group()));
    for (JsonNode claim : files.manifest().path("claims")) {
      String id = claim.path("id").asText("");
      List<Row> parts = parts(files, id);
      if (!parts.isEmpty()) {
        rows.put(id, row(claim, id, parts));
      }
    }
    String head = "| claim | statement | parts as expected |\n|---|---|---|\n";
    AtomicFile.write(page, withRegion(text, INDEX, head + String.join("", rows.values())));
  }

  private static String row(JsonNode claim, String id, List<Row> parts) {
    long good =
        parts.stream()
            .filter(row -> row.text("verdict").equals(row.text("expected")))
            .filter(row -> !row.text("control").equals("MISSED"))
            .count();
    String link = "| [" + id + "](" + id + ".md) " + words(claim) + " | ";
    String statement = cell(claim.path("statement").asText(""));
    return link + statement + " | " + good + " of " + parts.size() + " |\n";
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
