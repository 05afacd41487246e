package org.definetti.lab.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.engine.Batch;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Parameters;
import org.definetti.layer.SymbolStringLayer;
import org.definetti.objective.Loss;
import org.definetti.optimise.Adam;
import org.definetti.optimise.Momentum;
import org.definetti.random.Seed;
import org.definetti.sparse.SparseFunction;
import org.definetti.train.FixedDataSet;
import org.definetti.train.Trainer;
import org.definetti.train.TrainingOptions;
import org.junit.jupiter.api.Test;

class DescentTest {

  private static final int LENGTH = 8;
  private static final SparseFunction FUNCTION = SparseFunction.majority(LENGTH, List.of(1, 3, 6));
  private static final SymbolStringLayer LAYER =
      SymbolStringLayer.of(2, LENGTH, 1, BlockShape.of(8, 2).withPreNorm()).withSpread(0.3);

  private static Batch strings(int count, long seed) {
    return TrainingSet.strings(FUNCTION, count, 0.5, Seed.of(seed).generator());
  }

  private static Descent descent(Parameters start, List<String> frozen) {
    return new Descent(
        LAYER, Loss.logistic(), Adam.withDefaults(), 0.01, start, 40, LENGTH, frozen);
  }

  /** Both sum the same gradients in another order. */
  @Test
  void stepsAreThoseOfTheTrainer() {
    Batch strings = strings(40, 1);
    Parameters start = LAYER.initial(Seed.of(2).generator());
    Descent descent =
        new Descent(LAYER, Loss.logistic(), new Momentum(0), 0.01, start, 40, LENGTH, List.of());
    for (int i = 0; i < 5; i++) {
      descent.step(strings);
    }
    TrainingOptions options =
        TrainingOptions.withDefaults().withSteps(5).withLearningRate(0.01).withChunkSize(40);
    Parameters expected =
        Trainer.of(LAYER, FixedDataSet.of(strings, Seed.of(3)).withBatchSize(40), Loss.logistic())
            .withOptimiser(new Momentum(0))
            .withSchedule(step -> 0.01)
            .withOptions(options)
            .fit(start)
            .parameters();
    for (int i = 0; i < start.size(); i++) {
      assertEquals(expected.data()[i], descent.parameters().data()[i], 1e-5);
    }
    assertEquals(5, descent.steps());
  }

  @Test
  void lossFallsAndAccuracyRises() {
    Batch strings = strings(40, 1);
    Descent descent = descent(LAYER.initial(Seed.of(2).generator()), List.of());
    double before = descent.step(strings);
    double after = before;
    for (int i = 0; i < 100; i++) {
      after = descent.step(strings);
    }
    assertTrue(after < 0.2 * before, "loss from " + before + " to " + after);
    assertEquals(1.0, descent.accuracy(strings));
    assertTrue(descent.accuracy(strings(600, 9)) > 0.7);
    assertTrue(descent.largestChange("positions") > 0);
  }

  @Test
  void whatIsFrozenStays() {
    List<String> names = List.of("block.0.query.map", "positions");
    Descent descent = descent(LAYER.initial(Seed.of(2).generator()), names);
    descent.step(strings(40, 1));
    for (String name : names) {
      assertEquals(0, descent.largestChange(name));
    }
    assertTrue(descent.largestChange("block.0.value.map") > 0);
  }

  @Test
  void headWeightsAreEvenWhereScoresAre() {
    Parameters start = LAYER.initial(Seed.of(2).generator());
    Parameters flat = start.with("block.0.query.map", start.matrix("block.0.query.map").scale(0));
    HeadWeights heads = HeadWeights.of(LAYER, flat, strings(20, 5), FUNCTION.relevant());
    assertEquals(3.0 / (LENGTH + 1), heads.bestMass(), 1e-6);
    assertEquals(3.0 / (LENGTH + 1), heads.meanTop(), 1e-6);
    assertEquals(Math.log(LENGTH + 1), heads.meanEntropy(), 1e-5);
    assertEquals(LENGTH + 1, heads.profile().size());
    assertEquals(1, heads.profile().stream().mapToDouble(w -> w).sum(), 1e-5);
  }
}
