package org.definetti.lab.onnx;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.definetti.attention.Activation;
import org.definetti.attention.Divisor;
import org.definetti.attention.FeatureMap;
import org.definetti.attention.Pooling;
import org.definetti.layer.DeepSetsLayer;
import org.definetti.layer.LinearAttentionLayer;
import org.ejml.simple.SimpleMatrix;

/** Layers that add up or average over the tokens without a softmax. */
final class PooledForms {

  private static final int TOKENS = 1; // the axis

  private PooledForms() {}

  static String mean(OnnxGraph graph, TokenInputs tokens, Map<String, SimpleMatrix> parameters) {
    String mean = graph.meanOver(tokens.values(), TOKENS, false);
    return affine(graph, mean, parameters, "readout");
  }

  static String linear(
      OnnxGraph graph,
      TokenInputs tokens,
      Map<String, SimpleMatrix> parameters,
      LinearAttentionLayer layer) {
    String asked = features(graph, affine(graph, tokens.query(), parameters, "query"), layer);
    String seen = features(graph, affine(graph, tokens.keys(), parameters, "key"), layer);
    String weights = graph.matrixProduct(seen, graph.unsqueeze(asked, 2));
    String weighted = graph.product(weights, tokens.values());
    String out =
        layer.divisor() == Divisor.LENGTH
            ? graph.meanOver(weighted, TOKENS, false)
            : graph.sumOver(weighted, TOKENS);
    if (layer.divisor() == Divisor.WEIGHTS) {
      out = graph.quotient(out, graph.sumOver(weights, TOKENS));
    }
    return parameters.containsKey("readout.map") ? affine(graph, out, parameters, "readout") : out;
  }

  private static String features(OnnxGraph graph, String x, LinearAttentionLayer layer) {
    return layer.features() == FeatureMap.IDENTITY
        ? x
        : graph.sum(graph.add("Elu", List.of(x)), graph.constant(1));
  }

  static String deepSets(
      OnnxGraph graph,
      TokenInputs tokens,
      Map<String, SimpleMatrix> parameters,
      DeepSetsLayer layer) {
    String rows = graph.concat(2, tokens.keys(), tokens.values());
    rows = active(graph, affine(graph, rows, parameters, "token.first"), layer);
    rows = active(graph, affine(graph, rows, parameters, "token.second"), layer);
    String pool =
        layer.pooling() == Pooling.MEAN
            ? graph.meanOver(rows, TOKENS, false)
            : graph.sumOver(rows, TOKENS);
    String set = graph.concat(1, pool, tokens.query());
    set = active(graph, affine(graph, set, parameters, "set.first"), layer);
    return affine(graph, set, parameters, "set.second");
  }

  private static String active(OnnxGraph graph, String x, DeepSetsLayer layer) {
    return layer.activation() == Activation.RELU ? graph.add("Relu", List.of(x)) : graph.gelu(x);
  }

  private static String affine(
      OnnxGraph graph, String x, Map<String, SimpleMatrix> parameters, String name) {
    return graph.affine(
        x,
        Objects.requireNonNull(parameters.get(name + ".map"), name),
        parameters.get(name + ".bias"));
  }
}
