package org.definetti.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.definetti.attention.AnswerPlace;
import org.definetti.attention.Recurrence;
import org.definetti.attention.RecurrentStack;
import org.definetti.attention.SequenceNetwork;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * A recurrent network over the tokens and the query behind them: one state, passed on.
 *
 * <pre>{@code
 * row of token l   x_l = W_E [k_l | v_l] + b_E,   of the query   z = W_Z q + b_Z
 * state            h_i = step(W_I x_i + b_I, W_S h_(i-1) + b_S),   h_(-1) = 0
 * answer           out = W_R h + c, h the state after the query
 * }</pre>
 *
 * <ul>
 *   <li>Where: step that of the {@link Recurrence}; by default rows and states of 32 numbers.
 *   <li>Parameters: {@code embedding.map, .bias}, {@code query.embedding.map, .bias} (unless {@link
 *       #atEveryPosition} or {@link #pooled}), {@code input.map} W_I (G w, d), {@code input.bias},
 *       {@code state.map} W_S (G w, w), {@code state.bias}, {@code readout.map, .bias}.
 *   <li>At the start the forget gate of LSTM has bias 1, so that memory lasts.
 *   <li>Edge cases: length 0 leaves the query alone.
 *   <li>Cost: G w (d + w) multiply-adds a place, in as many steps as places, one after another;
 *       twice that backward.
 *   <li>Reference form: {@link SequenceNetwork} of a {@link RecurrentStack}; gradients are tested
 *       against its central differences.
 *   <li>Source: see {@link Recurrence}; forget bias [recalled: Gers 2000].
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class RecurrentLayer extends SequenceLayer {

  private static final int DEFAULT_WIDTH = 32;

  private record Options(Recurrence recurrence, int width, int stateWidth, AnswerPlace answers) {}

  private final Options options;

  private RecurrentLayer(Widths widths, Options options) {
    super(widths, options, options.width, options.stateWidth, options.answers, recurrent(options));
    this.options = options;
  }

  /** Returns the network for these widths, with the defaults above. */
  public static RecurrentLayer of(Widths widths, Recurrence recurrence) {
    Objects.requireNonNull(recurrence, "recurrence");
    return new RecurrentLayer(
        widths, new Options(recurrence, DEFAULT_WIDTH, DEFAULT_WIDTH, AnswerPlace.QUERY));
  }

  private static List<ParameterShape> recurrent(Options options) {
    int gates = options.recurrence.gates() * options.stateWidth;
    List<ParameterShape> list = new ArrayList<>();
    addAffine(list, "input", gates, options.width);
    addAffine(list, "state", gates, options.stateWidth);
    return list;
  }

  /** Returns this network with rows and states of {@code width} numbers. */
  public RecurrentLayer withWidth(int width) {
    Check.atLeast("width", 1, width);
    return new RecurrentLayer(
        widths(), new Options(options.recurrence, width, width, options.answers));
  }

  /** Returns this network with states of {@code width} numbers, rows as they were. */
  public RecurrentLayer withStateWidth(int width) {
    Check.atLeast("width", 1, width);
    return new RecurrentLayer(
        widths(), new Options(options.recurrence, options.width, width, options.answers));
  }

  /** Returns this network with one answer for each token and no row for a query. */
  public RecurrentLayer atEveryPosition() {
    return with(AnswerPlace.EVERY_TOKEN);
  }

  /** Returns this network with one answer, from the mean of the states; no query is read. */
  public RecurrentLayer pooled() {
    return with(AnswerPlace.MEAN);
  }

  private RecurrentLayer with(AnswerPlace answers) {
    return new RecurrentLayer(
        widths(), new Options(options.recurrence, options.width, options.stateWidth, answers));
  }

  /** Draws as every layer of rows; the forget gate of LSTM starts with a bias of 1. */
  @Override
  public Parameters initial(RandomGenerator rng) {
    Parameters parameters = super.initial(rng);
    if (options.recurrence == Recurrence.LSTM) {
      int forget = offset("input.bias") + options.stateWidth;
      Arrays.fill(parameters.data(), forget, forget + options.stateWidth, 1f);
    }
    return parameters;
  }

  @Override
  RowMixer mixer(int size, int length) {
    return new RecurrentMixer(this, options.recurrence, size * (length + queryRows()));
  }

  @Override
  long mixerNumbers() {
    return (2L * options.recurrence.gates() + 3) * options.stateWidth + options.width;
  }

  @Override
  UnaryOperator<SimpleMatrix> rows(Map<String, SimpleMatrix> parameters) {
    return RecurrentStack.of(parameters, options.recurrence)::transform;
  }

  @Override
  public LayerCost cost(int length) {
    long w = options.stateWidth;
    long perRow = options.recurrence.gates() * w * (options.width + w);
    return LayerCost.of(this, length, perRow, length + queryRows());
  }

  @Override
  public String label() {
    return options.recurrence.name().toLowerCase(Locale.ROOT)
        + " recurrence, width "
        + options.stateWidth
        + where();
  }
}
