package org.definetti.lab.oracle;

import java.util.Arrays;
import org.definetti.latent.Tokens;

/**
 * Bayes' rule written out: a sum over latents, of plain products of probabilities.
 *
 * <pre>{@code
 * P(X) = Σ_k w_k Π_l P(x^l | z_k),   E[v | X] = Σ_k w_k Π_l P(x^l | z_k) E[v | z_k] / P(X)
 * }</pre>
 *
 * <ul>
 *   <li>Where: w_k the prior probability of latent k, or prior density times the volume of a cell
 *       where the latents are the nodes of a quadrature rule.
 *   <li>Nothing is taken to logs, so it holds for as many tokens as do not underflow.
 *   <li>Cost: O(K L).
 *   <li>Source: Bayes' rule.
 * </ul>
 */
public final class LatentSum implements Oracle {

  /** What a latent says of a token. */
  public interface Law {
    /**
     * Returns P(x | z_k), of the value given the key.
     *
     * @param latent k
     * @param index the token's place in the sequence
     * @param token its stored row. Not modified.
     */
    double density(int latent, int index, double[] token);

    /** Returns the mean of the value of a token at that place with that key. */
    double[] mean(int latent, int index, double[] query);
  }

  private final double[] weights;
  private final Law law;

  /** Keeps the weights of the latents; not copied, not modified. */
  public LatentSum(double[] weights, Law law) {
    this.weights = weights;
    this.law = law;
  }

  private double[] products(Tokens tokens) {
    double[][] rows = new double[tokens.length()][];
    for (int l = 0; l < rows.length; l++) {
      rows[l] = tokens.get(l).coordinates();
    }
    double[] products = weights.clone();
    for (int k = 0; k < products.length; k++) {
      for (int l = 0; l < rows.length && products[k] > 0; l++) {
        products[k] *= law.density(k, l, rows[l]);
      }
    }
    return products;
  }

  @Override
  public double logEvidence(Tokens tokens) {
    double sum = 0;
    for (double product : products(tokens)) {
      sum += product;
    }
    return Math.log(sum);
  }

  @Override
  public double[] predictiveMean(Tokens tokens, double[] query) {
    double[] products = products(tokens);
    double[] mean = law.mean(0, tokens.length(), query).clone();
    Arrays.fill(mean, 0);
    double sum = 0;
    for (int k = 0; k < products.length; k++) {
      if (products[k] > 0) {
        double[] own = law.mean(k, tokens.length(), query);
        for (int i = 0; i < mean.length; i++) {
          mean[i] += products[k] * own[i];
        }
        sum += products[k];
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= sum;
    }
    return mean;
  }
}
