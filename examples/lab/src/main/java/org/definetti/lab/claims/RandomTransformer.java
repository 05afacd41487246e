package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.attention.Context;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * A small attention network with random weights that predicts the next category: a predictor whose
 * predictions were never made to fit together.
 *
 * <pre>{@code
 * h_0 = a fixed row, h_l = embedding of x^l (+ its position)
 * h_l ← h_l + attn(h_l W_q; h_0..h_l W_k, W_v) W_o      in each layer
 * P(x^{L+1} = · | X) = softmax(U h_L)
 * }</pre>
 *
 * <p>A set reader asks from h_0 instead, in one layer over all tokens and without positions, so it
 * cannot see their order.
 */
final class RandomTransformer implements Function<Tokens, SimpleMatrix> {

  private static final int WIDTH = 6;
  private static final SoftmaxAttention ATTENTION = SoftmaxAttention.of(1);

  /** What the network can see of the order of tokens. */
  enum Kind {
    /** One causal layer that adds a position to every token. */
    POSITIONS,
    /** Two causal layers without positions: the second sees which prefix each token saw. */
    STACK,
    /** One layer that asks from a fixed row: nothing. */
    SET
  }

  private record Layer(SimpleMatrix queries, SimpleMatrix keys, SimpleMatrix values) {}

  private final Kind kind;
  private final SimpleMatrix start; // (1, WIDTH)
  private final SimpleMatrix embeddings; // (W, WIDTH)
  private final SimpleMatrix position; // (1, WIDTH)
  private final List<Layer> layers = new ArrayList<>();
  private final SimpleMatrix readout; // (WIDTH, W)

  RandomTransformer(Kind kind, int categories, RandomGenerator rng) {
    this.kind = kind;
    this.start = AuditedModels.normal(1, WIDTH, rng);
    this.embeddings = AuditedModels.normal(categories, WIDTH, rng);
    this.position = AuditedModels.normal(1, WIDTH, rng);
    for (int i = 0; i < (kind == Kind.STACK ? 2 : 1); i++) {
      layers.add(new Layer(square(rng), square(rng), square(rng)));
    }
    this.readout = AuditedModels.normal(WIDTH, categories, rng).scale(1 / Math.sqrt(WIDTH));
  }

  private static SimpleMatrix square(RandomGenerator rng) {
    return AuditedModels.normal(WIDTH, WIDTH, rng).scale(1 / Math.sqrt(WIDTH));
  }

  @Override
  public SimpleMatrix apply(Tokens seen) {
    SimpleMatrix hidden = embed(seen);
    for (Layer layer : layers) {
      hidden = hidden.plus(attend(layer, hidden));
    }
    int row = kind == Kind.SET ? 0 : seen.length();
    double[] logits = hidden.extractVector(true, row).mult(readout).getDDRM().data;
    return new SimpleMatrix(1, logits.length, true, LogSumExp.softmax(logits));
  }

  private SimpleMatrix embed(Tokens seen) {
    SimpleMatrix rows = start;
    for (int l = 0; l < seen.length(); l++) {
      SimpleMatrix row = embeddings.extractVector(true, (int) seen.at(l, 0));
      if (kind == Kind.POSITIONS) {
        row = row.plus(position.scale(Math.sin(l + 1.0)));
      }
      rows = rows.concatRows(row);
    }
    return rows;
  }

  // Row l sees rows 0..l; a set reader's row sees them all.
  private SimpleMatrix attend(Layer layer, SimpleMatrix hidden) {
    SimpleMatrix queries = hidden.mult(layer.queries());
    Context all = Context.of(hidden.mult(layer.keys()), hidden.mult(layer.values()));
    if (kind == Kind.SET) {
      return ATTENTION.attend(queries, all);
    }
    SimpleMatrix out = new SimpleMatrix(0, WIDTH);
    for (int l = 0; l < hidden.getNumRows(); l++) {
      SimpleMatrix query = queries.extractVector(true, l);
      out = out.concatRows(ATTENTION.attend(query, all.prefix(l + 1)));
    }
    return out;
  }
}
