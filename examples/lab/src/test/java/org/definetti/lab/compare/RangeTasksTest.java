package org.definetti.lab.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.definetti.engine.Batch;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;
import org.junit.jupiter.api.Test;

/** Exact answers and bounds of the tasks of range, against enumeration and quadrature. */
final class RangeTasksTest {

  private static final double ROUNDING = 1e-6; // numbers of a batch are float32

  /** Every string of n numbers from two, one a sample. */
  private static Batch strings(Task task, int n, double low) {
    Batch batch = Batch.zeros(task.widths(), 1 << n, n);
    for (int b = 0; b < 1 << n; b++) {
      for (int l = 0; l < n; l++) {
        new SampleRows(batch, b).setValue(l, 0, (b >> l & 1) == 1 ? 1 : low);
      }
    }
    return batch;
  }

  /** Checks a bound: it is the mean of the answer over all strings that look alike. */
  private static void assertMean(
      Task task,
      Sight sight,
      Batch batch,
      Function<double[], Object> seen,
      ToDoubleFunction<double[]> answer) {
    Map<Object, double[]> sums = new HashMap<>();
    int n = batch.length();
    for (int b = 0; b < batch.size(); b++) {
      double[] x = new SampleRows(batch, b).values(0, n);
      double[] sum = sums.computeIfAbsent(seen.apply(x), key -> new double[2]);
      sum[0] += answer.applyAsDouble(x);
      sum[1]++;
      assertEquals(answer.applyAsDouble(x), task.exact(batch, b).mean()[0], ROUNDING);
    }
    assertTrue(sums.size() > 1);
    Predictor best = task.best(sight);
    assertNotNull(best);
    for (int b = 0; b < batch.size(); b++) {
      double[] sum = sums.get(seen.apply(new SampleRows(batch, b).values(0, n)));
      assertNotNull(sum);
      assertEquals(sum[0] / sum[1], best.predict(batch, b)[0], ROUNDING, sight + " sample " + b);
    }
  }

  private static Object total(double[] x) {
    double sum = 0;
    for (double number : x) {
      sum += number;
    }
    return sum;
  }

  private static Function<double[], Object> last(int window) {
    return x -> {
      StringBuilder text = new StringBuilder();
      for (int l = x.length - window; l < x.length; l++) {
        text.append(x[l]).append(' ');
      }
      return text.toString();
    };
  }

  @Test
  void theEnergyIsThatOfAllPairsAtDistanceOne() {
    for (int columns : new int[] {0, 3}) {
      NeighboursTask task = new NeighboursTask(columns, 0.5);
      int n = 9;
      int wide = columns == 0 ? n : columns;
      ToDoubleFunction<double[]> energy =
          x -> {
            double sum = 0;
            int pairs = 0;
            for (int a = 0; a < n; a++) {
              for (int b = a + 1; b < n; b++) {
                int apart = Math.abs(a / wide - b / wide) + Math.abs(a % wide - b % wide);
                sum += apart == 1 ? x[a] * x[b] : 0;
                pairs += apart == 1 ? 1 : 0;
              }
            }
            return sum / Math.sqrt(pairs);
          };
      Batch batch = strings(task, n, -1);
      assertMean(task, Sight.unordered(), batch, RangeTasksTest::total, energy);
      assertMean(task, Sight.window(4), batch, last(4), energy);
      assertEquals(0.25, task.exact(batch, 0).risk());
      assertNull(task.best(Sight.everything()));
    }
  }

  @Test
  void theConjunctionIsThatOfThreeBits() {
    ConjunctionTask task = new ConjunctionTask(0.1);
    int n = 8;
    Batch batch = strings(task, n, 0);
    ToDoubleFunction<double[]> product = x -> x[1] * x[4] * x[6];
    assertMean(task, Sight.unordered(), batch, RangeTasksTest::total, product);
    assertMean(task, Sight.window(2), batch, last(2), product);
    assertMean(task, Sight.window(4), batch, last(4), product);
  }

  /** Which token is the one: by Bayes over places, with densities and means by quadrature. */
  @Test
  void theLagIsFoundByBayesOverPlaces() {
    LagTask task = new LagTask();
    Batch batch = TaskSamples.of(task, Lengths.fixed(3), 5, Seed.of(4)).batch(0);
    int n = batch.length();
    assertEquals(11, n);
    Predictor blind = task.best(Sight.unordered());
    assertNotNull(blind);
    for (int b = 0; b < 5; b++) {
      double[] x = new SampleRows(batch, b).values(0, n);
      double above = 0;
      double below = 0;
      for (int place = 0; place < n; place++) {
        double[] seen = evidence(x[place]);
        double weight = seen[0] / Math.exp(-x[place] * x[place] / 4); // the others are N(0, 2)
        above += weight * seen[1];
        below += weight;
      }
      assertEquals(above / below, blind.predict(batch, b)[0], ROUNDING);
      assertEquals(evidence(x[8])[1], task.exact(batch, b).mean()[0], ROUNDING);
      assertEquals(evidence(x[8])[2], task.exact(batch, b).risk(), ROUNDING);
      assertEquals(0, window(task, 2, batch, b));
      assertEquals(task.exact(batch, b).mean()[0], window(task, 3, batch, b));
    }
  }

  private static double window(Task task, int window, Batch batch, int sample) {
    Predictor best = task.best(Sight.window(window));
    assertNotNull(best);
    return best.predict(batch, sample)[0];
  }

  /** Density of x = z + N(0, 1) and posterior mean and variance of z, by a sum over z. */
  private static double[] evidence(double x) {
    double mass = 0;
    double first = 0;
    double second = 0;
    for (int i = -4000; i <= 4000; i++) {
      double z = i / 400.0;
      double density = Math.exp(-z * z / 2 - (x - z) * (x - z) / 2);
      mass += density;
      first += density * z;
      second += density * z * z;
    }
    double mean = first / mass;
    return new double[] {mass, mean, second / mass - mean * mean};
  }

  /** Few sequences are visited again and again, and are the same for any step and batch size. */
  @Test
  void aSmallSetIsVisitedAgainAndAgain() {
    LagTask task = new LagTask();
    TaskSamples few = TaskSamples.of(task, Lengths.fixed(2), 16, Seed.of(5)).withSequences(7);
    Set<List<Double>> seen = new HashSet<>();
    Set<List<Double>> fresh = new HashSet<>();
    for (long step = 0; step < 10; step++) {
      Batch batch = few.batch(step);
      Batch other = TaskSamples.of(task, Lengths.fixed(2), 16, Seed.of(5)).batch(step);
      for (int b = 0; b < 16; b++) {
        seen.add(
            List.of(new SampleRows(batch, b).value(0, 0), new SampleRows(batch, b).target()[0]));
        fresh.add(
            List.of(new SampleRows(other, b).value(0, 0), new SampleRows(other, b).target()[0]));
      }
    }
    assertEquals(7, seen.size());
    assertEquals(160, fresh.size());
    assertThrows(
        IllegalArgumentException.class,
        () -> TaskSamples.of(task, Lengths.uniform(2, 3), 16, Seed.of(5)).withSequences(7));
  }
}
