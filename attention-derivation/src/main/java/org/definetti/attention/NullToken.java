package org.definetti.attention;

import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * A token that is always there: the prior, as attention sees it.
 *
 * <p>Its key is the zero vector, so its logit is the same number for every query and temperature.
 * For a conjugate model it has logit {@code log ν} and value {@code χ0}: it counts as ν tokens
 * whose statistics average to the prior mean. Source: [derived] (check B2).
 *
 * @param logit its logit, finite
 * @param value its value, shape (1, dv), finite
 */
public record NullToken(double logit, SimpleMatrix value) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the logit or a number of the value is not finite
   * @throws org.definetti.latent.ShapeMismatchException if the value is not one row
   */
  public NullToken {
    if (!Double.isFinite(logit)) {
      throw new IllegalArgumentException("logit: expected finite, got " + logit);
    }
    Check.matrix("value", value, 1, -1);
  }

  /** Returns the null token worth {@code count} tokens, above zero: logit {@code log count}. */
  public static NullToken ofCount(double count, SimpleMatrix value) {
    return new NullToken(Math.log(Check.positive("count", count)), value);
  }
}
