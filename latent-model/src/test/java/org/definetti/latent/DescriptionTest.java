package org.definetti.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class DescriptionTest {

  @Test
  void modelsAreBuiltAgainFromTheirDescriptions() {
    GaussianMean mean =
        GaussianMean.of(2, 0.3, 1e-3).withPriorMean(new SimpleMatrix(1, 2, true, 0.1, -7.0));
    assertEquals(mean, GaussianMean.from(mean.description()));
    BetaBernoulli coin = BetaBernoulli.of(0.5, 2).withLabelVariance(3);
    assertEquals(coin, BetaBernoulli.from(coin.description()));
    DirichletCategorical die = DirichletCategorical.of(1, 2, 0.25);
    assertEquals(die, DirichletCategorical.from(die.description()));
    LinearRegression map = LinearRegression.of(3, 2, 1, 0.1).withKeys(KeyLaw.GAUSSIAN);
    assertEquals(map, LinearRegression.from(map.description()));
  }

  private static void assertRefused(String message, ModelDescription description) {
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> GaussianMean.from(description));
    assertEquals(message, error.getMessage());
  }

  @Test
  void wrongDescriptionsAreRefusedByName() {
    ModelDescription right = GaussianMean.of(2, 1, 1).description();
    assertRefused(
        "name: expected gaussian-mean, got beta-bernoulli", BetaBernoulli.of(1, 1).description());
    assertRefused(
        "gaussian-mean, dimension: expected a number, got none",
        ModelDescription.of("gaussian-mean"));
    assertRefused(
        "gaussian-mean, dimension: expected a whole number, got 1.5", right.with("dimension", 1.5));
    assertRefused(
        "gaussian-mean, prior-mean: expected shape (1, 2), got (1, 3)",
        right.with("prior-mean", new SimpleMatrix(1, 3)));
    assertRefused(
        "gaussian-mean: expected the fields [dimension, prior-variance, noise-variance,"
            + " label-variance, prior-mean], got also [colour]",
        right.with("colour", "red"));
    assertRefused(
        "gaussian-mean, version: expected 1, got 2",
        new ModelDescription("gaussian-mean", 2, right.choices(), right.numbers(), right.arrays()));
  }
}
