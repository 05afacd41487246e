package org.definetti.lab.claims;

import org.definetti.derivation.SoftmaxAsymptotics;

/**
 * The best single softmax head on {@link SphereRegression}, its temperature and scale chosen anew
 * at each length, in closed form for long sequences.
 *
 * <pre>{@code
 * gap(L) = min over γ, s of E‖s attn_γ(q) − E[v | q, X]‖²
 *        ≈ t2 p c / (L + c) − s2 p d / (L + λ d),     c = min over γ of V(γ) / (A(γ)² t2 p)
 * }</pre>
 *
 * <ul>
 *   <li>Where: V and A as in {@link SoftmaxAsymptotics}, λ = s2 / t2.
 *   <li>Because: the exact answer is the conditional mean of z q, so the gap is the risk for z q
 *       less that of Bayes. To first order {@code attn = A z q} plus noise of variance V/L that is
 *       uncorrelated with z q, and the best scale s shrinks it. For Bayes, S is near {@code (L/d +
 *       λ) I}.
 *   <li>Hence the slope of log gap on log L is about −L / (L + c): it reaches −1 from above, −0.9
 *       only at L = 9 c.
 *   <li>Accuracy: terms of order 1/L² are left out; 5 % at L = 64, 2 % at 256. Meaningless below c.
 *   <li>Source: [derived] from checks C4 and C5. That the best head treats all directions alike is
 *       assumed, as the model does.
 * </ul>
 */
final class BestSoftmaxHead {

  private static final double COLDEST = 0.05;
  private static final double WARMEST = 5;
  private static final double STEP = 1.001;

  private BestSoftmaxHead() {}

  /** Returns the temperature whose corrected softmax has the least gap for long sequences. */
  static double temperature() {
    double best = COLDEST;
    for (double gamma = COLDEST; gamma < WARMEST; gamma *= STEP) {
      if (variance(gamma) < variance(best)) {
        best = gamma;
      }
    }
    return best;
  }

  private static double variance(double temperature) {
    return SoftmaxAsymptotics.of(SphereRegression.MODEL, temperature).correctedVarianceConstant();
  }

  /** Returns c, the length at which the noise of the best head is as large as its signal. */
  static double knee() {
    return variance(temperature()) / signal();
  }

  /** Returns the gap at a length, which should be well above {@link #knee}. */
  static double gap(double length) {
    double knee = knee();
    double noise = SphereRegression.MODEL.noiseVariance();
    double ridge = noise / SphereRegression.MODEL.priorVariance();
    double width = SphereRegression.KEY_WIDTH;
    double bayes = noise * SphereRegression.VALUE_WIDTH * width / (length + ridge * width);
    return signal() * knee / (length + knee) - bayes;
  }

  /** Returns t2 p, the mean square of z q. */
  private static double signal() {
    return SphereRegression.MODEL.priorVariance() * SphereRegression.VALUE_WIDTH;
  }
}
