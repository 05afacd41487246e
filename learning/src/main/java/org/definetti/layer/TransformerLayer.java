package org.definetti.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.definetti.attention.Transformer;
import org.definetti.attention.TransformerBlock;
import org.definetti.engine.Batch;
import org.definetti.engine.BlockKernels;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Kernels;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A stack of transformer blocks; its reference form is {@link Transformer}.
 *
 * <pre>{@code
 * row of token l   x_l = W_E [k_l | v_l] + b_E + position_l
 * row of the query z   = W_Z q + b_Z, behind the tokens
 * answer           out = W_R norm(row of the query in block_D(… block_1(x_1, …, x_n, z))) + c
 * }</pre>
 *
 * <table>
 *   <caption>Parameters by name</caption>
 *   <tr><th>name</th><th>symbol</th><th>shape</th><th>there</th></tr>
 *   <tr><td>{@code embedding.map}, {@code .bias}</td><td>W_E, b_E</td><td>(d, dk + dv), (1, d)</td>
 *       <td>unless {@link #withIdentityEmbedding}</td></tr>
 *   <tr><td>{@code query.embedding.map}, {@code .bias}</td><td>W_Z, b_Z</td>
 *       <td>(d, dk), (1, d)</td><td>unless {@link #atEveryPosition}</td></tr>
 *   <tr><td>{@code positions}</td><td></td><td>(greatest length, d)</td><td>if learned</td></tr>
 *   <tr><td>{@code block.0.query.map}, …</td><td></td><td>{@link BlockShape#parameters}</td>
 *       <td>always</td></tr>
 *   <tr><td>{@code final.norm.gain}, {@code .bias}</td><td></td><td>(1, d)</td>
 *       <td>if pre-norm; the bias unless RMS</td></tr>
 *   <tr><td>{@code readout.map}, {@code .bias}</td><td>W_R, c</td><td>(p, d), (1, p)</td>
 *       <td>unless {@link #withIdentityReadout}</td></tr>
 * </table>
 *
 * <ul>
 *   <li>By default two pre-norm blocks of width 32 with 4 heads and no positions, read out at the
 *       query: without positions and causal mask the order of tokens carries no meaning.
 *   <li>Tokens from {@link Batch#length(int)} on are not read.
 *   <li>Edge cases: length 0 leaves the query alone with itself.
 *   <li>Cost: O(n d (d + hidden) + n² d) per sample and block; the last block computes only the row
 *       of the query. Memory O(n) of one sample, whatever the size of the batch: going back over
 *       several samples, all but the last go forward again, so {@link #tile} is 1.
 *   <li>Source: [recalled: transformer encoder; a token of its own to read out].
 * </ul>
 */
public final class TransformerLayer implements Layer {

  private static final int DEFAULT_WIDTH = 32;
  private static final int DEFAULT_HEADS = 4;
  private static final int DEFAULT_DEPTH = 2;

  /** Of learned positions at the start: small beside the embedded tokens. */
  private static final double POSITION_SCALE = 0.02;

  private final Widths widths;
  private final BlockShape block;
  private final int depth;
  private final Positions positions;
  private final int maxPositions; // of learned ones, else 0
  private final boolean embeds;
  private final boolean everyPosition;
  private final boolean identityReadout;
  private final BlockKernels kernels;
  private final List<ParameterShape> shapes;
  private final TransformerOffsets offsets;

  private TransformerLayer(
      Widths widths,
      BlockShape block,
      int depth,
      Positions positions,
      int maxPositions,
      boolean embeds,
      boolean everyPosition,
      boolean identityReadout,
      BlockKernels kernels) {
    this.widths = Objects.requireNonNull(widths, "widths");
    this.block = Objects.requireNonNull(block, "block");
    this.depth = Check.atLeast("depth", 1, depth);
    this.positions = positions;
    this.maxPositions = maxPositions;
    this.embeds = embeds;
    this.everyPosition = everyPosition;
    this.identityReadout = identityReadout;
    this.kernels = kernels;
    if (!embeds && widths.value() != block.width()) {
      throw new ShapeMismatchException(
          "widths: expected values of the block's width "
              + block.width()
              + " (identity embedding), got "
              + widths);
    }
    if (identityReadout && widths.target() != block.width()) {
      throw new ShapeMismatchException(
          "widths: expected targets of the block's width "
              + block.width()
              + " (identity readout), got "
              + widths);
    }
    this.shapes = listShapes();
    this.offsets = new TransformerOffsets(shapes);
  }

  /** Returns the transformer for these widths, with the defaults above. */
  public static TransformerLayer of(Widths widths) {
    BlockShape block = BlockShape.of(DEFAULT_WIDTH, DEFAULT_HEADS).withPreNorm();
    return new TransformerLayer(
        widths,
        block,
        DEFAULT_DEPTH,
        Positions.NONE,
        0,
        true,
        false,
        false,
        Kernels.inUse().blocks());
  }

  /**
   * Returns this transformer with other blocks: width, heads, hidden width, norms, mask and null
   * tokens.
   *
   * @throws ShapeMismatchException if embedding or readout is the identity and the width differs
   */
  public TransformerLayer withBlock(BlockShape block) {
    return copy(block, depth, embeds, everyPosition, identityReadout);
  }

  /** Returns this transformer with {@code depth} blocks, at least 1. */
  public TransformerLayer withDepth(int depth) {
    return copy(block, depth, embeds, everyPosition, identityReadout);
  }

  /**
   * Returns this transformer whose token rows are the values as they are; keys are not read.
   *
   * @throws ShapeMismatchException unless values are as wide as the blocks
   */
  public TransformerLayer withIdentityEmbedding() {
    return copy(block, depth, false, everyPosition, identityReadout);
  }

  /**
   * Returns this transformer whose output is the row as it is, after the final norm if any.
   *
   * @throws ShapeMismatchException unless targets are as wide as the blocks
   */
  public TransformerLayer withIdentityReadout() {
    return copy(block, depth, embeds, everyPosition, true);
  }

  /** Returns this transformer with one output for each token and no row for a query. */
  public TransformerLayer atEveryPosition() {
    return copy(block, depth, embeds, true, identityReadout);
  }

  /** Returns the causal one of this shape at every position of rows of other widths. */
  TransformerLayer causalOn(Widths rows) {
    return new TransformerLayer(
        rows,
        block.withCausalMask(),
        depth,
        positions,
        positions == Positions.LEARNED ? maxPositions + 1 : 0,
        embeds,
        true,
        identityReadout,
        kernels);
  }

  private TransformerLayer copy(
      BlockShape block, int depth, boolean embeds, boolean everyPosition, boolean identityReadout) {
    return new TransformerLayer(
        widths,
        block,
        depth,
        positions,
        maxPositions,
        embeds,
        everyPosition,
        identityReadout,
        kernels);
  }

  private TransformerLayer with(Positions positions, int maxPositions, BlockKernels kernels) {
    return new TransformerLayer(
        widths,
        block,
        depth,
        positions,
        maxPositions,
        embeds,
        everyPosition,
        identityReadout,
        kernels);
  }

  /** Returns this transformer with a learned row for each position up to {@code maxLength}. */
  public TransformerLayer withLearnedPositions(int maxLength) {
    return with(Positions.LEARNED, Check.atLeast("maxLength", 1, maxLength), kernels);
  }

  /** Returns this transformer with sines and cosines of each position. */
  public TransformerLayer withSinusoidalPositions() {
    return with(Positions.SINUSOIDAL, 0, kernels);
  }

  /**
   * Returns this transformer whose blocks turn queries and keys by their positions; the query's row
   * stands behind the tokens.
   *
   * @throws IllegalArgumentException if the width of a head is odd
   */
  public TransformerLayer withRotaryPositions() {
    return withBlock(block.withRotaryPositions());
  }

  /** Returns this transformer with these kernels. */
  TransformerLayer withKernels(BlockKernels kernels) {
    return with(positions, maxPositions, kernels);
  }

  private List<ParameterShape> listShapes() {
    int d = block.width();
    List<ParameterShape> list = new ArrayList<>();
    if (embeds) {
      addAffine(list, "embedding", d, widths.key() + widths.value());
    }
    if (!everyPosition) {
      addAffine(list, "query.embedding", d, widths.key());
    }
    if (positions == Positions.LEARNED) {
      list.add(new ParameterShape("positions", maxPositions, d));
    }
    for (int i = 0; i < depth; i++) {
      list.addAll(block.parameters(prefix(i)));
    }
    if (block.preNorm()) { // whose last sum has no norm
      list.add(new ParameterShape("final.norm.gain", 1, d));
      if (!block.rms()) {
        list.add(new ParameterShape("final.norm.bias", 1, d));
      }
    }
    if (!identityReadout) {
      addAffine(list, "readout", widths.target(), d);
    }
    return List.copyOf(list);
  }

  private static void addAffine(List<ParameterShape> list, String name, int out, int in) {
    list.add(new ParameterShape(name + ".map", out, in));
    list.add(new ParameterShape(name + ".bias", 1, out));
  }

  private static String prefix(int i) {
    return "block." + i + ".";
  }

  /** Returns what each of its blocks computes. */
  public BlockShape block() {
    return block;
  }

  /** Returns the number of blocks. */
  public int depth() {
    return depth;
  }

  /** Returns what is added to the rows of tokens; rotary positions are part of the block. */
  public Positions positions() {
    return positions;
  }

  @Override
  public Widths widths() {
    return widths;
  }

  @Override
  public List<ParameterShape> shapes() {
    return shapes;
  }

  @Override
  public int outputs(int length) {
    return everyPosition ? length : 1;
  }

  @Override
  public int tile(int length) {
    return 1;
  }

  /**
   * Draws initial parameters: maps with independent normal entries of variance one over their
   * number of columns, gains one, learned positions of scale 0.02, all else zero.
   */
  @Override
  public Parameters initial(RandomGenerator rng) {
    Parameters parameters = Parameters.zeros(shapes);
    for (ParameterShape shape : shapes) {
      int at = parameters.offset(shape.name());
      if (shape.name().endsWith(".gain")) {
        Arrays.fill(parameters.data(), at, at + shape.size(), 1f);
      } else if (shape.name().endsWith(".map") || shape.name().equals("positions")) {
        boolean map = shape.name().endsWith(".map");
        double scale = map ? 1 / Math.sqrt(shape.columns()) : POSITION_SCALE;
        for (int i = 0; i < shape.size(); i++) {
          parameters.data()[at + i] = (float) (scale * Normal.draw(rng));
        }
      }
    }
    return parameters;
  }

  @Override
  public Workspace workspace(int size, int length) {
    Check.atLeast("size", 1, size);
    checkLength(Check.atLeast("length", 0, length));
    int rows = Math.max(1, length + (everyPosition ? 0 : 1));
    float @Nullable [] sinusoids =
        positions == Positions.SINUSOIDAL
            ? floats(Transformer.sinusoids(length, block.width()))
            : null;
    return new TransformerPass(this, size, length, kernels.make(block, depth, rows), sinusoids);
  }

  private static float[] floats(SimpleMatrix matrix) {
    float[] out = new float[matrix.getNumElements()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) matrix.getDDRM().data[i];
    }
    return out;
  }

  private void checkLength(int length) {
    if (positions == Positions.LEARNED && length > maxPositions) {
      throw new IllegalArgumentException(
          "length: expected at most " + maxPositions + " (learned positions), got " + length);
    }
  }

  /** Where the parameters are. */
  TransformerOffsets offsets() {
    return offsets;
  }

  @Override
  public void prepare(Parameters parameters, Workspace workspace) {
    LayerChecks.layout("parameters", shapes, parameters);
    own(workspace).prepare(parameters.data());
  }

  @Override
  public void forward(Parameters parameters, Batch batch, int from, int to, Workspace workspace) {
    check(parameters, batch, workspace).forward(parameters.data(), batch, from, to);
  }

  @Override
  public void backward(
      Parameters parameters, Batch batch, int from, int to, Workspace workspace, Parameters sums) {
    TransformerPass pass = check(parameters, batch, workspace);
    LayerChecks.layout("sums", shapes, sums);
    pass.backward(parameters.data(), batch, from, to, sums.data());
  }

  private TransformerPass check(Parameters parameters, Batch batch, Workspace workspace) {
    LayerChecks.layout("parameters", shapes, parameters);
    LayerChecks.widths(widths, batch);
    TransformerPass pass = own(workspace);
    if (batch.size() > pass.size || batch.length() > pass.length) {
      throw new IllegalArgumentException(
          "workspace: expected one for at least "
              + batch
              + ", got one for "
              + pass.size
              + " samples of length "
              + pass.length);
    }
    if (!pass.isPrepared()) {
      throw new IllegalArgumentException(
          "workspace: expected one prepared for the parameters, got one never prepared");
    }
    return pass;
  }

  private TransformerPass own(Workspace workspace) {
    if (workspace instanceof TransformerPass pass && equals(pass.layer)) {
      return pass;
    }
    throw new IllegalArgumentException("workspace: expected one made by this layer, got another");
  }

  @Override
  public Transformer toAttention(Parameters parameters) {
    LayerChecks.layout("parameters", shapes, parameters);
    return toAttention(parameters.matrices());
  }

  /** Returns the reference form with these parameters by name. */
  Transformer toAttention(Map<String, SimpleMatrix> parameters) {
    List<TransformerBlock> blocks = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      Map<String, SimpleMatrix> own = new LinkedHashMap<>();
      for (ParameterShape shape : block.parameters("")) {
        own.put(shape.name(), need(parameters, prefix(i) + shape.name()));
      }
      TransformerBlock reference = TransformerBlock.of(own, block.heads());
      reference = block.preNorm() ? reference.withPreNorm() : reference;
      reference = block.rotary() ? reference.withRotaryPositions() : reference;
      blocks.add(block.causal() ? reference.withCausalMask() : reference);
    }
    Transformer transformer = Transformer.of(blocks);
    if (embeds) {
      transformer =
          transformer.withEmbedding(
              need(parameters, "embedding.map"), need(parameters, "embedding.bias"));
    }
    transformer =
        everyPosition
            ? transformer.atEveryPosition()
            : transformer.withQueryEmbedding(
                need(parameters, "query.embedding.map"), need(parameters, "query.embedding.bias"));
    transformer = withPositions(transformer, parameters);
    if (block.preNorm()) {
      transformer =
          transformer.withFinalNorm(
              need(parameters, "final.norm.gain"), parameters.get("final.norm.bias"));
    }
    return identityReadout
        ? transformer
        : transformer.withReadout(
            need(parameters, "readout.map"), need(parameters, "readout.bias"));
  }

  private Transformer withPositions(Transformer transformer, Map<String, SimpleMatrix> parameters) {
    return switch (positions) {
      case NONE -> transformer;
      case LEARNED -> {
        SimpleMatrix table = need(parameters, "positions");
        yield transformer.withPositions(
            length -> {
              checkLength(length);
              return table.rows(0, length);
            });
      }
      case SINUSOIDAL ->
          transformer.withPositions(length -> Transformer.sinusoids(length, block.width()));
    };
  }

  private static SimpleMatrix need(Map<String, SimpleMatrix> parameters, String name) {
    return Objects.requireNonNull(parameters.get(name), name);
  }

  @Override
  public LayerCost cost(int length) {
    long d = block.width();
    long rows = (long) length + (everyPosition ? 0 : 1);
    long answers = everyPosition ? length : 1;
    long sum = embeds ? length * d * (widths.key() + widths.value()) : 0;
    sum += everyPosition ? 0 : d * widths.key();
    sum += identityReadout ? 0 : answers * d * widths.target();
    for (int i = 0; i < depth; i++) {
      long asking = i < depth - 1 ? rows : answers; // the last computes only what is read out
      long pairs = block.causal() && asking > 1 ? asking * (rows + 1) / 2 : asking * rows;
      sum += 2 * rows * d * d; // keys and values
      sum += asking * 2 * d * (d + block.hidden()) + 2 * pairs * d;
    }
    return new LayerCost(LayerCost.parameters(this), sum, depth, length);
  }

  /** Two transformers are equal when widths and options are, whatever kernels compute them. */
  @Override
  public boolean equals(Object other) {
    return other instanceof TransformerLayer that
        && widths.equals(that.widths)
        && block.equals(that.block)
        && depth == that.depth
        && positions == that.positions
        && maxPositions == that.maxPositions
        && embeds == that.embeds
        && everyPosition == that.everyPosition
        && identityReadout == that.identityReadout;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        widths, block, depth, positions, maxPositions, embeds, everyPosition, identityReadout);
  }

  @Override
  public String label() {
    return "transformer, depth "
        + depth
        + ", width "
        + block.width()
        + ", "
        + block.heads()
        + (block.heads() == 1 ? " head" : " heads")
        + " at temperature √"
        + block.headWidth()
        + (block.preNorm() ? ", pre-norm" : ", post-norm")
        + (block.rms() ? " (RMS)" : "")
        + (block.causal() ? ", causal" : "")
        + (block.nullToken() ? ", null tokens" : "")
        + (block.rotary() ? ", rotary positions" : "")
        + (positions == Positions.NONE
            ? ""
            : ", " + positions.name().toLowerCase(Locale.ROOT) + " positions");
  }

  @Override
  public String toString() {
    return "TransformerLayer["
        + widths
        + ", depth="
        + depth
        + ", "
        + block
        + ", positions="
        + positions
        + (positions == Positions.LEARNED ? " " + maxPositions : "")
        + ", embedding="
        + (embeds ? "linear" : "identity")
        + ", output="
        + (everyPosition ? "every position" : "query")
        + ", readout="
        + (identityReadout ? "identity" : "linear")
        + "]";
  }
}
