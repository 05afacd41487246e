package org.definetti.random;

/**
 * The tables of the normal ziggurat: 256 layers of equal area under {@code f(x) = exp(-x²/2)}.
 *
 * <pre>{@code
 * V = R · f(R) + ∫_R^∞ f(x) dx
 * x[0] = V / f(R),  x[1] = R,  f(x[i+1]) = f(x[i]) + V / x[i],  x[256] = 0
 * }</pre>
 *
 * <p>Layer i ≥ 1 is the box {@code |x| < x[i]}, {@code f(x[i]) < y < f(x[i+1])}; layer 0 is the box
 * below f(R) together with the tail, given the width of a box of the same area. R is the one number
 * for which layer 255 ends at f = 1.
 *
 * <p>Source: Marsaglia and Tsang 2000, The ziggurat method for generating random variables
 * [recalled]; R and V solved for 256 layers with 50 digits [derived].
 */
final class Ziggurat {

  static final int LAYERS = 256;

  /** Where the tail starts. */
  static final double R = 3.654152885361009;

  /** The area of each layer, on the positive side. */
  static final double V = 0.004928673233974655;

  /** x[0] ... x[256], decreasing. */
  static final double[] X = new double[LAYERS + 1];

  /** f(x[0]) ... f(x[256]); entry 0 is 0, the floor of layer 0. */
  static final double[] F = new double[LAYERS + 1];

  static {
    X[0] = V / density(R);
    X[1] = R;
    F[0] = 0;
    F[1] = density(R);
    for (int i = 1; i < LAYERS - 1; i++) {
      F[i + 1] = F[i] + V / X[i];
      X[i + 1] = StrictMath.sqrt(-2 * StrictMath.log(F[i + 1]));
    }
    X[LAYERS] = 0;
    F[LAYERS] = 1;
  }

  private Ziggurat() {}

  /** Returns exp(-x²/2), the same bits on every machine. */
  static double density(double x) {
    return StrictMath.exp(-0.5 * x * x);
  }
}
