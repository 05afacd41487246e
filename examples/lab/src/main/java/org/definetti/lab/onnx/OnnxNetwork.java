package org.definetti.lab.onnx;

import java.util.Map;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.layer.DeepSetsLayer;
import org.definetti.layer.Layer;
import org.definetti.layer.LinearAttentionLayer;
import org.definetti.layer.MeanPoolingLayer;
import org.definetti.layer.MultiHeadLayer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.layer.TransformerLayer;
import org.ejml.simple.SimpleMatrix;

/**
 * A layer with its parameters as an ONNX model, float32, operator set 17.
 *
 * <table>
 *   <caption>Inputs and output; batch and length vary, all sequences of a batch are of one
 *       length</caption>
 *   <tr><th>name</th><th>shape</th></tr>
 *   <tr><td>{@code keys}</td><td>(batch, length, dk)</td></tr>
 *   <tr><td>{@code values}</td><td>(batch, length, dv)</td></tr>
 *   <tr><td>{@code query}</td><td>(batch, dk)</td></tr>
 *   <tr><td>{@code output}</td><td>(batch, p), or (batch, length, p) for a layer that answers at
 *       every token</td></tr>
 * </table>
 *
 * <p>The graph multiplies in another order than the layer, so its outputs agree to rounding: tested
 * to 1e-5 in ONNX Runtime. There is a form for the softmax heads, one or many, linear attention,
 * transformers without rotary positions, mean pooling and deep sets. Kernel ridge has none, because
 * ONNX has no Cholesky factor.
 */
public final class OnnxNetwork {

  private OnnxNetwork() {}

  /**
   * Returns the bytes of the model file.
   *
   * @throws IllegalArgumentException if the layer has no form in ONNX here
   */
  public static byte[] of(Layer layer, Parameters parameters) {
    parameters.requireSameLayout(Parameters.zeros(layer.shapes()));
    Widths widths = layer.widths();
    OnnxGraph graph = new OnnxGraph(layer.getClass().getSimpleName());
    TokenInputs tokens =
        new TokenInputs(
            graph.input("keys", "batch", "length", widths.key()),
            graph.input("values", "batch", "length", widths.value()),
            graph.input("query", "batch", widths.key()));
    String output = output(layer, parameters.matrices(), graph, tokens);
    if (layer.outputs(2) == 1) {
      graph.output("output", output, "batch", widths.target());
    } else {
      graph.output("output", output, "batch", "length", widths.target());
    }
    return graph.bytes();
  }

  private static String output(
      Layer layer, Map<String, SimpleMatrix> parameters, OnnxGraph graph, TokenInputs tokens) {
    if (layer instanceof SoftmaxHeadLayer) {
      return new SoftmaxForm(graph, tokens, parameters).heads(1);
    }
    if (layer instanceof MultiHeadLayer several) {
      return new SoftmaxForm(graph, tokens, parameters).heads(several.heads());
    }
    if (layer instanceof LinearAttentionLayer linear) {
      return PooledForms.linear(graph, tokens, parameters, linear);
    }
    if (layer instanceof MeanPoolingLayer) {
      return PooledForms.mean(graph, tokens, parameters);
    }
    if (layer instanceof DeepSetsLayer sets) {
      return PooledForms.deepSets(graph, tokens, parameters, sets);
    }
    if (layer instanceof TransformerLayer transformer && !transformer.block().rotary()) {
      return new TransformerForm(graph, tokens, parameters, transformer).output();
    }
    throw new IllegalArgumentException(
        "layer: expected softmax, null-token-softmax, multi-head, linear, transformer,"
            + " mean-pooling or deep-sets, the ones with a form in ONNX, got "
            + layer.label());
  }
}
