package org.definetti.layer;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.definetti.attention.Activation;
import org.definetti.attention.AnswerPlace;
import org.definetti.attention.ConvolutionShape;
import org.definetti.attention.ConvolutionStack;
import org.definetti.attention.SequenceNetwork;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * A convolutional network over the tokens and the query behind them: local, and the same at every
 * place.
 *
 * <pre>{@code
 * row of token l   x_l = W_E [k_l | v_l] + b_E,   of the query   z = W_Z q + b_Z
 * layer r          y_i = σ(b_r + Σ_t W_r,t x_(source of tap t at i)) [+ x_i]
 * answer           out = W_R y + c, y the last layer's row of the query
 * }</pre>
 *
 * <ul>
 *   <li>By default two causal layers of kernel 3, width 32, ReLU, no residuals: the answer sees the
 *       last {@link ConvolutionShape#back} tokens, here 4, and no other.
 *   <li>Parameters: {@code embedding.map, .bias}, {@code query.embedding.map, .bias} (unless {@link
 *       #atEveryPosition} or {@link #pooled}), {@code layer.0.map} (d, T d) with the taps side by
 *       side, {@code layer.0.bias}, …, {@code readout.map, .bias}.
 *   <li>Edge cases: length 0 leaves the query alone.
 *   <li>Cost: T d² multiply-adds a place and layer, d T d + … kept to one product over all places
 *       of a call; twice that backward.
 *   <li>Reference form: {@link SequenceNetwork} of a {@link ConvolutionStack}; gradients are tested
 *       against its central differences.
 *   <li>Source: [recalled: temporal convolutional network], without its normalisation; a token of
 *       its own to read out as in {@link TransformerLayer}.
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class ConvolutionLayer extends SequenceLayer {

  private static final int DEFAULT_WIDTH = 32;
  private static final int DEFAULT_KERNEL = 3;

  private record Options(
      ConvolutionShape shape,
      int width,
      Activation activation,
      boolean residual,
      AnswerPlace answers) {}

  private final Options options;

  private ConvolutionLayer(Widths widths, Options options) {
    super(
        widths,
        options,
        options.width,
        options.width,
        options.answers,
        UnfoldedStack.shapes(options.shape.depth(), options.width, options.shape.taps()));
    this.options = options;
  }

  /** Returns the network for these widths, with the defaults above. */
  public static ConvolutionLayer of(Widths widths) {
    ConvolutionShape shape = ConvolutionShape.causal(DEFAULT_KERNEL, List.of(1, 1));
    return new ConvolutionLayer(
        widths, new Options(shape, DEFAULT_WIDTH, Activation.RELU, false, AnswerPlace.QUERY));
  }

  /**
   * Returns a temporal convolutional network: causal layers of dilations 1, 2, 4, … with residuals.
   *
   * @param kernel k, at least 2 to see anything but its own place
   * @param depth the number of layers; the answer sees {@code (k - 1) (2^depth - 1)} tokens
   */
  public static ConvolutionLayer temporal(Widths widths, int kernel, int depth) {
    ConvolutionShape shape = ConvolutionShape.causal(kernel, ConvolutionShape.doubling(depth));
    return of(widths).withShape(shape).withResiduals();
  }

  /**
   * Returns this network with other places seen.
   *
   * @throws IllegalArgumentException if the shape is a grid and the network answers at a query,
   *     which has no place on a grid
   */
  public ConvolutionLayer withShape(ConvolutionShape shape) {
    if (shape.columns() > 0 && options.answers == AnswerPlace.QUERY) {
      throw new IllegalArgumentException(
          "shape: expected a sequence (the query stands behind it), got " + shape);
    }
    return new ConvolutionLayer(
        widths(),
        new Options(shape, options.width, options.activation, options.residual, options.answers));
  }

  /** Returns this network with rows of {@code width} numbers. */
  public ConvolutionLayer withWidth(int width) {
    Check.atLeast("width", 1, width);
    return new ConvolutionLayer(
        widths(),
        new Options(options.shape, width, options.activation, options.residual, options.answers));
  }

  /** Returns this network with another activation. */
  public ConvolutionLayer withActivation(Activation activation) {
    return new ConvolutionLayer(
        widths(),
        new Options(options.shape, options.width, activation, options.residual, options.answers));
  }

  /** Returns this network in which each layer adds to its input. */
  public ConvolutionLayer withResiduals() {
    return new ConvolutionLayer(
        widths(),
        new Options(options.shape, options.width, options.activation, true, options.answers));
  }

  /** Returns this network with one answer for each token and no row for a query. */
  public ConvolutionLayer atEveryPosition() {
    return with(AnswerPlace.EVERY_TOKEN);
  }

  /** Returns this network with one answer, from the mean of the tokens' rows; no query is read. */
  public ConvolutionLayer pooled() {
    return with(AnswerPlace.MEAN);
  }

  private ConvolutionLayer with(AnswerPlace answers) {
    return new ConvolutionLayer(
        widths(),
        new Options(options.shape, options.width, options.activation, options.residual, answers));
  }

  /** Returns which places are seen. */
  public ConvolutionShape shape() {
    return options.shape;
  }

  @Override
  RowMixer mixer(int size, int length) {
    int places = size * (length + queryRows());
    return new UnfoldedStack(
        new ConvolutionUnfold(options.shape, places),
        options.activation,
        options.residual,
        offset("layer.0.map"),
        options.width,
        options.shape.depth(),
        places);
  }

  @Override
  long mixerNumbers() {
    return UnfoldedStack.numbers(options.shape.depth(), options.width, options.shape.taps());
  }

  @Override
  UnaryOperator<SimpleMatrix> rows(Map<String, SimpleMatrix> parameters) {
    return ConvolutionStack.of(parameters, options.shape, options.activation, options.residual)
        ::transform;
  }

  @Override
  public LayerCost cost(int length) {
    long d = options.width;
    long layers = (long) options.shape.depth() * options.shape.taps() * d * d;
    return LayerCost.of(this, length, layers, options.shape.depth());
  }

  @Override
  public String label() {
    ConvolutionShape shape = options.shape;
    return (shape.causal() ? "causal" : shape.circular() ? "circular" : "centred")
        + (shape.columns() > 0 ? " grid" : "")
        + " convolution, kernel "
        + shape.kernel()
        + ", dilations "
        + shape.dilations()
        + ", width "
        + options.width
        + ", "
        + options.activation.name().toLowerCase(Locale.ROOT)
        + (options.residual ? ", residual" : "")
        + where();
  }
}
