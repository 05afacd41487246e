package org.definetti.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class PosteriorSpreadTest {

  @Test
  void formulas() {
    double a = 1.3;
    double b = 2.2;
    for (int length : new int[] {0, 1, 17}) {
      double nu = a + b;
      assertEquals(
          a * b / (nu * (nu + 1) * (nu + length)),
          PosteriorSpread.conjugate(BetaBernoulli.of(a, b), length),
          1e-15);
    }
    // Three coordinates of prior variance 0.5, noise variance 2: 1 / (1/0.5 + L/2) each.
    assertEquals(
        3 / (2 + 8 / 2.0), PosteriorSpread.conjugate(GaussianMean.of(3, 0.5, 2), 8), 1e-15);
    assertThrows(
        IllegalArgumentException.class,
        () -> PosteriorSpread.conjugate(BetaBernoulli.of(1, 1), -1));
  }

  /** False alarm below 1e-6: the difference is judged at 5 standard errors. */
  @Test
  void statedSpreadIsTheErrorMade() {
    LinearRegression model = LinearRegression.of(2, 2, 1.5, 0.4);
    List<PosteriorSpread.Trial> trials =
        PosteriorSpread.trials(model, 5, 4000, Seed.of(2).generator());
    assertEquals(4000, trials.size());
    assertTrue(Math.abs(standardised(trials)) < 5);
  }

  /** The control: a posterior mean that is not the model's errs by more than the spread. */
  @Test
  void aWrongPosteriorIsCaught() {
    GaussianMean model = GaussianMean.of(2, 1, 1);
    List<PosteriorSpread.Trial> trials =
        PosteriorSpread.trials(
            model,
            1,
            4000,
            Seed.of(2).generator(),
            (tokens, latent) -> {
              SimpleMatrix last = tokens.values(); // no shrinkage towards the prior
              double error = last.minus(latent).normF();
              double stated = model.prior().observe(tokens).covariance().trace();
              return new PosteriorSpread.Trial(stated, error * error);
            });
    assertTrue(standardised(trials) > 10);
  }

  private static double standardised(List<PosteriorSpread.Trial> trials) {
    double sum = 0;
    double squares = 0;
    for (PosteriorSpread.Trial trial : trials) {
      double gap = trial.squaredError() - trial.covarianceTrace();
      sum += gap;
      squares += gap * gap;
    }
    double mean = sum / trials.size();
    return mean / Math.sqrt((squares / trials.size() - mean * mean) / trials.size());
  }
}
