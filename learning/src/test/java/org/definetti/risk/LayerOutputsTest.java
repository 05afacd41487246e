package org.definetti.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.layer.Layer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.layer.TransformerLayer;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.train.FixedDataSet;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

final class LayerOutputsTest {

  // Outputs are float32 and of order 1.
  private static final double ROUNDING = 1e-5;

  private final GaussianMean model = GaussianMean.of(2, 1, 0.5);
  private final FixedDataSet data =
      FixedDataSet.draw(model, Objective.MASKED, new FixedDataSet.Size(7, 5), Seed.of(3));

  @Test
  void riskIsTheMeanLossOfTheReferenceForm() {
    Layer layer = SoftmaxHeadLayer.of(data.widths()).withNullToken();
    Parameters parameters = layer.initial(Seed.of(4).generator());
    LayerOutputs outputs = LayerOutputs.of(layer, parameters, data);
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      double loss = referenceLoss(layer.toAttention(parameters), data.sample(i));
      assertEquals(loss, outputs.loss(Loss.squaredError(), i), ROUNDING * (1 + loss));
      sum += loss;
    }
    assertEquals(sum / 3, outputs.risk(Loss.squaredError(), 3), ROUNDING * (1 + sum));
    assertEquals(7, outputs.count());
  }

  @Test
  void firstSamplesAreADrawOfSoMany() {
    FixedDataSet fewer =
        FixedDataSet.draw(model, Objective.MASKED, new FixedDataSet.Size(3, 5), Seed.of(3));
    FixedDataSet first = data.first(3);
    assertEquals(3, first.count());
    for (int i = 0; i < 3; i++) {
      assertEquals(fewer.sample(i), first.sample(i));
    }
    assertEquals(fewer.withBatchSize(2).batch(1), first.withBatchSize(2).batch(1));
    assertThrows(IllegalArgumentException.class, () -> data.first(8));
  }

  @Test
  void layersThatDoNotFitAreRefused() {
    Layer narrow = SoftmaxHeadLayer.of(new Widths(1, 1, 1));
    Parameters parameters = narrow.initial(Seed.of(4).generator());
    assertThrows(ShapeMismatchException.class, () -> LayerOutputs.of(narrow, parameters, data));
    Layer everywhere = TransformerLayer.of(data.widths()).atEveryPosition();
    Parameters many = everywhere.initial(Seed.of(4).generator());
    assertThrows(ShapeMismatchException.class, () -> LayerOutputs.of(everywhere, many, data));
  }

  private static double referenceLoss(Attention attention, Batch sample) {
    SimpleMatrix values = new SimpleMatrix(5, 2);
    for (int l = 0; l < 5; l++) {
      for (int j = 0; j < 2; j++) {
        values.getDDRM().data[2 * l + j] = sample.values(j)[l];
      }
    }
    SimpleMatrix output = attention.attend(new SimpleMatrix(1, 2), Context.of(values, values));
    double loss = 0;
    for (int j = 0; j < 2; j++) {
      double error = output.get(0, j) - sample.targets()[j];
      loss += error * error;
    }
    return loss;
  }
}
