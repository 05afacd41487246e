package org.definetti.layer;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.Transformer;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.ejml.simple.SimpleMatrix;

/**
 * A causal transformer that answers at every prefix: its tokens are shifted by one, behind a start
 * token.
 *
 * <pre>{@code
 * row 0 = [ 0   | k_1     | 0   | 1 ]        the start token
 * row t = [ k_t | k_(t+1) | v_t | 0 ]        t = 1..L, k_(L+1) the query of the batch
 * out_t = answer of a causal transformer at row t
 * }</pre>
 *
 * <p>Row t holds the token just seen and the question about the next, so a causal mask is all that
 * keeps the answer out: row t depends on tokens 1..t and the key of token t + 1. The column k_(t+1)
 * is there for pairs only; without it there is nothing to ask.
 *
 * <ul>
 *   <li>Parameters: those of the {@link TransformerLayer} at every position of these rows. The
 *       start token's row is a column of {@code embedding.map}, learned. A transformer with learned
 *       positions has one more, for row 0.
 *   <li>Causal always: a mask is put on blocks that have none.
 *   <li>Without positions two or more blocks still see the order of tokens, through the mask.
 *   <li>Cost: one pass of the transformer on L + 1 rows; {@link #tile} is 1.
 *   <li>Reference form: {@link Transformer} on the shifted rows, {@link #toAttention}.
 *   <li>Source: [recalled: next-token training, tokens shifted by one]; the row for pairs is this
 *       library's.
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class CausalTransformerLayer implements Layer {

  private final Widths widths;
  private final boolean pairs;
  private final TransformerLayer inner;

  private CausalTransformerLayer(Widths widths, boolean pairs, TransformerLayer inner) {
    this.widths = widths;
    this.pairs = pairs;
    this.inner = inner;
  }

  /**
   * Returns a transformer of these blocks, positions and readout, causal and at every prefix, for
   * tokens without queries of their own.
   *
   * @throws IllegalArgumentException if its embedding is the identity: rows are not the values
   */
  public static CausalTransformerLayer of(TransformerLayer transformer) {
    return of(transformer, false);
  }

  /** Returns the same for pairs: row t asks with the key of token t + 1. */
  public static CausalTransformerLayer ofPairs(TransformerLayer transformer) {
    return of(transformer, true);
  }

  private static CausalTransformerLayer of(TransformerLayer transformer, boolean pairs) {
    Widths widths = transformer.widths();
    Widths shifted =
        new Widths(pairs ? 2 * widths.key() : widths.key(), widths.value() + 1, widths.target());
    return new CausalTransformerLayer(widths, pairs, transformer.causalOn(shifted));
  }

  @Override
  public Widths widths() {
    return widths;
  }

  @Override
  public List<ParameterShape> shapes() {
    return inner.shapes();
  }

  @Override
  public Parameters initial(RandomGenerator rng) {
    return inner.initial(rng);
  }

  @Override
  public int outputs(int length) {
    return length + 1;
  }

  @Override
  public int tile(int length) {
    return inner.tile(length + 1);
  }

  @Override
  public Workspace workspace(int size, int length) {
    return new Pass(this, size, length);
  }

  @Override
  public long workspaceBytes(int size, int length) {
    Widths shifted = inner.widths();
    long rows = size * (length + 1L) * (shifted.key() + shifted.value());
    return Float.BYTES * rows + inner.workspaceBytes(size, length + 1);
  }

  @Override
  public void prepare(Parameters parameters, Workspace workspace) {
    inner.prepare(parameters, own(workspace).inner);
  }

  @Override
  public void forward(Parameters parameters, Batch batch, int from, int to, Workspace workspace) {
    Pass pass = check(batch, workspace);
    for (int b = from; b < to; b++) {
      pass.shift(batch, b);
    }
    inner.forward(parameters, pass.shifted, from, to, pass.inner);
  }

  @Override
  public void backward(
      Parameters parameters, Batch batch, int from, int to, Workspace workspace, Parameters sums) {
    Pass pass = check(batch, workspace);
    inner.backward(parameters, pass.shifted, from, to, pass.inner, sums);
  }

  private Pass check(Batch batch, Workspace workspace) {
    LayerChecks.widths(widths, batch);
    Pass pass = own(workspace);
    if (batch.size() > pass.size || batch.length() > pass.length) {
      throw new IllegalArgumentException(
          "workspace: expected one for at least " + batch + ", got a smaller one");
    }
    pass.fit(batch);
    return pass;
  }

  private Pass own(Workspace workspace) {
    if (workspace instanceof Pass pass && equals(pass.layer)) {
      return pass;
    }
    throw new IllegalArgumentException("workspace: expected one made by this layer, got another");
  }

  /** Returns the answers to queries after the whole context, each asked alone. */
  @Override
  public Attention toAttention(Parameters parameters) {
    Transformer transformer = inner.toAttention(parameters);
    return (queries, context) -> {
      DoubleRows rows = new DoubleRows(context, pairs);
      int count = context.length() + 1;
      SimpleMatrix all = new SimpleMatrix(count, inner.widths().key());
      SimpleMatrix answers = new SimpleMatrix(0, widths.target());
      for (int i = 0; i < queries.getNumRows(); i++) {
        Context shifted = rows.asking(queries.extractVector(true, i));
        SimpleMatrix out = transformer.attend(all, shifted);
        answers = answers.concatRows(out.rows(count - 1, count));
      }
      return answers;
    };
  }

  @Override
  public String label() {
    return inner.label() + ", at every prefix";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CausalTransformerLayer that
        && widths.equals(that.widths)
        && pairs == that.pairs
        && inner.equals(that.inner);
  }

  @Override
  public int hashCode() {
    return 31 * inner.hashCode() + (pairs ? 1 : 0);
  }

  @Override
  public String toString() {
    return "CausalTransformerLayer[" + inner + (pairs ? ", pairs" : "") + "]";
  }

  /** The shifted rows of a context in double precision. */
  private record DoubleRows(Context context, boolean pairs) {

    Context asking(SimpleMatrix query) {
      int n = context.length();
      int dv = context.values().getNumCols();
      int dk = context.keys().getNumCols();
      SimpleMatrix seen = new SimpleMatrix(1, dk).concatRows(context.keys());
      SimpleMatrix keys = pairs ? seen.concatColumns(context.keys().concatRows(query)) : seen;
      SimpleMatrix values = new SimpleMatrix(1, dv).concatRows(context.values());
      SimpleMatrix start = new SimpleMatrix(1, 1).plus(1).concatRows(new SimpleMatrix(n, 1));
      return Context.of(keys, values.concatColumns(start));
    }
  }

  /** The shifted rows of samples, and the transformer's own workspace. */
  private static final class Pass implements Workspace {

    final CausalTransformerLayer layer;
    final int size;
    final int length;
    final Workspace inner;
    Batch shifted;

    Pass(CausalTransformerLayer layer, int size, int length) {
      this.layer = layer;
      this.size = size;
      this.length = length;
      this.inner = layer.inner.workspace(size, length < 0 ? length : length + 1);
      this.shifted = Batch.zeros(layer.inner.widths(), size, length + 1, 0);
    }

    @Override
    public float[] output() {
      return inner.output();
    }

    @Override
    public float[] outputGradient() {
      return inner.outputGradient();
    }

    void fit(Batch batch) {
      if (shifted.length() != batch.length() + 1) {
        shifted = Batch.zeros(layer.inner.widths(), size, batch.length() + 1, 0);
      }
    }

    void shift(Batch batch, int b) {
      int n = batch.length(b);
      int dk = layer.widths.key();
      int dv = layer.widths.value();
      int in = b * batch.length();
      int out = b * (batch.length() + 1);
      shifted.setLength(b, n + 1);
      for (int j = 0; j < dk; j++) {
        shifted.keys(j)[out] = 0f;
        System.arraycopy(batch.keys(j), in, shifted.keys(j), out + 1, n);
        if (layer.pairs) {
          System.arraycopy(batch.keys(j), in, shifted.keys(dk + j), out, n);
          shifted.keys(dk + j)[out + n] = batch.queries()[b * dk + j];
        }
      }
      for (int j = 0; j < dv; j++) {
        shifted.values(j)[out] = 0f;
        System.arraycopy(batch.values(j), in, shifted.values(j), out + 1, n);
      }
      shifted.values(dv)[out] = 1f; // the others stay zero
    }
  }
}
