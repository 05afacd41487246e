package org.definetti.lab.compare;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.jspecify.annotations.Nullable;

/**
 * Recall of the value that a key was paired with: associative recall with one query.
 *
 * <pre>{@code
 * stacked       (k_1, v_1) (k_2, v_2) … (k_N, v_N)    query k      a token is a pair
 * interleaved   k_1 v_1 k_2 v_2 … k_N v_N             query k      two tokens are a pair
 * }</pre>
 *
 * <ul>
 *   <li>Keys are distinct, values independent, both uniform on half of the vocabulary; one of the
 *       keys is asked. The answer is certain: Bayes risk 0.
 *   <li>Unordered, interleaved: values cannot be bound to keys, the best prediction is the share of
 *       each value, right with probability {@code E[largest multiplicity] / N}. Stacked: exact.
 *   <li>A window of R tokens: the value if its pair is in it, else what is left, with the chance of
 *       a value whose own key is just outside.
 *   <li>Pooled: the shares of the values.
 *   <li>Source: ceilings [derived]; the stacked variant as HazyResearch/zoology.
 * </ul>
 *
 * @param symbols keys, and values, there are: half the vocabulary, at least 2
 * @param interleaved whether a pair is two tokens
 */
public record RecallTask(int symbols, boolean interleaved) implements Task {

  /** Of the entropy of a uniform value: what counts as solved, the Bayes risk being zero. */
  private static final double SOLVED = 0.05;

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it is below 2
   */
  public RecallTask {
    Check.atLeast("symbols", 2, symbols);
  }

  @Override
  public String name() {
    return interleaved ? "recall-interleaved" : "recall-stacked";
  }

  @Override
  public Widths widths() {
    return new Widths(symbols, symbols, symbols);
  }

  @Override
  public Scale scale() {
    return Scale.CATEGORICAL;
  }

  @Override
  public int tokens(int items) {
    return interleaved ? 2 * items : items;
  }

  /** {@inheritDoc} Pairs may be put in any order, but not the two tokens of a pair. */
  @Override
  public int movable(int tokens) {
    return interleaved ? 0 : tokens;
  }

  private int pairs(int tokens) {
    return interleaved ? tokens / 2 : tokens;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if there are more pairs than keys
   */
  @Override
  public void draw(Batch batch, int sample, RandomGenerator rng) {
    SampleRows rows = new SampleRows(batch, sample);
    int n = pairs(rows.length());
    if (n < 1 || n > symbols) {
      throw new IllegalArgumentException("pairs: expected in 1.." + symbols + ", got " + n);
    }
    int[] keys = Orders.draw(symbols, rng);
    int asked = (int) rng.nextLong(n);
    for (int i = 0; i < n; i++) {
      int value = (int) rng.nextLong(symbols);
      rows.setKey(interleaved ? 2 * i : i, keys[i], 1);
      rows.setValue(interleaved ? 2 * i + 1 : i, value, 1);
      if (i == asked) {
        rows.setQuery(keys[i], 1);
        rows.setTarget(value, 1);
      }
    }
  }

  private int keyOf(SampleRows rows, int pair) {
    for (int j = 0; j < symbols; j++) {
      if (rows.key(interleaved ? 2 * pair : pair, j) == 1) {
        return j;
      }
    }
    throw new IllegalArgumentException("batch: expected a key at pair " + pair + ", got none");
  }

  private int valueOf(SampleRows rows, int pair) {
    for (int j = 0; j < symbols; j++) {
      if (rows.value(interleaved ? 2 * pair + 1 : pair, j) == 1) {
        return j;
      }
    }
    throw new IllegalArgumentException("batch: expected a value at pair " + pair + ", got none");
  }

  @Override
  public Answer exact(Batch batch, int sample) {
    return Answer.of(0, window(batch, sample, batch.length(sample)));
  }

  private double[] window(Batch batch, int sample, int window) {
    SampleRows rows = new SampleRows(batch, sample);
    int n = pairs(rows.length());
    int seen = Math.min(window, rows.length());
    int whole = interleaved ? seen / 2 : seen;
    double[] law = new double[symbols];
    for (int i = n - whole; i < n; i++) {
      if (rows.query(keyOf(rows, i)) == 1) {
        law[valueOf(rows, i)] = 1;
        return law;
      }
    }
    boolean orphan = interleaved && seen % 2 == 1; // a value whose key is just outside
    double share = orphan ? 1.0 / (n - whole) : 0;
    for (int j = 0; j < symbols; j++) {
      law[j] = (1 - share) / symbols;
    }
    if (orphan) {
      law[valueOf(rows, n - whole - 1)] += share;
    }
    return law;
  }

  private double[] shares(Batch batch, int sample) {
    SampleRows rows = new SampleRows(batch, sample);
    int n = pairs(rows.length());
    double[] law = new double[symbols];
    for (int i = 0; i < n; i++) {
      law[valueOf(rows, i)] += 1.0 / n;
    }
    return law;
  }

  @Override
  public @Nullable Predictor best(Sight sight) {
    return switch (sight.kind()) {
      case WINDOW -> (batch, b) -> window(batch, b, sight.window());
      case POOLED -> this::shares;
      case UNORDERED -> interleaved ? this::shares : null;
      case EVERYTHING -> null;
    };
  }

  @Override
  public double solved(double bayesRisk) {
    return SOLVED * Math.log(symbols);
  }
}
