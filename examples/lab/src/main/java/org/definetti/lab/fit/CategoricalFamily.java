package org.definetti.lab.fit;

import java.util.List;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.CategoricalConcepts;
import org.ejml.simple.SimpleMatrix;

/** Categories: T(x) is the one-hot vector, its mean the probabilities of the categories. */
final class CategoricalFamily implements ConceptFamily {

  private final int categories;
  private final double[] pooled;

  private CategoricalFamily(int categories, double[] pooled) {
    this.categories = categories;
    this.pooled = pooled;
  }

  static CategoricalFamily of(List<Tokens> sequences) {
    int categories = ((CategoricalTokens) sequences.get(0).space()).count();
    return new CategoricalFamily(categories, pooled(sequences, categories));
  }

  /** Returns (n_w + 1) / (N + W), the rule of succession: no category is ruled out. */
  static double[] pooled(List<Tokens> sequences, int categories) {
    double[] law = new double[categories];
    double total = categories;
    for (Tokens sequence : sequences) {
      double[] counts = counts(sequence, categories);
      for (int w = 0; w < categories; w++) {
        law[w] += counts[w];
      }
      total += sequence.length();
    }
    for (int w = 0; w < categories; w++) {
      law[w] = (law[w] + 1) / total;
    }
    return law;
  }

  static double[] counts(Tokens tokens, int categories) {
    double[] counts = new double[categories];
    for (int l = 0; l < tokens.length(); l++) {
      counts[(int) tokens.at(l, 0)]++;
    }
    return counts;
  }

  /** Returns Σ_w q_w log p_w; q is above zero everywhere. */
  static double expectedLog(double[] q, double[] p) {
    double sum = 0;
    for (int w = 0; w < q.length; w++) {
      sum += q[w] * Math.log(p[w]);
    }
    return sum;
  }

  /** Returns numbers divided by their sum. */
  static double[] normalised(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double[] law = new double[weights.length];
    for (int w = 0; w < law.length; w++) {
      law[w] = weights[w] / sum;
    }
    return law;
  }

  @Override
  public double[] statistic(Tokens tokens) {
    return counts(tokens, categories);
  }

  @Override
  public double[] pooled() {
    return pooled.clone();
  }

  @Override
  public Built build(SimpleMatrix prior, double[] counts, double[][] means) {
    double[][] laws = new double[means.length][];
    double pooledLog = 0;
    for (int k = 0; k < laws.length; k++) {
      laws[k] = normalised(means[k]);
      pooledLog += expectedLog(pooled, laws[k]);
    }
    return new Built(CategoricalConcepts.of(new SimpleMatrix(laws)).withPrior(prior), pooledLog);
  }

  @Override
  public FiniteLatentModel<Integer> reorder(FiniteLatentModel<Integer> model, List<Integer> order) {
    SimpleMatrix laws = ((CategoricalConcepts) model).likelihoods();
    SimpleMatrix prior = model.priorProbabilities().transpose();
    return CategoricalConcepts.of(ConceptFamily.rows(laws, order))
        .withPrior(ConceptFamily.rows(prior, order).transpose());
  }
}
