package org.definetti.lab.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.definetti.latent.LatentModel;
import org.definetti.latent.graph.LatentGrid;
import org.definetti.latent.graph.LatentTree;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.latent.sequence.IndexTied;
import org.definetti.latent.sequence.MarkovChain;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class SequenceAndGraphModelsTest {

  private static LatentModel<?> model(String text) {
    return Models.of(text, UserClasses.of(null));
  }

  private static SimpleMatrix matrix(int rows, double... numbers) {
    return new SimpleMatrix(rows, numbers.length / rows, true, numbers);
  }

  @Test
  void everyModelIsReadBackFromItsDescription() {
    List<BuiltInModel> entries =
        Stream.of(SequenceModels.ALL, GraphModels.ALL).flatMap(List::stream).toList();
    for (BuiltInModel entry : entries) {
      LatentModel<?> model = entry.build("");
      assertEquals(entry.name(), model.description().name());
      assertEquals(model, entry.reader().apply(model.description()));
      assertEquals(3, model.sample(3, Seed.of(1).generator()).tokens().length());
    }
  }

  @Test
  void settingsReachTheModels() {
    SimpleMatrix half = matrix(1, 0.5, 0.5);
    SimpleMatrix moves = matrix(2, 0.9, 0.1, 0.2, 0.8);
    assertEquals(
        HiddenMarkov.gaussian(half, moves, matrix(2, 0.0, 1, 2, 3), 0.5),
        model("hidden-markov:tokens=gaussian,means=0/1/2/3,variance=0.5"));
    assertEquals(
        MarkovChain.of(matrix(2, 1.0, 2, 3, 4)).withInitial(matrix(1, 0.25, 0.75)),
        model("markov-chain:alpha=1/2/3/4,initial=0.25/0.75"));
    assertEquals(
        IndexTied.of(half, List.of(matrix(2, 0.5, 0.5, 0.1, 0.9))),
        model("index-tied:period=1,laws=0.5/0.5/0.1/0.9"));
    assertEquals(
        LatentTree.of(half, moves(0.75), moves(1), -1, 0, 0),
        model("latent-tree:depth=1,stay=0.75,seen=1"));
    assertEquals(
        LatentGrid.potts(2, 4, -0.5, moves(0.75)),
        model("latent-grid:rows=2,columns=4,coupling=-0.5,seen=0.75"));
  }

  private static SimpleMatrix moves(double stay) {
    return matrix(2, stay, 1 - stay, 1 - stay, stay);
  }

  private static void assertRefused(String expected, String text) {
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> model(text)).getMessage(),
        text);
  }

  @Test
  void wrongSettingsAreRefusedByName() {
    assertRefused("transition: expected shape (2, 2), got (2, 1)", "hidden-markov:transition=1/2");
    assertRefused("alpha: expected a multiple of 2 numbers, got 3", "markov-chain:alpha=1/2/3");
    assertRefused("period: expected >= 1, got 0", "index-tied:period=0");
    assertRefused("balls: expected whole numbers, got 1.5", "urn:balls=1.5/2");
    assertRefused("depth: expected in 0..20, got -1", "latent-tree:depth=-1");
    assertRefused("stay: expected in 0..1, got 2.0", "latent-tree:stay=2");
    assertRefused("memory: expected above -1 and below 1, got 1.0", "autoregression:memory=1");
  }
}
