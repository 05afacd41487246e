package org.definetti.lab.compare;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.random.Normal;
import org.jspecify.annotations.Nullable;

/**
 * The present state of a hidden Markov chain of two states (model MS9): order matters, range hardly
 * does.
 *
 * <pre>{@code
 * P(s_1) = 1/2,   P(s_(l+1) = s_l) = stay,   x_l = ±1 + N(0, noise²)
 * tokens x_1 … x_(n-1), query x_n, target s_n
 * exact       a_1 = 1/2,   a_l(s) ∝ P(x_l | s) Σ_r A(r, s) a_(l-1)(r)
 * unordered   the same, summed over all orders of x_1 … x_(n-1)
 * }</pre>
 *
 * <ul>
 *   <li>The query is the last observation, so that attention without positions knows which token is
 *       last and nothing else about order. The sum over (n-1)! orders is a recursion over subsets,
 *       O(2^n n) a sequence, n at most 21.
 *   <li>A window of R tokens: the forward algorithm on them, started from the stationary law.
 *       Pooled: the best of all functions of the mean value, by the law of how many states were
 *       positive.
 *   <li>Source: [derived] (7.2 of the project's notes on symmetry).
 * </ul>
 *
 * @param stay the probability of staying, above 0 and below 1
 * @param noise the standard deviation of an observation, above zero
 */
public record FilteringTask(double stay, double noise) implements Task {

  private static final int MOST = 20; // tokens of the recursion over subsets

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public FilteringTask {
    if (!(stay > 0 && stay < 1)) {
      throw new IllegalArgumentException("stay: expected above 0 and below 1, got " + stay);
    }
    Check.positive("noise", noise);
  }

  @Override
  public String name() {
    return "hidden-markov";
  }

  /** {@inheritDoc} A token shows its observation as key and as value. */
  @Override
  public Widths widths() {
    return new Widths(1, 1, 2);
  }

  @Override
  public Scale scale() {
    return Scale.CATEGORICAL;
  }

  @Override
  public int tokens(int items) {
    return items - 1;
  }

  @Override
  public int movable(int tokens) {
    return 0;
  }

  @Override
  public void draw(Batch batch, int sample, RandomGenerator rng) {
    SampleRows rows = new SampleRows(batch, sample);
    boolean positive = rng.nextDouble() < 0.5;
    for (int l = 0; l <= rows.length(); l++) {
      if (l > 0 && rng.nextDouble() >= stay) {
        positive = !positive;
      }
      double x = (positive ? 1 : -1) + noise * Normal.draw(rng);
      if (l < rows.length()) {
        rows.setKey(l, 0, x);
        rows.setValue(l, 0, x);
      } else {
        rows.setQuery(0, x);
      }
    }
    rows.setTarget(positive ? 1 : 0, 1);
  }

  /** Likelihood of an observation by state, up to a factor, at most 1. */
  private double[] likelihood(double x) {
    double logOdds = 2 * x / (noise * noise); // of the positive state
    return logOdds > 0 ? new double[] {Math.exp(-logOdds), 1} : new double[] {1, Math.exp(logOdds)};
  }

  private void move(double[] law) {
    double negative = stay * law[0] + (1 - stay) * law[1];
    law[1] = (1 - stay) * law[0] + stay * law[1];
    law[0] = negative;
  }

  private static void see(double[] law, double[] likelihood) {
    law[0] *= likelihood[0];
    law[1] *= likelihood[1];
    double sum = law[0] + law[1];
    law[0] /= sum;
    law[1] /= sum;
  }

  @Override
  public Answer exact(Batch batch, int sample) {
    double[] law = window(batch, sample, batch.length(sample));
    return Answer.of(Scale.CATEGORICAL.loss(law, law), law);
  }

  private double[] window(Batch batch, int sample, int window) {
    SampleRows rows = new SampleRows(batch, sample);
    double[] law = {0.5, 0.5};
    for (int l = Math.max(0, rows.length() - window); l < rows.length(); l++) {
      see(law, likelihood(rows.value(l, 0)));
      move(law);
    }
    see(law, likelihood(rows.query(0)));
    return law;
  }

  /** The recursion over subsets: weights of all orders of a subset, by the state of its last. */
  private double[] unordered(Batch batch, int sample) {
    SampleRows rows = new SampleRows(batch, sample);
    int n = rows.length();
    if (n > MOST) {
      throw new UnsupportedOperationException(
          "the best of unordered tokens is known up to " + MOST + ", got " + n);
    }
    double[][] likelihoods = new double[n][];
    for (int l = 0; l < n; l++) {
      likelihoods[l] = likelihood(rows.value(l, 0));
    }
    // (subset, state): weight before the next observation, the chain having moved on.
    double[] weights = new double[2 << n];
    weights[0] = 0.5;
    weights[1] = 0.5;
    for (int subset = 1; subset < 1 << n; subset++) {
      double negative = 0;
      double positive = 0;
      for (int l = 0; l < n; l++) {
        if ((subset >> l & 1) == 1) {
          int rest = subset & ~(1 << l);
          negative += weights[2 * rest] * likelihoods[l][0];
          positive += weights[2 * rest + 1] * likelihoods[l][1];
        }
      }
      int size = Integer.bitCount(subset); // divides by the number of orders: no overflow
      weights[2 * subset] = (stay * negative + (1 - stay) * positive) / size;
      weights[2 * subset + 1] = ((1 - stay) * negative + stay * positive) / size;
    }
    int all = (1 << n) - 1;
    double[] law = {weights[2 * all], weights[2 * all + 1]};
    see(law, likelihood(rows.query(0)));
    return law;
  }

  /**
   * The law of s_n given the sum of x_1 … x_(n-1), which is normal given how many were positive.
   */
  private double[] pooled(Batch batch, int sample) {
    SampleRows rows = new SampleRows(batch, sample);
    int n = rows.length();
    double sum = rows.sum(0, n)[0];
    double[][] counts = {{0.5, 0.5}}; // (number of positive states, state to come)
    for (int l = 0; l < n; l++) {
      double[][] next = new double[l + 2][2];
      for (int c = 0; c <= l; c++) {
        next[c][0] += counts[c][0] * stay;
        next[c][1] += counts[c][0] * (1 - stay);
        next[c + 1][0] += counts[c][1] * (1 - stay);
        next[c + 1][1] += counts[c][1] * stay;
      }
      counts = next;
    }
    double least = Double.POSITIVE_INFINITY;
    double[] half = new double[n + 1]; // squared distance over twice the variance
    for (int c = 0; c <= n; c++) {
      double off = sum - (2 * c - n);
      half[c] = n == 0 ? 0 : off * off / (2 * n * noise * noise);
      least = Math.min(least, half[c]);
    }
    double[] law = new double[2];
    for (int c = 0; c <= n; c++) {
      double weight = Math.exp(least - half[c]);
      law[0] += weight * counts[c][0];
      law[1] += weight * counts[c][1];
    }
    see(law, new double[] {1, 1});
    return law;
  }

  @Override
  public @Nullable Predictor best(Sight sight) {
    return switch (sight.kind()) {
      case WINDOW -> (batch, b) -> window(batch, b, sight.window());
      case UNORDERED -> this::unordered;
      case POOLED -> this::pooled;
      case EVERYTHING -> null;
    };
  }
}
