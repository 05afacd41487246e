package org.definetti.lab.onnx;

import java.util.Map;
import java.util.Objects;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Softmax heads that answer one query, side by side, with the parameters of {@link
 * org.definetti.layer.MultiHeadLayer}, which for one head are those of {@link
 * org.definetti.layer.SoftmaxHeadLayer}.
 */
final class SoftmaxForm {

  private static final int TOKENS = 1; // the axis

  private final OnnxGraph graph;
  private final TokenInputs tokens;
  private final Map<String, SimpleMatrix> parameters;

  SoftmaxForm(OnnxGraph graph, TokenInputs tokens, Map<String, SimpleMatrix> parameters) {
    this.graph = graph;
    this.tokens = tokens;
    this.parameters = parameters;
  }

  /** Adds the heads and the readout. */
  String heads(int count) {
    String[] outputs = new String[count];
    for (int h = 0; h < count; h++) {
      outputs[h] = head(h, count);
    }
    String all = graph.concat(1, outputs);
    @Nullable SimpleMatrix readout = parameters.get("readout.map");
    return readout == null ? all : graph.affine(all, readout, parameters.get("readout.bias"));
  }

  private String head(int h, int count) {
    SimpleMatrix keyMap = rows("key.map", h, count);
    String keys = graph.affine(tokens.keys(), keyMap, null);
    String logits = graph.matrixProduct(keys, graph.unsqueeze(query(h, count), 2));
    logits = graph.product(logits, graph.constant(1 / Math.sqrt(keyMap.getNumRows())));
    if (parameters.containsKey("bias.map")) {
      logits = graph.sum(logits, graph.affine(tokens.keys(), rows("bias.map", h, count), null));
    }
    String values =
        parameters.containsKey("value.map")
            ? graph.affine(tokens.values(), rows("value.map", h, count), null)
            : tokens.values();
    if (parameters.containsKey("null.logit")) {
      SimpleMatrix logit = columns("null.logit", h, count);
      logits = graph.concat(TOKENS, logits, graph.unsqueeze(forEachSample(logit), TOKENS));
      SimpleMatrix value = columns("null.value", h, count);
      values = graph.concat(TOKENS, values, graph.unsqueeze(forEachSample(value), TOKENS));
    }
    return graph.sumOver(graph.product(graph.softmax(logits, TOKENS), values), TOKENS);
  }

  private String query(int h, int count) {
    SimpleMatrix bias = columns("query.bias", h, count);
    return parameters.containsKey("query.map")
        ? graph.affine(tokens.query(), rows("query.map", h, count), bias)
        : forEachSample(bias);
  }

  /** Adds a row for each sample of the batch: zero times the query is how its size is known. */
  private String forEachSample(SimpleMatrix row) {
    int keyWidth = need("key.map").getNumCols();
    return graph.affine(tokens.query(), new SimpleMatrix(row.getNumCols(), keyWidth), row);
  }

  private SimpleMatrix rows(String name, int h, int count) {
    SimpleMatrix all = need(name);
    int size = all.getNumRows() / count;
    return all.rows(h * size, (h + 1) * size);
  }

  private SimpleMatrix columns(String name, int h, int count) {
    SimpleMatrix all = need(name);
    int size = all.getNumCols() / count;
    return all.cols(h * size, (h + 1) * size);
  }

  private SimpleMatrix need(String name) {
    return Objects.requireNonNull(parameters.get(name), name);
  }
}
