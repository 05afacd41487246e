package org.definetti.lab.oracle;

/**
 * The posterior mean of the rate of counts by quadrature over its logarithm.
 *
 * <pre>{@code
 * E[z | X] = ∫ z z^(a - 1 + S) e^(-(b + L) z) dz / ∫ z^(a - 1 + S) e^(-(b + L) z) dz,   S = Σ x
 * z = e^u,   dz = z du
 * }</pre>
 *
 * <ul>
 *   <li>Where: a shape and b rate of the gamma prior, x the L counts seen.
 *   <li>Rule: the trapezoid in u around the mode, as in {@link SimplexQuadrature} [recalled].
 *   <li>Cost: O(L) and some hundred nodes. Accuracy: about 1e-13.
 * </ul>
 */
public final class RateQuadrature {

  private static final int NODES = 400;

  // The grid reaches as far as the integrand is above about e^-45 of its peak.
  private static final double LOG_REACH = 45;

  private RateQuadrature() {}

  /**
   * Returns E[z | X].
   *
   * @param shape a, above zero
   * @param rate b, above zero
   * @param counts x, any number of them. Not modified.
   */
  public static double posteriorMean(double shape, double rate, double[] counts) {
    double power = shape; // of z, with the Jacobian
    for (double count : counts) {
      power += count;
    }
    double mode = power / (rate + counts.length);
    double reach = LOG_REACH / power + Math.sqrt(2 * LOG_REACH / power);
    double sum = 0;
    double total = 0;
    for (int i = 0; i <= NODES; i++) {
      double offset = reach * (2.0 * i / NODES - 1);
      double weight = Math.exp(power * (offset - Math.expm1(offset)));
      sum += weight * mode * Math.exp(offset);
      total += weight;
    }
    return sum / total;
  }
}
