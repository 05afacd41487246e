package org.definetti.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.layer.Layer;
import org.definetti.layer.MeanPoolingLayer;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.train.FixedDataSet;
import org.definetti.train.Lengths;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

final class AnsweredSamplesTest {

  private static final double PRIOR_COUNT = 2;
  private static final double[] PRIOR_MEAN = {0.5, -1};
  private static final GaussianMean MODEL =
      GaussianMean.of(2, 1, PRIOR_COUNT).withPriorMean(new SimpleMatrix(1, 2, true, PRIOR_MEAN));
  // Answers and outputs are float32 numbers of order 1.
  private static final double ROUNDING = 1e-5;

  private static AnsweredSamples draw(Objective objective) {
    return AnsweredSamples.draw(
        MODEL, objective, new FixedDataSet.Size(40, Lengths.fixed(5)), Seed.of(9));
  }

  @Test
  void answersArePosteriorMeansOfTheTokensOfTheSample() {
    for (Objective objective : Objective.values()) {
      AnsweredSamples samples = draw(objective);
      assertEquals(40, samples.count());
      for (int i = 0; i < samples.count(); i++) {
        for (int j = 0; j < 2; j++) {
          double sum = PRIOR_COUNT * PRIOR_MEAN[j];
          for (float value : samples.data().sample(i).values(j)) {
            sum += value;
          }
          assertEquals(sum / (5 + PRIOR_COUNT), samples.exact(i, j), ROUNDING);
        }
      }
    }
  }

  @Test
  void excessesAreDifferencesOfLosses() {
    AnsweredSamples samples = draw(Objective.MASKED);
    Layer layer = MeanPoolingLayer.of(samples.data().widths());
    Parameters parameters = layer.initial(Seed.of(10).generator());
    LayerOutputs outputs = LayerOutputs.of(layer, parameters, samples.data());
    SimpleMatrix map = parameters.matrix("readout.map");
    double excess = 0;
    double onSample = 0;
    for (int i = 0; i < samples.count(); i++) {
      Batch sample = samples.data().sample(i);
      for (int j = 0; j < 2; j++) {
        double output = 0;
        for (int k = 0; k < 2; k++) {
          for (float value : sample.values(k)) {
            output += map.get(j, k) * value / 5;
          }
        }
        double exact = samples.exact(i, j);
        double target = sample.targets()[j];
        excess += square(output - exact) / samples.count();
        if (i < 30) {
          onSample += (square(output - target) - square(exact - target)) / 30;
        }
      }
    }
    assertEquals(excess, samples.excess(outputs, Loss.squaredError()), ROUNDING * (1 + excess));
    assertEquals(
        onSample,
        samples.excessOnSample(outputs, Loss.squaredError(), 30),
        ROUNDING * (1 + excess));
  }

  private static double square(double number) {
    return number * number;
  }
}
