package org.definetti.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A layer with one answer, asked after every prefix of the sequence with the same parameters.
 *
 * <pre>{@code
 * out_t = layer(q_t; tokens 1..t)        t = 0..L
 * q_t   = the query of the batch, or for pairs the key of token t + 1, for t = L that of the batch
 * }</pre>
 *
 * <p>Nothing of token t + 1 but its key, if it is a pair, reaches row t, whatever the layer:
 * prefixes are given to it as samples of their own.
 *
 * <ul>
 *   <li>Parameters: those of the layer, then, with {@link #withStartRow}, {@code start} (1, p).
 *   <li>Cost: that of the layer on L + 1 samples of 0..L tokens: O(L²) for heads and for linear
 *       kernel ridge.
 *   <li>Edge cases: row 0 asks the layer about an empty context; one that refuses it needs a start
 *       row.
 *   <li>Exactness: linear kernel ridge ({@link KernelRidgeLayer}) with derived parameters and keys
 *       as queries is the exact predictor of in-context regression (M5) at every prefix, as the
 *       null head is of a conjugate model [derived] (checks B1, X1; claim NT1).
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class PrefixLayer implements Layer {

  private static final String START = "start";

  private final Layer inner;
  private final boolean pairs;
  private final boolean startRow;
  private final List<ParameterShape> shapes;
  private final List<ParameterShape> sums;

  private PrefixLayer(Layer inner, boolean pairs, boolean startRow) {
    this.inner = inner;
    this.pairs = pairs;
    this.startRow = startRow;
    this.shapes = withStart(inner.shapes());
    this.sums = withStart(inner.sums());
  }

  private List<ParameterShape> withStart(List<ParameterShape> own) {
    if (!startRow) {
      return own;
    }
    List<ParameterShape> all = new ArrayList<>(own);
    all.add(new ParameterShape(START, 1, inner.widths().target()));
    return List.copyOf(all);
  }

  /**
   * Returns the layer at every prefix, which asks the query of the batch each time.
   *
   * @throws ShapeMismatchException if the layer has not one output row
   */
  public static PrefixLayer of(Layer inner) {
    if (inner.outputs(0) != 1 || inner.outputs(2) != 1) {
      throw new ShapeMismatchException(
          "layer: expected one output row a sample, got " + inner.outputs(2) + " for 2 tokens");
    }
    return new PrefixLayer(inner, false, false);
  }

  /**
   * Returns this layer with row t asking with the key of token t + 1, as it must for pairs.
   *
   * <p>For pairs only: where the key of a token is its value, the question would hold the answer.
   */
  public PrefixLayer withKeysAsQueries() {
    return new PrefixLayer(inner, true, startRow);
  }

  /** Returns this layer with a learned row in place of the answer to the empty prefix. */
  public PrefixLayer withStartRow() {
    return new PrefixLayer(inner, pairs, true);
  }

  @Override
  public Widths widths() {
    return inner.widths();
  }

  @Override
  public List<ParameterShape> shapes() {
    return shapes;
  }

  @Override
  public List<ParameterShape> sums() {
    return sums;
  }

  /** {@inheritDoc} A start row is zero at first. */
  @Override
  public Parameters initial(RandomGenerator rng) {
    Parameters parameters = Parameters.zeros(shapes);
    Parameters drawn = inner.initial(rng);
    System.arraycopy(drawn.data(), 0, parameters.data(), 0, drawn.size());
    return parameters;
  }

  @Override
  public int outputs(int length) {
    return length + 1;
  }

  @Override
  public int tile(int length) {
    return 1;
  }

  @Override
  public boolean isSamplewise() {
    return true;
  }

  @Override
  public Workspace workspace(int size, int length) {
    Check.atLeast("size", 1, size);
    Check.atLeast("length", 0, length);
    return new Pass(this, size, length);
  }

  @Override
  public long workspaceBytes(int size, int length) {
    long tokens = (length + 1L) * length * (widths().key() + widths().value());
    long outputs = 2L * size * (length + 1L) * widths().target();
    return Float.BYTES * (tokens + outputs) + inner.workspaceBytes(length + 1, length);
  }

  @Override
  public void prepare(Parameters parameters, Workspace workspace) {
    LayerChecks.layout("parameters", shapes, parameters);
    Pass pass = own(workspace);
    inner.prepare(pass.ofInner(parameters), pass.prefixes);
    pass.prepared = true;
  }

  @Override
  public void forward(Parameters parameters, Batch batch, int from, int to, Workspace workspace) {
    Pass pass = check(parameters, batch, workspace);
    Parameters own = pass.ofInner(parameters);
    for (int b = from; b < to; b++) {
      pass.forward(own, batch, b);
      pass.keep(parameters, batch, b);
    }
  }

  @Override
  public void backward(
      Parameters parameters, Batch batch, int from, int to, Workspace workspace, Parameters sums) {
    Pass pass = check(parameters, batch, workspace);
    LayerChecks.layout("sums", this.sums, sums);
    Parameters own = pass.ofInner(parameters);
    for (int b = from; b < to; b++) {
      if (to - from > 1) {
        pass.forward(own, batch, b); // prefixes of one sample are held at a time
      }
      pass.backward(own, batch, b, sums);
    }
  }

  @Override
  public void finish(Parameters parameters, Parameters sums, Parameters gradient) {
    LayerChecks.layout("gradient", shapes, gradient);
    if (!startRow) {
      inner.finish(parameters, sums, gradient);
      return;
    }
    Parameters found = Parameters.zeros(inner.shapes());
    inner.finish(head(inner.shapes(), parameters), head(inner.sums(), sums), found);
    System.arraycopy(found.data(), 0, gradient.data(), 0, found.size());
    int p = widths().target();
    System.arraycopy(sums.data(), sums.size() - p, gradient.data(), found.size(), p);
  }

  /** Returns a copy of the numbers before the start row. */
  private static Parameters head(List<ParameterShape> shapes, Parameters whole) {
    Parameters part = Parameters.zeros(shapes);
    System.arraycopy(whole.data(), 0, part.data(), 0, part.size());
    return part;
  }

  private Pass check(Parameters parameters, Batch batch, Workspace workspace) {
    LayerChecks.layout("parameters", shapes, parameters);
    LayerChecks.widths(widths(), batch);
    Pass pass = own(workspace);
    if (batch.size() > pass.size || batch.length() > pass.length) {
      throw new IllegalArgumentException(
          "workspace: expected one for at least " + batch + ", got a smaller one");
    }
    if (!pass.prepared) {
      throw new IllegalArgumentException(
          "workspace: expected one prepared for the parameters, got one never prepared");
    }
    return pass;
  }

  private Pass own(Workspace workspace) {
    if (workspace instanceof Pass pass && equals(pass.layer)) {
      return pass;
    }
    throw new IllegalArgumentException("workspace: expected one made by this layer, got another");
  }

  /** Returns the layer's own attention, which answers the empty context by the start row if any. */
  @Override
  public Attention toAttention(Parameters parameters) {
    LayerChecks.layout("parameters", shapes, parameters);
    if (!startRow) {
      return inner.toAttention(parameters);
    }
    Attention attention = inner.toAttention(head(inner.shapes(), parameters));
    SimpleMatrix start = parameters.matrix(START);
    return (queries, context) -> {
      if (context.length() > 0) {
        return attention.attend(queries, context);
      }
      SimpleMatrix ones = new SimpleMatrix(queries.getNumRows(), 1).plus(1);
      return ones.mult(start);
    };
  }

  @Override
  public String label() {
    return inner.label() + ", at every prefix" + (startRow ? ", start row" : "");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PrefixLayer that
        && inner.equals(that.inner)
        && pairs == that.pairs
        && startRow == that.startRow;
  }

  @Override
  public int hashCode() {
    return 31 * inner.hashCode() + (pairs ? 2 : 0) + (startRow ? 1 : 0);
  }

  @Override
  public String toString() {
    return "PrefixLayer["
        + inner
        + ", query="
        + (pairs ? "key of the next token" : "of the batch")
        + (startRow ? ", start row" : "")
        + "]";
  }

  /** All prefixes of one sample as samples of the layer. */
  private static final class Pass implements Workspace {

    final PrefixLayer layer;
    final int size;
    final int length;
    final Workspace prefixes;
    boolean prepared;

    private final float[] output; // (batch, length + 1, p)
    private final float[] outputGradient; // (batch, length + 1, p)
    private final @Nullable Parameters innerParameters; // with a start row
    private final @Nullable Parameters innerSums;
    private Batch samples;

    Pass(PrefixLayer layer, int size, int length) {
      this.layer = layer;
      this.size = size;
      this.length = length;
      this.prefixes = layer.inner.workspace(length + 1, length);
      int rows = Math.multiplyExact(size, length + 1);
      output = new float[Math.multiplyExact(rows, layer.widths().target())];
      outputGradient = new float[output.length];
      innerParameters = layer.startRow ? Parameters.zeros(layer.inner.shapes()) : null;
      innerSums = layer.startRow ? Parameters.zeros(layer.inner.sums()) : null;
      samples = Batch.zeros(layer.widths(), length + 1, length);
    }

    @Override
    public float[] output() {
      return output;
    }

    @Override
    public float[] outputGradient() {
      return outputGradient;
    }

    Parameters ofInner(Parameters parameters) {
      if (innerParameters == null) {
        return parameters;
      }
      System.arraycopy(parameters.data(), 0, innerParameters.data(), 0, innerParameters.size());
      return innerParameters;
    }

    /** The first prefix the layer is asked about. */
    private int firstAsked() {
      return layer.startRow ? 1 : 0;
    }

    void forward(Parameters parameters, Batch batch, int b) {
      if (samples.length() != batch.length()) {
        samples = Batch.zeros(layer.widths(), batch.length() + 1, batch.length());
      }
      int n = batch.length(b);
      int dk = layer.widths().key();
      for (int t = firstAsked(); t <= n; t++) {
        samples.setLength(t, t);
        copy(batch.keys(), b * batch.length(), samples.keys(), t * batch.length(), t);
        copy(batch.values(), b * batch.length(), samples.values(), t * batch.length(), t);
        for (int j = 0; j < dk; j++) {
          samples.queries()[t * dk + j] =
              layer.pairs && t < n
                  ? batch.keys(j)[b * batch.length() + t]
                  : batch.queries()[b * dk + j];
        }
      }
      layer.inner.forward(parameters, samples, firstAsked(), n + 1, prefixes);
    }

    private static void copy(float[][] in, int inAt, float[][] out, int outAt, int count) {
      for (int j = 0; j < in.length; j++) {
        System.arraycopy(in[j], inAt, out[j], outAt, count);
      }
    }

    /** Takes the outputs over. */
    void keep(Parameters parameters, Batch batch, int b) {
      int p = layer.widths().target();
      int at = b * (batch.length() + 1) * p;
      int skipped = firstAsked() * p;
      System.arraycopy(
          prefixes.output(), skipped, output, at + skipped, batch.length(b) * p + p - skipped);
      if (layer.startRow) {
        System.arraycopy(parameters.data(), parameters.size() - p, output, at, p);
      }
    }

    void backward(Parameters parameters, Batch batch, int b, Parameters sums) {
      int p = layer.widths().target();
      int n = batch.length(b);
      int at = b * (batch.length() + 1) * p;
      int count = (n + 1) * p;
      System.arraycopy(outputGradient, at, prefixes.outputGradient(), 0, count);
      if (innerSums == null) {
        layer.inner.backward(parameters, samples, 0, n + 1, prefixes, sums);
        return;
      }
      innerSums.clear();
      layer.inner.backward(parameters, samples, 1, n + 1, prefixes, innerSums);
      for (int i = 0; i < innerSums.size(); i++) {
        sums.data()[i] += innerSums.data()[i];
      }
      for (int j = 0; j < p; j++) {
        sums.data()[innerSums.size() + j] += outputGradient[at + j];
      }
    }
  }
}
