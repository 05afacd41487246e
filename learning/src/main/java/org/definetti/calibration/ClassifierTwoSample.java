package org.definetti.calibration;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.Predictive;
import org.definetti.latent.special.SpecialFunctions;
import org.definetti.random.Seed;

/**
 * Classifier two-sample test: how well can a network tell draws of the exact posterior from draws
 * of the judged one?
 *
 * <pre>{@code  C2ST = held-out accuracy:  1/2 cannot be told apart,  1 always told apart  }</pre>
 *
 * <ul>
 *   <li>As in sbibm: both samples z-scored by mean and standard deviation of the first, two hidden
 *       layers of 10 d units, ReLU, Adam, at most 10,000 epochs, five-fold cross-validation over
 *       shuffled rows, the mean accuracy of the folds. The classifier is {@link Perceptron}, which
 *       says how it differs from scikit-learn's; the rows and folds are drawn from our own seed.
 *   <li>As a diagnostic: n draws of each law after the tokens of the first simulation alone, n the
 *       number of simulations. p takes the 2 n held-out answers for independent guesses; folds
 *       share training rows, so the level is approximate.
 *   <li>Cannot see: what goes wrong after other tokens.
 *   <li>Needs draws of the exact posterior. Cost: five trainings of some dozens of epochs, {@code
 *       1.6 n · 300 d²} multiplications an epoch.
 *   <li>No classifier does better than {@link #bestAccuracy} but by chance.
 *   <li>Source: [source: sbibm, sbibm/metrics/c2st.py, of Lueckmann-2021]; classifier tests
 *       [recalled: Lopez-Paz, Oquab 2017].
 * </ul>
 */
public final class ClassifierTwoSample implements Diagnostic {

  private static final int FOLDS = 5;
  private static final int HIDDEN_PER_COORDINATE = 10;

  /** Returns the diagnostic. */
  public ClassifierTwoSample() {}

  @Override
  public String name() {
    return "c2st";
  }

  @Override
  public String statistic() {
    return "held-out accuracy of a classifier, after one sequence";
  }

  @Override
  public Finding judge(JudgedPosterior judged) {
    Seed seed = judged.seed(name());
    int n = judged.count();
    double[][] exact = draws(judged.simulations().exact(0), n, seed.child("exact").generator());
    double[][] own = draws(judged.law(0), n, seed.child("judged").generator());
    double accuracy = accuracy(exact, own, seed.child("classifier"));
    double score = (accuracy - 0.5) * 2 * Math.sqrt(2.0 * n);
    return new Finding(name(), accuracy, SpecialFunctions.normalDistribution(-score));
  }

  private static double[][] draws(Predictive law, int count, RandomGenerator rng) {
    double[][] draws = new double[count][];
    for (int s = 0; s < count; s++) {
      draws[s] = law.draw(rng);
    }
    return draws;
  }

  /**
   * Returns the mean held-out accuracy of the classifier on two samples.
   *
   * @param first rows of d numbers, whose mean and spread scale both samples. Not modified.
   * @param second rows of d numbers. Not modified.
   * @throws IllegalArgumentException if there are fewer than five rows in all
   */
  public static double accuracy(double[][] first, double[][] second, Seed seed) {
    int n = first.length + second.length;
    if (first.length < 2 || n < FOLDS) {
      throw new IllegalArgumentException(
          "first, second: expected at least " + FOLDS + " rows, got " + n);
    }
    float[][] rows = scaled(first, second);
    boolean[] isSecond = new boolean[n];
    Arrays.fill(isSecond, first.length, n, true);
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    Perceptron.shuffle(order, seed.child("folds").generator());
    int hidden = HIDDEN_PER_COORDINATE * rows[0].length;
    double sum = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      int from = fold * n / FOLDS;
      int end = (fold + 1) * n / FOLDS;
      int[] shown = new int[n - (end - from)];
      System.arraycopy(order, 0, shown, 0, from);
      System.arraycopy(order, end, shown, from, n - end);
      RandomGenerator rng = seed.child("fold").child(fold).generator();
      Perceptron network = Perceptron.fit(rows, isSecond, shown, hidden, rng);
      sum += (double) network.right(rows, isSecond, order, from, end) / (end - from);
    }
    return sum / FOLDS;
  }

  /**
   * Returns the accuracy of the best classifier there is, estimated from both densities.
   *
   * <pre>
   * {@code  (P(log p > log q) + Q(log q > log p)) / 2 = 1/2 + TV(P, Q) / 2,  ties count half  }
   * </pre>
   *
   * <p>What {@link #accuracy} tends to with many draws and a rich network. Standard error at most
   * {@code 0.5 / sqrt(2 count)}. Source: [recalled: Bayes classifier].
   *
   * @param first law P, with a density
   * @param second law Q, with a density
   * @param count draws of each, at least 1
   */
  public static double bestAccuracy(Predictive first, Predictive second, int count, Seed seed) {
    Check.atLeast("count", 1, count);
    RandomGenerator rng = seed.generator();
    double right = 0;
    for (int s = 0; s < count; s++) {
      right += share(first, second, first.draw(rng)) + share(second, first, second.draw(rng));
    }
    return right / (2.0 * count);
  }

  private static double share(Predictive own, Predictive other, double[] draw) {
    double difference = own.logProbability(draw) - other.logProbability(draw);
    return difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
  }

  private static float[][] scaled(double[][] first, double[][] second) {
    int d = first[0].length;
    float[][] rows = new float[first.length + second.length][d];
    for (int j = 0; j < d; j++) {
      double mean = 0;
      for (double[] row : first) {
        mean += row[j] / first.length;
      }
      double squares = 0;
      for (double[] row : first) {
        squares += (row[j] - mean) * (row[j] - mean);
      }
      double spread = squares > 0 ? Math.sqrt(squares / (first.length - 1)) : 1;
      for (int i = 0; i < rows.length; i++) {
        double value = i < first.length ? first[i][j] : second[i - first.length][j];
        rows[i][j] = (float) ((value - mean) / spread);
      }
    }
    return rows;
  }
}
