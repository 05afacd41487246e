package org.definetti.lab.fit;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/** An exponential family that the tokens of one concept are drawn from. */
interface ConceptFamily {

  /**
   * A finite model and what its laws make of the pooled tokens.
   *
   * @param pooledLog Σ_k E log p(x | θ_k), x distributed like all tokens pooled
   */
  record Built(FiniteLatentModel<Integer> model, double pooledLog) {}

  /** Returns Σ_l T(x^l) of a sequence. */
  double[] statistic(Tokens tokens);

  /** Returns E[T(x)] of all tokens pooled. */
  double[] pooled();

  /**
   * Returns the model in which each concept has the mean statistic given.
   *
   * @param prior (1, K) probabilities
   * @param counts (K) tokens that each mean rests on. Not modified.
   * @param means (K) rows E[T(x) | z_k]. Not modified.
   */
  Built build(SimpleMatrix prior, double[] counts, double[][] means);

  /** Returns the model with its concepts in the order given. */
  FiniteLatentModel<Integer> reorder(FiniteLatentModel<Integer> model, List<Integer> order);

  /** Returns 0..K-1 by falling weight; equal weights keep their order. */
  static List<Integer> byWeight(SimpleMatrix weights) {
    return IntStream.range(0, weights.getNumElements())
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -weights.get(k)))
        .toList();
  }

  /** Returns the rows of a matrix in the order given. */
  static SimpleMatrix rows(SimpleMatrix matrix, List<Integer> order) {
    double[][] rows = new double[order.size()][];
    for (int k = 0; k < rows.length; k++) {
      rows[k] = matrix.extractVector(true, order.get(k)).getDDRM().data;
    }
    return new SimpleMatrix(rows);
  }
}
