package org.definetti.lab.claims;

/**
 * Every sequence of categories with its probability when the categories' probabilities have a
 * Dirichlet prior.
 *
 * <pre>{@code  P(x^1..x^n) = Π_w α_w (α_w + 1) … (α_w + n_w - 1) / (ν (ν + 1) … (ν + n - 1))  }
 * </pre>
 *
 * <p>n_w counts category w, ν = Σ α: the moments of the prior, so no posterior is used. Two
 * categories with α = (b, a) are the Beta-Bernoulli model with success 1. W^n sequences. Source:
 * [recalled: moments of the Dirichlet law].
 */
final class Enumeration {

  private Enumeration() {}

  /** Hears every sequence. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Takes one sequence.
     *
     * @param categories the categories in order; reused for the next sequence. Not to be modified.
     */
    void visit(int[] categories, double probability);
  }

  /** Visits all sequences of a length, the first position turning slowest. */
  static void forEach(double[] alpha, int length, Visitor visitor) {
    visit(alpha, new int[length], 0, visitor);
  }

  private static void visit(double[] alpha, int[] categories, int position, Visitor visitor) {
    if (position == categories.length) {
      visitor.visit(categories, probability(alpha, categories));
      return;
    }
    for (int w = 0; w < alpha.length; w++) {
      categories[position] = w;
      visit(alpha, categories, position + 1, visitor);
    }
  }

  /** Returns P(x^1..x^n) for this prior. */
  static double probability(double[] alpha, int... categories) {
    int[] counts = new int[alpha.length];
    for (int category : categories) {
      counts[category]++;
    }
    double nu = 0;
    for (double a : alpha) {
      nu += a;
    }
    double probability = 1;
    int seen = 0;
    for (int w = 0; w < alpha.length; w++) {
      for (int i = 0; i < counts[w]; i++) {
        probability *= (alpha[w] + i) / (nu + seen++);
      }
    }
    return probability;
  }
}
