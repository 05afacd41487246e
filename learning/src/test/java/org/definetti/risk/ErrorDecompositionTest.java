package org.definetti.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.definetti.engine.Parameters;
import org.definetti.experiment.Curve;
import org.definetti.experiment.CurvePoint;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Training;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.layer.Layer;
import org.definetti.layer.MeanPoolingLayer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.objective.Objective;
import org.definetti.optimise.Momentum;
import org.definetti.optimise.Schedule;
import org.definetti.random.Seed;
import org.definetti.train.EarlyStopping;
import org.definetti.train.FixedDataSet;
import org.definetti.train.TrainingOptions;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/**
 * Mean pooling with a readout on labels of a Gaussian mean: least squares with intercept, where all
 * three errors are known.
 */
final class ErrorDecompositionTest {

  private static final int DIMENSION = 2;
  private static final double PRIOR_COUNT = 3; // noise variance over prior variance 1
  private static final double LABEL_VARIANCE = 0.5;
  private static final GaussianMean MODEL =
      GaussianMean.of(DIMENSION, 1, PRIOR_COUNT)
          .withLabelVariance(LABEL_VARIANCE)
          .withPriorMean(new SimpleMatrix(1, DIMENSION, true, 1, -0.5));
  private static final int STEPS = 12;
  private static final double RATE = 0.05;
  // Twelve means of 200 seeds at 4.5 standard errors: a false alarm with probability below 1e-4.
  private static final double STANDARD_ERRORS = 4.5;
  // The layer computes in float32, on numbers of order 1.
  private static final double ROUNDING = 1e-5;

  private static Training gradientDescent(int steps) {
    return Training.of(MeanPoolingLayer::of)
        .withOptions(TrainingOptions.withDefaults().withSteps(steps))
        .withOptimiser(new Momentum(0))
        .withSchedule(Schedule.constant(RATE))
        .withBatchSize(1 << 20);
  }

  private static ErrorDecomposition pooling(int steps) {
    return ErrorDecomposition.of(MODEL, "mean-pooling", gradientDescent(steps))
        .withApproximation(length -> 0) // the posterior mean is affine in the mean of the tokens
        .withMinimiser(ErrorDecompositionTest::leastSquares)
        .withSequences(200);
  }

  @Test
  void generalisationAndGapAreThoseOfLeastSquares() {
    DecompositionResult result =
        pooling(1).withLengths(2, 16).withSampleCounts(12, 30).withSeeds(200).execute(Seed.of(1));
    for (int length : new int[] {2, 16}) {
      for (int n : new int[] {12, 30}) {
        double noise = DIMENSION * (LABEL_VARIANCE + PRIOR_COUNT / (length + PRIOR_COUNT));
        // n - d - 2 with intercept: the risk of least squares on Gaussian rows.
        double risk = noise * (n + 1.0) / n * (n - 2) / (n - DIMENSION - 2);
        assertMean(risk - noise, point(result.againstSamples(ErrorTerm.GENERALISATION, length), n));
        assertMean(0, point(result.againstSamples(ErrorTerm.APPROXIMATION, length), n));
        assertMean(noise, point(result.againstLength(ErrorTerm.BAYES_RISK, n), length));
      }
    }
  }

  @Test
  void partsAddUpAndTheTrainingGapIsThatOfGradientDescent() {
    Seed seed = Seed.of(2);
    int length = 5;
    int n = 25;
    DecompositionResult result =
        pooling(STEPS).withLengths(length).withSampleCounts(n).withSeeds(1).execute(seed);
    double sum = 0;
    for (ErrorTerm term :
        new ErrorTerm[] {
          ErrorTerm.APPROXIMATION, ErrorTerm.GENERALISATION, ErrorTerm.OPTIMISATION
        }) {
      sum += result.againstSamples(term, length).mean(0, 0);
    }
    assertEquals(result.againstSamples(ErrorTerm.EXCESS, length).mean(0, 0), sum, 1e-12);

    Seed own = seed.child(String.valueOf(length)).child("0");
    FixedDataSet data =
        FixedDataSet.draw(
            MODEL, Objective.SUPERVISED, new FixedDataSet.Size(n, length), own.child("data"));
    Layer layer = MeanPoolingLayer.of(data.widths());
    Seed fit = own.child("fit").child(n);
    Parameters initial = layer.initial(fit.child("initial").generator());
    double expected = gapAfterDescent(data, initial);
    assertTrue(expected > 0.01, "gradient descent is meant to be unfinished");
    assertEquals(
        expected,
        result.againstSamples(ErrorTerm.TRAINING_GAP, length).mean(0, 0),
        ROUNDING * (1 + expected));
  }

  @Test
  void approximationOfAFixedAttentionIsItsDistanceToThePosteriorMean() {
    Training fixed =
        Training.of(widths -> SoftmaxHeadLayer.of(widths).withIdentityValues())
            .withOptions(TrainingOptions.withDefaults().withSteps(200).withLearningRate(0.01))
            .withBatchSize(64);
    int length = 6;
    DecompositionResult result =
        ErrorDecomposition.of(MODEL, "pooling", fixed)
            .withLengths(length)
            .withSampleCounts(400)
            .withSeeds(4)
            .withSequences(4000)
            .withSearch(0, 4)
            .execute(Seed.of(3));
    // The mean of the tokens forgets their number: ν² Var(z) / (L (L + ν)) a coordinate (check A7).
    // Weights that are not equal do not help.
    double expected = DIMENSION * PRIOR_COUNT * PRIOR_COUNT / (length * (length + PRIOR_COUNT));
    CurvePoint approximation = point(result.againstLength(ErrorTerm.APPROXIMATION, 400), length);
    assertEquals(expected, approximation.mean(), 0.1 * expected);
  }

  @Test
  void numberOfThreadsChangesNothing() {
    ErrorDecomposition small =
        pooling(STEPS).withLengths(2, 3).withSampleCounts(9, 11).withSeeds(2);
    assertEquals(
        small.withRunner(Runner.withDefaults().withThreads(1)).execute(Seed.of(4)),
        small.withRunner(Runner.withDefaults().withThreads(3)).execute(Seed.of(4)));
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> pooling(1).withLengths(4, 2));
    assertThrows(IllegalArgumentException.class, () -> pooling(1).withSampleCounts());
    DecompositionResult result =
        pooling(1).withLengths(2).withSampleCounts(9).withSeeds(1).execute(Seed.of(1));
    assertThrows(IllegalArgumentException.class, () -> result.againstSamples(ErrorTerm.EXCESS, 3));
    Training early = gradientDescent(5).withEarlyStopping(EarlyStopping.every(5), 10);
    FixedDataSet data =
        FixedDataSet.draw(MODEL, Objective.SUPERVISED, new FixedDataSet.Size(3, 2), Seed.of(1));
    assertThrows(
        IllegalArgumentException.class, () -> early.trainer(MODEL, Objective.SUPERVISED, data));
  }

  private static CurvePoint point(Curve curve, double value) {
    return curve.points().get(curve.values().indexOf(value));
  }

  private static void assertMean(double expected, CurvePoint measured) {
    assertEquals(
        expected,
        measured.mean(),
        STANDARD_ERRORS * measured.standardError() + ROUNDING * (1 + expected));
  }

  private static Parameters leastSquares(Layer layer, FixedDataSet data) {
    SimpleMatrix x = rows(data);
    SimpleMatrix fitted = x.transpose().mult(x).solve(x.transpose().mult(targets(data)));
    return Parameters.of(
        layer.shapes(),
        Map.of(
            "readout.map", fitted.extractMatrix(0, DIMENSION, 0, DIMENSION).transpose(),
            "readout.bias", fitted.extractMatrix(DIMENSION, DIMENSION + 1, 0, DIMENSION)));
  }

  /** (1/n) |X (I - (2 rate/n) XᵀX)^steps (θ_0 - θ_n)|², all in double precision. */
  private static double gapAfterDescent(FixedDataSet data, Parameters initial) {
    int n = data.count();
    SimpleMatrix x = rows(data);
    SimpleMatrix hessian = x.transpose().mult(x).scale(2.0 / n);
    SimpleMatrix start =
        initial.matrix("readout.map").transpose().concatRows(initial.matrix("readout.bias"));
    SimpleMatrix fitted = x.transpose().mult(x).solve(x.transpose().mult(targets(data)));
    SimpleMatrix distance = start.minus(fitted);
    for (int k = 0; k < STEPS; k++) {
      distance = distance.minus(hessian.mult(distance).scale(RATE));
    }
    double norm = x.mult(distance).normF();
    return norm * norm / n;
  }

  /** The mean of the tokens and a one, (n, d + 1). */
  private static SimpleMatrix rows(FixedDataSet data) {
    SimpleMatrix x = new SimpleMatrix(data.count(), DIMENSION + 1);
    double[] out = x.getDDRM().data;
    for (int i = 0; i < data.count(); i++) {
      for (int j = 0; j < DIMENSION; j++) {
        for (float value : data.sample(i).values(j)) {
          out[i * (DIMENSION + 1) + j] += value / (double) data.maxLength();
        }
      }
      out[i * (DIMENSION + 1) + DIMENSION] = 1;
    }
    return x;
  }

  private static SimpleMatrix targets(FixedDataSet data) {
    SimpleMatrix y = new SimpleMatrix(data.count(), DIMENSION);
    for (int i = 0; i < data.count(); i++) {
      for (int j = 0; j < DIMENSION; j++) {
        y.getDDRM().data[i * DIMENSION + j] = data.sample(i).targets()[j];
      }
    }
    return y;
  }
}
