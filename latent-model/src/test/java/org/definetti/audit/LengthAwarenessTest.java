package org.definetti.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.GaussianMean;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class LengthAwarenessTest {

  private static final GaussianMean MODEL = GaussianMean.of(1, 2, 1);
  private static final Tokens TOKENS =
      Tokens.of(MODEL.tokenSpace(), Token.real(0.5), Token.real(2), Token.real(-1));

  /** nu = 1/2, sum 1.5: the posterior mean is 1.5 / 3.5 once and 3 / 6.5 twice. */
  @Test
  void thePosteriorKnowsTheLength() {
    double gap = LengthAwareness.copiesGap(TOKENS, 2, x -> MODEL.prior().observe(x).mean());
    assertEquals(3 / 6.5 - 1.5 / 3.5, gap, 1e-15);
    assertTrue(LengthAwareness.copiesGap(TOKENS, 3, x -> MODEL.prior().observe(x).mean()) > gap);
  }

  /** The control: a mean over tokens does not. */
  @Test
  void meanPoolingDoesNot() {
    double gap =
        LengthAwareness.copiesGap(
            TOKENS, 2, x -> new SimpleMatrix(1, 1, true, x.values().elementSum() / x.length()));
    assertEquals(0, gap, 1e-15);
  }

  @Test
  void refusesNothingToCopy() {
    Tokens none = Tokens.none(MODEL.tokenSpace());
    assertThrows(
        IllegalArgumentException.class,
        () -> LengthAwareness.copiesGap(none, 2, x -> new SimpleMatrix(1, 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> LengthAwareness.copiesGap(TOKENS, 1, x -> new SimpleMatrix(1, 1)));
  }
}
