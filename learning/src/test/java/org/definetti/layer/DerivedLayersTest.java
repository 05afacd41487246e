package org.definetti.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.definetti.attention.Attention;
import org.definetti.attention.Divisor;
import org.definetti.attention.FeatureMap;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.attention.LinearAttention;
import org.definetti.derivation.Derivation;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.kernel.LinearKernel;
import org.definetti.kernel.RbfKernel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.conjugate.MultivariateGaussianMean;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Layers with derived parameters compute the attention that was derived. */
class DerivedLayersTest {

  /** Parameters and tokens are rounded to float32, 6e-8, and outputs are of order one. */
  private static final double TOLERANCE = 5e-6;

  private static final int SIZE = 4;
  private static final int LENGTH = 30;
  private static final SimpleMatrix MEAN = new SimpleMatrix(1, 3, true, 1, -2, 0.5);

  private static Widths widths(LatentModel<?> model) {
    return Objective.MASKED.widths(model);
  }

  /** Compares on masked sequences of the model, of unequal lengths. */
  private static void assertReproduces(
      Attention derived, Layer layer, Map<String, SimpleMatrix> matrices, LatentModel<?> model) {
    assertReproduces(derived, layer, Parameters.of(layer.shapes(), matrices), model);
  }

  private static void assertReproduces(
      Attention derived, Layer layer, Parameters parameters, LatentModel<?> model) {
    Batch batch = Batch.zeros(layer.widths(), SIZE, LENGTH);
    for (int b = 0; b < SIZE; b++) {
      Objective.MASKED.fill(
          model, batch, b, Objective.Group.single(), Seed.of(71).child(b).generator());
      batch.setLength(b, LENGTH - 9 * b);
    }
    Workspace workspace = layer.workspace(SIZE, LENGTH);
    layer.prepare(parameters, workspace);
    layer.forward(parameters, batch, 0, SIZE, workspace);
    int p = layer.widths().target();
    for (int b = 0; b < SIZE; b++) {
      SimpleMatrix expected = derived.attend(Samples.query(batch, b), Samples.context(batch, b));
      for (int j = 0; j < p; j++) {
        double scale = Math.max(1, Math.abs(expected.get(0, j)));
        assertEquals(expected.get(0, j), workspace.output()[b * p + j], scale * TOLERANCE);
      }
    }
  }

  private static KernelRidgeAttention cme(LatentModel<?> model) {
    return (KernelRidgeAttention) Derivation.of(model, "cme").attention();
  }

  @Test
  void kernelRidgeOfAGaussianProcess() {
    GaussianProcess model = GaussianProcess.of(new RbfKernel(0.4), 3, 2, 0.1).withValueWidth(2);
    for (KernelRidgeLayer layer :
        List.of(
            KernelRidgeLayer.gaussian(widths(model)).withIdentityValues(),
            KernelRidgeLayer.gaussian(widths(model)).withFeatureWidth(4).withPriorMean())) {
      assertReproduces(cme(model), layer, layer.parameters(cme(model)), model);
    }
  }

  @Test
  void kernelRidgeOfALinearRegression() {
    LinearRegression model = LinearRegression.of(4, 2, 1, 0.3);
    for (KernelRidgeLayer layer :
        List.of(
            KernelRidgeLayer.linear(widths(model)).withIdentityValues(),
            KernelRidgeLayer.linear(widths(model)).withFeatureWidth(4).withPriorMean())) {
      assertReproduces(cme(model), layer, layer.parameters(cme(model)), model);
    }
  }

  /** Evidence is the log likelihood of a face, the answer the next face's probabilities. */
  @Test
  void dictionaryOfThreeDice() {
    SimpleMatrix faces =
        new SimpleMatrix(3, 4, true, 0.6, 0.2, 0.1, 0.1, 0.3, 0.5, 0.1, 0.1, 0.2, 0.2, 0.2, 0.4);
    SimpleMatrix prior = new SimpleMatrix(1, 3, true, 0.5, 0.3, 0.2);
    CategoricalConcepts model = CategoricalConcepts.of(faces).withPrior(prior);
    Map<String, SimpleMatrix> matrices = new LinkedHashMap<>();
    matrices.put("evidence.map", faces.elementLog());
    matrices.put("prior.logit", prior.elementLog());
    matrices.put("readout.map", faces.transpose());
    matrices.put("readout.bias", new SimpleMatrix(1, 4));
    assertReproduces(
        Derivation.of(model).attention(),
        ConceptDictionaryLayer.of(widths(model), 3),
        matrices,
        model);
  }

  /** The wrong ridge shows: what is compared above depends on it. */
  @Test
  void twiceTheRidgeDoesNotReproduce() {
    LinearRegression model = LinearRegression.of(4, 2, 1, 0.3);
    KernelRidgeLayer layer = KernelRidgeLayer.linear(widths(model)).withIdentityValues();
    Parameters wrong = layer.parameters(KernelRidgeAttention.of(new LinearKernel(), 0.6));
    assertThrows(AssertionError.class, () -> assertReproduces(cme(model), layer, wrong, model));
  }

  @Test
  void anotherKernelIsRefused() {
    KernelRidgeLayer layer = KernelRidgeLayer.gaussian(new Widths(3, 1, 1));
    Exception error =
        assertThrows(
            IllegalArgumentException.class,
            () -> layer.parameters(KernelRidgeAttention.of(new LinearKernel(), 1)));
    assertEquals(
        "attention: expected a radial basis kernel, got LinearKernel[]", error.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> layer.withFeatureWidth(2).parameters(KernelRidgeAttention.of(new RbfKernel(1), 1)));
  }

  /** A null-token head in each direction (MS7): the prior is worth 4, 0.5 and 9 tokens. */
  @Test
  void headsOfCorrelatedNoise() {
    SimpleMatrix prior = SimpleMatrix.diag(0.5, 2, 1.0 / 3);
    SimpleMatrix noise = SimpleMatrix.diag(2, 1, 3);
    SimpleMatrix logits = new SimpleMatrix(1, 3, true, Math.log(4), Math.log(0.5), Math.log(9));
    MultivariateGaussianMean model = MultivariateGaussianMean.of(prior, noise).withPriorMean(MEAN);
    MultiHeadLayer layer =
        MultiHeadLayer.of(widths(model), 3)
            .withHeadWidth(1)
            .withMapWidth(1)
            .withNullToken()
            .withClassQuery();
    Map<String, SimpleMatrix> matrices = new LinkedHashMap<>();
    matrices.put("query.bias", new SimpleMatrix(1, 3));
    matrices.put("key.map", new SimpleMatrix(3, 3));
    matrices.put("value.map", SimpleMatrix.identity(3));
    matrices.put("null.logit", logits);
    matrices.put("null.value", MEAN);
    matrices.put("readout.map", SimpleMatrix.identity(3));
    matrices.put("readout.bias", new SimpleMatrix(1, 3));
    Attention derived = Derivation.of(model, "multi-head-null-token").attention();
    assertReproduces(derived, layer, matrices, model);
  }

  /** Two heads share the values of one null-token head between them. */
  @Test
  void theNullHeadOfAConjugateModel() {
    GaussianMean model = GaussianMean.of(3, 1, 4).withPriorMean(MEAN);
    MultiHeadLayer layer = MultiHeadLayer.of(widths(model), 2).withNullToken().withLogBias();
    SimpleMatrix both = SimpleMatrix.identity(3).concatRows(SimpleMatrix.identity(3));
    double logit = Math.log(model.priorCount());
    Map<String, SimpleMatrix> matrices = new LinkedHashMap<>();
    matrices.put("query.map", both);
    matrices.put("query.bias", new SimpleMatrix(1, 6));
    matrices.put("key.map", both);
    matrices.put("bias.map", new SimpleMatrix(2, 3));
    matrices.put("value.map", both);
    matrices.put("null.logit", new SimpleMatrix(1, 2, true, logit, logit));
    matrices.put("null.value", MEAN.concatColumns(MEAN));
    matrices.put("readout.map", both.transpose().scale(0.5));
    matrices.put("readout.bias", new SimpleMatrix(1, 3));
    Attention derived = Derivation.of(model, "null-token-softmax").attention();
    assertReproduces(derived, layer, matrices, model);
  }

  @Test
  void meanPoolingOfAConjugateModel() {
    GaussianMean model = GaussianMean.of(3, 1, 4).withPriorMean(MEAN);
    Map<String, SimpleMatrix> matrices = new LinkedHashMap<>();
    matrices.put("readout.map", SimpleMatrix.identity(3));
    matrices.put("readout.bias", new SimpleMatrix(1, 3));
    Attention derived = Derivation.of(model, "mean-pooling").attention();
    assertReproduces(derived, MeanPoolingLayer.of(widths(model)), matrices, model);
  }

  /** One preconditioned gradient step of least squares. */
  @Test
  void aGradientStep() {
    LinearRegression model = LinearRegression.of(3, 2, 1, 0.3);
    SimpleMatrix preconditioner =
        new SimpleMatrix(3, 3, true, 0.1, 0.02, 0, 0.02, 0.05, 0, 0, 0, 0.08);
    LinearAttentionLayer layer =
        LinearAttentionLayer.of(widths(model))
            .withFeatures(FeatureMap.IDENTITY, Divisor.NONE)
            .withIdentityValues();
    Map<String, SimpleMatrix> matrices = new LinkedHashMap<>();
    matrices.put("query.map", preconditioner.transpose());
    matrices.put("query.bias", new SimpleMatrix(1, 3));
    matrices.put("key.map", SimpleMatrix.identity(3));
    matrices.put("key.bias", new SimpleMatrix(1, 3));
    assertReproduces(LinearAttention.preconditioned(preconditioner), layer, matrices, model);
  }
}
