package org.definetti.lab.sparse;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.sparse.SparseFunction;

/** What strings are labelled by, and which sets of them are kept. */
public enum StringTask {

  /** Conjunctions of bits that are one with probability 2^(-1/s); see {@link TrainingSet}. */
  CONJUNCTION {
    @Override
    TrainingSet draw(int length, int sparsity, int count, RandomGenerator rng) {
      return TrainingSet.conjunction(length, sparsity, count, rng);
    }

    @Override
    double one(int sparsity) {
      return Math.pow(0.5, 1.0 / sparsity);
    }
  },

  /** Conjunctions whose labels are dealt out anew among the strings: the control. */
  SHUFFLED_CONJUNCTION {
    @Override
    TrainingSet draw(int length, int sparsity, int count, RandomGenerator rng) {
      return CONJUNCTION.draw(length, sparsity, count, rng).withShuffledLabels(rng);
    }

    @Override
    double one(int sparsity) {
      return CONJUNCTION.one(sparsity);
    }
  },

  /** Majorities of fair bits; every set is kept. */
  MAJORITY {
    @Override
    TrainingSet draw(int length, int sparsity, int count, RandomGenerator rng) {
      SparseFunction function =
          SparseFunction.majority(length, SparseFunction.drawPositions(length, sparsity, rng));
      Batch strings = TrainingSet.strings(function, count, one(sparsity), rng);
      return new TrainingSet(function, strings, 0);
    }

    @Override
    double one(int sparsity) {
      return 0.5;
    }
  },

  /** Majorities whose labels are dealt out anew among the strings: the control. */
  SHUFFLED_MAJORITY {
    @Override
    TrainingSet draw(int length, int sparsity, int count, RandomGenerator rng) {
      return MAJORITY.draw(length, sparsity, count, rng).withShuffledLabels(rng);
    }

    @Override
    double one(int sparsity) {
      return MAJORITY.one(sparsity);
    }
  };

  /**
   * Draws a hidden function of s of T bits and m labelled strings.
   *
   * @param length T
   * @param sparsity s
   * @param count m
   */
  abstract TrainingSet draw(int length, int sparsity, int count, RandomGenerator rng);

  /** Returns the probability that a bit is one. */
  abstract double one(int sparsity);
}
