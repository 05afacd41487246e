package org.definetti.lab.claims;

import java.util.Collections;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.Transformer;
import org.definetti.attention.TransformerBlock;
import org.definetti.latent.regression.LinearRegression;
import org.ejml.simple.SimpleMatrix;

/**
 * A softmax transformer each of whose blocks takes one step of {@link RidgeDescent}: in the class
 * of transformers that are trained, up to a limit.
 *
 * <pre>{@code
 * signals of a row    own key κ, asking key χ, value v, fit u, sink
 * token               κ = χ = k, v = v, u = 0, sink = 0
 * query               κ = 0, χ = q, v = 0, u = 0, sink = 1
 *
 * two heads ±         logit ± γ χ·κ_l + B sink_l,   value v_l - u_l
 * their difference    2 γ e^-B Σ_l (v_l - u_l) χ·κ_l       added to u, scaled to η Σ_l …
 * network             u -= η λ u;   v = u where sink = 1
 * }</pre>
 *
 * <ul>
 *   <li>Why a sink: the weights of a softmax add up to one, so two opposite heads alone compute the
 *       covariance of residuals and keys, and lose the product of their means. The query's row
 *       takes nearly all weight and has residual v - u = 0; what is left for the tokens is not
 *       normalised any more.
 *   <li>The network is exact: {@code gelu(x) - gelu(-x) = x}, and {@code gelu(y ± G) = y + G or 0}
 *       is a switch.
 *   <li>Accuracy: γ = 1e-3 and e^B = 1e10 leave relative errors of γ² and L e^-B, about 1e-7.
 *   <li>Widths: keys of two coordinates, one value.
 *   <li>Source: the idea for linear attention [source: von Oswald-2023, arXiv 2212.07677]; for
 *       softmax blocks with norms [derived].
 * </ul>
 *
 * @param model two-dimensional keys, one value
 * @param steps the number of blocks
 * @param sinkWeight e^B; 0 leaves the sink out, the control
 */
record DescentTransformer(LinearRegression model, int steps, double sinkWeight)
    implements Attention {

  private static final int KEY = 0;
  private static final int ASKING = 2;
  private static final int VALUE = 4;
  private static final int FIT = 5;
  private static final int SINK = 6;
  private static final int DIRECTIONS = 2;
  private static final double GAMMA = 1e-3;
  private static final double SINK_WEIGHT = 1e10;
  private static final double NEVER = -40; // logit of what takes no weight
  private static final double SWITCH = 30; // above any |y|, and gelu(-20) is zero

  /** Returns the transformer with this number of blocks. */
  static DescentTransformer of(LinearRegression model, int steps) {
    return new DescentTransformer(model, steps, SINK_WEIGHT);
  }

  /** Returns this transformer in which the query's row takes no weight. */
  DescentTransformer withoutSink() {
    return new DescentTransformer(model, steps, 0);
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    return at(context.length()).attend(queries, context);
  }

  /** Returns the transformer for a length: its step size depends on it. */
  private Transformer at(int length) {
    double[][] readout = new double[1][MirroredRows.BLOCK.width()];
    readout[0][FIT] = 1;
    double[][] tokens = new double[MirroredRows.BLOCK.width()][DIRECTIONS + 1];
    double[][] asked = new double[MirroredRows.BLOCK.width()][DIRECTIONS];
    for (int i = 0; i < DIRECTIONS; i++) {
      MirroredRows.write(tokens, KEY + i, i, 1);
      MirroredRows.write(tokens, ASKING + i, i, 1);
      MirroredRows.write(asked, ASKING + i, i, 1);
    }
    MirroredRows.write(tokens, VALUE, DIRECTIONS, 1);
    double[][] query = MirroredRows.constants();
    MirroredRows.add(query, SINK, 1);
    return MirroredRows.transformer(Collections.nCopies(steps, block(length)), readout)
        .withEmbedding(new SimpleMatrix(tokens), new SimpleMatrix(MirroredRows.constants()))
        .withQueryEmbedding(new SimpleMatrix(asked), new SimpleMatrix(query));
  }

  private TransformerBlock block(int length) {
    double rate = RidgeDescent.rate(model, length);
    double shrink = rate * RidgeDescent.ridge(model);
    MirroredBlock block = new MirroredBlock();
    attention(block, rate * (sinkWeight + length) / (2 * GAMMA) / (1 - shrink));
    // Units 0 and 1 are the decay, 2 and 3 the switch.
    block.map("expand", 0, FIT, 1);
    block.map("expand", 1, FIT, -1);
    block.write("contract", FIT, 0, -shrink);
    block.write("contract", FIT, 1, shrink);
    block.map("expand", 2, FIT, 1 - shrink);
    block.map("expand", 2, VALUE, -1);
    block.write("contract", VALUE, 2, 1);
    block.write("contract", VALUE, 3, -1);
    for (int unit = 2; unit <= 3; unit++) {
      block.map("expand", unit, SINK, 2 * SWITCH);
      block.bias("expand", unit, -SWITCH);
    }
    return block.build();
  }

  private void attention(MirroredBlock block, double scale) {
    int width = MirroredRows.BLOCK.headWidth();
    double root = Math.sqrt(width); // undone by the block's temperature
    double logit = sinkWeight > 0 ? Math.log(sinkWeight) : NEVER;
    for (int head = 0; head < MirroredRows.BLOCK.heads(); head++) {
      int at = head * width;
      double sign = head == 0 ? 1 : -1;
      for (int i = 0; i < DIRECTIONS; i++) {
        block.map("query", at + i, ASKING + i, sign * GAMMA * root);
        block.map("key", at + i, KEY + i, 1);
      }
      block.bias("query", at + DIRECTIONS, logit * root);
      block.map("key", at + DIRECTIONS, SINK, 1);
      block.map("value", at, VALUE, 1);
      block.map("value", at, FIT, -1);
      block.write("output", FIT, at, sign * scale);
    }
  }
}
