package org.definetti.attention;

import org.definetti.latent.Check;
import org.definetti.latent.special.SphereIntegrals;
import org.ejml.simple.SimpleMatrix;

/**
 * Attention that adds up directions, then reads the sum by its length: a normalisation layer whose
 * gain is a ratio of Bessel functions.
 *
 * <pre>{@code
 * η = η0 + κ inner(q, K, V),   out = A_d(κ) A_d(|η|) η / |η|,   A_d = I_{d/2} / I_{d/2−1}
 * }</pre>
 *
 * <ul>
 *   <li>Where: κ concentration, η0 offset (the prior's natural parameter), d the width of the
 *       output. Long sums are cut to length A_d(κ), short ones are shrunk: A_d(r) ≈ r / d.
 *   <li>Shapes: {@code inner} gives (m, d), η0 (1, d); result (m, d).
 *   <li>Edge cases: η = 0 gives zero, the mean of the uniform law.
 *   <li>Cost: that of {@code inner} and m Bessel ratios.
 *   <li>Source: [derived] (models M7, MS5).
 * </ul>
 *
 * @param inner the attention that adds directions up
 * @param offset η0, finite
 * @param concentration κ, finite and not negative
 */
public record DirectionAttention(Attention inner, SimpleMatrix offset, double concentration)
    implements Attention {

  /**
   * Checks the offset and the concentration.
   *
   * @throws IllegalArgumentException if the offset is not one finite row or the concentration is
   *     negative or not finite
   */
  public DirectionAttention {
    Check.matrix("offset", offset, 1, -1);
    Check.notNegative("concentration", concentration);
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    SimpleMatrix sums = inner.attend(queries, context);
    int d = offset.getNumCols();
    Shapes.sameWidth("outputs of inner", sums, d, "the offset");
    double blur = SphereIntegrals.meanResultantLength(d, concentration);
    double[] rows = sums.scale(concentration).getDDRM().data;
    for (int i = 0; i < rows.length; i += d) {
      read(rows, i, blur);
    }
    return new SimpleMatrix(sums.getNumRows(), d, true, rows);
  }

  /** Turns κ times a sum into the output. {@code rows} is modified. */
  private void read(double[] rows, int from, double blur) {
    int d = offset.getNumCols();
    double square = 0;
    for (int j = 0; j < d; j++) {
      rows[from + j] += offset.get(j);
      square += rows[from + j] * rows[from + j];
    }
    double length = Math.sqrt(square);
    double gain = length == 0 ? 0 : blur * SphereIntegrals.meanResultantLength(d, length) / length;
    for (int j = 0; j < d; j++) {
      rows[from + j] *= gain;
    }
  }
}
