package org.definetti.audit;

import java.util.function.DoubleUnaryOperator;
import org.definetti.latent.Check;
import org.definetti.latent.Cholesky;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.Predictive;
import org.ejml.simple.SimpleMatrix;

/**
 * How different two laws of one token are, by the two measures that rule the tests between them.
 *
 * <pre>{@code
 * KL(P ‖ Q)       = E_P log (P / Q)
 * Chernoff(P, Q)  = max_{0 ≤ s ≤ 1} -log ∫ P^(1-s) Q^s
 * }</pre>
 *
 * <p>In nats. Chernoff is symmetric and never above either KL; about a quarter of it for laws that
 * lie close together. Source: [recalled].
 */
public final class TokenDivergence {

  // Golden-section steps: 0.618^80 is below 1e-16 of the unit interval.
  private static final int STEPS = 80;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private TokenDivergence() {}

  /**
   * Returns KL of two rows of probabilities; plus infinity where Q excludes what P allows.
   *
   * @param p shape (1, W)
   * @param q shape (1, W)
   */
  public static double categoricalKl(SimpleMatrix p, SimpleMatrix q) {
    int count = sameWidth(p, q);
    double sum = 0;
    for (int w = 0; w < count; w++) {
      double mass = p.get(0, w);
      sum += mass == 0 ? 0 : mass * (Math.log(mass) - Math.log(q.get(0, w)));
    }
    return sum;
  }

  /**
   * Returns Chernoff information of two rows of probabilities; plus infinity if they share no
   * category.
   *
   * @param p shape (1, W)
   * @param q shape (1, W)
   */
  public static double categoricalChernoff(SimpleMatrix p, SimpleMatrix q) {
    int count = sameWidth(p, q);
    return largest(
        s -> {
          double[] terms = new double[count];
          for (int w = 0; w < count; w++) {
            boolean shared = p.get(0, w) > 0 && q.get(0, w) > 0;
            terms[w] =
                shared
                    ? (1 - s) * Math.log(p.get(0, w)) + s * Math.log(q.get(0, w))
                    : Double.NEGATIVE_INFINITY;
          }
          return -LogSumExp.of(terms);
        });
  }

  private static int sameWidth(SimpleMatrix p, SimpleMatrix q) {
    Check.probabilities("p", p);
    Check.matrix("q", q, 1, p.getNumCols());
    return Check.probabilities("q", q).getNumCols();
  }

  /**
   * Returns KL of two Gaussian laws, of which only mean m and covariance S are read.
   *
   * <pre>{@code  (tr(S_Q⁻¹ S_P) + |m_P - m_Q|²_{S_Q⁻¹} - d + log det S_Q - log det S_P) / 2  }
   * </pre>
   */
  public static double gaussianKl(Predictive p, Predictive q) {
    Cholesky own = Cholesky.of("covariance of p", p.covariance());
    Cholesky other = Cholesky.of("covariance of q", q.covariance());
    double square = other.squaredDistance(p.mean().getDDRM().data, q.mean().getDDRM().data);
    // tr(S_Q⁻¹ S_P) = Σ of squares of G_Q⁻¹ G_P
    double trace = 0;
    for (int j = 0; j < own.size(); j++) {
      double[] column = own.factor().extractVector(false, j).getDDRM().data;
      other.solveLower(column);
      for (double x : column) {
        trace += x * x;
      }
    }
    return 0.5 * (trace + square - own.size() + other.logDeterminant() - own.logDeterminant());
  }

  /**
   * Returns Chernoff information of two Gaussian laws, of which only mean m and covariance S are
   * read.
   *
   * <pre>{@code
   * max_s  s(1-s)/2 |m_P - m_Q|²_{M⁻¹} + (log det M - (1-s) log det S_Q - s log det S_P) / 2
   * M = s S_P + (1-s) S_Q
   * }</pre>
   */
  public static double gaussianChernoff(Predictive p, Predictive q) {
    double own = Cholesky.of("covariance of p", p.covariance()).logDeterminant();
    double other = Cholesky.of("covariance of q", q.covariance()).logDeterminant();
    double[] from = p.mean().getDDRM().data;
    double[] into = q.mean().getDDRM().data;
    return largest(
        s -> {
          SimpleMatrix mixed = p.covariance().scale(s).plus(q.covariance().scale(1 - s));
          Cholesky factor = Cholesky.of("mixed covariance", mixed);
          return 0.5
              * (s * (1 - s) * factor.squaredDistance(from, into)
                  + factor.logDeterminant()
                  - (1 - s) * other
                  - s * own);
        });
  }

  // Golden-section search: both functions are concave in s.
  private static double largest(DoubleUnaryOperator concave) {
    double low = 0;
    double high = 1;
    double left = high - GOLDEN;
    double right = low + GOLDEN;
    double atLeft = concave.applyAsDouble(left);
    double atRight = concave.applyAsDouble(right);
    for (int step = 0; step < STEPS; step++) {
      if (atLeft < atRight) {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = concave.applyAsDouble(right);
      } else {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = concave.applyAsDouble(left);
      }
    }
    return Math.max(0, Math.max(atLeft, atRight)); // equal laws give rounding of either sign
  }
}
