package org.definetti.lab.onnx;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.definetti.attention.Transformer;
import org.definetti.engine.BlockShape;
import org.definetti.layer.Positions;
import org.definetti.layer.TransformerLayer;
import org.ejml.simple.SimpleMatrix;

/** A stack of transformer blocks, {@link TransformerLayer} without rotary positions. */
final class TransformerForm {

  private static final int TOKENS = 1; // the axis of rows; heads come before it where there are any

  /** Added to a masked logit: its power is zero in float32, whatever the others are. */
  private static final double MASKED = -1e30;

  /** Sinusoids are written down up to here; a longer sequence is refused by the runtime. */
  private static final int LONGEST = 4096;

  private final OnnxGraph graph;
  private final TokenInputs tokens;
  private final Map<String, SimpleMatrix> parameters;
  private final TransformerLayer layer;
  private final BlockShape shape;

  TransformerForm(
      OnnxGraph graph,
      TokenInputs tokens,
      Map<String, SimpleMatrix> parameters,
      TransformerLayer layer) {
    this.graph = graph;
    this.tokens = tokens;
    this.parameters = parameters;
    this.layer = layer;
    this.shape = layer.block();
  }

  /** Adds the network. */
  String output() {
    boolean everywhere = layer.outputs(2) > 1;
    String rows = embedded();
    if (!everywhere) {
      String query = affine(tokens.query(), "query.embedding");
      rows = graph.concat(TOKENS, rows, graph.unsqueeze(query, TOKENS));
    }
    for (int i = 0; i < layer.depth(); i++) {
      rows = block(rows, "block." + i + ".");
    }
    if (!everywhere) {
      String last = graph.row(-1);
      rows = graph.add("Gather", List.of(rows, last), OnnxGraph.whole("axis", TOKENS));
      rows = graph.add("Squeeze", List.of(rows, graph.row(TOKENS)));
    }
    if (parameters.containsKey("final.norm.gain")) {
      rows = norm(rows, "final.norm");
    }
    return parameters.containsKey("readout.map") ? affine(rows, "readout") : rows;
  }

  private String embedded() {
    String rows =
        parameters.containsKey("embedding.map")
            ? affine(graph.concat(2, tokens.keys(), tokens.values()), "embedding")
            : tokens.values();
    if (layer.positions() == Positions.NONE) {
      return rows;
    }
    SimpleMatrix table =
        layer.positions() == Positions.LEARNED
            ? need("positions")
            : Transformer.sinusoids(LONGEST, shape.width());
    String all = graph.constant(table, table.getNumRows(), table.getNumCols());
    String first = graph.row(0);
    String length = graph.size(tokens.values(), TOKENS);
    return graph.sum(rows, graph.add("Slice", List.of(all, first, length, graph.row(0))));
  }

  private String block(String rows, String prefix) {
    if (shape.preNorm()) {
      String u = graph.sum(rows, attention(norm(rows, prefix + "attention.norm"), prefix));
      return graph.sum(u, network(norm(u, prefix + "mlp.norm"), prefix));
    }
    String u = norm(graph.sum(rows, attention(rows, prefix)), prefix + "attention.norm");
    return norm(graph.sum(u, network(u, prefix)), prefix + "mlp.norm");
  }

  private String network(String rows, String prefix) {
    return affine(graph.gelu(affine(rows, prefix + "expand")), prefix + "contract");
  }

  /** Adds the heads, side by side as (batch, head, row, column). */
  private String attention(String rows, String prefix) {
    String queries = graph.transpose(split(affine(rows, prefix + "query")), 0, 2, 1, 3);
    String keys = graph.transpose(split(affine(rows, prefix + "key")), 0, 2, 3, 1);
    String values = graph.transpose(split(affine(rows, prefix + "value")), 0, 2, 1, 3);
    String logits =
        graph.product(
            graph.matrixProduct(queries, keys), graph.constant(1 / Math.sqrt(shape.headWidth())));
    if (shape.causal()) {
      logits = graph.sum(logits, mask(rows));
    }
    if (shape.nullToken()) {
      String batch = graph.size(rows, 0);
      String heads = graph.row(shape.heads());
      String one = graph.row(1);
      String nullLogits = graph.constant(need(prefix + "null.logit"), 1, shape.heads(), 1, 1);
      String logitShape = graph.concat(0, batch, heads, graph.size(rows, TOKENS), one);
      logits = graph.concat(3, logits, expand(nullLogits, logitShape));
      String nullValues =
          graph.constant(need(prefix + "null.value"), 1, shape.heads(), 1, shape.headWidth());
      String width = graph.row(shape.headWidth());
      values =
          graph.concat(2, values, expand(nullValues, graph.concat(0, batch, heads, one, width)));
    }
    String mixed = graph.matrixProduct(graph.softmax(logits, 3), values);
    String joined = graph.reshape(graph.transpose(mixed, 0, 2, 1, 3), 0, 0, shape.width());
    return affine(joined, prefix + "output");
  }

  private String split(String rows) {
    return graph.reshape(rows, 0, 0, shape.heads(), shape.headWidth());
  }

  private String expand(String x, String size) {
    return graph.add("Expand", List.of(x, size));
  }

  /** Adds what hides later rows: (n, n), zero on and below the diagonal. */
  private String mask(String rows) {
    String n = graph.size(rows, TOKENS);
    String all =
        expand(graph.constant(SimpleMatrix.filled(1, 1, MASKED), 1, 1), graph.concat(0, n, n));
    String next = graph.whole(1);
    return graph.add("Trilu", List.of(all, next), OnnxGraph.whole("upper", 1));
  }

  private String norm(String x, String name) {
    return graph.norm(x, need(name + ".gain"), parameters.get(name + ".bias"), BlockShape.EPSILON);
  }

  private String affine(String x, String name) {
    return graph.affine(x, need(name + ".map"), parameters.get(name + ".bias"));
  }

  private SimpleMatrix need(String name) {
    return Objects.requireNonNull(parameters.get(name), name);
  }
}
