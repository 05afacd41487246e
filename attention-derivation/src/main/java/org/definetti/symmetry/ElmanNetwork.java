package org.definetti.symmetry;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * A simple recurrent network: one state, passed from token to token.
 *
 * <pre>{@code  h_i = tanh(h_(i-1) W + x_i U),   y_i = h_i,   h_(-1) = 0  }</pre>
 *
 * <ul>
 *   <li>Causal by construction, and its reach is every earlier token. In numbers it is not: where
 *       the state contracts, the influence of a token falls by a factor with each step that it is
 *       passed on, until rounding is larger.
 *   <li>Weights: U normal with variance 1 / d, W normal with variance gain² / d; states contract if
 *       the gain is well below 1. Knowledge is ignored.
 *   <li>Cost: O(n d²), n steps one after another.
 *   <li>Source: [recalled: Elman 1990]; what is said of its influence [derived] (check S17).
 * </ul>
 */
public final class ElmanNetwork implements SequenceFunction {

  private final SimpleMatrix state; // W, (d, d)
  private final SimpleMatrix input; // U, (d, d)

  private ElmanNetwork(SimpleMatrix state, SimpleMatrix input) {
    this.state = state;
    this.input = input;
  }

  /**
   * Draws a network.
   *
   * @param width d, of tokens and state, at least 1
   * @param gain of the recurrent weights, finite and not negative
   */
  public static ElmanNetwork draw(int width, double gain, RandomGenerator rng) {
    Check.atLeast("width", 1, width);
    Check.notNegative("gain", gain);
    SimpleMatrix state = weight(width, rng).scale(gain);
    return new ElmanNetwork(state, weight(width, rng));
  }

  private static SimpleMatrix weight(int width, RandomGenerator rng) {
    double[] weight = new double[width * width];
    Normal.fill(weight, 0, weight.length, rng);
    return new SimpleMatrix(width, width, true, weight).divide(Math.sqrt(width));
  }

  @Override
  public SimpleMatrix transform(SimpleMatrix tokens, SimpleMatrix knowledge) {
    int d = state.getNumRows();
    SimpleMatrix driven = Check.matrix("tokens", tokens, -1, d).mult(input);
    double[] out = new double[driven.getNumElements()];
    SimpleMatrix last = new SimpleMatrix(1, d);
    for (int i = 0; i < tokens.getNumRows(); i++) {
      double[] next = last.mult(state).plus(Stacked.rows(driven, i, i + 1)).getDDRM().data;
      for (int j = 0; j < d; j++) {
        out[i * d + j] = Math.tanh(next[j]);
      }
      last = new SimpleMatrix(1, d, true, Arrays.copyOfRange(out, i * d, (i + 1) * d));
    }
    return new SimpleMatrix(tokens.getNumRows(), d, true, out);
  }
}
