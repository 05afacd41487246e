package org.definetti.audit;

import java.util.List;
import org.definetti.latent.Check;
import org.definetti.latent.sequence.Urn;
import org.definetti.latent.special.SpecialFunctions;
import org.ejml.simple.SimpleMatrix;

/**
 * How far the first k of N exchangeable symbols are from a mixture of independent ones. (A4)
 *
 * <pre>{@code
 * exchangeable   Σ_j p_j P(k balls without replacement from urn j)
 * mixture        Σ_j p_j P(k balls with replacement from urn j)
 * distance       (1/2) Σ_n |exchangeable(n) - mixture(n)|  ≤  2 c k / N
 * }</pre>
 *
 * <ul>
 *   <li>Where: every exchangeable law of N symbols of c letters is a mixture of urns, the
 *       composition of the urn being random. n runs over the count vectors of k symbols; both laws
 *       depend on nothing else, so this is the total variation distance of the sequences too.
 *   <li>Balanced urn, c = k = 2: exactly {@code 1 / (2 (N - 1))} [derived].
 *   <li>Cost: C(k + c - 1, c - 1) count vectors, O(k) each, for each urn.
 *   <li>Accuracy: about 1e-15 · k relative.
 *   <li>Source: bound [recalled: Diaconis-Freedman].
 * </ul>
 */
public final class FiniteExchangeability {

  private FiniteExchangeability() {}

  /**
   * Returns the distance for symbols drawn from one known urn.
   *
   * @param count k, from 0 to the balls of the urn
   */
  public static double distance(Urn urn, int count) {
    return distance(List.of(urn), SimpleMatrix.filled(1, 1, 1), count);
  }

  /**
   * Returns the distance for symbols drawn from an urn of random composition.
   *
   * @param urns the compositions, at least one, all of N balls and c colours
   * @param probabilities p, shape (1, number of urns)
   * @param count k, from 0 to N
   * @throws IllegalArgumentException if the urns differ in balls or colours
   */
  public static double distance(List<Urn> urns, SimpleMatrix probabilities, int count) {
    Check.atLeast("urns", 1, urns.size());
    Check.probabilities("probabilities", probabilities);
    Check.matrix("probabilities", probabilities, 1, urns.size());
    Urn first = urns.get(0);
    for (Urn urn : urns) {
      if (urn.total() != first.total() || !urn.tokenSpace().equals(first.tokenSpace())) {
        throw new IllegalArgumentException(
            "urns: expected the balls and colours of " + first + ", got " + urn);
      }
    }
    checkCount(first, count);
    double[] total = {0};
    int[] counts = new int[first.tokenSpace().count()];
    forEach(
        counts,
        0,
        count,
        () -> {
          double difference = 0;
          for (int j = 0; j < urns.size(); j++) {
            difference += probabilities.get(0, j) * difference(urns.get(j), counts, count);
          }
          total[0] += Math.abs(difference);
        });
    return total[0] / 2;
  }

  /**
   * Returns the bound {@code 2 c k / N} on the distance for urns with these colours and balls.
   *
   * @param count k, from 0 to the balls of the urn
   */
  public static double bound(Urn urn, int count) {
    checkCount(urn, count);
    return 2.0 * urn.tokenSpace().count() * count / urn.total();
  }

  private static void checkCount(Urn urn, int count) {
    Check.atLeast("count", 0, count);
    if (count > urn.total()) {
      throw new IllegalArgumentException(
          "count: expected at most the " + urn.total() + " balls of the urn, got " + count);
    }
  }

  // Visits every way to fill counts from this colour on with that many balls.
  private static void forEach(int[] counts, int colour, int left, Runnable visitor) {
    if (colour == counts.length - 1) {
      counts[colour] = left;
      visitor.run();
      return;
    }
    for (int n = 0; n <= left; n++) {
      counts[colour] = n;
      forEach(counts, colour + 1, left - n, visitor);
    }
  }

  // Without minus with replacement: the multinomial times (ratio - 1), which keeps small gaps.
  private static double difference(Urn urn, int[] counts, int count) {
    double logMultinomial = SpecialFunctions.logGamma(count + 1.0);
    double logRatio = 0;
    for (int w = 0; w < counts.length; w++) {
      double balls = urn.balls().get(0, w);
      if (counts[w] > 0) {
        logMultinomial +=
            counts[w] * Math.log(balls / urn.total()) - SpecialFunctions.logGamma(counts[w] + 1.0);
        logRatio += logWithout(balls, counts[w]);
      }
    }
    if (logMultinomial == Double.NEGATIVE_INFINITY) {
      return 0; // a colour the urn has not
    }
    return Math.exp(logMultinomial) * Math.expm1(logRatio - logWithout(urn.total(), count));
  }

  // log of m (m - 1)..(m - n + 1) / m^n
  private static double logWithout(double balls, int count) {
    double sum = 0;
    for (int i = 1; i < count && i <= balls; i++) {
      sum += Math.log1p(-i / balls);
    }
    return sum;
  }
}
