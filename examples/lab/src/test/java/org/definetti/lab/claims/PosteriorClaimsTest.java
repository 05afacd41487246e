package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.definetti.audit.Concentration;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Outcome;
import org.junit.jupiter.api.Test;

/** Concentration and width of the posterior (A8, A9), with the oracles behind them. */
class PosteriorClaimsTest {

  @Test
  void concentration() {
    confirmed(new PosteriorConcentration());
  }

  @Test
  void width() {
    confirmed(new PosteriorWidth());
  }

  static void confirmed(Claim claim) {
    ClaimResult result = Smoke.check(claim);
    for (ClaimPart part : result.parts()) {
      assertEquals(Outcome.CONFIRMED, part.verdict().outcome(), part::toString);
    }
    Smoke.assertSameOnOneThread(claim, result);
  }

  /** Every sequence in place of every count vector, with the table of the claim written out. */
  @Test
  void meanDoubtByListingSequences() {
    double[][] table = {{0.5, 0.3, 0.2}, {0.2, 0.3, 0.5}, {0.1, 0.1, 0.8}};
    for (int length : List.of(1, 5)) {
      double mean = 0;
      for (int code = 0; code < Math.pow(3, length); code++) {
        double[] likelihood = {1, 1, 1};
        for (int l = 0, rest = code; l < length; l++, rest /= 3) {
          for (int k = 0; k < 3; k++) {
            likelihood[k] *= table[k][rest % 3];
          }
        }
        double others = likelihood[1] + likelihood[2];
        mean += likelihood[0] * others / (likelihood[0] + others);
      }
      assertEquals(Math.log(mean), PosteriorConcentration.logMeanDoubt(length), 1e-13);
    }
    assertEquals(Math.log(2.0 / 3), Concentration.logDoubt(new double[3], 1), 1e-15);
  }

  /** The error of a posterior mean by listing, for a coin and one toss, by hand. */
  @Test
  void errorOfACoinsPosteriorMean() {
    EnumerableModel coin = EnumerableModel.betaBernoulli(1, 1);
    // Posterior means 1/3 and 2/3: E z² - E m² = 1/3 - 5/18.
    assertEquals(1.0 / 18, PosteriorWidth.error(coin, coin, 1), 1e-15);
    assertEquals(1.0 / 18, PosteriorWidth.width(coin, coin, 1), 1e-15);
    EnumerableModel sure = EnumerableModel.betaBernoulli(1e9, 1e9);
    assertEquals(1.0 / 12, PosteriorWidth.error(coin, sure, 1), 1e-9); // always says one half
  }
}
