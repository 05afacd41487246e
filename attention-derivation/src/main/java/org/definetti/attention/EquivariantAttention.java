package org.definetti.attention;

import java.util.Map;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * Attention that commutes with every orthogonal map of its vectors, exactly: weights mix channels
 * and never coordinates. The reference form of the trained one.
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
 * <table>
 *   <caption>Parameters by name, c channels and H heads, layer 0 standing for each layer</caption>
 *   <tr><th>name</th><th>symbol</th><th>shape</th><th>there</th></tr>
 *   <tr><td>{@code embedding.map}</td><td>E</td><td>(c, 2), or (c, 1) with marks</td>
 *       <td>always</td></tr>
 *   <tr><td>{@code query.embedding.map}</td><td>E_q</td><td>(c, 1)</td><td>without marks</td></tr>
 *   <tr><td>{@code layer.0.query.map}, {@code .key.map}, {@code .value.map}</td><td>A, B, C</td>
 *       <td>(H, c)</td><td>always</td></tr>
 *   <tr><td>{@code layer.0.norm.weight}</td><td>g</td><td>(1, H)</td><td>always</td></tr>
 *   <tr><td>{@code layer.0.mark.map}</td><td>w_h</td><td>(H, dk)</td><td>with marks</td></tr>
 *   <tr><td>{@code layer.0.output.map}</td><td>O</td><td>(c, H)</td><td>always</td></tr>
 *   <tr><td>{@code readout.map}</td><td>R</td><td>(1, c)</td><td>always</td></tr>
 * </table>
 *
 * <ul>
 *   <li>Without marks keys, values and queries are vectors of one width d that turn together. With
 *       marks keys are numbers that do not turn, such as what kind of token it is; queries are not
 *       read.
 *   <li>Every score is a function of inner products, every output a linear combination of the
 *       vectors: the form that O(d)-equivariance forces. A Gaussian kernel has g = -a/2 where A = a
 *       B.
 *   <li>The query is one more row that sees the tokens and that no token sees. The order of tokens
 *       carries no meaning.
 *   <li>Shapes: queries (m, dk); keys (n, dk), values (n, d); result (m, d).
 *   <li>Edge cases: n = 0 leaves {@code R E_q q}; log biases are added to the scores.
 *   <li>Cost: O(layers (n c H d + n² H d)); stateless.
 *   <li>Source: the form and W = aI [derived] (checks S1, ES1, ES6).
 * </ul>
 */
public final class EquivariantAttention implements Attention {

  private final Map<String, SimpleMatrix> parameters;
  private final int depth;
  private final boolean marks;
  private final int heads;

  private EquivariantAttention(Map<String, SimpleMatrix> parameters, int depth, boolean marks) {
    this.parameters = Map.copyOf(parameters);
    this.depth = Check.atLeast("depth", 1, depth);
    this.marks = marks;
    int c = Check.matrix("embedding.map", need("embedding.map"), -1, marks ? 1 : 2).getNumRows();
    if (!marks) {
      Check.matrix("query.embedding.map", need("query.embedding.map"), c, 1);
    }
    this.heads = need("layer.0.query.map").getNumRows();
    for (int r = 0; r < depth; r++) {
      for (String name : new String[] {"query", "key", "value"}) {
        Check.matrix(name(r, name + ".map"), need(name(r, name + ".map")), heads, c);
      }
      Check.matrix(name(r, "norm.weight"), need(name(r, "norm.weight")), 1, heads);
      Check.matrix(name(r, "output.map"), need(name(r, "output.map")), c, heads);
      if (marks) {
        Check.matrix(name(r, "mark.map"), need(name(r, "mark.map")), heads, -1);
      }
    }
    Check.matrix("readout.map", need("readout.map"), 1, c);
  }

  /**
   * Returns the attention with these parameters, named and shaped as in the table above.
   *
   * @param depth the number of layers, at least 1
   * @param marks whether keys are numbers that do not turn
   * @throws ShapeMismatchException if a shape does not fit the others
   * @throws IllegalArgumentException if a name is missing or a number is not finite
   */
  public static EquivariantAttention of(
      Map<String, SimpleMatrix> parameters, int depth, boolean marks) {
    return new EquivariantAttention(parameters, depth, marks);
  }

  private static String name(int layer, String name) {
    return "layer." + layer + "." + name;
  }

  private SimpleMatrix need(String name) {
    return SoftmaxHead.need(parameters, name);
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    int d = context.values().getNumCols();
    if (!marks && context.keys().getNumCols() != d) {
      throw new ShapeMismatchException(
          "keys: expected width "
              + d
              + " (as values, which turn with them), got "
              + context.keys().getNumCols());
    }
    SimpleMatrix out = new SimpleMatrix(queries.getNumRows(), d);
    for (int i = 0; i < queries.getNumRows(); i++) {
      Rows.write(attend(queries.rows(i, i + 1), context, d), out, i);
    }
    return out;
  }

  /** Answers one query, whose row is the last. */
  private SimpleMatrix attend(SimpleMatrix query, Context context, int d) {
    int n = context.length();
    SimpleMatrix[] rows = new SimpleMatrix[n + 1]; // each (channels, d)
    SimpleMatrix embedding = need("embedding.map");
    for (int l = 0; l < n; l++) {
      SimpleMatrix value = context.values().rows(l, l + 1);
      SimpleMatrix vectors = marks ? value : context.keys().rows(l, l + 1).concatRows(value);
      rows[l] = embedding.mult(vectors);
    }
    rows[n] =
        marks
            ? new SimpleMatrix(embedding.getNumRows(), d)
            : need("query.embedding.map").mult(query);
    for (int r = 0; r < depth; r++) {
      rows = layer(r, rows, context);
    }
    return need("readout.map").mult(rows[n]);
  }

  private SimpleMatrix[] layer(int r, SimpleMatrix[] rows, Context context) {
    int n = context.length();
    int d = rows[0].getNumCols();
    SimpleMatrix[] out = new SimpleMatrix[n + 1];
    double[][] mixed = new double[n + 1][heads * d]; // each (heads, d)
    for (int h = 0; n > 0 && h < heads; h++) {
      SimpleMatrix queries = channel(name(r, "query.map"), h, rows, n + 1);
      SimpleMatrix keys = channel(name(r, "key.map"), h, rows, n);
      SimpleMatrix values = channel(name(r, "value.map"), h, rows, n);
      Context seen = new Context(keys, values, biases(r, h, keys, context));
      SimpleMatrix attended = SoftmaxAttention.of(Math.sqrt(d)).attend(queries, seen);
      for (int i = 0; i <= n; i++) {
        System.arraycopy(attended.getDDRM().data, i * d, mixed[i], h * d, d);
      }
    }
    for (int i = 0; i <= n; i++) {
      SimpleMatrix more = new SimpleMatrix(heads, d, true, mixed[i]);
      out[i] = rows[i].plus(need(name(r, "output.map")).mult(more));
    }
    return out;
  }

  /** Returns one head's vector of the first rows, (count, d). */
  private SimpleMatrix channel(String map, int head, SimpleMatrix[] rows, int count) {
    SimpleMatrix weights = need(map).rows(head, head + 1);
    SimpleMatrix out = new SimpleMatrix(count, rows[0].getNumCols());
    for (int i = 0; i < count; i++) {
      Rows.write(weights.mult(rows[i]), out, i);
    }
    return out;
  }

  /** Returns what does not depend on the query of each score of a head, (n, 1). */
  private SimpleMatrix biases(int r, int head, SimpleMatrix keys, Context context) {
    double root = Math.sqrt(keys.getNumCols());
    double[] out = new double[keys.getNumRows()];
    for (int j = 0; j < out.length; j++) {
      SimpleMatrix key = keys.rows(j, j + 1);
      out[j] = need(name(r, "norm.weight")).get(0, head) * key.dot(key) / root;
      if (marks) {
        SimpleMatrix map = need(name(r, "mark.map")).rows(head, head + 1);
        out[j] += map.dot(context.keys().rows(j, j + 1));
      }
      out[j] += context.logBiases().get(j, 0);
    }
    return new SimpleMatrix(out.length, 1, true, out);
  }

  @Override
  public String toString() {
    return "EquivariantAttention["
        + depth
        + " layers, "
        + heads
        + " heads, "
        + need("embedding.map").getNumRows()
        + (marks ? " channels, marks]" : " channels]");
  }
}
