package org.definetti.lab.claims;

import org.definetti.derivation.SoftmaxAsymptotics;
import org.definetti.latent.regression.LinearRegression;

/**
 * The in-context regression on which softmax attention is studied: keys uniform on the sphere in
 * dimension 8, four values a token, prior variance 1, noise variance 0.1.
 *
 * <p>Four values share the keys of a token. Their gaps are added, so a sequence says four times as
 * much about a constant as with one value, for little more work.
 */
final class SphereRegression {

  /** Key width d. */
  static final int KEY_WIDTH = 8;

  /** Value width p. */
  static final int VALUE_WIDTH = 4;

  /** Temperature γ of the derived attention. */
  static final double TEMPERATURE = 0.25;

  /** The model. */
  static final LinearRegression MODEL = LinearRegression.of(KEY_WIDTH, VALUE_WIDTH, 1, 0.1);

  /** What is known about softmax attention on it for long sequences. */
  static final SoftmaxAsymptotics LIMIT = SoftmaxAsymptotics.of(MODEL, TEMPERATURE);

  private SphereRegression() {}
}
