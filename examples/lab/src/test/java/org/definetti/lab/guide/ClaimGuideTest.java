package org.definetti.lab.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.definetti.experiment.Claim;
import org.definetti.experiment.Outcome;
import org.definetti.lab.claims.Claims;
import org.definetti.lab.run.Sources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every claim has a page that says what the code says, with measured figures from a run, one step
 * from the formula to the method that computes it, and one step back.
 */
class ClaimGuideTest {

  private static final Path PAGES = Guides.root().resolve("docs/claims");
  private static final Pattern SOURCE = Pattern.compile("\\]\\(([^)#]+\\.java)\\)");
  private static final Pattern REGION =
      Pattern.compile(
          "<!-- (\\w+): written by definetti report -->.*?<!-- \\1: end -->", Pattern.DOTALL);
  private static final int SHORTEST_PROSE = 600; // characters

  /** Claims whose full run is still to be made; their pages show a smaller run and say so. */
  private static final Set<String> AWAITED = Set.of();

  static List<Claim> claims() {
    return Claims.ALL;
  }

  private static String page(Claim claim) {
    return Guides.read(PAGES.resolve(claim.id() + ".md"));
  }

  @ParameterizedTest
  @MethodSource("claims")
  void aPageSaysWhatTheClaimSays(Claim claim) {
    String page = page(claim);
    assertTrue(page.startsWith("# " + claim.id() + ": "), "title");
    assertTrue(page.contains("> " + claim.statement() + "\n"), "statement");
    assertTrue(page.contains("Source: " + Sources.text(claim.source()) + ".\n"), "source");
    assertTrue(page.contains("Predicted: " + claim.prediction() + ".\n"), "prediction");
    boolean refuted = claim.expected().outcome() != Outcome.CONFIRMED;
    assertEquals(refuted, page.contains("Expected outcome: "), "expected outcome");
  }

  @ParameterizedTest
  @MethodSource("claims")
  void aPageIsWrittenToBeRead(Claim claim) {
    String prose = REGION.matcher(page(claim)).replaceAll("");
    assertTrue(prose.length() >= SHORTEST_PROSE, () -> "prose of " + prose.length());
    assertTrue(prose.contains("```"), "a formula");
  }

  @ParameterizedTest
  @MethodSource("claims")
  void figuresComeFromAFullRun(Claim claim) {
    boolean awaited = AWAITED.contains(claim.id());
    String budget = awaited ? "standard" : "full";
    String command = "Run: `definetti verify " + claim.id() + " --budget " + budget + " --seed ";
    assertTrue(page(claim).contains(command), command);
    assertEquals(awaited, page(claim).contains("The full run is still to be made."), "says so");
  }

  @ParameterizedTest
  @MethodSource("claims")
  void aFormulaIsOneStepFromItsMethodAndBack(Claim claim) {
    List<Path> sources =
        SOURCE
            .matcher(page(claim))
            .results()
            .map((MatchResult match) -> PAGES.resolve(match.group(1)).normalize())
            .toList();
    assertFalse(sources.isEmpty(), "links to sources");
    Pattern id = Pattern.compile("\\b" + claim.id() + "\\b");
    assertTrue(
        sources.stream().anyMatch(source -> id.matcher(Guides.read(source)).find()),
        () -> "a source that names " + claim.id() + " among " + sources);
  }

  @Test
  void theListNamesEveryPage() {
    String list = Guides.read(PAGES.resolve("README.md"));
    for (Claim claim : Claims.ALL) {
      String link = "[" + claim.id() + "](" + claim.id() + ".md)";
      assertTrue(list.contains(link), link);
    }
    assertTrue(Files.isDirectory(PAGES.resolve("plots")), "plots");
  }
}
