package org.definetti.lab.sparse;

import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Sample;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.SparseBoolean;
import org.definetti.latent.finite.SparseRule;
import org.definetti.latent.finite.VersionSpace;
import org.definetti.sparse.SparseFunction;

/**
 * A hidden sparse function and labelled strings of it, as the string layers read them.
 *
 * @param function the hidden function
 * @param strings (m strings of T bits, label 0 or 1 as target)
 * @param rejected how many sets were drawn and not kept before this one
 */
public record TrainingSet(SparseFunction function, Batch strings, int rejected) {

  /** Widths of labelled bit strings: no keys, a bit as one of two symbols, one label. */
  public static final Widths WIDTHS = new Widths(1, 2, 1);

  private static final double LEAST_SHARE = 0.4;

  /**
   * Draws conjunctions until exactly one subset is consistent with the strings and the share of
   * ones among the labels is in 40-60 %. Bits are one with probability 2^(-1/s), which balances
   * labels.
   *
   * @param length T
   * @param sparsity s
   * @param count m, the number of strings
   */
  public static TrainingSet conjunction(int length, int sparsity, int count, RandomGenerator rng) {
    SparseBoolean model = SparseBoolean.of(SparseRule.CONJUNCTION, length, sparsity);
    int rejected = 0;
    while (true) {
      Sample<List<Integer>> sample = model.sample(count, rng);
      if (isBalanced(sample.tokens())
          && VersionSpace.of(SparseRule.CONJUNCTION, sparsity, sample.tokens()).isUnique()) {
        return new TrainingSet(
            SparseFunction.conjunction(length, sample.latent()), batch(sample.tokens()), rejected);
      }
      rejected++;
    }
  }

  private static boolean isBalanced(Tokens tokens) {
    int length = tokens.space().keyWidth();
    double ones = 0;
    for (int i = 0; i < tokens.length(); i++) {
      ones += tokens.at(i, length);
    }
    double share = ones / tokens.length();
    return share >= LEAST_SHARE && share <= 1 - LEAST_SHARE;
  }

  private static Batch batch(Tokens tokens) {
    int length = tokens.space().keyWidth();
    Batch batch = Batch.zeros(WIDTHS, tokens.length(), length);
    for (int i = 0; i < tokens.length(); i++) {
      for (int t = 0; t < length; t++) {
        set(batch, i, t, tokens.at(i, t) == 1);
      }
      batch.targets()[i] = (float) tokens.at(i, length);
    }
    return batch;
  }

  /**
   * Draws strings and labels them.
   *
   * @param one probability that a bit is one
   */
  public static Batch strings(SparseFunction function, int count, double one, RandomGenerator rng) {
    Batch batch = Batch.zeros(WIDTHS, count, function.length());
    refill(batch, function, one, false, rng);
    return batch;
  }

  /**
   * Draws all strings of a batch again; see {@link #strings}.
   *
   * @param batch of T bits a string. Modified.
   * @param coins whether labels are fair coins instead of the function's: the control
   */
  public static void refill(
      Batch batch, SparseFunction function, double one, boolean coins, RandomGenerator rng) {
    BitSet bits = new BitSet();
    for (int i = 0; i < batch.size(); i++) {
      for (int t = 0; t < function.length(); t++) {
        boolean bit = rng.nextDouble() < one;
        bits.set(t, bit);
        set(batch, i, t, bit);
      }
      boolean label = coins ? rng.nextBoolean() : function.value(bits);
      batch.targets()[i] = label ? 1f : 0f;
    }
  }

  private static void set(Batch batch, int string, int position, boolean bit) {
    int at = string * batch.length() + position;
    batch.values(0)[at] = bit ? 0f : 1f;
    batch.values(1)[at] = bit ? 1f : 0f;
  }

  /** Returns this set with its labels dealt out anew among the strings: the control. */
  public TrainingSet withShuffledLabels(RandomGenerator rng) {
    Batch copy = Batch.zeros(WIDTHS, strings.size(), strings.length());
    for (int i = 0; i < strings.size(); i++) {
      copy.copySample(i, strings, i);
    }
    float[] labels = copy.targets();
    for (int i = labels.length - 1; i > 0; i--) {
      int j = rng.nextInt(i + 1);
      float label = labels[i];
      labels[i] = labels[j];
      labels[j] = label;
    }
    return new TrainingSet(function, copy, rejected);
  }
}
