package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Assumptions;

/** What the contracts of the test kit share. */
final class ContractChecks {

  /**
   * Standard errors that a Monte Carlo mean may be off: 6e-7 false alarms per comparison for a
   * normal mean, below 1e-4 for a whole contract, and none once the seed has passed.
   */
  static final double STANDARD_ERRORS = 5;

  private ContractChecks() {}

  /** Returns the values that a predictive of the model speaks of, shape (L, value width). */
  static SimpleMatrix targets(LatentModel<?> model, Tokens tokens) {
    return model instanceof ConjugateModel<?> conjugate
        ? conjugate.statistic(tokens)
        : tokens.values();
  }

  static double[] row(SimpleMatrix matrix, int row) {
    return matrix.extractVector(true, row).getDDRM().data;
  }

  static SimpleMatrix query(LatentModel<?> model, Tokens tokens, int index) {
    return model.tokenSpace().hasQueries()
        ? tokens.keys().extractVector(true, index)
        : model.tokenSpace().emptyQuery();
  }

  static int[] shuffled(int length, RandomGenerator rng) {
    int[] order = new int[length];
    for (int i = 0; i < length; i++) {
      int j = rng.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Returns the answer, or skips the test if the belief explains that it has none. */
  static <T> T answer(Supplier<T> question) {
    try {
      return question.get();
    } catch (UnsupportedOperationException none) {
      if (none.getMessage() == null || none.getMessage().isBlank()) {
        fail("an unsupported question must say why");
      }
      return Assumptions.abort(none.getMessage());
    }
  }

  static void assertClose(double expected, double actual, double tolerance, String what) {
    assertEquals(expected, actual, tolerance * Math.max(1, Math.abs(expected)), what);
  }

  static void assertClose(
      SimpleMatrix expected, SimpleMatrix actual, double tolerance, String what) {
    assertEquals(expected.getNumRows(), actual.getNumRows(), what + ": rows");
    assertEquals(expected.getNumCols(), actual.getNumCols(), what + ": columns");
    double scale = Math.max(1, expected.elementMaxAbs());
    for (int i = 0; i < expected.getNumElements(); i++) {
      assertEquals(expected.get(i), actual.get(i), tolerance * scale, what + " at " + i);
    }
  }

  /** Returns the probability that a predictive gives to each category. */
  static double[] probabilities(LatentModel<?> model, int categories, Predictive predictive) {
    double[] probabilities = new double[categories];
    for (int w = 0; w < categories; w++) {
      Tokens token = Tokens.of(model.tokenSpace(), Token.category(w));
      double[] target = row(targets(model, token), 0);
      probabilities[w] = Math.exp(answer(() -> predictive.logProbability(target)));
    }
    return probabilities;
  }

  /** Both beliefs give the same answers: count, predictive, moments of z, evidence. */
  static <Z> void assertSame(
      Belief<Z> expected, Belief<Z> actual, SimpleMatrix query, double tolerance) {
    assertClose(expected.count(), actual.count(), tolerance, "count");
    Map<String, Function<Belief<Z>, SimpleMatrix>> questions = new LinkedHashMap<>();
    questions.put("predictive mean", b -> b.predictive(query).mean());
    questions.put("predictive covariance", b -> b.predictive(query).covariance());
    questions.put("mean of z", Belief::mean);
    questions.put("covariance of z", Belief::covariance);
    questions.put("log evidence", b -> new SimpleMatrix(1, 1, true, b.logEvidence()));
    questions.forEach(
        (name, question) -> {
          SimpleMatrix answer;
          try {
            answer = question.apply(expected);
          } catch (UnsupportedOperationException none) {
            assertThrows(UnsupportedOperationException.class, () -> question.apply(actual), name);
            return;
          }
          assertClose(answer, question.apply(actual), tolerance, name);
        });
  }

  /** A running mean with its standard error. */
  static final class Average {

    private final String what;
    private long count;
    private double mean;
    private double squares;

    Average(String what) {
      this.what = what;
    }

    void add(double value) {
      count++;
      double gap = value - mean;
      mean += gap / count;
      squares += gap * (value - mean);
    }

    long count() {
      return count;
    }

    double mean() {
      return mean;
    }

    double error() {
      return Math.sqrt(squares / (count - 1) / count);
    }

    boolean isNear(double expected) {
      double rounding = 1e-9 * Math.max(1, Math.abs(expected)); // for a constant
      return Math.abs(mean - expected) <= STANDARD_ERRORS * error() + rounding;
    }

    void assertMean(double expected) {
      assertMean("", expected);
    }

    void assertMean(String of, double expected) {
      if (!isNear(expected)) {
        fail(of + " " + what + ": expected " + expected + ", got " + mean + " ± " + error());
      }
    }

    void assertAtLeast(double least, String why) {
      if (!(mean >= least - STANDARD_ERRORS * error())) {
        fail(
            what + ": expected at least " + least + ", got " + mean + " ± " + error() + ": " + why);
      }
    }
  }

  /** Means and covariances of draws, against what they should be. */
  static final class Moments {

    private final double[] mean;
    private final Average[] means;
    private final Average[] products; // (width, width)
    private final SimpleMatrix covariance;

    Moments(double[] mean, SimpleMatrix covariance) {
      this.mean = mean;
      this.covariance = covariance;
      this.means = new Average[mean.length];
      this.products = new Average[mean.length * mean.length];
      for (int i = 0; i < mean.length; i++) {
        means[i] = new Average("mean " + i);
        for (int j = 0; j < mean.length; j++) {
          products[i * mean.length + j] = new Average("covariance " + i + ", " + j);
        }
      }
    }

    void add(double[] draw) {
      for (int i = 0; i < mean.length; i++) {
        means[i].add(draw[i]);
        for (int j = 0; j < mean.length; j++) {
          products[i * mean.length + j].add((draw[i] - mean[i]) * (draw[j] - mean[j]));
        }
      }
    }

    void check(String what) {
      for (int i = 0; i < mean.length; i++) {
        means[i].assertMean(what, mean[i]);
        for (int j = 0; j < mean.length; j++) {
          products[i * mean.length + j].assertMean(what, covariance.get(i, j));
        }
      }
    }
  }
}
