package org.definetti.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.EquivariantAttention;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Attention that commutes with every orthogonal map of its vectors: weights mix channels and never
 * coordinates, scores are inner products, outputs linear combinations of the vectors.
 *
 * <pre>{@code
 * token l      X_l = E [k_l; v_l], or E v_l with marks          (channels, d)
 * query        z = E_q q, or 0 with marks                       (channels, d)
 * layer        Q_i = A X_i,  K_j = B X_j,  V_j = C X_j          (heads, d)
 *              s_hij = (Q_ih·K_jh + g_h |K_jh|²) / √d  [+ w_h·k_j with marks]
 *              X_i := X_i + O [Σ_j softmax_j(s_hij) V_jh]_h      j over the tokens
 * answer       out = R z                                        (1, d)
 * }</pre>
 *
 * <ul>
 *   <li>By default two layers, 4 channels, 4 heads, no marks: keys, values, queries and targets are
 *       vectors of one width d that turn together. {@link #withMarks} takes keys as numbers that do
 *       not turn, such as what kind of token it is.
 *   <li>Parameters: see {@link EquivariantAttention}, its reference form; gradients are tested
 *       against its central differences. None of them knows d.
 *   <li>Edge cases: length 0 leaves the query alone.
 *   <li>Cost: 3 c H d + 2 n H d multiply-adds a row and layer; the last layer computes only the
 *       query's. Memory of one sample; going back over several samples, all but the last go forward
 *       again.
 *   <li>Source: the form and W = aI [derived] (checks S1, ES1, ES6).
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class EquivariantAttentionLayer extends SampleLayer {

  private static final int DEFAULT_DEPTH = 2;
  private static final int DEFAULT_CHANNELS = 4;
  private static final int DEFAULT_HEADS = 4;

  /**
   * What tells such layers apart.
   *
   * @param marks whether keys are numbers that do not turn
   */
  record Options(int depth, int channels, int heads, boolean marks) {}

  private final Options options;

  private EquivariantAttentionLayer(Widths widths, Options options) {
    super(checked(widths, options.marks), options, shapes(widths, options));
    this.options = options;
  }

  /**
   * Returns the layer for these widths, with the defaults above.
   *
   * @throws ShapeMismatchException unless keys, values and targets have one width
   */
  public static EquivariantAttentionLayer of(Widths widths) {
    return new EquivariantAttentionLayer(
        widths, new Options(DEFAULT_DEPTH, DEFAULT_CHANNELS, DEFAULT_HEADS, false));
  }

  /**
   * Returns the layer for these widths that takes keys as marks: numbers that do not turn.
   *
   * @throws ShapeMismatchException unless values and targets have one width
   */
  public static EquivariantAttentionLayer withMarks(Widths widths) {
    return new EquivariantAttentionLayer(
        widths, new Options(DEFAULT_DEPTH, DEFAULT_CHANNELS, DEFAULT_HEADS, true));
  }

  private static Widths checked(Widths widths, boolean marks) {
    if (widths.value() != widths.target() || (!marks && widths.key() != widths.value())) {
      throw new ShapeMismatchException(
          "widths: expected "
              + (marks ? "values" : "keys, values")
              + " and targets of one width (they turn together), got "
              + widths);
    }
    return widths;
  }

  /** Returns this layer with {@code depth} layers, at least 1. */
  public EquivariantAttentionLayer withDepth(int depth) {
    Check.atLeast("depth", 1, depth);
    return new EquivariantAttentionLayer(
        widths(), new Options(depth, options.channels, options.heads, options.marks));
  }

  /** Returns this layer with {@code channels} vectors a row, at least 1. */
  public EquivariantAttentionLayer withChannels(int channels) {
    Check.atLeast("channels", 1, channels);
    return new EquivariantAttentionLayer(
        widths(), new Options(options.depth, channels, options.heads, options.marks));
  }

  /** Returns this layer with {@code heads} heads, at least 1. */
  public EquivariantAttentionLayer withHeads(int heads) {
    Check.atLeast("heads", 1, heads);
    return new EquivariantAttentionLayer(
        widths(), new Options(options.depth, options.channels, heads, options.marks));
  }

  private static List<ParameterShape> shapes(Widths widths, Options options) {
    int c = options.channels;
    int heads = options.heads;
    List<ParameterShape> list = new ArrayList<>();
    list.add(new ParameterShape("embedding.map", c, options.marks ? 1 : 2));
    if (!options.marks) {
      list.add(new ParameterShape("query.embedding.map", c, 1));
    }
    for (int r = 0; r < options.depth; r++) {
      String prefix = "layer." + r + ".";
      list.add(new ParameterShape(prefix + "query.map", heads, c));
      list.add(new ParameterShape(prefix + "key.map", heads, c));
      list.add(new ParameterShape(prefix + "value.map", heads, c));
      list.add(new ParameterShape(prefix + "norm.weight", 1, heads));
      if (options.marks) {
        list.add(new ParameterShape(prefix + "mark.map", heads, widths.key()));
      }
      list.add(new ParameterShape(prefix + "output.map", c, heads));
    }
    list.add(new ParameterShape("readout.map", 1, c));
    return list;
  }

  Options options() {
    return options;
  }

  /** Draws maps with independent normal entries of variance one over their columns; else zero. */
  @Override
  public Parameters initial(RandomGenerator rng) {
    return drawMaps(rng);
  }

  @Override
  public int tile(int length) {
    return 1;
  }

  @Override
  @Nullable String whyNotEmpty() {
    return null;
  }

  @Override
  public long workspaceBytes(int size, int length) {
    return Float.BYTES
        * (EquivariantAttentionPass.numbers(this, length) + 2L * size * widths().target());
  }

  @Override
  SampleWorkspace newWorkspace(int size, int length) {
    return new EquivariantAttentionPass(this, size, length);
  }

  @Override
  void forward(float[] theta, Batch batch, int from, int to, SampleWorkspace workspace) {
    ((EquivariantAttentionPass) workspace).forward(theta, batch, from, to);
  }

  @Override
  void backward(
      float[] theta, Batch batch, int from, int to, SampleWorkspace workspace, float[] gradient) {
    ((EquivariantAttentionPass) workspace).backward(theta, batch, from, to, gradient);
  }

  @Override
  public Attention toAttention(Parameters parameters) {
    checkLayout("parameters", parameters);
    return reference(parameters.matrices());
  }

  /** Returns the reference form with these parameters. */
  EquivariantAttention reference(Map<String, SimpleMatrix> parameters) {
    return EquivariantAttention.of(parameters, options.depth, options.marks);
  }

  @Override
  public LayerCost cost(int length) {
    long n = length;
    long d = widths().value();
    long c = options.channels;
    long heads = options.heads;
    long marks = options.marks ? n * heads * widths().key() : 0;
    long sum = c * d * (n * (options.marks ? 1 : 2) + (options.marks ? 0 : 1)) + c * d;
    for (int r = 0; r < options.depth; r++) {
      long asking = r == options.depth - 1 ? 1 : n + 1;
      sum += 2 * n * c * heads * d + marks + n * heads * d; // keys, values, their norms
      sum += asking * (2 * c * heads * d + 2 * n * heads * d);
    }
    return new LayerCost(LayerCost.parameters(this), sum, options.depth, length);
  }

  @Override
  public String label() {
    return "equivariant attention, depth "
        + options.depth
        + ", "
        + options.channels
        + " channels, "
        + options.heads
        + " heads at temperature √"
        + widths().value()
        + (options.marks ? ", keys as marks" : "");
  }
}
