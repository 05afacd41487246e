package org.definetti.calibration;

import java.util.Arrays;
import java.util.random.RandomGenerator;
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
 *       layers of 10 d units, ReLU, Adam, at most 1000 epochs, five-fold cross-validation over
 *       shuffled rows, the mean accuracy of the folds. The classifier is {@link Perceptron}, which
 *       says how it differs from scikit-learn's; the rows and folds are drawn from our own seed.
 *   <li>As a diagnostic: n draws of each law after the tokens of the first simulation alone, n the
 *       number of simulations. p takes the 2 n held-out answers for independent guesses; folds
 *       share training rows, so the level is approximate.
 *   <li>Cannot see: what goes wrong after other tokens.
 *   <li>Needs draws of the exact posterior. Cost: five trainings, up to {@code 1000 · 1.6 n · 300
 *       d²} multiplications each way.
 *   <li>Source: [source: Lueckmann-2021, the sbibm benchmark's metric]; classifier tests [recalled:
 *       Lopez-Paz, Oquab 2017].
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
