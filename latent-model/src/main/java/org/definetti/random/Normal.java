package org.definetti.random;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Standard normal draws by a ziggurat of 256 layers, the same bits on any JDK and machine.
 *
 * <p>One 64-bit word serves 98.5 % of draws, and its parts do not overlap: bits 0-7 choose the
 * layer, bits 8-10 are not used, bits 11-63, read as a signed number s, place {@code x = (s + 1/2)
 * · 2^-52 · x[layer]} in the layer. The half makes x symmetric about zero and never zero. A draw
 * that falls inside the next layer is accepted; one in a wedge is compared with the density at a
 * height of 52 fresh bits; one beyond R is replaced by a draw from the tail. {@link StrictMath}
 * appears only there and in the tables.
 *
 * <ul>
 *   <li>Accuracy: the distribution is exact up to the rounding of x and of the height, 2^-52
 *       relative to the width of a layer and to the height of a wedge.
 *   <li>Cost: a few nanoseconds a draw; no allocation; stateless.
 *   <li>Source: Marsaglia and Tsang 2000; the separate layer bits follow Doornik 2005; tail:
 *       Marsaglia 1964 [recalled].
 * </ul>
 */
public final class Normal {

  private static final int LAYER_MASK = Ziggurat.LAYERS - 1;
  private static final int POSITION_SHIFT = 11;

  private static final double[] X = Ziggurat.X;
  private static final double[] SCALE = scales();

  private Normal() {}

  /** Returns one draw from N(0, 1). */
  public static double draw(RandomGenerator rng) {
    long bits = rng.nextLong();
    int layer = (int) bits & LAYER_MASK;
    double x = ((bits >> POSITION_SHIFT) + 0.5) * SCALE[layer];
    if (Math.abs(x) < X[layer + 1]) {
      return x;
    }
    return outside(layer, x, rng);
  }

  /**
   * Fills {@code out[from] ... out[to - 1]} with independent draws from N(0, 1), in index order and
   * with the same bits as that many calls of {@link #draw}.
   *
   * @param out Modified.
   * @param to one past the last index filled; equal to from for none
   * @throws IndexOutOfBoundsException if from and to are not a range within out
   */
  public static void fill(double[] out, int from, int to, RandomGenerator rng) {
    Objects.checkFromToIndex(from, to, out.length);
    for (int i = from; i < to; i++) {
      out[i] = draw(rng);
    }
  }

  /** Finishes a draw that left the part of its layer that lies under the next one. */
  private static double outside(int firstLayer, double firstX, RandomGenerator rng) {
    int layer = firstLayer;
    double x = firstX;
    while (true) {
      if (layer == 0) {
        return tail(x < 0, rng);
      }
      double floor = Ziggurat.F[layer];
      double height = floor + Uniform.open(rng) * (Ziggurat.F[layer + 1] - floor);
      if (height < Ziggurat.density(x)) {
        return x;
      }
      long bits = rng.nextLong();
      layer = (int) bits & LAYER_MASK;
      x = ((bits >> POSITION_SHIFT) + 0.5) * SCALE[layer];
      if (Math.abs(x) < X[layer + 1]) {
        return x;
      }
    }
  }

  /** Draws beyond R: an exponential proposal of rate R, accepted with probability exp(-x²/2). */
  private static double tail(boolean negative, RandomGenerator rng) {
    while (true) {
      double x = -StrictMath.log(Uniform.open(rng)) / Ziggurat.R;
      double y = -StrictMath.log(Uniform.open(rng));
      if (y + y > x * x) {
        return negative ? -(Ziggurat.R + x) : Ziggurat.R + x;
      }
    }
  }

  private static double[] scales() {
    double[] scales = new double[Ziggurat.LAYERS];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = X[i] * 0x1p-52;
    }
    return scales;
  }
}
