package org.definetti.lab.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.lab.oracle.Configurations;
import org.definetti.latent.graph.LatentGrid;
import org.definetti.latent.graph.LatentTree;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.layer.MessageLayer;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Answers and draws of hidden states against the sum over all their configurations. */
final class HiddenStatesTaskTest {

  private static final SimpleMatrix PRIOR = new SimpleMatrix(1, 2, true, 0.7, 0.3);
  private static final SimpleMatrix MOVES = new SimpleMatrix(2, 2, true, 0.8, 0.2, 0.4, 0.6);
  private static final SimpleMatrix LOOKS =
      new SimpleMatrix(2, 3, true, 0.6, 0.3, 0.1, 0.1, 0.2, 0.7);
  private static final int[] PARENTS = {-1, 0, 0, 1, 1};

  private static final HiddenStatesTask CHAIN =
      HiddenStatesTask.chain(HiddenMarkov.of(PRIOR, MOVES, LOOKS));
  private static final HiddenStatesTask TREE =
      HiddenStatesTask.tree(LatentTree.of(PRIOR, MOVES, LOOKS, PARENTS));
  private static final HiddenStatesTask GRID =
      HiddenStatesTask.grid(LatentGrid.potts(2, 3, 0.8, LOOKS), 1, 3);

  private static double chain(int[] z) {
    double weight = PRIOR.get(0, z[0]);
    for (int l = 1; l < z.length; l++) {
      weight *= MOVES.get(z[l - 1], z[l]);
    }
    return weight;
  }

  private static double tree(int[] z) {
    double weight = PRIOR.get(0, z[0]);
    for (int i = 1; i < z.length; i++) {
      weight *= MOVES.get(z[PARENTS[i]], z[i]);
    }
    return weight;
  }

  private static double grid(int[] z) {
    int equal = 0;
    for (int i = 0; i < 6; i++) {
      equal += i % 3 < 2 && z[i] == z[i + 1] ? 1 : 0;
      equal += i < 3 && z[i] == z[i + 3] ? 1 : 0;
    }
    return Math.exp(0.8 * equal);
  }

  /** The law of a look at place {@code asked}, token l having been seen at place seenAt[l]. */
  private static void assertExact(
      HiddenStatesTask task,
      int places,
      int asked,
      int[] seenAt,
      ToDoubleBiFunction<int[], int[]> joint) {
    Batch batch =
        TaskSamples.of(task, Lengths.fixed(seenAt.length), 40, Seed.of(3).child("x")).batch(0);
    for (int b = 0; b < batch.size(); b++) {
      SampleRows rows = new SampleRows(batch, b);
      int[] seen = new int[seenAt.length];
      for (int l = 0; l < seen.length; l++) {
        while (rows.value(l, seen[l]) == 0) {
          seen[l]++;
        }
      }
      double[] law =
          Configurations.marginals(places, 2, z -> joint.applyAsDouble(z, seen))
              .extractVector(true, asked)
              .mult(LOOKS)
              .getDDRM()
              .data;
      double[] mean = task.exact(batch, b).mean();
      for (int w = 0; w < law.length; w++) {
        assertEquals(law[w], mean[w], 1e-12);
      }
    }
  }

  private static double looks(int[] z, int[] seen, int... seenAt) {
    double weight = 1;
    for (int l = 0; l < seen.length; l++) {
      weight *= LOOKS.get(z[seenAt[l]], seen[l]);
    }
    return weight;
  }

  @Test
  void answersAreSumsOverAllConfigurations() {
    int[] line = {0, 1, 2, 3};
    assertExact(CHAIN, 5, 4, line, (z, seen) -> chain(z) * looks(z, seen, line));
    int[] leaves = {2, 3, 4};
    assertExact(TREE, 5, 0, leaves, (z, seen) -> tree(z) * looks(z, seen, leaves));
    int[] others = {0, 2, 3, 4, 5};
    assertExact(GRID, 6, 1, others, (z, seen) -> grid(z) * looks(z, seen, others));
  }

  /** Of 20,000 sequences: the mean answer and the shares of targets, off by at most 4.5 errors. */
  @Test
  void targetsFollowTheAnswers() {
    for (HiddenStatesTask task : new HiddenStatesTask[] {CHAIN, TREE, GRID}) {
      int tokens = task == GRID ? 5 : 3;
      int count = 20_000;
      Batch batch = TaskSamples.of(task, Lengths.fixed(tokens), count, Seed.of(4)).batch(0);
      double[] off = new double[3];
      for (int b = 0; b < count; b++) {
        double[] mean = task.exact(batch, b).mean();
        double[] target = new SampleRows(batch, b).target();
        for (int w = 0; w < 3; w++) {
          off[w] += (target[w] - mean[w]) / count;
        }
      }
      for (double difference : off) {
        assertEquals(0, difference, 4.5 * 0.5 / Math.sqrt(count), task.name());
      }
    }
  }

  @Test
  void theModelsOwnWeightsAnswerExactlyWithoutCyclesAndInAnyOrderOfStates() {
    for (HiddenStatesTask task : new HiddenStatesTask[] {CHAIN, TREE, GRID}) {
      MessageLayer layer = MessageLayer.of(task.widths(), task.plan(), 2);
      Parameters own = Parameters.of(layer.shapes(), task.weights(1));
      TestSet tests = TestSet.draw(task, task == GRID ? 5 : 3, 50, Seed.of(5));
      double excess = tests.excess(tests.of(new Network(task, layer, own, 0, 0))).mean();
      assertEquals(task != GRID, excess < 1e-9, task.name() + " " + excess);
      assertEquals(0, DerivedProbe.deviation(task.weights(1), own), 1e-6);
      Parameters swapped = own;
      for (Map.Entry<String, SimpleMatrix> weight : own.matrices().entrySet()) {
        SimpleMatrix other = new SimpleMatrix(2, 2, true, 0, 1, 1, 0);
        SimpleMatrix matrix = weight.getValue();
        matrix = matrix.getNumRows() == 2 ? other.mult(matrix) : matrix;
        swapped =
            swapped.with(
                weight.getKey(), weight.getKey().startsWith("em") ? matrix : matrix.mult(other));
      }
      assertEquals(0, DerivedProbe.deviation(task.weights(1), swapped), 1e-6, task.name());
      Parameters wrong = Parameters.of(layer.shapes(), task.weights(3));
      assertTrue(DerivedProbe.deviation(task.weights(1), wrong) > 0.05, task.name());
    }
  }

  @Test
  void whatIsNotKnownIsRefused() {
    assertNull(CHAIN.best(Sight.everything()));
    assertThrows(UnsupportedOperationException.class, () -> CHAIN.best(Sight.unordered()));
    assertThrows(IllegalArgumentException.class, () -> TREE.tokens(4));
    assertEquals(9, CHAIN.tokens(9));
  }
}
