package org.definetti.lab.claims;

/**
 * The best linear attention on {@link SphereRegression}, its scale chosen anew at each length, in
 * closed form.
 *
 * <pre>{@code
 * gap(L) = min over s of E|s (d/L) Σ v_l k_l·q - z q|² - Bayes risk
 *        = t2 p c / (L + c) - s2 p E[qᵀ S⁻¹ q],     c = d - 1 + λ d
 * }</pre>
 *
 * <ul>
 *   <li>Where: λ = s2 / t2, d key width, p values, S = Kᵀ K + λ I.
 *   <li>Because: for keys uniform on the sphere {@code E (d/L) Σ k kᵀ = I} and {@code E |d k (k·q)
 *       - q|² = d - 1}, so the signal is off by {@code t2 p (d - 1) / L}; the noise adds {@code s2
 *       p d / L}. Both are uncorrelated with z q, and the best scale shrinks them.
 *   <li>Accuracy: the first term is exact; E[qᵀ S⁻¹ q] is taken as {@code d / (L + λ d)}, which
 *       leaves out terms of order 1/L².
 *   <li>Source: [derived] (checks C1, C6). That the best map treats all directions alike is
 *       assumed, as the model does.
 * </ul>
 */
final class BestLinearHead {

  private static final double NOISE = SphereRegression.MODEL.noiseVariance();
  private static final double PRIOR = SphereRegression.MODEL.priorVariance();
  private static final double WIDTH = SphereRegression.KEY_WIDTH;

  private BestLinearHead() {}

  /** Returns c, the length at which the noise is as large as the signal. */
  static double knee() {
    return WIDTH - 1 + NOISE / PRIOR * WIDTH;
  }

  /** Returns the gap at a length. */
  static double gap(double length) {
    double values = SphereRegression.VALUE_WIDTH;
    double risk = PRIOR * values * knee() / (length + knee());
    return risk - NOISE * values * WIDTH / (length + NOISE / PRIOR * WIDTH);
  }
}
