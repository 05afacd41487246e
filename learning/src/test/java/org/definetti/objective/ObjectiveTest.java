package org.definetti.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Sample;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.objective.Objective.Group;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class ObjectiveTest {

  private static final LinearRegression REGRESSION =
      LinearRegression.of(3, 2, 1.0, 0.1).withKeys(KeyLaw.SPHERE);

  private static final int LENGTH = 5;

  @Test
  void maskedShowsAllButTheLastTokenAndAsksWithItsKey() {
    Batch batch = fill(Objective.MASKED, REGRESSION);
    Tokens tokens = REGRESSION.sample(LENGTH + 1, generator()).tokens();
    assertContext(batch, tokens.prefix(LENGTH), 3, 2);
    for (int j = 0; j < 3; j++) {
      assertEquals((float) tokens.at(LENGTH, j), batch.queries()[3 + j]);
    }
    for (int j = 0; j < 2; j++) {
      assertEquals((float) tokens.at(LENGTH, 3 + j), batch.targets()[2 + j]);
    }
  }

  @Test
  void supervisedShowsAllTokensAndAsksTheLabelQuery() {
    Batch batch = fill(Objective.SUPERVISED, REGRESSION);
    RandomGenerator rng = generator();
    Sample<SimpleMatrix> sample = REGRESSION.sample(LENGTH, rng);
    double[] label = REGRESSION.drawLabel(sample.latent(), rng);
    assertContext(batch, sample.tokens(), 3, 2);
    assertEquals(1f, batch.queries()[3]);
    assertEquals(0f, batch.queries()[4]);
    assertEquals((float) label[1], batch.targets()[3]);
  }

  /** Any part of a group is that part of the whole group. */
  @Test
  void samplesOfAGroupShareTheirContextAndAskEachTheirOwn() {
    for (Objective objective : List.of(Objective.MASKED, Objective.SUPERVISED)) {
      Batch whole = Batch.zeros(objective.widths(REGRESSION), 4, LENGTH);
      objective.fill(REGRESSION, whole, 0, new Group(0, 4), generator());
      for (int l = 0; l < LENGTH; l++) {
        assertEquals(whole.keys(2)[l], whole.keys(2)[3 * LENGTH + l]);
        assertEquals(whole.values(1)[l], whole.values(1)[3 * LENGTH + l]);
      }
      assertNotEquals(whole.targets()[0], whole.targets()[2]);
      Batch part = Batch.zeros(objective.widths(REGRESSION), 2, LENGTH);
      objective.fill(REGRESSION, part, 0, new Group(1, 2), generator());
      Batch copy = Batch.zeros(objective.widths(REGRESSION), 2, LENGTH);
      copy.copySample(0, whole, 1);
      copy.copySample(1, whole, 2);
      assertEquals(copy, part);
    }
    assertThrows(IllegalArgumentException.class, () -> new Group(-1, 3));
    assertThrows(IllegalArgumentException.class, () -> new Group(1, 0));
  }

  @Test
  void withoutKeysTheQueryIsEmpty() {
    GaussianMean model = GaussianMean.of(2, 1.0, 2.0);
    for (Objective objective : Objective.values()) {
      Batch batch = fill(objective, model);
      for (float number : batch.queries()) {
        assertEquals(0f, number);
      }
    }
  }

  /** Sample 1, filled: every shown value is a target, then the question of a masked token. */
  @Test
  void theNextTokenIsTheTargetOfEveryRow() {
    Batch masked = fill(Objective.MASKED, REGRESSION);
    Batch batch = fill(Objective.NEXT_TOKEN, REGRESSION);
    int p = batch.widths().target();
    assertEquals(LENGTH + 1, batch.rows());
    assertArrayEquals(masked.queries(), batch.queries());
    for (int j = 0; j < p; j++) {
      for (int t = 0; t < LENGTH; t++) {
        int row = LENGTH + 1 + t;
        assertEquals(batch.values(j)[LENGTH + t], batch.targets()[row * p + j]);
      }
      assertEquals(masked.targets()[p + j], batch.targets()[(2 * LENGTH + 1) * p + j]);
    }
  }

  /** A shorter sample in a padded batch ends with its own question; what is behind stays zero. */
  @Test
  void aShorterSampleHasFewerRows() {
    Batch batch = Batch.zeros(Objective.NEXT_TOKEN.widths(REGRESSION), 1, LENGTH, LENGTH + 1);
    batch.setLength(0, 2);
    Objective.NEXT_TOKEN.fill(REGRESSION, batch, 0, Group.single(), generator());
    int p = batch.widths().target();
    assertEquals(batch.values(0)[1], batch.targets()[p]);
    assertNotEquals(0f, batch.targets()[2 * p]);
    for (int i = 3 * p; i < batch.targets().length; i++) {
      assertEquals(0f, batch.targets()[i]);
    }
  }

  @Test
  void objectivesAreFoundByTheirLabels() {
    for (Objective objective : Objective.values()) {
      assertEquals(objective, Objective.ofLabel(objective.label()));
    }
    assertEquals("next-token", Objective.NEXT_TOKEN.label());
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> Objective.ofLabel("previous-token"));
    assertEquals(
        "objective: expected one of [masked, supervised, latent, next-token], got previous-token",
        error.getMessage());
  }

  @Test
  void rowsMustFitTheObjective() {
    Batch batch = Batch.zeros(Objective.NEXT_TOKEN.widths(REGRESSION), 1, LENGTH);
    assertThrows(
        ShapeMismatchException.class,
        () -> Objective.NEXT_TOKEN.fill(REGRESSION, batch, 0, Group.single(), generator()));
  }

  @Test
  void categoriesBecomeTheirStatistic() {
    DirichletCategorical model = DirichletCategorical.of(0.5, 0.8, 1.2);
    assertEquals(new Widths(3, 3, 3), Objective.MASKED.widths(model));
    Batch batch = fill(Objective.MASKED, model);
    float sum = batch.targets()[3] + batch.targets()[4] + batch.targets()[5];
    assertEquals(1f, sum);
    for (int l = LENGTH; l < 2 * LENGTH; l++) {
      assertEquals(1f, batch.values(0)[l] + batch.values(1)[l] + batch.values(2)[l]);
    }
  }

  /**
   * Both targets are unbiased for the exact predictive mean: over 4000 samples the mean residual is
   * within 4 standard errors (false alarms: 6e-5 each, 2e-4 in all).
   */
  @Test
  void targetsAreUnbiasedForThePredictiveMean() {
    GaussianMean gaussian = GaussianMean.of(1, 1.0, 2.0);
    assertUnbiased(Objective.MASKED, gaussian);
    assertUnbiased(Objective.SUPERVISED, gaussian);
    assertUnbiased(Objective.SUPERVISED, DirichletCategorical.of(0.5, 0.8));
  }

  private static void assertUnbiased(Objective objective, LatentModel<?> model) {
    Batch batch = Batch.zeros(objective.widths(model), 1, LENGTH);
    int count = 4000;
    double sum = 0.0;
    double squares = 0.0;
    for (int i = 0; i < count; i++) {
      objective.fill(model, batch, 0, Group.single(), Seed.of(3).child(i).generator());
      int visible = objective == Objective.MASKED ? LENGTH + 1 : LENGTH;
      Tokens tokens =
          model.sample(visible, Seed.of(3).child(i).generator()).tokens().prefix(LENGTH);
      double mean = model.prior().observe(tokens).predictive(model.labelQuery()).mean().get(0, 0);
      double residual = batch.targets()[0] - mean;
      sum += residual;
      squares += residual * residual;
    }
    double standardError = Math.sqrt(squares) / count;
    assertTrue(Math.abs(sum / count) < 4 * standardError, "mean residual " + sum / count);
  }

  @Test
  void refusesABatchOfOtherWidths() {
    Batch batch = Batch.zeros(new Widths(2, 2, 2), 1, LENGTH);
    assertThrows(
        ShapeMismatchException.class,
        () -> Objective.MASKED.fill(REGRESSION, batch, 0, Group.single(), generator()));
    assertThrows(
        ShapeMismatchException.class,
        () -> Objective.SUPERVISED.fill(REGRESSION, batch, 0, Group.single(), generator()));
  }

  private static Batch fill(Objective objective, LatentModel<?> model) {
    Batch batch = Batch.zeros(objective.widths(model), 2, LENGTH, objective.rows(LENGTH));
    objective.fill(model, batch, 1, Group.single(), generator());
    return batch;
  }

  private static RandomGenerator generator() {
    return Seed.of(42).generator();
  }

  private static void assertContext(Batch batch, Tokens tokens, int dk, int dv) {
    for (int l = 0; l < LENGTH; l++) {
      for (int j = 0; j < dk; j++) {
        assertEquals((float) tokens.at(l, j), batch.keys(j)[LENGTH + l]);
      }
      for (int j = 0; j < dv; j++) {
        assertEquals((float) tokens.at(l, dk + j), batch.values(j)[LENGTH + l]);
      }
    }
  }
}
