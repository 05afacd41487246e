package org.definetti.attention;

import org.definetti.latent.Check;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.simple.SimpleMatrix;

/**
 * Cross-attention to a fixed dictionary of K concepts instead of to the tokens.
 *
 * <pre>{@code  w = softmax(log p + s / γ),   out = w M  }</pre>
 *
 * <ul>
 *   <li>Where: s the query, one score a concept (its key is the k-th basis vector); p prior
 *       probabilities; M the value of each concept; γ temperature, 1 where s is a log-likelihood.
 *   <li>Shapes: p (1, K), M (K, dv), scores (m, K); result (m, dv).
 *   <li>Edge cases: a prior of zero or a score of minus infinity removes a concept; scores that
 *       remove all of them are refused, because no concept explains them.
 *   <li>Cost: O(m K dv); immutable.
 *   <li>Source: [derived] (check B3, step 2).
 * </ul>
 *
 * @param priors p, probabilities
 * @param values M, finite
 */
public record ConceptDictionary(SimpleMatrix priors, SimpleMatrix values) {

  /**
   * Checks the probabilities and the shapes.
   *
   * @throws ShapeMismatchException if there is not one value a probability
   * @throws IllegalArgumentException if the first are no probabilities or a value is not finite
   */
  public ConceptDictionary {
    Check.probabilities("priors", priors);
    Check.matrix("values", values, priors.getNumCols(), -1);
  }

  /**
   * Returns {@code softmax(log p + s / γ) M} for each row of scores, shape (m, dv).
   *
   * @param scores s, shape (m, K), finite or minus infinity
   * @param temperature γ, finite and above zero
   * @throws IllegalArgumentException if a row leaves no concept, or a score is NaN or infinite
   */
  public SimpleMatrix attend(SimpleMatrix scores, double temperature) {
    DMatrixRMaj weights = weights(priors, scores, temperature).getDDRM();
    DMatrixRMaj out = new DMatrixRMaj(scores.getNumRows(), values.getNumCols());
    CommonOps_DDRM.mult(weights, values.getDDRM(), out);
    return SimpleMatrix.wrap(out);
  }

  /** Returns the weights of concepts with these priors for each row of scores, shape (m, K). */
  static SimpleMatrix weights(SimpleMatrix priors, SimpleMatrix scores, double temperature) {
    Check.positive("temperature", temperature);
    int concepts = priors.getNumCols();
    Shapes.sameWidth("scores", scores, concepts, "the concepts");
    SimpleMatrix weights = new SimpleMatrix(scores.getNumRows(), concepts);
    for (int i = 0; i < scores.getNumRows(); i++) {
      double[] logits = new double[concepts];
      double largest = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < concepts; k++) {
        double score = scores.get(i, k);
        if (!(score < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException("scores: expected finite or -Infinity, got " + score);
        }
        logits[k] = Math.log(priors.get(k)) + score / temperature;
        largest = Math.max(largest, logits[k]);
      }
      if (largest == Double.NEGATIVE_INFINITY) {
        throw new IllegalArgumentException(
            "scores: expected a concept that explains them, got none in row " + i);
      }
      System.arraycopy(
          LogSumExp.softmax(logits), 0, weights.getDDRM().data, i * concepts, concepts);
    }
    return weights;
  }
}
