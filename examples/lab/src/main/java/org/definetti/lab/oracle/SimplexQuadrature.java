package org.definetti.lab.oracle;

import java.util.Arrays;

/**
 * The posterior mean of a Dirichlet-categorical model by quadrature over the simplex.
 *
 * <pre>{@code
 * E[z_w | X] = ∫ z_w Π_v z_v^(a_v - 1 + n_v) dz / ∫ Π_v z_v^(a_v - 1 + n_v) dz
 * z = softmax(u_1, …, u_(W-1), 0),   dz = Π_v z_v du
 * }</pre>
 *
 * <ul>
 *   <li>Where: a prior pseudo-counts (&gt; 0), n counts of the W categories.
 *   <li>Rule: the trapezoid on a grid in u around the mode. The integrand is smooth and decays
 *       exponentially in u, so the rule converges faster than any power of the step [recalled].
 *   <li>Limits: W = 2 or 3.
 *   <li>Cost: O(nodes^(W-1)).
 *   <li>Accuracy: about 1e-13; the exponent is taken relative to the mode, so no large logs cancel.
 * </ul>
 */
public final class SimplexQuadrature {

  private static final int NODES = 400;

  // The grid reaches as far as the integrand is above about e^-45 of its peak.
  private static final double LOG_REACH = 45;

  private SimplexQuadrature() {}

  /**
   * Returns E[z | counts], length W.
   *
   * @param pseudoCounts a, length 2 or 3, each above zero. Not modified.
   * @param counts n, the same length. Not modified.
   */
  public static double[] posteriorMean(double[] pseudoCounts, double[] counts) {
    int categories = pseudoCounts.length;
    if (categories < 2 || categories > 3) {
      throw new IllegalArgumentException(
          "pseudoCounts: expected 2 or 3 categories, got " + categories);
    }
    double[] powers = new double[categories]; // with the Jacobian: a_w + n_w
    for (int w = 0; w < categories; w++) {
      powers[w] = pseudoCounts[w] + counts[w];
    }
    double[] sums = new double[categories + 1]; // Σ weight·z_w, then Σ weight
    double[] offsets = new double[categories - 1];
    accumulate(powers, 0, offsets, sums);
    double[] mean = Arrays.copyOf(sums, categories);
    for (int w = 0; w < categories; w++) {
      mean[w] /= sums[categories];
    }
    return mean;
  }

  /** Sums over the grid of coordinate {@code axis} and of those after it. */
  private static void accumulate(double[] powers, int axis, double[] offsets, double[] sums) {
    if (axis == offsets.length) {
      addNode(powers, offsets, sums);
      return;
    }
    double last = powers[powers.length - 1];
    double below = reach(powers[axis], last);
    double above = reach(last, powers[axis]);
    double step = (below + above) / NODES;
    for (int i = 0; i <= NODES; i++) {
      offsets[axis] = -below + i * step;
      accumulate(powers, axis + 1, offsets, sums);
    }
  }

  /** How far u may move off the mode in the direction that lowers a category of this power. */
  private static double reach(double power, double other) {
    double linear = LOG_REACH / power;
    double gaussian = Math.sqrt(2 * LOG_REACH * (1 / power + 1 / other));
    return linear + gaussian;
  }

  private static void addNode(double[] powers, double[] offsets, double[] sums) {
    int categories = powers.length;
    double total = Arrays.stream(powers).sum();
    // Relative to the mode ẑ_w = powers_w / total: z_w = ẑ_w e^(o_w) / Σ_v ẑ_v e^(o_v).
    double excess = 0;
    for (int w = 0; w < categories - 1; w++) {
      excess += powers[w] / total * Math.expm1(offsets[w]);
    }
    double logNormaliser = Math.log1p(excess);
    double log = -total * logNormaliser;
    for (int w = 0; w < categories - 1; w++) {
      log += powers[w] * offsets[w];
    }
    double weight = Math.exp(log);
    for (int w = 0; w < categories; w++) {
      double offset = w < categories - 1 ? offsets[w] : 0;
      sums[w] += weight * powers[w] / total * Math.exp(offset - logNormaliser);
    }
    sums[categories] += weight;
  }
}
