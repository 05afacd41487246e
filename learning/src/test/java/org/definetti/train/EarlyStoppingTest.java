package org.definetti.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.optimise.Schedule;
import org.definetti.random.Seed;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {

  private static List<ValidationPoint> losses(double... values) {
    List<ValidationPoint> losses = new ArrayList<>();
    for (double value : values) {
      losses.add(new ValidationPoint(losses.size() + 1, value));
    }
    return losses;
  }

  @Test
  void stopsAfterPatienceEvaluationsWithoutEnoughImprovement() {
    EarlyStopping rule = EarlyStopping.every(1).withPatience(2).withImprovement(0.1);
    assertEquals(-1, rule.best(losses()));
    assertFalse(rule.stops(losses()));
    assertEquals(0, rule.best(losses(5)));
    assertFalse(rule.stops(losses(5, 4.95)));
    assertTrue(rule.stops(losses(5, 4.95, 4.91)));
    assertEquals(0, rule.best(losses(5, 4.95, 4.91)));
    // Improvement counts from the best, so small ones add up.
    assertEquals(2, rule.best(losses(5, 4.95, 4.89)));
    assertFalse(rule.stops(losses(5, 4.95, 4.89, 6)));
    assertTrue(rule.stops(losses(5, 4.95, 4.89, 6, 7)));
  }

  private static final GaussianMean MODEL = GaussianMean.of(2, 1.0, 2.0);

  /**
   * A head with a free readout and a rate that does not fall fits twelve samples ever better and
   * new ones worse: the fit must end early, and with the parameters of its least validation loss.
   */
  @Test
  void anOverfittingFitEndsEarlyWithItsBestParameters() {
    FixedDataSet.Size size = new FixedDataSet.Size(12, 4);
    FixedDataSet few = FixedDataSet.draw(MODEL, Objective.MASKED, size, Seed.of(1));
    FreshSamples fresh = validation();
    SoftmaxHeadLayer layer = SoftmaxHeadLayer.of(few.widths()).withNullToken();
    TrainingOptions options = TrainingOptions.withDefaults().withSteps(3000).withLogEvery(10);
    Trainer trainer =
        Trainer.of(layer, few, Loss.squaredError())
            .withOptions(options)
            .withSchedule(Schedule.constant(0.03))
            .withEarlyStopping(EarlyStopping.every(10).withPatience(5), fresh);
    TrainingResult result = trainer.fit(Seed.of(2));
    assertTrue(result.steps() < 3000, "stopped early, at " + result.steps());
    double least = result.validation().stream().mapToDouble(ValidationPoint::loss).min().orElse(0);
    assertEquals(least, validationLoss(layer, fresh, result.parameters()));
    assertEquals(result, trainer.withOptions(options.withThreads(3)).fit(Seed.of(2)));
    // Without the rule the same fit goes on, and is worse on new data.
    TrainingResult whole =
        Trainer.of(layer, few, Loss.squaredError())
            .withOptions(options.withSteps(600))
            .withSchedule(Schedule.constant(0.03))
            .fit(Seed.of(2));
    assertTrue(validationLoss(layer, fresh, whole.parameters()) > 1.1 * least);
  }

  private static FreshSamples validation() {
    return FreshSamples.of(MODEL, Objective.MASKED, Lengths.fixed(4), Seed.of(9));
  }

  private static double validationLoss(
      SoftmaxHeadLayer layer, DataSource data, Parameters parameters) {
    try (ChunkRunner runner =
        new ChunkRunner(
            layer,
            new HeldBatch(data.batch(0)),
            Loss.squaredError(),
            TrainingOptions.withDefaults(),
            false)) {
      return runner.loss(parameters);
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThrows(IllegalArgumentException.class, () -> EarlyStopping.every(0));
    assertThrows(IllegalArgumentException.class, () -> EarlyStopping.every(1).withPatience(0));
    assertThrows(IllegalArgumentException.class, () -> EarlyStopping.every(1).withImprovement(-1));
    FreshSamples data = validation();
    Trainer trainer = Trainer.of(SoftmaxHeadLayer.of(data.widths()), data, Loss.squaredError());
    DataSource wider = new HeldBatch(Batch.zeros(new Widths(5, 2, 2), 1, 4));
    assertThrows(
        ShapeMismatchException.class,
        () -> trainer.withEarlyStopping(EarlyStopping.every(1), wider));
  }
}
