package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as its readers have it: in a browser, from a file, without a network. */
@Tag("slow")
final class PageInBrowserTest {

  private static final String TABULATOR = "\uE004";
  private static final String ENTER = "\uE007";
  private static final Path PICTURES = Path.of("target", "screenshots");

  @TempDir static Path folder;

  private static Browser browser;
  private static Path page;

  @BeforeAll
  static void start() {
    Assumptions.assumeTrue(Browser.whyNone().isEmpty(), Browser.whyNone());
    page = Report.write(SampleRun.write(folder.resolve("run")));
    browser = Browser.start(folder.resolve("profile"));
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() {
    browser.media("screen", false);
    browser.size(1280, 900);
    browser.requests();
    browser.open(page);
  }

  private static List<String> texts(String selector) {
    JsonNode texts =
        browser.run(
            "return Array.from(document.querySelectorAll('"
                + selector
                + "')).filter(e => e.getClientRects().length).map(e => e.textContent.trim())");
    return StreamSupport.stream(texts.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static List<String> shownParts() {
    return texts(".overview tbody th");
  }

  private static void choose(String facet, String value) {
    browser.run(
        "var s = document.querySelector('select[name="
            + facet
            + "]'); s.value = '"
            + value
            + "'; s.dispatchEvent(new Event('input', {bubbles: true}))");
  }

  private static void assertNoSidewaysScrolling() {
    String wide =
        "var most = document.documentElement.clientWidth;"
            + "return document.documentElement.scrollWidth <= most ? [] :"
            + " Array.from(document.querySelectorAll('body *'))"
            + ".filter(e => e.getBoundingClientRect().right > most + 0.5)"
            + ".map(e => e.tagName + '.' + e.className + ' ' + e.getBoundingClientRect().right"
            + " + ' of ' + most)";
    assertEquals("[]", browser.run(wide).toString(), "what makes the page scroll sideways");
  }

  private static void assertQuiet() {
    assertEquals(List.of(), browser.messages());
    for (String address : browser.requests()) {
      assertTrue(address.startsWith("file://") || address.startsWith("data:"), address);
    }
  }

  @Test
  void opensWithoutAWordAndWithoutANetwork() {
    assertQuiet();
    assertEquals("Report of a run: verify", texts("h1").get(0));
    browser.screenshot(PICTURES.resolve("light.png"));
  }

  @Test
  void aBrokenPageWouldBeHeard() {
    Path broken = folder.resolve("broken.html");
    SampleRun.put(
        folder,
        "broken.html",
        "<script>nobody()</script><img src='https://example.org/x.png'><p style='width:3000px'>x");
    browser.open(broken);
    assertFalse(browser.messages().isEmpty());
    assertTrue(browser.requests().contains("https://example.org/x.png"));
    assertTrue(browser.run("return document.documentElement.scrollWidth").asInt() > 1280);
  }

  @Test
  void theTableIsSearchedAndFiltered() {
    assertEquals(6, shownParts().size());
    browser.type("input[type=search]", "null-token");
    assertEquals(List.of(), shownParts());
    browser.type("input[type=search]", "null TOKEN");
    // Words of the statement count, and so does the claim's own name.
    assertEquals(List.of("B2.gaussian-mean", "B2.dirichlet-categorical"), shownParts());
    assertEquals(List.of("B2"), texts("article.claim .id"));
    assertEquals(List.of("2 of 6 rows"), texts(".filter output"));
    browser.click(".filter button");
    browser.run("return new Promise(done => setTimeout(done, 20))");
    assertEquals(6, shownParts().size());
    choose("verdict", "REFUTED");
    assertEquals(List.of("X1", "E3"), shownParts());
    choose("outcome", "against expectation");
    assertEquals(List.of("E3"), shownParts());
    choose("source", "derived here");
    assertEquals(List.of(), shownParts());
    choose("verdict", "");
    choose("outcome", "");
    assertEquals(List.of("B2.gaussian-mean", "B2.dirichlet-categorical"), shownParts());
    choose("source", "");
    choose("control", "MISSED");
    assertEquals(List.of("E3"), shownParts());
    assertQuiet();
  }

  @Test
  void theTableIsSortedByNumbersAndByNames() {
    List<String> asWritten = shownParts();
    browser.click(".overview th:nth-child(4) button");
    assertEquals(
        List.of("C5.slope", "B2.dirichlet-categorical", "B2.gaussian-mean", "E3", "X1"),
        shownParts().subList(0, 5));
    browser.click(".overview th:nth-child(4) button");
    assertEquals("C5.constant", shownParts().get(0));
    assertEquals(
        "descending",
        browser
            .run("return document.querySelectorAll('.overview th')[3].getAttribute('aria-sort')")
            .asText());
    browser.click(".overview th:nth-child(1) button");
    assertEquals("B2.dirichlet-categorical", shownParts().get(0));
    browser.click(".overview th:nth-child(1) button");
    browser.click(".overview th:nth-child(1) button");
    assertEquals(asWritten, shownParts());
  }

  @Test
  void aLinkLeadsFromTheTableToTheClaim() {
    browser.click(".overview tbody tr:last-child a");
    assertEquals("#claim-E3", browser.run("return location.hash").asText());
    int top =
        browser
            .run("return document.getElementById('claim-E3').getBoundingClientRect().top")
            .asInt();
    assertTrue(top >= 0 && top < 900, "at " + top);
  }

  @Test
  void theLegendHidesACurve() {
    assertEquals(
        4, browser.run("return document.querySelectorAll('[data-chart] svg').length").asInt());
    String paths = "return document.querySelectorAll('[data-chart] svg')[0].innerHTML.length";
    int before = browser.run(paths).asInt();
    browser.run("document.querySelector('[data-chart]').scrollIntoView()");
    browser.run(
        "var t = Array.from(document.querySelector('[data-chart] svg').querySelectorAll('text'))"
            + ".filter(e => e.textContent.startsWith('cme'))[0];"
            + "var b = t.getBoundingClientRect();"
            + "var at = {bubbles: true, clientX: b.x + 5, clientY: b.y + b.height / 2};"
            + "var place = document.querySelector('[data-chart] svg').parentNode;"
            + "['mousemove', 'mousedown', 'mouseup', 'click'].forEach("
            + "n => place.dispatchEvent(new MouseEvent(n, at)))");
    int hidden = browser.run(paths).asInt();
    assertTrue(hidden < before, hidden + " of " + before);
    assertQuiet();
  }

  @Test
  void theScalesAreChosenByTheReader() {
    String labels =
        "return Array.from(document.querySelectorAll('[data-chart] svg')[0]"
            + ".querySelectorAll('text')).map(e => e.textContent)";
    assertEquals(
        List.of("log length (tokens)", "log squared gap"),
        texts("figure .tools button").subList(0, 2));
    String logarithmic = browser.run(labels).toString();
    assertTrue(logarithmic.contains("\"64\"") && logarithmic.contains("\"0.01\""), logarithmic);
    browser.click("figure .tools button:nth-child(2)");
    String mixed = browser.run(labels).toString();
    assertTrue(mixed.contains("\"64\"") && !mixed.contains("\"0.01\""), mixed);
    browser.click("figure .tools button:nth-child(1)");
    String linear = browser.run(labels).toString();
    assertFalse(linear.contains("\"64\"") || linear.contains("\"0.01\""), linear);
    browser.click("figure .tools button:nth-child(2)");
    browser.click("figure .tools button:nth-child(1)");
    assertEquals(logarithmic, browser.run(labels).toString());
    assertQuiet();
  }

  @Test
  void endsOfIntervalsAreHeldWithinTheAxis() {
    String held =
        "var s = scaleOf({base: 10, min: -3, max: 0, axisLabel: {}}, false);"
            + "return [-0.5, 1e-9, 1e300, 0.1].map(s.held)";
    assertEquals("[-3,-3,0,-1]", browser.run(held).toString());
    String even =
        "var s = scaleOf({base: 10, min: -3, max: 0, ends: [0.5, 2], axisLabel: {}}, true);"
            + "return [-0.5, 1e300, 1.5].map(s.held)";
    assertEquals("[0.5,2,1.5]", browser.run(even).toString());
  }

  @Test
  void isDarkWhereTheReaderWantsItAndLightOnPaper() {
    String ground = "return getComputedStyle(document.body).backgroundColor";
    String curve = "return getComputedStyle(document.querySelector('[data-chart] svg rect')).fill";
    String light = browser.run(ground).asText();
    String lightPicture = browser.run(curve).asText();
    browser.media("screen", true);
    assertNotEquals(light, browser.run(ground).asText());
    assertNotEquals(lightPicture, browser.run(curve).asText());
    browser.screenshot(PICTURES.resolve("dark.png"));
    browser.media("print", true);
    assertEquals("rgb(255, 255, 255)", browser.run(ground).asText());
    assertEquals(lightPicture, browser.run(curve).asText());
    assertEquals(List.of(), texts(".filter"));
    assertEquals(List.of(), texts("summary"));
    browser.screenshot(PICTURES.resolve("print.png"));
  }

  @Test
  void fitsATelephone() {
    for (int width : new int[] {320, 390, 760, 1000}) {
      browser.size(width, 844);
      browser.open(page);
      assertNoSidewaysScrolling();
    }
    browser.size(390, 844);
    browser.open(page);
    browser.screenshot(PICTURES.resolve("telephone.png"));
    // What sorts must be within reach of a thumb too.
    browser.click(".overview th:nth-child(8) button");
    assertEquals("C5.constant", shownParts().get(0));
    assertQuiet();
  }

  @Test
  void everythingIsReachedByKeysAndIsSeenToBe() {
    List<String> reached = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      browser.press(TABULATOR);
      JsonNode at =
          browser.run(
              "var e = document.activeElement, b = e.getBoundingClientRect();"
                  + "return [e.tagName + ' ' + (e.getAttribute('aria-label') || e.textContent ||"
                  + " e.name), getComputedStyle(e).outlineStyle, b.left, b.width]");
      reached.add(at.get(0).asText());
      assertNotEquals("none", at.get(1).asText(), at.get(0).asText());
      assertTrue(at.get(2).asDouble() >= 0 && at.get(3).asDouble() > 0, at.get(0).asText());
    }
    assertEquals("A Skip to the results", reached.get(0));
    assertTrue(reached.contains("INPUT search"), reached.toString());
    assertTrue(reached.contains("BUTTON measured"), reached.toString());
    browser.run("document.querySelector('.overview th button').focus()");
    browser.press(ENTER);
    assertEquals("B2.dirichlet-categorical", shownParts().get(0));
  }

  @Test
  void everyControlAndPictureHasAName() {
    String nameless =
        "return Array.from(document.querySelectorAll('a, button, input, select, [role=img]'))"
            + ".filter(e => !(e.getAttribute('aria-label') || e.textContent.trim()"
            + " || (e.labels && e.labels.length))).map(e => e.outerHTML)";
    assertEquals("[]", browser.run(nameless).toString());
    String spoken =
        browser
            .run("return document.querySelector('[data-chart]').getAttribute('aria-label')")
            .asText();
    assertTrue(
        spoken.startsWith("gaussian mean: squared gap") || spoken.contains("against length"));
    assertEquals(1, browser.run("return document.querySelectorAll('main, h1').length").asInt() - 1);
  }

  @Test
  void twoRunsStandSideBySide() {
    Path other = SampleRun.write(folder.resolve("other"));
    SampleRun.put(
        other,
        "verdicts.csv",
        SampleRun.VERDICTS
            .replace("C5.constant,INCONCLUSIVE", "C5.constant,CONFIRMED")
            .replace("41.7,paper", "39.9,paper")
            .replace("X1,REFUTED,REFUTED,0.083", "X1,REFUTED,REFUTED,0.082")
            .replace("E3,", "E4,"));
    Path both = Comparison.write(folder.resolve("run"), other, folder.resolve("both.html"));
    browser.open(both);
    assertEquals(List.of("Two runs: A run, B other"), texts("h1"));
    assertEquals(7, shownParts().size());
    choose("change", "verdict");
    assertEquals(List.of("C5.constant"), shownParts());
    choose("change", "numbers");
    assertEquals(List.of("X1"), shownParts());
    choose("change", "only in A");
    assertEquals(List.of("E3"), shownParts());
    choose("change", "only in B");
    assertEquals(List.of("E4"), shownParts());
    choose("change", "unchanged");
    assertEquals(List.of("B2.gaussian-mean", "B2.dirichlet-categorical", "C5.slope"), shownParts());
    // Their curves are the same, so each is drawn once.
    assertEquals(
        4, browser.run("return document.querySelectorAll('[data-chart] svg').length").asInt());
    String spoken =
        browser
            .run("return document.querySelector('[data-chart]').getAttribute('aria-label')")
            .asText();
    assertTrue(spoken.contains("A and B · cme · derived") && !spoken.contains("; A · "), spoken);
    assertNoSidewaysScrolling();
    browser.size(390, 844);
    assertNoSidewaysScrolling();
    assertQuiet();
    browser.screenshot(PICTURES.resolve("comparison-telephone.png"));
  }

  @Test
  void hostileNamesAreWordsOnly() {
    Path run = folder.resolve("hostile");
    String name = "<script>document.title='owned'</script>\"'`${x}</pre><b>\u202eµ∑漢字😀";
    String quoted = '"' + name.replace("\"", "\"\"") + '"';
    SampleRun.put(
        run,
        "manifest.json",
        "{\"verb\": \"verify\", \"end\": \"now\", \"claims\": [{\"id\": "
            + "\""
            + name.replace("\"", "\\\"")
            + "\", \"statement\": \"</article>\"}]}");
    SampleRun.put(
        run, "verdicts.csv", "claim,verdict,source\n" + (quoted + ",").repeat(2) + quoted + "\n");
    SampleRun.put(
        run,
        "curves.csv",
        "model,attention,origin,metric,axis,value,fixed,mean,low,high\n"
            + "N,N,derived,N,length,4,x=N,1,.9,1.1\nN,N,derived,N,length,8,x=N,.5,.4,.6\n"
                .replace("N", quoted)
                .replace("x=" + quoted, ""));
    browser.open(Report.write(run));
    assertEquals("Report of a run: verify", browser.run("return document.title").asText());
    assertEquals(List.of(name), shownParts());
    browser.type("input[type=search]", "漢字");
    assertEquals(List.of(name), shownParts());
    assertEquals(
        1, browser.run("return document.querySelectorAll('[data-chart] svg').length").asInt());
    assertNoSidewaysScrolling();
    assertQuiet();
  }

  @Test
  void tenThousandRowsAreARunLikeAnyOther() {
    Path run = folder.resolve("long");
    StringBuilder rows =
        new StringBuilder(
            "claim,verdict,expected,measured,predicted,low,high,tolerance,control,seconds,source\n");
    for (int i = 0; i < 10_000; i++) {
      rows.append('Z').append(i / 100).append(".part-").append(i);
      rows.append(i % 1000 == 7 ? ",REFUTED" : ",CONFIRMED").append(",CONFIRMED,");
      rows.append((i * 7919) % 10_007).append(",0,0,1,1,CAUGHT,0.1,derived: here\n");
    }
    SampleRun.put(run, "verdicts.csv", rows.toString());
    browser.open(Report.write(run));
    assertEquals("10000 of 10000 rows", texts(".filter output").get(0));
    choose("verdict", "REFUTED");
    assertEquals(10, shownParts().size());
    browser.click(".overview th:nth-child(4) button");
    List<String> measured = texts(".overview td[data-label=measured]");
    assertEquals(
        measured.stream().sorted((a, b) -> Integer.parseInt(a) - Integer.parseInt(b)).toList(),
        measured);
    browser.type("input[type=search]", "part-3007");
    assertEquals(List.of("Z30.part-3007"), shownParts());
    assertNoSidewaysScrolling();
    assertQuiet();
  }
}
