package com.example;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.latent.LatentModelContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The slip of the pen that the kit is there for: prior over noise instead of noise over prior. */
class WrongRidgeTest {
  private final LatentModelContract<Double> kit = () -> new Slope(2, 0.5, 2 / 0.5);

  private static void assertCaught(Executable check, String... reasons) {
    String message = assertThrows(AssertionError.class, check).getMessage();
    for (String reason : reasons) {
      assertTrue(message.contains(reason), message);
    }
  }

  @Test
  void theSamplerDisagreesWithThePredictions() {
    assertCaught(
        kit::maskedTokensAreAsPredicted,
        "the tokens count for too little, so the prior count or the ridge",
        "is too large",
        "times the predicted variance, expected 1: the predictive variance is too small");
  }

  @Test
  void theLatentIsNotADrawOfThePosterior() {
    assertCaught(kit::latentsLookLikeDrawsOfThePosterior, "the posterior is too narrow");
  }

  /** It is a consistent belief about another model, so nothing but the sampler gives it away. */
  @Test
  void everythingElsePasses() {
    kit.orderOfTokensDoesNotMatter();
    kit.evidenceObeysTheChainRule();
    kit.predictiveIntegratesToOne();
    kit.predictionsAreAMartingale();
  }
}
