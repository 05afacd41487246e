package org.definetti.lab.fit;

import static org.definetti.lab.fit.MixtureFitTest.assertClimbs;
import static org.definetti.lab.fit.MixtureFitTest.assertMessage;
import static org.definetti.lab.fit.MixtureFitTest.maximum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.Topics;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class TopicsFitTest {

  private static final FitOptions OPTIONS = FitOptions.withDefaults().withRestarts(4);
  private static final FitOptions LIKELIHOOD = OPTIONS.withPriorTokens(0);

  private static final SimpleMatrix WORDS =
      new SimpleMatrix(new double[][] {{0.6, 0.3, 0.1, 0}, {0, 0.1, 0.3, 0.6}});

  private static final Topics MODEL =
      Topics.of(Topics.simplexGrid(2, 2), WORDS)
          .withPrior(new SimpleMatrix(new double[][] {{0.5, 0.2, 0.3}}));

  @Test
  void everyStepOfEveryClimbGains() {
    for (double c : new double[] {0, 0.5, 20}) {
      FitOptions options = OPTIONS.withPriorTokens(c).withIterations(150);
      assertClimbs(TopicsFit.of(Draws.of(MODEL, 50, 6, "two"), 2, 3, options));
      assertClimbs(TopicsFit.of(Draws.of(MODEL, 50, 6, "two"), 3, 2, options));
    }
  }

  @Test
  void agreesWithDirectMaximisationForTinyDocuments() {
    int[][] documents = {{0, 0, 1}, {2, 2, 1}, {0, 1}, {2, 0, 1}, {2, 2, 2}, {0, 0}, {1, 2, 0}};
    List<Tokens> sequences =
        Arrays.stream(documents)
            .map(d -> Arrays.stream(d).asDoubleStream().toArray())
            .map(rows -> Tokens.ofRows(new CategoricalTokens(3), rows))
            .toList();
    double best = Double.NEGATIVE_INFINITY;
    for (double tilt : new double[] {-2, 0.3, 2}) { // the evidence has more than one top
      double found = maximum(x -> evidence(documents, x), 0.1, 0, tilt, 0.2, -0.3, -tilt, 0.1);
      best = Math.max(best, found);
    }
    Fit fit =
        TopicsFit.of(
            sequences, 2, 2, LIKELIHOOD.withRestarts(40).withTolerance(1e-13).withIterations(5000));
    assertEquals(best, fit.bestClimb().finalLogEvidence(), 1e-5);
  }

  /** The evidence by summing over the topic of every word; x are logits against a last 0. */
  private static double evidence(int[][] documents, double[] x) {
    double[] p = softmax(x[0], x[1]);
    double[][] beta = {softmax(x[2], x[3]), softmax(x[4], x[5])};
    double[][] grid = {{1, 0}, {0.5, 0.5}, {0, 1}};
    double sum = 0;
    for (int[] words : documents) {
      double evidence = 0;
      for (int s = 0; s < grid.length; s++) {
        for (int topics = 0; topics < 1 << words.length; topics++) {
          double joint = p[s];
          for (int l = 0; l < words.length; l++) {
            int topic = topics >> l & 1;
            joint *= grid[s][topic] * beta[topic][words[l]];
          }
          evidence += joint;
        }
      }
      sum += Math.log(evidence);
    }
    return sum - 1e-9 * Arrays.stream(x).map(v -> v * v).sum(); // keeps logits finite
  }

  private static double[] softmax(double a, double b) {
    double total = Math.exp(a) + Math.exp(b) + 1;
    return new double[] {Math.exp(a) / total, Math.exp(b) / total, 1 / total};
  }

  @Test
  void findsTheTopicsThatTheDocumentsCameFrom() {
    // 600 documents of about 40 words: a word's probability is known to about 0.006.
    Fit fit = TopicsFit.of(Draws.of(MODEL, 600, 39, "many"), 2, 2, OPTIONS.withTolerance(1e-7));
    Topics found = (Topics) fit.model();
    assertTrue(found.topics().isIdentical(WORDS, 0.03), found.topics()::toString);
    assertTrue(found.priorProbabilities().isIdentical(MODEL.priorProbabilities(), 0.09));
    assertTrue(found.mixtures().isIdentical(MODEL.mixtures(), 0));
  }

  @Test
  void oneStepIsAMixture() {
    List<Tokens> sequences = Draws.of(MODEL, 40, 7, "corner");
    Fit topics = TopicsFit.of(sequences, 2, 1, LIKELIHOOD);
    Fit concepts = MixtureFit.of(sequences, 2, LIKELIHOOD);
    assertClose(concepts.climbs().get(0).objective(), topics.climbs().get(0).objective(), 1e-9);
    CategoricalConcepts mixture = (CategoricalConcepts) concepts.model();
    assertTrue(((Topics) topics.model()).topics().isIdentical(mixture.likelihoods(), 1e-9));
  }

  private static void assertClose(List<Double> expected, List<Double> actual, double tolerance) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), actual.get(i), tolerance);
    }
  }

  @Test
  void findsNothingOnceTheWordsAreDealtAnew() {
    for (boolean dealt : new boolean[] {false, true}) {
      List<Tokens> all = Draws.of(MODEL, 200, 24, "control");
      all = dealt ? Draws.dealtAnew(all) : all;
      double topics = heldOut(all, 2);
      double one = heldOut(all, 1);
      assertTrue(dealt ? topics < one + 0.002 : topics > one + 0.05, topics + " " + one);
    }
  }

  private static double heldOut(List<Tokens> documents, int topics) {
    Fit fit = TopicsFit.of(documents.subList(0, 150), topics, 2, OPTIONS.withTolerance(1e-6));
    return Fit.evidencePerToken(fit.model(), documents.subList(150, 200));
  }

  @Test
  void wrongInputIsRefusedByName() {
    List<Tokens> numbers = List.of(Tokens.ofRows(new RealTokens(1), new double[] {1, 2}));
    assertMessage("documents: expected categories", () -> TopicsFit.of(numbers, 1, 2, OPTIONS));
    List<Tokens> few = Draws.of(MODEL, 2, 4, "few");
    assertMessage("expected at least 3", () -> TopicsFit.of(few, 3, 2, OPTIONS));
    assertMessage("components", () -> TopicsFit.of(few, 0, 2, OPTIONS));
    assertMessage("steps", () -> TopicsFit.of(few, 2, 0, OPTIONS));
  }
}
