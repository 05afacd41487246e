package org.definetti.latent;

/** {@code log Σ_k exp(a_k)} and the probabilities that go with it, safe at any magnitude. */
public final class LogSumExp {

  private LogSumExp() {}

  /**
   * Returns {@code log Σ_k exp(a_k)}; minus infinity for no terms or terms that are all minus
   * infinity; NaN if a term is NaN.
   */
  public static double of(double... terms) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double term : terms) {
      largest = Math.max(largest, term); // NaN wins
    }
    if (Double.isInfinite(largest) || Double.isNaN(largest)) {
      return largest;
    }
    double sum = 0;
    for (double term : terms) {
      sum += Math.exp(term - largest);
    }
    return largest + Math.log(sum);
  }

  /**
   * Returns {@code exp(a_k) / Σ_j exp(a_j)}, normalised to sum to one.
   *
   * @throws IllegalArgumentException if every term is minus infinity, or one is NaN or plus
   *     infinity: such weights have no normalisation
   */
  public static double[] softmax(double... terms) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double term : terms) {
      largest = Math.max(largest, term);
    }
    if (!Double.isFinite(largest)) {
      throw new IllegalArgumentException(
          "terms: expected a finite largest log weight, got " + largest);
    }
    double[] weights = new double[terms.length];
    double sum = 0;
    for (int k = 0; k < terms.length; k++) {
      weights[k] = Math.exp(terms[k] - largest);
      sum += weights[k];
    }
    for (int k = 0; k < terms.length; k++) {
      weights[k] /= sum;
    }
    return weights;
  }
}
