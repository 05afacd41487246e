package org.definetti.lab.compare;

import java.util.Objects;
import org.definetti.latent.Check;
import org.definetti.train.Lengths;

/**
 * How every network is trained, whatever its architecture: Adam, a linear warm-up over a tenth of
 * the steps, cosine decay, fresh sequences, the parameters that were best on validation data.
 *
 * @param items the law of the number of items of a batch
 * @param batchSize sequences a step, at least 1
 * @param steps at least 1
 * @param checks how often the validation loss is measured, at least 1
 * @param validation validation sequences, at least 1; the same for every network of a seed
 * @param sequences training sequences there are, visited at random again and again; 0 for new ones
 *     at every step
 */
public record Schooling(
    Lengths items, int batchSize, int steps, int checks, int validation, int sequences) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is too small
   */
  public Schooling {
    Objects.requireNonNull(items, "items");
    Check.atLeast("batchSize", 1, batchSize);
    Check.atLeast("steps", 1, steps);
    Check.atLeast("checks", 1, checks);
    Check.atLeast("validation", 1, validation);
    Check.atLeast("sequences", 0, sequences);
  }

  /** Returns training on new sequences at every step. */
  public Schooling(Lengths items, int batchSize, int steps, int checks, int validation) {
    this(items, batchSize, steps, checks, validation, 0);
  }

  /** Returns the same on so few training sequences, 0 for new ones at every step. */
  public Schooling withSequences(int sequences) {
    return new Schooling(items, batchSize, steps, checks, validation, sequences);
  }

  /** Returns training at one number of items: batches of 32, 20 checks on 256 sequences. */
  public static Schooling at(int items, int steps) {
    return new Schooling(Lengths.fixed(items), 32, steps, Math.min(20, steps), 256);
  }

  /** Returns the same with another law of the number of items. */
  public Schooling withItems(Lengths items) {
    return new Schooling(items, batchSize, steps, checks, validation, sequences);
  }

  /** Returns the same with another batch size. */
  public Schooling withBatchSize(int batchSize) {
    return new Schooling(items, batchSize, steps, checks, validation, sequences);
  }
}
