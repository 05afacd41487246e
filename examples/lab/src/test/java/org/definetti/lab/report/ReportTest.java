package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {

  private static final String CURVES =
      "model,attention,origin,objective,train_length,metric,axis,value,fixed,mean,standard_error,low,"
          + "high,count\n";

  private static final String ONE_POINT = CURVES + "m,softmax,derived,,,gap,length,4,,1,,,,1\n";

  // Drawn once for all who only look at it.
  @TempDir static Path sample;

  private static String samplePage;

  @TempDir Path run;

  @BeforeAll
  static void drawTheSample() {
    SampleRun.write(sample);
    samplePage = page(sample);
  }

  private static String page(Path directory) {
    try {
      return Files.readString(Report.write(directory));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String page() {
    return page(run);
  }

  @Test
  void theWholeStoryIsOnThePage() {
    String page = samplePage;
    for (String words :
        List.of(
            "commit 4f1c2ab",
            "seed 20250601",
            "null token exact",
            "<b>Source:</b> derived here",
            "slope -1.00 ± 0.05 over lengths 128 to 8192",
            "the temperature correction is left out",
            "as expected: 4",
            "against expectation: 1",
            "inconclusive: 1",
            "controls missed: 1",
            "softmax · trained supervised · trained at length 64",
            "corrected-softmax · derived · temperature 0.25, normalisation softmax",
            "predicted slope −1 for corrected-softmax",
            "[−1.024, −0.984]",
            "noise variance",
            "took 204.5 s")) {
      assertTrue(page.contains(words), words);
    }
    assertFalse(page.contains("Half-finished"));
    // The false claim that was expected to be refuted counts as good, with its own word.
    assertTrue(page.contains("<span aria-hidden=\"true\">✓</span> REFUTED"));
    assertTrue(page.contains("<span aria-hidden=\"true\">✗</span> MISSED"));
  }

  @Test
  void everyFigureIsOnThePageAsSvgAndAsPng() throws IOException {
    String page = samplePage;
    List<String> names =
        List.of(
            "gaussian-mean-squared-gap",
            "linear-regression-excess-risk",
            "linear-regression-squared-gap",
            "linear-regression-squared-gap-local-slopes");
    for (String name : names) {
      assertTrue(Files.readString(sample.resolve("plots/" + name + ".svg")).startsWith("<svg"));
      assertTrue(Files.size(sample.resolve("plots/" + name + ".png")) > 1000);
      assertTrue(page.contains("href=\"plots/" + name + ".svg\""));
    }
    assertEquals(names.size(), count(page, "<svg "));
    assertEquals(names.size(), count(page, "<svg role=\"img\" aria-label=\""));
    assertEquals(names.size(), count(page, "data-chart=\"option-"));
    assertEquals(1, count(page, "Licensed to the Apache Software Foundation"), "the library");
  }

  @Test
  void thePageAsksForNothingFromOutside() {
    String page = samplePage;
    String script = runningScript(page);
    String rest = page.replace(script, "").replaceAll(" xmlns(:xlink)?=\"[^\"]*\"", "");
    assertFalse(rest.contains("http://") || rest.contains("https://") || rest.contains("url(h"));
    assertFalse(rest.contains("@import") || rest.contains(" src="));
    Matcher links = Pattern.compile("href=\"([^\"]*)\"").matcher(rest);
    while (links.find()) {
      String target = links.group(1);
      boolean inside =
          target.startsWith("#") || target.equals("data:,") || Files.exists(sample.resolve(target));
      assertTrue(inside, target);
    }
  }

  @Test
  void onlyTheScriptOfThePageMayRun() throws Exception {
    SampleRun.put(run, "curves.csv", ONE_POINT);
    String page = page();
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(runningScript(page).getBytes(StandardCharsets.UTF_8));
    String hash = Base64.getEncoder().encodeToString(digest);
    assertTrue(page.contains("default-src 'none'; "));
    assertTrue(page.contains("script-src 'sha256-" + hash + "'\">"));
    // Ends of a script element inside it would end it early.
    assertFalse(runningScript(page).contains("</script") || runningScript(page).contains("<!--"));
  }

  @Test
  void picturesOfAnEarlierReportAreDeleted() throws IOException {
    SampleRun.put(run, "curves.csv", ONE_POINT);
    SampleRun.put(run, "plots/old.svg", "<svg/>");
    SampleRun.put(run, "plots/old.png", "");
    SampleRun.put(run, "plots/notes.txt", "mine");
    page();
    assertFalse(Files.exists(run.resolve("plots/old.svg")));
    assertFalse(Files.exists(run.resolve("plots/old.png")));
    assertTrue(Files.exists(run.resolve("plots/notes.txt")));
  }

  @Test
  void whatTheControlDidIsSaid() {
    SampleRun.put(
        run,
        "verdicts.csv",
        "claim,verdict,control,control_text\nB2,CONFIRMED,CAUGHT,off by 0.3 <b>\n");
    assertTrue(page().contains("<b>Control:</b> off by 0.3 &lt;b&gt;"));
  }

  @Test
  void theSameFilesGiveTheSameBytes() throws IOException {
    Map<String, String> first = written(sample);
    page(sample);
    assertEquals(first, written(sample));
    assertTrue(first.keySet().stream().noneMatch(name -> name.contains("part")), "left behind");
  }

  @Test
  void hostileNamesStayTextAndStayInTheDirectory() throws IOException {
    String hostile = "../../<script>alert(1)</script>\"\"'>]]>&";
    String quoted = hostile.replace("\"", "\"\"");
    SampleRun.put(
        run,
        "curves.csv",
        CURVES
            + """
            "M","M",derived,,,"M",length,4,"M=1",1,.1,.9,1.1,3
            "M","M",derived,,,"M",length,8,"M=1",.5,.1,.4,.6,3
            """
                .replace("M", quoted));
    SampleRun.put(run, "verdicts.csv", "claim,verdict\n\"" + quoted + "\",\"" + quoted + "\"\n");
    SampleRun.put(
        run,
        "manifest.json",
        "{\"end\": \"now\", \"<b>\": \"</style><script>\", \"claims\": [{\"id\": \"A1\", \"statement\":"
            + " \"</table><script>\"}]}");
    String page = page();
    assertEquals(2, count(page, "<script"), "the option of one figure, and the page's own");
    assertEquals(2, count(page, "</script"));
    assertEquals(1, count(page, "</style>"));
    assertTrue(page.contains("&lt;script&gt;alert(1)"));
    assertEquals(
        List.of(
            "script-alert-1-script-script-alert-1-script.csv",
            "script-alert-1-script-script-alert-1-script.png",
            "script-alert-1-script-script-alert-1-script.svg"),
        written(run).keySet().stream()
            .filter(name -> name.startsWith("plots/"))
            .map(name -> name.substring("plots/".length()))
            .toList());
  }

  @Test
  void aHalfFinishedRunSaysSo() {
    SampleRun.put(
        run,
        "manifest.json",
        "{\"cells\": 12, \"claims\": [{\"id\": \"B2\"}, {\"id\": \"C5\"}], \"start\": \"x\"}");
    SampleRun.put(run, "journal.jsonl", "{}\n{}\n{}\n{\"torn\u00ff");
    SampleRun.put(run, "verdicts.csv", "claim,verdict\nB2.a,CONFIRMED\n");
    String page = page();
    assertTrue(page.contains("Half-finished run"));
    assertTrue(page.contains("the manifest records no end"));
    assertTrue(page.contains("4 of 12 cells"));
    assertTrue(page.contains("1 of 2 claims have no verdict"));
    assertTrue(page.contains("no result yet"));
  }

  @Test
  void missingFilesLeaveOutTheirPart() {
    SampleRun.put(run, "curves.csv", ONE_POINT);
    String page = page();
    assertTrue(page.contains("no manifest.json"));
    assertTrue(page.contains("<svg "));
    assertFalse(page.contains("id=\"verdicts\"") || page.contains("id=\"slopes\""));
  }

  @Test
  void zeroNegativeAndUnknownValuesAreSaidToBeMissing() {
    SampleRun.put(
        run,
        "curves.csv",
        CURVES
            + "m,a,derived,,,gap,length,4,,0.5,0.1,-0.1,1.1,3\n"
            + "m,a,derived,,,gap,length,8,,0,,NaN,NaN,3\n"
            + "m,a,derived,,,gap,length,16,,-0.25,,,,3\n"
            + "m,a,derived,,,gap,length,32,,NaN,,,,3\n"
            + "m,a,derived,,,risk,length,4,,-1,,,,3\n"
            + "m,a,derived,,,risk,length,8,,-2,,,,3\n");
    String page = page();
    assertTrue(page.contains("3 points (zero, negative or not a number)"));
    Matcher captions = Pattern.compile("(?s)<figcaption>.*?</figcaption>").matcher(page);
    long missing = captions.results().filter(one -> one.group().contains("have no place")).count();
    assertEquals(1, missing, "the negative metric has a linear axis");
  }

  @Test
  void manyCurvesGoOnInAnotherFigure() {
    StringBuilder rows = new StringBuilder(CURVES);
    for (int i = 0; i < 11; i++) {
      rows.append("m,a").append(i).append(",derived,,,gap,length,4,,1,,,,1\n");
    }
    SampleRun.put(run, "curves.csv", rows.toString());
    page();
    assertTrue(Files.exists(run.resolve("plots/m-gap.svg")));
    assertTrue(Files.exists(run.resolve("plots/m-gap-2.svg")));
  }

  @Test
  void whatIsNoRunIsRefused() {
    assertMessage("expected at least one of manifest.json", () -> Report.write(run));
    assertMessage("expected the directory of a run", () -> Report.write(run.resolve("none")));
    SampleRun.put(run, "curves.csv", "model,metric,value\nm,gap,4\n");
    assertMessage("curves.csv: expected a column mean", () -> Report.write(run));
    SampleRun.put(run, "curves.csv", "model,metric,value,mean\nm,gap,4,much\n");
    assertMessage(
        "curves.csv line 2: expected a number in column mean, got much", () -> Report.write(run));
    SampleRun.put(run, "manifest.json", "{\"version\": ");
    assertMessage("manifest.json: expected JSON", () -> Report.write(run));
  }

  private static void assertMessage(String part, Runnable action) {
    Exception error = assertThrows(IllegalArgumentException.class, action::run);
    assertTrue(String.valueOf(error.getMessage()).contains(part), error.getMessage());
  }

  /** The script a browser runs: the one element without a type. */
  private static String runningScript(String page) {
    int from = page.indexOf("<script>") + "<script>".length();
    return page.substring(from, page.indexOf("</script>", from));
  }

  private static Map<String, String> written(Path directory) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = directory.relativize(file).toString().replace('\\', '/');
        contents.put(name, Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}
