package org.definetti.latent.mixture;

import java.util.Arrays;

/**
 * The polynomial {@code Π_l (β_1l t + β_2l)} by the ratios of its coefficients.
 *
 * <pre>{@code
 * Σ_m c_m t^m = e^s t^q Σ_j p_j t^j,   p_0 = 1,   ρ_j = p_j / p_{j-1}
 * times (β t + α):   ρ'_j = ρ_{j-1} (α ρ_j + β) / (α ρ_{j-1} + β),   ρ'_1 = ρ_1 + β / α
 * }</pre>
 *
 * <p>The coefficients span more than the range of a double; their ratios do not. All roots are real
 * and negative, so the ratios fall with j (Newton), and an error in them shrinks with each factor:
 * the two derivatives of log ρ' by log ρ are positive and sum to at most one. Every operation is on
 * positive numbers. Factors of one term only count: {@code α = 0} moves q, {@code β = 0} the scale.
 * Source: [derived].
 */
final class TopicPolynomial {

  private final double[] ratios; // ratios[j - 1] is ρ_j, j = 1..mixed
  private final int shift; // q
  private final double logScale; // s = log of the lowest coefficient
  private final double lost; // what rounding took from s

  private TopicPolynomial(double[] ratios, int shift, double logScale, double lost) {
    this.ratios = ratios;
    this.shift = shift;
    this.logScale = logScale;
    this.lost = lost;
  }

  static TopicPolynomial one() {
    return new TopicPolynomial(new double[0], 0, 0, 0);
  }

  /** Returns q, the lowest power with a coefficient above zero. */
  int lowest() {
    return shift;
  }

  /** Returns the highest power with a coefficient above zero. */
  int highest() {
    return shift + ratios.length;
  }

  double logLowestCoefficient() {
    return logScale + lost;
  }

  /** Returns {@code c_m / c_{m-1}} for m in {@code lowest + 1 .. highest}. */
  double ratio(int m) {
    return ratios[m - shift - 1];
  }

  /**
   * Returns this times {@code Π_i (first[i] t + second[i])}.
   *
   * @param first not negative. Not modified.
   * @param second not negative, nowhere zero together with {@code first}. Not modified.
   */
  TopicPolynomial times(double[] first, double[] second) {
    double[] row = Arrays.copyOf(ratios, ratios.length + first.length);
    int degree = ratios.length;
    int power = shift;
    double sum = logScale;
    double rest = lost;
    for (int i = 0; i < first.length; i++) {
      double alpha = second[i];
      double beta = first[i];
      if (alpha > 0 && beta > 0) {
        multiply(row, degree, alpha, beta);
        degree++;
      } else if (alpha == 0) {
        power++;
      }
      // Compensated, as the logarithm grows with the length.
      double term = Math.log(alpha > 0 ? alpha : beta);
      double next = sum + term;
      rest += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
      sum = next;
    }
    return new TopicPolynomial(Arrays.copyOf(row, degree), power, sum, rest);
  }

  // In place from the top, so that ρ_{j-1} is still the old one when ρ_j is written.
  private static void multiply(double[] row, int degree, double alpha, double beta) {
    if (degree > 0) {
      row[degree] = row[degree - 1] * beta / (alpha * row[degree - 1] + beta);
      for (int j = degree - 1; j > 0; j--) {
        row[j] = row[j - 1] * ((alpha * row[j] + beta) / (alpha * row[j - 1] + beta));
      }
      row[0] += beta / alpha;
    } else {
      row[0] = beta / alpha;
    }
  }
}
