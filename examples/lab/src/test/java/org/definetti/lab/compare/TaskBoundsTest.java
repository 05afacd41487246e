package org.definetti.lab.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.definetti.engine.Batch;
import org.definetti.experiment.Estimate;
import org.definetti.latent.Belief;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Exact answers and the best of every sight, against models and enumeration that share no code. */
final class TaskBoundsTest {

  private static final double ROUNDING = 1e-9;

  private static Batch draw(Task task, int items, int count) {
    return TaskSamples.of(task, Lengths.fixed(items), count, Seed.of(7)).batch(0);
  }

  private static double[] best(Task task, Sight sight, Batch batch, int sample) {
    Predictor best = task.best(sight);
    assertNotNull(best);
    return best.predict(batch, sample);
  }

  @Test
  void theMeanIsThatOfTheModel() {
    MeanTask task = new MeanTask(3, 2.5);
    Batch batch = draw(task, 6, 4);
    GaussianMean model = GaussianMean.of(3, 1, 2.5);
    for (int b = 0; b < 4; b++) {
      Tokens tokens = Tokens.ofRows(model.tokenSpace(), new SampleRows(batch, b).values(0, 6));
      Belief<?> belief = model.prior().observe(tokens);
      assertArrayEquals(belief.mean().getDDRM().data, task.exact(batch, b).mean(), ROUNDING);
      assertEquals(belief.covariance().trace(), task.exact(batch, b).risk(), ROUNDING);
      Belief<?> last = model.prior().observe(tokens.slice(4, 6));
      assertArrayEquals(
          last.mean().getDDRM().data, best(task, Sight.window(2), batch, b), ROUNDING);
    }
    assertNull(task.best(Sight.unordered()));
    assertNull(task.best(Sight.pooled()));
  }

  @Test
  void theBestMultipleOfTheContaminatedMeanIsThatOfEnumeratedOutliers() {
    ContaminatedTask task = new ContaminatedTask(2);
    int n = 3;
    double variance = 0; // of the mean value given z, over all assignments of outliers
    for (int c = 0; c < 1 << n; c++) {
      double weight = 1;
      double sum = 0;
      for (int l = 0; l < n; l++) {
        boolean outlier = (c >> l & 1) == 1;
        weight *= outlier ? 0.3 : 0.7;
        sum += outlier ? 10 : 0.1;
      }
      variance += weight * sum / (n * n);
    }
    Batch batch = draw(task, n, 3);
    for (int b = 0; b < 3; b++) {
      double[] mean = new SampleRows(batch, b).sum(0, n);
      double[] predicted = best(task, Sight.pooled(), batch, b);
      for (int j = 0; j < 2; j++) {
        assertEquals(mean[j] / n / (1 + variance), predicted[j], ROUNDING);
      }
    }
  }

  @Test
  void aWindowOfContaminatedTokensIsTheModelOfFewerTokens() {
    ContaminatedTask task = new ContaminatedTask(2);
    Batch batch = draw(task, 5, 2);
    Batch shorter = draw(task, 2, 2);
    for (int b = 0; b < 2; b++) {
      SampleRows rows = new SampleRows(batch, b);
      SampleRows few = new SampleRows(shorter, b);
      for (int l = 0; l < 2; l++) {
        for (int j = 0; j < 2; j++) {
          few.setValue(l, j, rows.value(3 + l, j));
        }
      }
      assertArrayEquals(
          task.exact(shorter, b).mean(), best(task, Sight.window(2), batch, b), ROUNDING);
    }
  }

  @Test
  void ridgeIsTheModelsPrediction() {
    RidgeTask task = new RidgeTask(3, 0.2);
    Batch batch = draw(task, 5, 3);
    LinearRegression model = LinearRegression.of(3, 1, 1.0 / 3, 0.2);
    for (int b = 0; b < 3; b++) {
      SampleRows rows = new SampleRows(batch, b);
      List<Token> pairs = new ArrayList<>();
      for (int l = 0; l < 5; l++) {
        double[] key = {rows.key(l, 0), rows.key(l, 1), rows.key(l, 2)};
        pairs.add(Token.pair(key, new double[] {rows.value(l, 0)}));
      }
      SimpleMatrix query =
          new SimpleMatrix(1, 3, true, rows.query(0), rows.query(1), rows.query(2));
      Tokens tokens = Tokens.of(model.tokenSpace(), pairs);
      var law = model.prior().observe(tokens).predictive(query);
      assertEquals(law.mean().get(0), task.exact(batch, b).mean()[0], ROUNDING);
      assertEquals(law.covariance().get(0) - 0.2, task.exact(batch, b).risk(), ROUNDING);
      var window = model.prior().observe(tokens.slice(2, 5)).predictive(query);
      assertEquals(window.mean().get(0), best(task, Sight.window(3), batch, b)[0], ROUNDING);
    }
  }

  /** Every sequence there is, so every conditional law is a quotient of counts. */
  private static void recall(boolean interleaved, Sight sight, int visible) {
    int symbols = 3;
    int n = 2;
    RecallTask task = new RecallTask(symbols, interleaved);
    int tokens = task.tokens(n);
    Batch batch = Batch.zeros(task.widths(), 1, tokens);
    Map<String, double[]> counts = new HashMap<>();
    Map<String, double[]> predicted = new HashMap<>();
    for (int k = 0; k < symbols; k++) {
      for (int m = 0; m < symbols; m++) {
        for (int v = 0; v < symbols && k != m; v++) {
          for (int w = 0; w < symbols; w++) {
            for (int asked = 0; asked < n; asked++) {
              SampleRows rows = new SampleRows(batch, 0);
              rows.clear();
              rows.setKey(0, k, 1);
              rows.setValue(interleaved ? 1 : 0, v, 1);
              rows.setKey(interleaved ? 2 : 1, m, 1);
              rows.setValue(interleaved ? 3 : 1, w, 1);
              rows.setQuery(asked == 0 ? k : m, 1);
              String seen = seen(rows, sight, visible, symbols);
              counts.computeIfAbsent(seen, key -> new double[symbols])[asked == 0 ? v : w]++;
              Predictor best = task.best(sight);
              predicted.put(
                  seen, best == null ? task.exact(batch, 0).mean() : best.predict(batch, 0));
            }
          }
        }
      }
    }
    counts.forEach(
        (seen, law) -> {
          double sum = law[0] + law[1] + law[2];
          for (int j = 0; j < symbols; j++) {
            law[j] /= sum;
          }
          assertArrayEquals(law, predicted.get(seen), ROUNDING, seen);
        });
  }

  private static String seen(SampleRows rows, Sight sight, int visible, int symbols) {
    List<String> tokens = new ArrayList<>();
    for (int l = rows.length() - visible; l < rows.length(); l++) {
      StringBuilder text = new StringBuilder();
      for (int j = 0; j < symbols; j++) {
        text.append(sight.kind() == Sight.Kind.POOLED ? "" : rows.key(l, j) + ",");
        text.append(rows.value(l, j)).append(',');
      }
      tokens.add(text.toString());
    }
    if (sight.kind() == Sight.Kind.UNORDERED || sight.kind() == Sight.Kind.POOLED) {
      tokens.sort(null);
    }
    StringBuilder query = new StringBuilder();
    for (int j = 0; j < symbols && sight.kind() != Sight.Kind.POOLED; j++) {
      query.append(rows.query(j));
    }
    return tokens + "?" + query;
  }

  @Test
  void recallIsBoundedAsEnumerationSays() {
    recall(false, Sight.unordered(), 2);
    recall(false, Sight.window(1), 1);
    recall(false, Sight.pooled(), 2);
    recall(true, Sight.unordered(), 4);
    recall(true, Sight.pooled(), 4);
    for (int window = 1; window <= 4; window++) {
      recall(true, Sight.window(window), window);
    }
    recall(true, Sight.everything(), 4);
  }

  private static HiddenMarkov chain(FilteringTask task) {
    double stay = task.stay();
    return HiddenMarkov.gaussian(
        new SimpleMatrix(1, 2, true, 0.5, 0.5),
        new SimpleMatrix(2, 2, true, stay, 1 - stay, 1 - stay, stay),
        new SimpleMatrix(2, 1, true, -1.0, 1.0),
        task.noise() * task.noise());
  }

  private static Tokens tokens(HiddenMarkov chain, List<Double> numbers) {
    return Tokens.ofRows(
        chain.tokenSpace(), numbers.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static double[] filtered(HiddenMarkov chain, List<Double> numbers) {
    SimpleMatrix all = chain.filter(tokens(chain, numbers));
    return new double[] {all.get(numbers.size() - 1, 0), all.get(numbers.size() - 1, 1)};
  }

  @Test
  void filteringIsTheModelsAndUnorderedTheSumOverOrders() {
    FilteringTask task = new FilteringTask(0.8, 1.2);
    HiddenMarkov chain = chain(task);
    Batch batch = draw(task, 5, 3);
    for (int b = 0; b < 3; b++) {
      SampleRows rows = new SampleRows(batch, b);
      List<Double> numbers = new ArrayList<>();
      for (int l = 0; l < 4; l++) {
        numbers.add(rows.value(l, 0));
      }
      numbers.add(rows.query(0));
      assertArrayEquals(filtered(chain, numbers), task.exact(batch, b).mean(), ROUNDING);
      assertArrayEquals(
          filtered(chain, numbers.subList(2, 5)), best(task, Sight.window(2), batch, b), ROUNDING);
      double[] law = new double[2];
      for (int[] order : Orders.all(4)) {
        List<Double> moved = new ArrayList<>();
        for (int l : order) {
          moved.add(numbers.get(l));
        }
        moved.add(numbers.get(4));
        double weight = Math.exp(chain.prior().observe(tokens(chain, moved)).logEvidence());
        double[] one = filtered(chain, moved);
        law[0] += weight * one[0];
        law[1] += weight * one[1];
      }
      double sum = law[0] + law[1];
      assertArrayEquals(
          new double[] {law[0] / sum, law[1] / sum},
          best(task, Sight.unordered(), batch, b),
          ROUNDING);
    }
  }

  @Test
  void thePooledFilterIsTheSumOverPathsOfStates() {
    FilteringTask task = new FilteringTask(0.8, 1.2);
    Batch batch = draw(task, 5, 3);
    for (int b = 0; b < 3; b++) {
      double sum = new SampleRows(batch, b).sum(0, 4)[0];
      double[] law = new double[2];
      for (int path = 0; path < 1 << 5; path++) {
        double weight = 0.5;
        double mean = 0;
        for (int l = 0; l < 5; l++) {
          int state = path >> l & 1;
          weight *= l == 0 ? 1 : state == (path >> (l - 1) & 1) ? 0.8 : 0.2;
          mean += l == 4 ? 0 : 2 * state - 1;
        }
        double off = sum - mean;
        law[path >> 4 & 1] += weight * Math.exp(-off * off / (2 * 4 * 1.44));
      }
      double all = law[0] + law[1];
      assertArrayEquals(
          new double[] {law[0] / all, law[1] / all},
          best(task, Sight.pooled(), batch, b),
          ROUNDING);
    }
  }

  @Test
  void tooManyUnorderedTokensAreRefused() {
    FilteringTask task = new FilteringTask(0.8, 1.2);
    Batch batch = draw(task, 30, 1);
    assertThrows(
        UnsupportedOperationException.class, () -> best(task, Sight.unordered(), batch, 0));
  }

  @Test
  void atomsAreWeighedByTheirDensities() {
    AtomsTask task = AtomsTask.of(2, 3, 0.7, Seed.of(3)).turned();
    Batch batch = draw(task, 4, 3);
    for (int b = 0; b < 3; b++) {
      SampleRows rows = new SampleRows(batch, b);
      double[] mean = new double[2];
      double total = 0;
      for (int l = 0; l < 3; l++) {
        double weight = 1;
        for (int i = 3; i < 7; i++) {
          for (int j = 0; j < 2; j++) {
            double off = rows.value(i, j) - rows.value(l, j);
            weight *= Math.exp(-off * off / 1.4);
          }
        }
        total += weight;
        mean[0] += weight * rows.value(l, 0);
        mean[1] += weight * rows.value(l, 1);
      }
      assertArrayEquals(
          new double[] {mean[0] / total, mean[1] / total}, task.exact(batch, b).mean(), 1e-6);
    }
  }

  /** The error of the best linear prediction is uncorrelated with what it is made of. */
  @Test
  void thePooledAnswersOfAtomsLeaveNothingLinear() {
    for (boolean turned : new boolean[] {false, true}) {
      AtomsTask fixed = AtomsTask.of(2, 3, 0.7, Seed.of(3));
      Task task = turned ? fixed.turned() : fixed;
      int count = 20_000;
      Batch batch = draw(task, 4, count);
      double[] products = new double[count];
      double[] errors = new double[count];
      for (int b = 0; b < count; b++) {
        SampleRows rows = new SampleRows(batch, b);
        double[] predicted = best(task, Sight.pooled(), batch, b);
        double[] sum = rows.sum(0, 7);
        for (int j = 0; j < 2; j++) {
          double error = rows.target()[j] - predicted[j];
          products[b] += error * sum[j];
          errors[b] += error;
        }
      }
      assertZero(products);
      assertZero(errors);
    }
  }

  /** At five standard errors: a false alarm once in two million. */
  private static void assertZero(double[] numbers) {
    Estimate estimate = Estimate.of(numbers);
    assertEquals(0, estimate.mean() / estimate.standardError(), 5);
  }

  @Test
  void countsAreTheModels() {
    CountsTask task = new CountsTask(3, 0.5);
    Batch batch = draw(task, 4, 2);
    for (int b = 0; b < 2; b++) {
      double[] sum = new SampleRows(batch, b).sum(0, 4);
      double[] law = task.exact(batch, b).mean();
      for (int j = 0; j < 3; j++) {
        assertEquals((0.5 + sum[j]) / 5.5, law[j], ROUNDING);
      }
    }
  }
}
