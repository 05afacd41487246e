package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.CausalStack;
import org.definetti.attention.Context;
import org.definetti.attention.Head;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * A small attention network with random weights that predicts the next category: a predictor whose
 * predictions were never made to fit together.
 *
 * <pre>{@code
 * rows 0..L: a fixed row, then the embedding of each token (+ its position)
 * P(x^{L+1} = · | X) = softmax(last row of the causal stack · U)
 * }</pre>
 *
 * <p>A set reader asks from the fixed row instead, in one layer over all rows and without
 * positions, so it cannot see the order of tokens.
 */
final class RandomTransformer implements Function<Tokens, SimpleMatrix> {

  private static final int WIDTH = 6;

  /** What the network can see of the order of tokens. */
  enum Kind {
    /** One causal layer that adds a position to every token. */
    POSITIONS,
    /** Two causal layers without positions: the second sees which prefix each token saw. */
    STACK,
    /** One layer that asks from a fixed row: nothing. */
    SET
  }

  private final Kind kind;
  private final SimpleMatrix start; // (1, WIDTH)
  private final SimpleMatrix embeddings; // (W, WIDTH)
  private final SimpleMatrix position; // (1, WIDTH)
  private final List<Attention> layers = new ArrayList<>();
  private final SimpleMatrix readout; // U, (WIDTH, W)

  RandomTransformer(Kind kind, int categories, RandomGenerator rng) {
    this.kind = kind;
    this.start = AuditedModels.normal(1, WIDTH, rng);
    this.embeddings = AuditedModels.normal(categories, WIDTH, rng);
    this.position = AuditedModels.normal(1, WIDTH, rng);
    for (int i = 0; i < (kind == Kind.STACK ? 2 : 1); i++) {
      layers.add(
          Head.of(SoftmaxAttention.of(1))
              .withQueryMap(map(WIDTH, rng))
              .withKeyMap(map(WIDTH, rng))
              .withValueMap(map(WIDTH, rng)));
    }
    this.readout = map(categories, rng).transpose();
  }

  private static SimpleMatrix map(int rows, RandomGenerator rng) {
    return AuditedModels.normal(rows, WIDTH, rng).scale(1 / Math.sqrt(WIDTH));
  }

  @Override
  public SimpleMatrix apply(Tokens seen) {
    SimpleMatrix rows = embed(seen);
    SimpleMatrix out =
        kind == Kind.SET
            ? start.plus(layers.get(0).attend(start, Context.of(rows, rows)))
            : new CausalStack(layers, true).transform(rows).extractVector(true, seen.length());
    double[] logits = out.mult(readout).getDDRM().data;
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
}
