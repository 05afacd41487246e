package org.definetti.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.definetti.attention.AnswerPlace;
import org.definetti.attention.Attention;
import org.definetti.attention.SequenceNetwork;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * What convolution, sets and recurrence have in common: tokens and query become rows as in {@link
 * TransformerLayer}, a {@link RowMixer} maps the rows, and an affine map reads out.
 *
 * <p>Reference form: {@link SequenceNetwork}.
 */
abstract class SequenceLayer extends SampleLayer {

  /** Tokens that run together: some 32 rows of them stay in second-level cache. */
  private static final int TILE_TOKENS = 512;

  private final int width;
  private final AnswerPlace answers;
  final int embedding;
  final int embeddingBias;
  final int query; // -1 without a row for the query
  final int queryBias;
  final int readout;
  final int readoutBias;

  /**
   * Keeps the description.
   *
   * @param width d, of an embedded row
   * @param outWidth of what the mixer gives
   * @param mixer its parameters
   */
  SequenceLayer(
      Widths widths,
      Record options,
      int width,
      int outWidth,
      AnswerPlace answers,
      List<ParameterShape> mixer) {
    super(widths, options, shapes(widths, width, outWidth, answers, mixer));
    this.width = width;
    this.answers = answers;
    this.embedding = offset("embedding.map");
    this.embeddingBias = offset("embedding.bias");
    this.query = offset("query.embedding.map");
    this.queryBias = offset("query.embedding.bias");
    this.readout = offset("readout.map");
    this.readoutBias = offset("readout.bias");
  }

  private static List<ParameterShape> shapes(
      Widths widths, int width, int outWidth, AnswerPlace answers, List<ParameterShape> mixer) {
    List<ParameterShape> list = new ArrayList<>();
    addAffine(list, "embedding", width, widths.key() + widths.value());
    if (answers == AnswerPlace.QUERY) {
      addAffine(list, "query.embedding", width, widths.key());
    }
    list.addAll(mixer);
    addAffine(list, "readout", widths.target(), outWidth);
    return list;
  }

  /** Adds a map of shape (out, columns) and a bias. */
  static void addAffine(List<ParameterShape> list, String name, int out, int columns) {
    list.add(new ParameterShape(name + ".map", out, columns));
    list.add(new ParameterShape(name + ".bias", 1, out));
  }

  /** Returns a new mixer for so many samples of so many tokens. */
  abstract RowMixer mixer(int size, int length);

  /** Returns how many numbers a mixer holds for each place. */
  abstract long mixerNumbers();

  /** Returns the reference form of the mixer. */
  abstract UnaryOperator<SimpleMatrix> rows(Map<String, SimpleMatrix> parameters);

  /** Returns d. */
  final int width() {
    return width;
  }

  /** Returns the width of what the mixer gives. */
  final int outWidth() {
    return (readoutBias - readout) / widths().target();
  }

  final AnswerPlace answers() {
    return answers;
  }

  /** Returns 1 with a row for the query, else 0. */
  final int queryRows() {
    return answers == AnswerPlace.QUERY ? 1 : 0;
  }

  @Override
  public final int outputs(int length) {
    return answers == AnswerPlace.EVERY_TOKEN ? length : 1;
  }

  @Override
  public final int tile(int length) {
    return Math.max(1, TILE_TOKENS / Math.max(1, length));
  }

  @Override
  final @Nullable String whyNotEmpty() {
    return answers == AnswerPlace.MEAN ? "no mean of nothing" : null;
  }

  /** Draws maps with independent normal entries of variance one over their columns; else zero. */
  @Override
  public Parameters initial(RandomGenerator rng) {
    return drawMaps(rng);
  }

  @Override
  public final long workspaceBytes(int size, int length) {
    long places = (long) size * (length + queryRows());
    long numbers = mixerNumbers() + widths().key() + widths().value() + width + 2L * outWidth();
    long outputs = 2L * size * Math.max(1, outputs(length)) * widths().target();
    return Float.BYTES * (places * numbers + outputs);
  }

  @Override
  final SampleWorkspace newWorkspace(int size, int length) {
    return new SequencePass(this, size, length);
  }

  @Override
  final void forward(float[] theta, Batch batch, int from, int to, SampleWorkspace workspace) {
    ((SequencePass) workspace).forward(theta, batch, from, to);
  }

  @Override
  final void backward(
      float[] theta, Batch batch, int from, int to, SampleWorkspace workspace, float[] gradient) {
    ((SequencePass) workspace).backward(theta, batch, from, to, gradient);
  }

  @Override
  public final Attention toAttention(Parameters parameters) {
    checkLayout("parameters", parameters);
    return reference(parameters.matrices());
  }

  /** Returns the reference form with these parameters. */
  final SequenceNetwork reference(Map<String, SimpleMatrix> parameters) {
    return SequenceNetwork.of(parameters, answers, rows(parameters));
  }

  /** Returns what a label says of the place of answers. */
  final String where() {
    return switch (answers) {
      case QUERY -> "";
      case EVERY_TOKEN -> ", at every token";
      case MEAN -> ", mean of rows";
    };
  }
}
