package org.definetti.symmetry;

import java.util.function.DoubleFunction;
import org.ejml.simple.SimpleMatrix;

/**
 * Derivatives of black boxes.
 *
 * <pre>{@code
 * F'(0) = Σ_s c_s (F(s h) - F(-s h)) / h,   c = 4/5, -1/5, 4/105, -1/280,   s = 1 … 4
 * }</pre>
 *
 * <p>Central differences of order eight: what they leave out falls as h⁸, so a step can be wide and
 * rounding small. For functions that are analytic within a distance of about one, as attention is
 * at inputs of unit size, the error is 1e-12 and less, where the usual difference stops at 1e-10;
 * and unlike dual numbers they need nothing of the function but its values. Source: [recalled].
 */
final class Slope {

  /** A derivative below this is not told from zero. */
  static final double ACCURACY = 1e-10;

  private static final double STEP = 0x1p-7;
  private static final double[] WEIGHTS = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};

  private Slope() {}

  /** Returns the derivative at zero of a matrix-valued function of one number; eight calls. */
  static SimpleMatrix along(DoubleFunction<SimpleMatrix> function) {
    SimpleMatrix sum = difference(1, function);
    for (int s = 2; s <= WEIGHTS.length; s++) {
      sum = sum.plus(difference(s, function));
    }
    return sum;
  }

  private static SimpleMatrix difference(int s, DoubleFunction<SimpleMatrix> function) {
    SimpleMatrix difference = function.apply(s * STEP).minus(function.apply(-s * STEP));
    return difference.scale(WEIGHTS[s - 1] / STEP);
  }
}
