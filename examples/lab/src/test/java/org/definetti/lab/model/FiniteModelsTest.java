package org.definetti.lab.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.latent.LatentModel;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.latent.finite.Topics;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class FiniteModelsTest {

  private static final double ROUNDING = 1e-15;

  private static LatentModel<?> model(String text) {
    return Models.of(text, UserClasses.of(null));
  }

  private static SimpleMatrix matrix(int rows, double... numbers) {
    return new SimpleMatrix(rows, numbers.length / rows, true, numbers);
  }

  @Test
  void everyModelIsReadBackFromItsDescription() {
    for (BuiltInModel entry : FiniteModels.ALL) {
      LatentModel<?> model = entry.build("");
      assertEquals(entry.name(), model.description().name());
      assertEquals(model, entry.reader().apply(model.description()));
      assertEquals(3, model.sample(3, Seed.of(1).generator()).tokens().length());
    }
  }

  /** E6: P_z = (.4, .3, .2, .1) + ε D. */
  @Test
  void categoricalConceptsAreThoseOfTheMainExperiment() {
    for (double epsilon : new double[] {1, 0.5, 0.25, 0.125}) {
      CategoricalConcepts model =
          (CategoricalConcepts) model("categorical-concepts:separation=" + epsilon);
      SimpleMatrix d = matrix(3, .2, -.1, -.1, 0, -.1, .2, -.05, -.05, -.1, -.1, .15, .05);
      for (int k = 0; k < 3; k++) {
        for (int w = 0; w < 4; w++) {
          double expected = 0.4 - 0.1 * w + epsilon * d.get(k, w);
          assertEquals(expected, model.likelihoods().get(k, w), ROUNDING);
        }
        assertEquals(1.0 / 3, model.priorProbabilities().get(0, k), ROUNDING);
      }
    }
  }

  /** E7: base + ε (D - column mean), on the 15 multiples of 1/4. */
  @Test
  void topicsAreThoseOfTheRangeExperiment() {
    SimpleMatrix d = matrix(3, .3, -.1, -.1, -.1, -.1, .3, -.1, -.1, -.2, -.1, .15, .15);
    for (double epsilon : new double[] {1, 0.1}) {
      Topics model = (Topics) model("topics:separation=" + epsilon);
      assertEquals(15, model.mixtures().getNumRows());
      for (int w = 0; w < 4; w++) {
        double mean = (d.get(0, w) + d.get(1, w) + d.get(2, w)) / 3;
        for (int t = 0; t < 3; t++) {
          double expected = 0.4 - 0.1 * w + epsilon * (d.get(t, w) - mean);
          assertEquals(expected, model.topics().get(t, w), ROUNDING);
        }
      }
    }
  }

  @Test
  void variancesAreOneForAllOrOneEach() {
    assertTrue(((GaussianConcepts) model("gaussian-concepts")).hasSharedCovariance());
    GaussianConcepts own = (GaussianConcepts) model("gaussian-concepts:variances=1/2/3");
    assertEquals(3, own.covariance(2).get(1, 1));
  }

  @Test
  void wrongSettingsAreRefusedByName() {
    for (String[] wrong :
        new String[][] {
          {"categorical-concepts:separation=1.5", "separation: expected in 0..1, got 1.5"},
          {"categorical-concepts:likelihoods=1/1", "likelihoods: expected a multiple of 3"},
          {"categorical-concepts:prior=0/0/0", "prior: expected a finite sum > 0, got 0.0"},
          {"gaussian-concepts:variances=1/2", "covariances: expected 3 as means, got 2"},
          {"regression-concepts:noise-variance=0", "noiseVariance: expected finite and > 0"},
          {"topics:grid=0", "steps: expected >= 1, got 0"},
          {"equal-mean-clusters:deviations=1/2", "prior: expected shape (1, 2), got (1, 3)"},
        }) {
      Exception error = assertThrows(IllegalArgumentException.class, () -> model(wrong[0]));
      assertTrue(error.getMessage().startsWith(wrong[1]), error.getMessage());
    }
  }
}
