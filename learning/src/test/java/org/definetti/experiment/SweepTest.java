package org.definetti.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.definetti.attention.Attention;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;
import org.definetti.train.TrainingOptions;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class SweepTest {

  private static final GaussianMean MODEL = GaussianMean.of(2, 1.3, 0.7);

  /** Squares of differences of a few ulps. */
  private static final double ROUNDING = 1e-24;

  private static final Training SHORT =
      Training.of(widths -> SoftmaxHeadLayer.of(widths).withNullToken())
          .withOptions(TrainingOptions.withDefaults().withSteps(20))
          .withBatchSize(16);

  private static Sweep small() {
    return Sweep.of(MODEL).withLengths(4, 9, 16).withSequences(20).withSeeds(3);
  }

  @Test
  void theDerivedHeadHasNoGapAndReadsOutThePosterior() {
    SweepResult result = small().withDerived("null-token-softmax").execute(1);
    for (CurvePoint point : result.curve("null-token-softmax", "squared-gap").points()) {
      assertTrue(point.mean() < ROUNDING, "gap " + point.mean());
    }
    for (CurvePoint point : result.curve("null-token-softmax", "posterior-kl").points()) {
      assertTrue(Math.abs(point.mean()) < ROUNDING, "divergence " + point.mean());
    }
    double priorCount = 0.7 / 1.3;
    for (CurvePoint point : result.curve("null-token-softmax", "implied-prior-count").points()) {
      assertEquals(priorCount, point.mean(), 1e-12);
    }
  }

  /** Family of 3 comparisons at 4 standard errors: false alarms below 1e-3 at a random seed. */
  @Test
  void meanPoolingHasItsKnownGap() {
    Curve curve =
        small()
            .withSeeds(20)
            .withDerived("mean-pooling")
            .execute(2)
            .curve("mean-pooling", "squared-gap");
    double nu = 0.7 / 1.3;
    for (CurvePoint point : curve.points()) {
      double expected = 2 * nu * nu * 1.3 / (point.value() * (point.value() + nu));
      assertEquals(expected, point.mean(), 4 * point.standardError());
    }
  }

  @Test
  void attentionsAreComparedOnTheSameSequences() {
    Attention twice =
        (queries, context) -> SimpleMatrix.wrap(context.values().getDDRM().copy()).rows(0, 1);
    SweepResult result =
        small().withAttention("first", twice).withAttention("again", twice).execute(3);
    assertEquals(
        result.curve("first", "squared-gap").points(),
        result.curve("again", "squared-gap").points());
  }

  /** Prefixes are nested: a sweep over fewer lengths sees the same tokens. */
  @Test
  void aLengthHasTheSameNumbersWhateverTheOthers() {
    Sweep sweep = Sweep.of(MODEL).withSequences(10).withSeeds(2).withDerived("mean-pooling");
    Curve few = sweep.withLengths(4).execute(4).curve("mean-pooling", "squared-gap");
    Curve many = sweep.withLengths(4, 32).execute(4).curve("mean-pooling", "squared-gap");
    assertEquals(few.points().get(0), many.points().get(0));
  }

  @Test
  void threadsChangeNothingWithTrainedAttentionsToo() {
    Sweep sweep =
        small()
            .withObjectives(Objective.MASKED, Objective.SUPERVISED)
            .withTrained("null-token-softmax", SHORT)
            .withTrained("null-token-softmax", SHORT.withLengths(Lengths.uniform(4, 16)))
            .withDerived("null-token-softmax");
    SweepResult one = sweep.withRunner(Runner.withDefaults().withThreads(1)).execute(5);
    SweepResult four = sweep.withRunner(Runner.withDefaults().withThreads(4)).execute(5);
    assertEquals(
        ResultFiles.cells(List.of(one.results())), ResultFiles.cells(List.of(four.results())));
    assertEquals(18, one.results().plan().cells().size());
  }

  /**
   * Four sequences are overfitted; the margin is more than tenfold, so the seed does not matter.
   */
  @Test
  void aSmallDataSetGeneralisesWorseThanFreshSamples() {
    Training longer =
        SHORT
            .withOptions(TrainingOptions.withDefaults().withSteps(400))
            .withLengths(Lengths.fixed(8));
    SweepResult result =
        small()
            .withLengths(8)
            .withTrained("fresh", longer)
            .withTrained("fixed", longer.withSampleCount(4))
            .execute(6);
    double fresh = result.curve("fresh", "squared-gap").points().get(0).mean();
    double fixed = result.curve("fixed", "squared-gap").points().get(0).mean();
    assertTrue(fixed > 3 * fresh, "fixed " + fixed + ", fresh " + fresh);
  }

  @Test
  void meanPoolingOfFewCategoriesIsInfinitelyFar() {
    SweepResult result =
        Sweep.of(DirichletCategorical.of(1, 1, 1))
            .withLengths(1)
            .withDerived("mean-pooling")
            .execute(7);
    assertEquals(
        Double.POSITIVE_INFINITY, result.curve("mean-pooling", "kl").points().get(0).mean());
    assertThrows(
        IllegalArgumentException.class, () -> result.curve("mean-pooling", "posterior-kl"));
  }

  @Test
  void attentionsWithoutABeliefSayWhy() {
    Attention last = (queries, context) -> context.values().rows(0, 1);
    Map<String, String> reasons =
        small()
            .withDerived("null-token-softmax")
            .withDerived("mean-pooling")
            .withTrained("null-token-softmax", SHORT)
            .withTrained("softmax", Training.of(SoftmaxHeadLayer::of))
            .withAttention("last", last)
            .withoutBelief();
    assertEquals(
        List.of("mean-pooling:derived", "softmax:trained", "last:given"),
        List.copyOf(reasons.keySet()));
    assertTrue(reasons.get("mean-pooling:derived").contains("null token"), reasons.toString());
  }

  @Test
  void everythingThatChangesANumberChangesThePlan() {
    Sweep sweep = small().withDerived("mean-pooling");
    String plan = sweep.plan(Seed.of(1)).hash();
    assertEquals(plan, small().withDerived("mean-pooling").plan(Seed.of(1)).hash());
    assertNotEquals(plan, sweep.plan(Seed.of(2)).hash());
    assertNotEquals(plan, sweep.withSequences(21).plan(Seed.of(1)).hash());
    assertNotEquals(plan, sweep.withLengths(4, 9).plan(Seed.of(1)).hash());
    assertNotEquals(
        plan,
        Sweep.of(GaussianMean.of(2, 1.3, 0.8))
            .withLengths(4, 9, 16)
            .withSequences(20)
            .withSeeds(3)
            .withDerived("mean-pooling")
            .plan(Seed.of(1))
            .hash());
    String trained = small().withTrained("a", SHORT).plan(Seed.of(1)).hash();
    assertNotEquals(
        trained,
        small()
            .withTrained("a", SHORT.withOptions(TrainingOptions.withDefaults().withSteps(21)))
            .plan(Seed.of(1))
            .hash());
  }

  @Test
  void wrongCallsAreRefusedByName() {
    assertEquals(
        "lengths: expected increasing from 1, got [4, 4]",
        refusal(() -> small().withLengths(4, 4)));
    assertEquals("sequences: expected >= 1, got 0", refusal(() -> small().withSequences(0)));
    assertEquals("attentions: expected >= 1, got 0", refusal(() -> small().execute(1)));
    assertEquals(
        "name: expected a name not yet in the sweep, got 'mean-pooling'",
        refusal(() -> small().withDerived("mean-pooling").withDerived("mean-pooling")));
    Attention narrow = (queries, context) -> new SimpleMatrix(1, 1);
    CellFailedException failed =
        assertThrows(
            CellFailedException.class, () -> small().withAttention("narrow", narrow).execute(1));
    assertTrue(String.valueOf(failed.getMessage()).contains("narrow"), failed.getMessage());
    assertTrue(
        String.valueOf(failed.getMessage()).contains("expected an output of shape (1, 2)"),
        failed.getMessage());
  }

  /** The slope of the corrected softmax is -1; that of the uncorrected one is the control. */
  @Test
  void aSlopeHasItsVerdict() {
    SweepResult result =
        Sweep.of(LinearRegression.of(3, 1, 1, 0.1))
            .withLengths(64, 128, 256, 512)
            .withSequences(40)
            .withSeeds(10)
            .withDerived("corrected-softmax")
            .withDerived("softmax")
            .execute(8);
    Rate corrected = result.curve("corrected-softmax", "squared-gap").rate(64, 512);
    assertEquals(Outcome.CONFIRMED, corrected.expect(-1, 0.3).outcome());
    Rate plain = result.curve("softmax:derived", "squared-gap").rate(64, 512);
    assertEquals(Outcome.REFUTED, plain.expect(-1, 0.3).outcome());
  }

  private static String refusal(org.junit.jupiter.api.function.Executable call) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
