package org.definetti.layer;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.definetti.attention.Activation;
import org.definetti.attention.AnswerPlace;
import org.definetti.attention.SequenceNetwork;
import org.definetti.attention.SetStack;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * Equivariant deep sets: rows that see themselves and the mean of all, the query's among them.
 *
 * <pre>{@code
 * row of token l   x_l = W_E [k_l | v_l] + b_E,   of the query   z = W_Z q + b_Z
 * layer r          y_i = σ(Λ_r x_i + Γ_r mean_j x_j + b_r) [+ x_i]
 * answer           out = W_R y + c, y the last layer's row of the query
 * }</pre>
 *
 * <ul>
 *   <li>By default two layers of width 32, ReLU, no residuals.
 *   <li>Parameters: {@code embedding.map, .bias}, {@code query.embedding.map, .bias} (unless {@link
 *       #atEveryPosition} or {@link #pooled}), {@code layer.0.map} (d, 2 d), Λ and Γ side by side,
 *       {@code layer.0.bias}, …, {@code readout.map, .bias}.
 *   <li>The order of tokens carries no meaning. All it learns of other tokens is a mean, but after
 *       the first layer of what the layer before made of them.
 *   <li>Cost: 2 d² multiply-adds a place and layer; twice that backward.
 *   <li>Reference form: {@link SequenceNetwork} of a {@link SetStack}; gradients are tested against
 *       its central differences. {@link DeepSetsLayer} is the invariant network ρ(mean φ).
 *   <li>Source: linear maps that commute with S_n are span(I, 11ᵀ) [recalled: Zaheer 2017].
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class SetLayer extends SequenceLayer {

  private static final int DEFAULT_WIDTH = 32;
  private static final int DEFAULT_DEPTH = 2;
  private static final int TAPS = 2;

  private record Options(
      int depth, int width, Activation activation, boolean residual, AnswerPlace answers) {}

  private final Options options;

  private SetLayer(Widths widths, Options options) {
    super(
        widths,
        options,
        options.width,
        options.width,
        options.answers,
        UnfoldedStack.shapes(options.depth, options.width, TAPS));
    this.options = options;
  }

  /** Returns the network for these widths, with the defaults above. */
  public static SetLayer of(Widths widths) {
    return new SetLayer(
        widths,
        new Options(DEFAULT_DEPTH, DEFAULT_WIDTH, Activation.RELU, false, AnswerPlace.QUERY));
  }

  /** Returns this network with {@code depth} layers, at least 1. */
  public SetLayer withDepth(int depth) {
    Check.atLeast("depth", 1, depth);
    return new SetLayer(
        widths(),
        new Options(depth, options.width, options.activation, options.residual, options.answers));
  }

  /** Returns this network with rows of {@code width} numbers. */
  public SetLayer withWidth(int width) {
    Check.atLeast("width", 1, width);
    return new SetLayer(
        widths(),
        new Options(options.depth, width, options.activation, options.residual, options.answers));
  }

  /** Returns this network with another activation. */
  public SetLayer withActivation(Activation activation) {
    return new SetLayer(
        widths(),
        new Options(options.depth, options.width, activation, options.residual, options.answers));
  }

  /** Returns this network in which each layer adds to its input. */
  public SetLayer withResiduals() {
    return new SetLayer(
        widths(),
        new Options(options.depth, options.width, options.activation, true, options.answers));
  }

  /** Returns this network with one answer for each token and no row for a query. */
  public SetLayer atEveryPosition() {
    return with(AnswerPlace.EVERY_TOKEN);
  }

  /** Returns this network with one answer, from the mean of the tokens' rows; no query is read. */
  public SetLayer pooled() {
    return with(AnswerPlace.MEAN);
  }

  private SetLayer with(AnswerPlace answers) {
    return new SetLayer(
        widths(),
        new Options(options.depth, options.width, options.activation, options.residual, answers));
  }

  @Override
  RowMixer mixer(int size, int length) {
    return new UnfoldedStack(
        new SetUnfold(),
        options.activation,
        options.residual,
        offset("layer.0.map"),
        options.width,
        options.depth,
        size * (length + queryRows()));
  }

  @Override
  long mixerNumbers() {
    return UnfoldedStack.numbers(options.depth, options.width, TAPS);
  }

  @Override
  UnaryOperator<SimpleMatrix> rows(Map<String, SimpleMatrix> parameters) {
    return SetStack.of(parameters, options.depth, options.activation, options.residual)::transform;
  }

  @Override
  public LayerCost cost(int length) {
    long d = options.width;
    return LayerCost.of(this, length, TAPS * d * d * options.depth, options.depth);
  }

  @Override
  public String label() {
    return "equivariant deep sets, depth "
        + options.depth
        + ", width "
        + options.width
        + (options.residual ? ", residual" : "")
        + where();
  }
}
