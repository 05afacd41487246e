package org.definetti.lab.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.definetti.engine.Batch;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Runner;
import org.definetti.layer.Layer;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;
import org.junit.jupiter.api.Test;

/**
 * The protocol: matched sizes, paired data, bounds on the same sequences, any number of threads.
 */
final class ComparisonTest {

  private static final List<Architecture> SIZED =
      List.of(
          Architectures.ATTENTION,
          Architectures.ATTENTION_POSITIONS,
          Architectures.CONVOLUTION,
          Architectures.DILATED_CONVOLUTION,
          Architectures.ELMAN,
          Architectures.GRU,
          Architectures.LSTM,
          Architectures.DEEP_SETS);

  private static Design design(List<Architecture> architectures) {
    Schooling schooling = new Schooling(Lengths.fixed(4), 8, 6, 2, 16);
    return Design.of(new MeanTask(2, 1), architectures, schooling, 4096)
        .withTuning(List.of(1e-3, 1e-2), 1)
        .withSeeds(2)
        .withTests(List.of(4, 6), 20);
  }

  @Test
  void parametersAreWithinTwoPerCentAndWorkWithinTen() {
    for (Task task : List.of(new ContaminatedTask(4), new RecallTask(32, false))) {
      for (Match match : Match.values()) {
        Design design = Design.of(task, SIZED, Schooling.at(8, 1), 4096).withMatch(match);
        long goal = design.matched();
        for (Map.Entry<Architecture, Layer> entry : design.layers(goal).entrySet()) {
          double amount = match.amount(entry.getValue(), task.tokens(8));
          assertEquals(1, amount / goal, match.tolerance(), entry.getKey()::name);
        }
      }
    }
  }

  @Test
  void whatCannotBeMatchedIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Match.PARAMETERS.size(Architectures.CONVOLUTION, new MeanTask(2, 1).widths(), 10, 4));
  }

  @Test
  void allSeedsAreMeasuredOnTheSameSequencesForAnyNumberOfThreads() {
    Design design =
        design(List.of(Architectures.ATTENTION, Architectures.GRU, Architectures.CONVOLUTION));
    Comparison one = Comparison.run("X", design, Seed.of(1), Runner.withDefaults().withThreads(1));
    Comparison two = Comparison.run("X", design, Seed.of(1), Runner.withDefaults().withThreads(2));
    assertEquals(one.finals().cells(), two.finals().cells());
    assertEquals(one.tuning().cells(), two.tuning().cells());
    assertEquals(one.bounds().cells(), two.bounds().cells());
    // Risk less excess is the Bayes risk of the sequences: the same for all models of a seed.
    for (int seed = 0; seed < 2; seed++) {
      double bayes = mean(one, Comparison.EXACT, Comparison.RISK, seed);
      for (String name : List.of("attention", "gru", "convolution")) {
        double excess = mean(one, name, Comparison.EXCESS, seed);
        assertEquals(bayes, mean(one, name, Comparison.RISK, seed) - excess, 1e-12);
      }
    }
    Curve excess = one.curve("gru", Comparison.EXCESS);
    assertEquals(List.of(4.0, 6.0), excess.values());
    assertThrows(IllegalArgumentException.class, () -> one.curve("none", Comparison.EXCESS));
  }

  private static double mean(Comparison run, String name, String metric, int seed) {
    return run.estimates(name, metric, 4).get(seed).mean();
  }

  @Test
  void differencesFromABoundArePaired() {
    Task task = new MeanTask(2, 1);
    TestSet tests = TestSet.draw(task, 5, 50, Seed.of(2));
    double[][] window = tests.best(Sight.window(2));
    double[][] exact = tests.best(Sight.everything());
    assertEquals(0, tests.excess(exact).mean());
    Estimate above = tests.above(window, exact);
    assertEquals(tests.excess(window).mean(), above.mean(), 1e-15);
    assertEquals(-above.mean(), tests.above(exact, window).mean(), 1e-15);
    assertEquals(0, tests.above(window, window).standardError());
  }

  @Test
  void allOrdersAreThereOnceAndMoveWholeTokens() {
    List<int[]> orders = Orders.all(4);
    Set<String> different = new HashSet<>();
    orders.forEach(order -> different.add(Arrays.toString(order)));
    assertEquals(24, different.size());
    Task task = new RecallTask(5, false);
    Batch batch = TaskSamples.of(task, Lengths.fixed(4), 1, Seed.of(1)).batch(0);
    Batch moved = TaskSamples.of(task, Lengths.fixed(4), 1, Seed.of(1)).batch(0);
    Orders.apply(new int[] {2, 0, 1}, batch, 0, moved, 0);
    SampleRows before = new SampleRows(batch, 0);
    SampleRows after = new SampleRows(moved, 0);
    for (int j = 0; j < 5; j++) {
      assertEquals(before.key(2, j), after.key(0, j));
      assertEquals(before.value(0, j), after.value(1, j));
      assertEquals(before.value(3, j), after.value(3, j));
    }
    assertArrayEquals(task.exact(batch, 0).mean(), task.exact(moved, 0).mean());
  }

  @Test
  void theDoubleFormIsTheNetworkToRounding() {
    Task task = new ContaminatedTask(2);
    Schooling schooling = new Schooling(Lengths.fixed(4), 8, 4, 1, 8);
    for (Architecture architecture : List.of(Architectures.ATTENTION, Architectures.GRU)) {
      Layer layer = architecture.layer(task.widths(), 8);
      Network network =
          Network.train(
              task, schooling, 1e-3, Seed.of(1), layer, layer.initial(Seed.of(2).generator()));
      TestSet tests = TestSet.draw(task, 4, 5, Seed.of(3));
      OrderRisk risk =
          OrderRisk.of(tests, network, 5, 3, (batch, b) -> task.exact(batch, b).mean());
      assertTrue(risk.difference() < 1e-12, risk::toString);
      double change = DoubleForm.of(network).orderChange(tests, 5, 4, Seed.of(4));
      assertEquals(architecture.equals(Architectures.GRU), change > 1e-9);
      assertTrue(DoubleForm.of(network).turnChange(tests, 5, Seed.of(4)) > 1e-6);
    }
  }

  @Test
  void aSightSaysWhatItIs() {
    assertEquals("window 3", Sight.window(3).toString());
    assertEquals("unordered", Sight.unordered().toString());
    assertThrows(IllegalArgumentException.class, () -> Sight.window(0));
    assertThrows(IllegalArgumentException.class, () -> new Sight(Sight.Kind.POOLED, 2));
  }

  @Test
  void badSizesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new MeanTask(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new FilteringTask(1, 1));
    assertThrows(IllegalArgumentException.class, () -> new RecallTask(1, true));
    assertThrows(
        IllegalArgumentException.class,
        () -> TaskSamples.of(new RecallTask(3, false), Lengths.fixed(4), 1, Seed.of(1)).batch(0));
  }
}
