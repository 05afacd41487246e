package org.definetti.lab.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.definetti.attention.Activation;
import org.definetti.attention.Context;
import org.definetti.attention.Divisor;
import org.definetti.attention.FeatureMap;
import org.definetti.attention.Pooling;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.layer.DeepSetsLayer;
import org.definetti.layer.KernelRidgeLayer;
import org.definetti.layer.Layer;
import org.definetti.layer.LinearAttentionLayer;
import org.definetti.layer.MeanPoolingLayer;
import org.definetti.layer.MultiHeadLayer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.layer.TransformerLayer;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every form, run in ONNX Runtime on random numbers, answers like the layer's reference form in
 * double precision.
 */
final class OnnxNetworkTest {

  private static final Widths WIDTHS = new Widths(3, 4, 2);
  private static final double TOLERANCE = 1e-5;
  private static final int BATCH = 3;

  static Stream<Layer> layers() {
    Widths square = new Widths(3, 4, 4);
    BlockShape block = BlockShape.of(8, 2);
    TransformerLayer transformer = TransformerLayer.of(WIDTHS);
    return Stream.of(
        SoftmaxHeadLayer.of(WIDTHS),
        SoftmaxHeadLayer.of(WIDTHS).withNullToken().withHeadWidth(5).withMapWidth(6),
        SoftmaxHeadLayer.of(square).withNullToken().withIdentityValues(),
        MultiHeadLayer.of(WIDTHS, 3),
        MultiHeadLayer.of(WIDTHS, 2).withNullToken().withLogBias(),
        MultiHeadLayer.of(WIDTHS, 2).withClassQuery(),
        LinearAttentionLayer.of(WIDTHS),
        LinearAttentionLayer.of(WIDTHS).withFeatures(FeatureMap.IDENTITY, Divisor.NONE),
        LinearAttentionLayer.of(WIDTHS).withFeatures(FeatureMap.ELU_PLUS_ONE, Divisor.LENGTH),
        LinearAttentionLayer.of(square)
            .withFeatures(FeatureMap.ELU_PLUS_ONE, Divisor.WEIGHTS)
            .withIdentityValues(),
        MeanPoolingLayer.of(WIDTHS),
        DeepSetsLayer.of(WIDTHS),
        DeepSetsLayer.of(WIDTHS).withActivation(Activation.GELU).withPooling(Pooling.SUM),
        transformer,
        transformer.withBlock(block).withDepth(1),
        transformer.withBlock(block.withPreNorm().withRmsNorm().withNullToken()),
        transformer.withBlock(block.withNullToken().withHidden(5)).withSinusoidalPositions(),
        transformer.withBlock(block.withCausalMask()).withLearnedPositions(9).atEveryPosition(),
        TransformerLayer.of(new Widths(3, 8, 8))
            .withBlock(block.withPreNorm())
            .withIdentityEmbedding()
            .withIdentityReadout());
  }

  @ParameterizedTest
  @MethodSource("layers")
  void answersLikeTheLayer(Layer layer) throws OrtException {
    RandomGenerator rng = Seed.of(11).generator();
    // Every number random, those that start at zero too.
    Parameters parameters = layer.initial(rng);
    for (int i = 0; i < parameters.size(); i++) {
      parameters.data()[i] += (float) (0.3 * Normal.draw(rng));
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    byte[] model = OnnxNetwork.of(layer, parameters);
    try (OrtSession session = environment.createSession(model)) {
      for (int length : new int[] {1, 2, 7}) {
        check(layer, parameters, session, length, rng);
      }
    }
  }

  private static void check(
      Layer layer, Parameters parameters, OrtSession session, int length, RandomGenerator rng)
      throws OrtException {
    Widths widths = layer.widths();
    SimpleMatrix keys = normal(BATCH * length, widths.key(), rng);
    SimpleMatrix values = normal(BATCH * length, widths.value(), rng);
    SimpleMatrix queries = normal(BATCH, widths.key(), rng);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("keys", tensor(environment, keys, BATCH, length, widths.key()));
    inputs.put("values", tensor(environment, values, BATCH, length, widths.value()));
    inputs.put("query", tensor(environment, queries, BATCH, widths.key()));
    int rows = layer.outputs(length);
    try (OrtSession.Result result = session.run(inputs)) {
      OnnxTensor output = (OnnxTensor) result.get("output").orElseThrow();
      FloatBuffer numbers = output.getFloatBuffer();
      assertEquals(BATCH * rows * widths.target(), numbers.remaining());
      for (int b = 0; b < BATCH; b++) {
        Context context =
            Context.of(
                keys.rows(b * length, (b + 1) * length), values.rows(b * length, (b + 1) * length));
        SimpleMatrix asked =
            rows == 1 ? queries.rows(b, b + 1) : new SimpleMatrix(rows, widths.key());
        SimpleMatrix exact = layer.toAttention(parameters).attend(asked, context);
        double scale = 1 + exact.elementMaxAbs();
        for (int i = 0; i < rows * widths.target(); i++) {
          assertEquals(
              exact.get(i),
              numbers.get(b * rows * widths.target() + i),
              TOLERANCE * scale,
              "length " + length + ", sample " + b + ", number " + i);
        }
      }
    }
    inputs.values().forEach(OnnxTensor::close);
  }

  private static SimpleMatrix normal(int rows, int columns, RandomGenerator rng) {
    double[] numbers = new double[rows * columns];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) Normal.draw(rng); // as float32 has it, so that only the network differs
    }
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  private static OnnxTensor tensor(OrtEnvironment environment, SimpleMatrix rows, long... shape)
      throws OrtException {
    FloatBuffer buffer = FloatBuffer.allocate(rows.getNumElements());
    for (int i = 0; i < rows.getNumElements(); i++) {
      buffer.put((float) rows.get(i));
    }
    return OnnxTensor.createTensor(environment, buffer.flip(), shape);
  }

  @Test
  void whatOnnxCannotSayIsRefused() {
    Layer ridge = KernelRidgeLayer.gaussian(WIDTHS);
    Parameters parameters = ridge.initial(Seed.of(1).generator());
    var error =
        assertThrows(IllegalArgumentException.class, () -> OnnxNetwork.of(ridge, parameters));
    assertTrue(error.getMessage().startsWith("layer: expected softmax, "), error.getMessage());
  }
}
