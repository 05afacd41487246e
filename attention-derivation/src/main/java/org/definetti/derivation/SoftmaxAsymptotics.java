package org.definetti.derivation;

import org.definetti.kernel.LinearKernel;
import org.definetti.latent.Check;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.LinearGaussianModel;

/**
 * Softmax attention at a fixed temperature on in-context linear regression with keys uniform on the
 * sphere, for long sequences.
 *
 * <pre>{@code
 * attn(q) → S(q) = A z q                                     limitFactor A = A_d(1/γ)
 * L E‖attn(q) − S(q)‖²        → V = E[w² ‖v − S‖²] / E[w]²    varianceConstant
 * L E‖attn(q)/A − exact(q)‖²  → V / A² − s2 d p               gapConstant
 * V = p R (t2 (1 + A² − 2 A A₂) + s2),  R = E[w²] / E[w]²,  A₂ = A_d(2/γ)
 * }</pre>
 *
 * <ul>
 *   <li>Where: w = exp(q·k/γ), v = z k + ε, d key width, p value width, t2 prior and s2 noise
 *       variance, exact(q) the exact predictive mean. q is any unit vector: nothing depends on it.
 *       Norms are squared lengths of the whole output, summed over its p coordinates.
 *   <li>V: rows of z are N(0, t2 I), so {@code E‖v − A z q‖² = p (t2 ‖k − A q‖² + s2)} given k, and
 *       under the density proportional to w² the mean of q·k is A₂.
 *   <li>Gap: {@code exact(q) − z q ≈ (d/L) Σ (k_l·q) ε_l} and {@code attn(q)/A − z q ≈ (1/L) Σ
 *       (w_l/E w)(v_l − A z q)/A}. They share the noise; {@code E[w q·k]/E[w] = A} and {@code
 *       E[(q·k)²] = 1/d} give the difference. The ridge is of higher order.
 *   <li>Source: the delta method for a ratio (check C4), C3 and C5 [derived]; V in closed form and
 *       the gap's constant [derived].
 * </ul>
 */
public final class SoftmaxAsymptotics {

  private final int dimension;
  private final int valueWidth;
  private final double priorVariance;
  private final double noiseVariance;
  private final double temperature;

  private SoftmaxAsymptotics(LinearGaussianModel<?> model, double temperature) {
    this.dimension = model.tokenSpace().keyWidth();
    this.valueWidth = model.tokenSpace().valueWidth();
    this.priorVariance = model.priorVariance();
    this.noiseVariance = model.noiseVariance();
    this.temperature = temperature;
  }

  /**
   * Returns the asymptotics of softmax attention at temperature γ on this model.
   *
   * @throws IllegalArgumentException if the temperature is not above zero, or with the reason if
   *     the kernel is not linear or the keys are not on the sphere
   */
  public static SoftmaxAsymptotics of(LinearGaussianModel<?> model, double temperature) {
    Check.positive("temperature", temperature);
    String reason = whyNot(model);
    if (!reason.isEmpty()) {
      throw new IllegalArgumentException("model: " + reason);
    }
    return new SoftmaxAsymptotics(model, temperature);
  }

  /** Returns why these asymptotics do not hold for a model, or the empty string if they do. */
  static String whyNot(LinearGaussianModel<?> model) {
    if (!model.isCentred()) {
      return "expected a prior mean of zero, got another";
    }
    if (!model.kernel().equals(new LinearKernel())) {
      return "expected the linear kernel, because a softmax scales every degree of another one by"
          + " another factor, got "
          + model.kernel();
    }
    if (model.keyLaw() != KeyLaw.SPHERE) {
      return "expected keys on the sphere, because the mean square of the softmax weights need not"
          + " exist for others, got "
          + model.keyLaw();
    }
    return "";
  }

  /** Returns A = A_d(1/γ), in 0..1: softmax attention tends to A times the linear map. */
  public double limitFactor() {
    return SphereSpectrum.meanResultantLength(dimension, 1 / temperature);
  }

  /** Returns {@code lim E‖attn(q) − z q‖² = (1 − A)² t2 p}, what the correction removes. */
  public double limitGap() {
    double shrinkage = 1 - limitFactor();
    return shrinkage * shrinkage * priorVariance * valueWidth;
  }

  /** Returns V, the limit of {@code L E‖attn(q) − S(q)‖²} before the correction. */
  public double varianceConstant() {
    double factor = limitFactor();
    double tilted = SphereSpectrum.meanResultantLength(dimension, 2 / temperature);
    double spread = 1 + factor * factor - 2 * factor * tilted;
    return valueWidth * weightSpread() * (priorVariance * spread + noiseVariance);
  }

  /** Returns {@code V / A²}, the limit of {@code L E‖attn(q)/A − z q‖²} after the correction. */
  public double correctedVarianceConstant() {
    double factor = limitFactor();
    return varianceConstant() / (factor * factor);
  }

  /** Returns the limit of {@code L E‖attn(q)/A − exact(q)‖²}; at least zero. */
  public double gapConstant() {
    return correctedVarianceConstant() - noiseVariance * dimension * valueWidth;
  }

  /** Returns R = E[w²] / E[w]², at least 1: how unequal the softmax weights are. */
  public double weightSpread() {
    double once = SphereSpectrum.logNormaliser(dimension, 1 / temperature);
    return Math.exp(SphereSpectrum.logNormaliser(dimension, 2 / temperature) - 2 * once);
  }
}
