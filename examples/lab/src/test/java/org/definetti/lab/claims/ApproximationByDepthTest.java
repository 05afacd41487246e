package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.experiment.ClaimResult;
import org.definetti.latent.Tokens;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
final class ApproximationByDepthTest {

  private static final LinearRegression REGRESSION = LinearRegression.of(2, 1, 1, 0.5);
  private static final SimpleMatrix QUERY = new SimpleMatrix(1, 2, true, 0.6, -0.8);

  @Test
  void holdsAtSmokeAndIsDeterministic() {
    ApproximationByDepth claim = new ApproximationByDepth();
    ClaimResult result = Smoke.check(claim);
    Smoke.assertSameOnOneThread(claim, result);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 40})
  void oneStepIsTheBestScaleOfLinearAttention(int length) {
    Context context = context(length);
    double sum = 0;
    for (int l = 0; l < length; l++) {
      double along = context.keys().get(l, 0) * 0.6 - context.keys().get(l, 1) * 0.8;
      sum += context.values().get(l, 0) * along;
    }
    // d / (L + c) with c = d - 1 + λ d
    assertEquals(2 * sum / (length + 2), answer(new RidgeDescent(REGRESSION, 1), context), 1e-12);
  }

  @Test
  void manyStepsEndInThePosteriorMean() {
    Tokens tokens = tokens(30);
    double exact = REGRESSION.prior().observe(tokens).predictive(QUERY).mean().get(0, 0);
    Context context = Context.of(REGRESSION, tokens);
    assertEquals(exact, answer(new RidgeDescent(REGRESSION, 80), context), 1e-10);
    assertEquals(0, answer(new RidgeDescent(REGRESSION, 0), context));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 1", "64, 1", "5, 2", "64, 3", "200, 4"})
  void blocksTakeStepsOfDescent(int length, int steps) {
    Context context = context(length);
    assertEquals(
        answer(new RidgeDescent(REGRESSION, steps), context),
        answer(DescentTransformer.of(REGRESSION, steps), context),
        2e-6);
  }

  /** Two opposite heads alone compute a covariance, not a second moment. */
  @Test
  void withoutSinkTheMeansAreLost() {
    int length = 12;
    Context context = context(length);
    SimpleMatrix along = context.keys().mult(QUERY.transpose());
    double covariance =
        along.dot(context.values()) / length
            - along.elementSum() / length * context.values().elementSum() / length;
    double rate = RidgeDescent.rate(REGRESSION, length);
    assertEquals(
        rate * length * covariance,
        answer(DescentTransformer.of(REGRESSION, 1).withoutSink(), context),
        1e-5);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "6, 3", "300, 2"})
  void queryRowIsTheNullToken(int length, int depth) {
    Tokens tokens = NullHeads.GAUSSIAN.sample(length, Seed.of(4).generator()).tokens();
    SimpleMatrix query = NullHeads.GAUSSIAN.labelQuery();
    SimpleMatrix exact = NullHeads.GAUSSIAN.prior().observe(tokens).predictive(query).mean();
    SimpleMatrix built =
        MeanTransformer.of(NullHeads.GAUSSIAN, depth)
            .attend(query, Context.of(NullHeads.GAUSSIAN, tokens));
    assertTrue(built.minus(exact).elementMaxAbs() < 2e-6);
  }

  private static double answer(Attention attention, Context context) {
    return attention.attend(QUERY, context).get(0, 0);
  }

  private static Context context(int length) {
    return Context.of(REGRESSION, tokens(length));
  }

  private static Tokens tokens(int length) {
    return REGRESSION.sample(length, Seed.of(7).generator()).tokens();
  }
}
