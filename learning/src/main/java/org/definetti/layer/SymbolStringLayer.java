package org.definetti.layer;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.attention.Transformer;
import org.definetti.engine.Batch;
import org.definetti.engine.BlockShape;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.random.Normal;
import org.jspecify.annotations.Nullable;

/**
 * One pre-norm transformer block on strings of symbols, read out at a token of its own, [CLS].
 *
 * <pre>{@code
 * token of symbol w at position t   x = e_w + v_t
 * out = W_R norm(row of [CLS] in block(x_1, …, x_T, x_CLS)) + c
 * }</pre>
 *
 * <p>There are only T W + 1 different tokens, whatever the number of strings, and attention meets
 * them before anything else; so keys' scores and values are computed once per step for every
 * different token and summed per string ({@link SymbolStringPass}). Outputs, gradients and
 * parameters are those of {@link #tokenByToken}, the same network as a {@link TransformerLayer}.
 *
 * <ul>
 *   <li>Batches: value width W, a symbol is the vector of its place, (0, 1) for a bit that is one;
 *       what is read is whether a number is above 1/2. Keys and queries are not read; every string
 *       has the batch's length, at most T.
 *   <li>Parameters: those of {@link #tokenByToken}. e_w is column 1 + w of {@code embedding.map},
 *       v_t row t of {@code positions}, x_CLS is {@code query.embedding.bias}. {@code
 *       embedding.bias} and the columns of keys and queries would be the same directions again;
 *       they are drawn as zero and get no gradient.
 *   <li>Cost: O(T W d²) a step and O(T (d + H) + d² + d hidden) a string; the same network token by
 *       token costs O(T d²) a string.
 *   <li>Source: network [recalled: Edelman-2022, minGPT's block]; one row only and distinct tokens
 *       [derived] (checks V3, V4).
 * </ul>
 */
public final class SymbolStringLayer extends SampleLayer {

  /** Standard deviation of initial weights. */
  private static final double SPREAD = 0.02;

  /**
   * What tells such layers apart.
   *
   * @param length T
   * @param block sizes of the block
   * @param spread standard deviation of initial weights
   */
  record Options(int length, BlockShape block, double spread) {}

  private final Options options;
  private final TransformerLayer twin;

  private SymbolStringLayer(Options options, TransformerLayer twin) {
    super(twin.widths(), options, twin.shapes());
    this.options = options;
    this.twin = twin;
  }

  /**
   * Returns the layer with initial weights of standard deviation 0.02.
   *
   * @param symbols W, at least 1; 2 for bits
   * @param length T, the most symbols of a string, at least 1
   * @param outputs the width of an output, at least 1
   * @param block pre-norm, without causal mask, null token, RMS norm and rotary positions
   * @throws IllegalArgumentException if the block has what this layer has not
   */
  public static SymbolStringLayer of(int symbols, int length, int outputs, BlockShape block) {
    if (!block.preNorm() || block.causal() || block.nullToken() || block.rms() || block.rotary()) {
      throw new IllegalArgumentException(
          "block: expected pre-norm without mask, null token, RMS norm and rotary positions, got "
              + block);
    }
    TransformerLayer twin =
        TransformerLayer.of(new Widths(1, Check.atLeast("symbols", 1, symbols), outputs))
            .withBlock(block)
            .withDepth(1)
            .withLearnedPositions(length);
    return new SymbolStringLayer(new Options(length, block, SPREAD), twin);
  }

  /** Returns this layer with initial weights of another standard deviation, above zero. */
  public SymbolStringLayer withSpread(double spread) {
    Check.positive("spread", spread);
    return new SymbolStringLayer(new Options(options.length, options.block, spread), twin);
  }

  /** Returns the same network, with the same parameters, that reads strings token by token. */
  public TransformerLayer tokenByToken() {
    return twin;
  }

  /** Returns T, the most symbols of a string. */
  public int maxLength() {
    return options.length;
  }

  /** Returns sizes of the block. */
  BlockShape block() {
    return options.block;
  }

  /** Returns where the twin's parameters start. */
  TransformerOffsets offsets() {
    return twin.offsets();
  }

  @Override
  @Nullable String whyNotEmpty() {
    return null;
  }

  /**
   * Draws maps, symbols, positions and [CLS] with independent normal entries; gains one, all else
   * zero.
   */
  @Override
  public Parameters initial(RandomGenerator rng) {
    Parameters parameters = Parameters.zeros(shapes());
    float[] data = parameters.data();
    for (ParameterShape shape : shapes()) {
      String name = shape.name();
      int at = parameters.offset(name);
      if (name.endsWith(".gain")) {
        Arrays.fill(data, at, at + shape.size(), 1f);
      } else if (isDrawn(name)) {
        int first = name.equals("embedding.map") ? widths().key() : 0;
        for (int i = 0; i < shape.size(); i++) {
          if (i % shape.columns() >= first) {
            data[at + i] = (float) (options.spread * Normal.draw(rng));
          }
        }
      }
    }
    return parameters;
  }

  private static boolean isDrawn(String name) {
    boolean map = name.endsWith(".map") && !name.equals("query.embedding.map");
    return map || name.equals("positions") || name.equals("query.embedding.bias");
  }

  @Override
  SampleWorkspace newWorkspace(int size, int length) {
    if (length > options.length) {
      throw new IllegalArgumentException(
          "length: expected at most " + options.length + ", got " + length);
    }
    return new SymbolStringPass(this, size, length);
  }

  @Override
  public long workspaceBytes(int size, int length) {
    BlockShape block = options.block;
    long table = (long) length * widths().value() + 1;
    long perRow = 7L * block.width() + 4L * block.heads();
    long perString = 8L * block.width() + 3L * block.hidden() + length;
    return Float.BYTES * (table * perRow + size * perString);
  }

  @Override
  public void prepare(Parameters parameters, Workspace workspace) {
    checkLayout("parameters", parameters);
    own(workspace).prepare(parameters.data());
  }

  @Override
  void forward(float[] theta, Batch batch, int from, int to, SampleWorkspace workspace) {
    for (int b = from; b < to; b++) {
      if (batch.length(b) != batch.length()) {
        throw new IllegalArgumentException(
            "batch: expected strings of " + batch.length() + " symbols, got " + batch.length(b));
      }
    }
    own(workspace).forward(theta, batch, from, to);
  }

  @Override
  void backward(
      float[] theta, Batch batch, int from, int to, SampleWorkspace workspace, float[] gradient) {
    own(workspace).backward(theta, batch, from, to, gradient);
  }

  private SymbolStringPass own(Workspace workspace) {
    if (workspace instanceof SymbolStringPass pass && pass.isOf(this)) {
      return pass;
    }
    throw new IllegalArgumentException("workspace: expected one made by this layer, got another");
  }

  /**
   * Returns each head's weights on the tokens of one string, as the last forward pass had them.
   *
   * @param workspace of that pass. Not modified.
   * @param sample its place in the batch
   * @return (H, L + 1), [CLS] last
   */
  public float[][] weights(Workspace workspace, int sample) {
    return own(workspace).weights(sample);
  }

  @Override
  public Transformer toAttention(Parameters parameters) {
    return twin.toAttention(parameters);
  }

  @Override
  public String label() {
    return "one row of " + twin.label();
  }
}
