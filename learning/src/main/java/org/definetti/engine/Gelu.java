package org.definetti.engine;

/**
 * The Gaussian error linear unit in its exact form, float32.
 *
 * <pre>{@code
 * gelu(x)  = x Φ(x),   gelu'(x) = Φ(x) + x φ(x)
 * 1 - Φ(x) = e^(-x²/2) · ½ (A_1 t + … + A_5 t^5),   t = 1 / (1 + P x / √2),   x >= 0
 * }</pre>
 *
 * <ul>
 *   <li>Value and slope share one exponential: φ(x) = e^(-x²/2) / √(2π).
 *   <li>Accuracy: absolute error of Φ below 2e-7, of which 7.5e-8 is the formula's; of the slope
 *       below 3e-7 · max(1, |x|) (tested).
 *   <li>Edge cases: gelu(0) = 0; far below zero the value goes to 0, far above to x; NaN stays NaN.
 *   <li>Source: unit [recalled]; approximation of erf [recalled: Abramowitz and Stegun 7.1.26].
 * </ul>
 */
public final class Gelu {

  /** The P of the formula, over √2. */
  public static final float P = (float) (0.3275911 / 1.4142135623730951);

  /** Half the coefficients of the formula. */
  public static final float A1 = (float) (0.5 * 0.254829592);

  public static final float A2 = (float) (0.5 * -0.284496736);
  public static final float A3 = (float) (0.5 * 1.421413741);
  public static final float A4 = (float) (0.5 * -1.453152027);
  public static final float A5 = (float) (0.5 * 1.061405429);

  /** 1 / √(2π). */
  public static final float DENSITY_AT_ZERO = (float) 0.3989422804014327;

  private Gelu() {}

  /** Returns x Φ(x). */
  public static float value(float x) {
    return x * distribution(x, FloatExp.exp(-0.5f * x * x));
  }

  /** Returns the derivative Φ(x) + x φ(x). */
  public static float slope(float x) {
    float power = FloatExp.exp(-0.5f * x * x);
    return distribution(x, power) + x * DENSITY_AT_ZERO * power;
  }

  /**
   * Replaces each number of a row by its value and writes the slopes.
   *
   * @param row its first {@code count} numbers are used. Modified.
   * @param slopes as many are written. Modified.
   */
  static void apply(float[] row, float[] slopes, int count) {
    for (int j = 0; j < count; j++) {
      float x = row[j];
      float power = FloatExp.exp(-0.5f * x * x);
      float share = distribution(x, power);
      row[j] = x * share;
      slopes[j] = share + x * DENSITY_AT_ZERO * power;
    }
  }

  /** Returns Φ(x), given e^(-x²/2). */
  private static float distribution(float x, float power) {
    float t = 1f / (1f + P * Math.abs(x));
    float tail = t * (A1 + t * (A2 + t * (A3 + t * (A4 + t * A5)))) * power;
    return x < 0f ? tail : 1f - tail;
  }
}
