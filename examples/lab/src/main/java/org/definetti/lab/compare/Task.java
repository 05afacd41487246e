package org.definetti.lab.compare;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.jspecify.annotations.Nullable;

/**
 * Sequences with a target, whose best prediction is known exactly, also for models that see only
 * part of a sequence.
 *
 * <p>A sequence is made of {@code items} (tokens, pairs), that take {@link #tokens} rows of a
 * batch. What is asked stands in the batch's query row, which is the last row that a sequence model
 * reads; it is zero where nothing is asked.
 *
 * <p>Immutable values whose {@code toString} tells them apart.
 */
public interface Task {

  /** Returns the name in files, for example {@code gaussian-mean}. */
  String name();

  /** Returns the widths of keys, values and targets. */
  Widths widths();

  /** Returns how predictions are judged. */
  Scale scale();

  /** Returns how many rows a sequence of {@code items} takes; by default as many. */
  default int tokens(int items) {
    return items;
  }

  /**
   * Returns how many of the first tokens may be put in any order without a change of their joint
   * law with the target; 0 where order matters. By default all.
   *
   * @param tokens rows of a sequence
   */
  default int movable(int tokens) {
    return tokens;
  }

  /**
   * Draws one sequence with its target.
   *
   * @param batch of this task's widths; sample {@code sample} is written, all of its length.
   *     Modified.
   */
  void draw(Batch batch, int sample, RandomGenerator rng);

  /** Returns the exact answer to a sample, from the numbers in the batch. */
  Answer exact(Batch batch, int sample);

  /**
   * Returns the best prediction of a model of this sight, E[target | what it sees], or null where
   * that is the exact answer itself.
   *
   * <p>For {@link Sight.Kind#POOLED} the best affine map of the mean value, or the best of all
   * functions of it: both bound what mean pooling can do.
   *
   * @throws UnsupportedOperationException if it is not known
   */
  @Nullable Predictor best(Sight sight);

  /**
   * Returns the excess risk that counts as solved. By default a tenth of the Bayes risk, so that
   * what is solved is within 1.1 times Bayes.
   *
   * @param bayesRisk the mean risk of the exact answers
   */
  default double solved(double bayesRisk) {
    return 0.1 * bayesRisk;
  }
}
