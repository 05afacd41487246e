package org.definetti.lab.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.definetti.lab.data.SequenceFormat.Named;
import org.definetti.lab.data.UnknownSpace;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.FiniteBelief;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.latent.finite.Topics;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** The shipped data sets are small, are read, and hold what their page says of them. */
class RealDataTest {

  private static final long MOST_BYTES = 200 * 1024;
  private static final FitOptions OPTIONS =
      FitOptions.withDefaults().withRestarts(1).withTolerance(1e-6);

  private static Path folder() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("examples/data"))) {
      folder = folder.getParent();
    }
    return folder.resolve("examples/data");
  }

  private static List<Tokens> tokens(List<Named> sequences) {
    return sequences.stream().map(Named::tokens).toList();
  }

  @Test
  void filesAreSmallAndNamedOnTheirPage() throws IOException {
    String page = Files.readString(folder().resolve("README.md"));
    try (Stream<Path> files = Files.list(folder())) {
      for (Path file : files.toList()) {
        assertTrue(Files.size(file) < MOST_BYTES, file::toString);
        String name = file.getFileName().toString();
        assertTrue(name.equals("README.md") || page.contains("`" + name + "`"), name);
      }
    }
  }

  @Test
  void twoTopicsOfTheNovelsAreSpeechAndNarration() throws IOException {
    List<String> words = Files.readAllLines(folder().resolve("austen-words.txt"));
    List<Named> chapters = UnknownSpace.readCategories(folder().resolve("austen.jsonl"), 0);
    assertEquals(269, chapters.size());
    assertTrue(chapters.stream().allMatch(chapter -> chapter.tokens().length() == 100));
    assertEquals(100, words.size());
    Topics model = (Topics) TopicsFit.of(tokens(chapters), 2, 4, OPTIONS).model();
    int you = words.indexOf("you");
    int speech = model.topics().get(0, you) > model.topics().get(1, you) ? 0 : 1;
    for (String word : List.of("i", "you", "your", "my", "am", "is", "are", "will")) {
      int w = words.indexOf(word);
      double ratio = model.topics().get(speech, w) / model.topics().get(1 - speech, w);
      assertTrue(ratio > 2, () -> word + " " + ratio);
    }
    for (String word : List.of("was", "were", "had", "she", "her", "herself", "their")) {
      int w = words.indexOf(word);
      double ratio = model.topics().get(1 - speech, w) / model.topics().get(speech, w);
      assertTrue(ratio > 1.5, () -> word + " " + ratio);
    }
  }

  @Test
  void threeConceptsOfThePenguinsAreTheSpeciesAndSixTheSpeciesBySex() {
    List<Named> groups = UnknownSpace.readNumbers(folder().resolve("penguins.csv"));
    assertEquals(30, groups.size());
    assertEquals(333, groups.stream().mapToInt(group -> group.tokens().length()).sum());
    for (int components : new int[] {3, 6}) {
      FitOptions options = FitOptions.withDefaults().withRestarts(40);
      Fit fit = MixtureFit.of(tokens(groups), components, options);
      Map<Integer, String> kinds = new TreeMap<>();
      for (Named group : groups) {
        String[] words = group.name().split(" ", -1); // species, island, year, sex: never told
        String kind = components == 3 ? words[0] : words[0] + " " + words[3];
        int concept = concept((GaussianConcepts) fit.model(), group.tokens());
        assertEquals(kind, kinds.getOrDefault(concept, kind));
        kinds.put(concept, kind);
      }
      assertEquals(components, kinds.values().stream().distinct().count(), kinds::toString);
    }
  }

  private static int concept(GaussianConcepts model, Tokens tokens) {
    SimpleMatrix weights = FiniteBelief.prior(model).observe(tokens).probabilities();
    return ConceptFamily.byWeight(weights).get(0);
  }
}
