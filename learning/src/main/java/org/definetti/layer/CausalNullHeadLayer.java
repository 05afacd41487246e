package org.definetti.layer;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;

/**
 * A softmax head with a null token at every prefix of a sequence that asks one and the same query,
 * in one pass by running sums.
 *
 * <pre>{@code
 * a_l   = u·k_l                        u = W_Kᵀ (W_Q q + b_Q) / sqrt(h), the same for all prefixes
 * Z_t   = e^b_0 + Σ_{l ≤ t} e^a_l,     s_t = Σ_{l ≤ t} e^a_l v_l / Z_t,     w0_t = e^b_0 / Z_t
 * out_t = W_O (W_V s_t + w0_t v_0) + c                                      t = 0..L
 * }</pre>
 *
 * <p>Row t answers from the first t tokens. Backward, with ds_t and dw_t the gradients of s_t and
 * w0_t and m_t = ds_t·s_t + dw_t w0_t, runs the sums from the other end:
 *
 * <pre>{@code
 * U_l = Σ_{t ≥ l} ds_t / Z_t,   C_l = Σ_{t ≥ l} m_t / Z_t,   da_l = e^a_l (U_l·v_l - C_l)
 * db_0 = Σ_t w0_t (dw_t - m_t)
 * }</pre>
 *
 * <ul>
 *   <li>Parameters: those of the {@link SoftmaxHeadLayer} it is made of, by the same names, so that
 *       one trained or derived for a single question answers here at every prefix.
 *   <li>With zero maps, null logit log ν and null value χ0 every row is the exact predictive mean
 *       of a conjugate model: the comparator of next-token training (claims X1, NT1). Its reference
 *       form is then {@link org.definetti.attention.CausalNullHead}.
 *   <li>Accuracy: sums in float64 relative to the largest logit so far, so that a row is a function
 *       of its own prefix to the last bit.
 *   <li>Cost: O(L (dk + dv p)) per sample forward and backward, against O(L² (dk + dv)) of {@link
 *       PrefixLayer}, whose numbers it reproduces.
 *   <li>Edge cases: row 0 is W_O v_0 + c. For pairs, whose query changes with the prefix, take the
 *       {@link PrefixLayer}; the query of the batch would be asked everywhere.
 *   <li>Source: running sums [recalled]; exactness [derived] (checks B2, X1).
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class CausalNullHeadLayer implements Layer {

  private final SoftmaxHeadLayer head;

  private CausalNullHeadLayer(SoftmaxHeadLayer head) {
    this.head = head;
  }

  /** Returns the head for these widths whose values pass unchanged, with a null token. */
  public static CausalNullHeadLayer of(Widths widths) {
    return of(SoftmaxHeadLayer.of(widths).withNullToken().withIdentityValues());
  }

  /**
   * Returns this head at every prefix.
   *
   * @throws IllegalArgumentException if it has no null token, so no answer to the empty prefix
   */
  public static CausalNullHeadLayer of(SoftmaxHeadLayer head) {
    if (!head.hasNullToken()) {
      throw new IllegalArgumentException("head: expected one with a null token, got " + head);
    }
    return new CausalNullHeadLayer(head);
  }

  @Override
  public Widths widths() {
    return head.widths();
  }

  @Override
  public List<ParameterShape> shapes() {
    return head.shapes();
  }

  @Override
  public List<ParameterShape> sums() {
    return head.sums();
  }

  @Override
  public Parameters initial(RandomGenerator rng) {
    return head.initial(rng);
  }

  @Override
  public int outputs(int length) {
    return length + 1;
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
    long rows = size * (length + 1L);
    long numbers = 2L * widths().target() + head.readoutRows();
    return rows * (Float.BYTES * numbers + 3L * Double.BYTES) + head.workspaceBytes(1, 1);
  }

  @Override
  public void prepare(Parameters parameters, Workspace workspace) {
    head.prepare(parameters, own(workspace).maps);
  }

  @Override
  public void forward(Parameters parameters, Batch batch, int from, int to, Workspace workspace) {
    Pass pass = check(parameters, batch, workspace);
    for (int b = from; b < to; b++) {
      pass.forward(parameters.data(), batch, b);
    }
  }

  @Override
  public void backward(
      Parameters parameters, Batch batch, int from, int to, Workspace workspace, Parameters sums) {
    Pass pass = check(parameters, batch, workspace);
    LayerChecks.layout("sums", sums(), sums);
    for (int b = from; b < to; b++) {
      pass.backward(parameters.data(), batch, b, sums.data());
    }
  }

  @Override
  public void finish(Parameters parameters, Parameters sums, Parameters gradient) {
    head.finish(parameters, sums, gradient);
  }

  private Pass check(Parameters parameters, Batch batch, Workspace workspace) {
    LayerChecks.layout("parameters", shapes(), parameters);
    LayerChecks.widths(widths(), batch);
    Pass pass = own(workspace);
    if (batch.size() > pass.size || batch.length() > pass.length) {
      throw new IllegalArgumentException(
          "workspace: expected one for at least " + batch + ", got a smaller one");
    }
    if (!pass.maps.prepared) {
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

  /** Returns the head's own attention: it answers the query of one prefix, the whole context. */
  @Override
  public Attention toAttention(Parameters parameters) {
    return head.toAttention(parameters);
  }

  @Override
  public String label() {
    return head.label() + ", at every prefix";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CausalNullHeadLayer that && head.equals(that.head);
  }

  @Override
  public int hashCode() {
    return 31 * head.hashCode() + 1;
  }

  @Override
  public String toString() {
    return "CausalNullHeadLayer[" + head + "]";
  }

  /** The running sums of samples and their way back. */
  private static final class Pass implements Workspace {

    final CausalNullHeadLayer layer;
    final int size;
    final int length;
    final SoftmaxHeadWorkspace maps;

    private final SoftmaxHeadLayer head;
    private final int rows; // numbers of a row that is read out
    private final float[] output; // (batch, length + 1, p)
    private final float[] outputGradient; // (batch, length + 1, p)
    private final float[] read; // (batch, length + 1, rows): s_t, w0_t, 1
    private final double[] logits; // (batch, length)
    private final double[] shifts; // (batch, length + 1): the largest logit of a prefix
    private final double[] totals; // (batch, length + 1): Z_t e^-shift
    private final double[] sum; // (dv): of the prefix; backward U
    private final double[] du; // (dk)

    Pass(CausalNullHeadLayer layer, int size, int length) {
      this.layer = layer;
      this.size = size;
      this.length = length;
      this.head = layer.head;
      this.maps = (SoftmaxHeadWorkspace) head.workspace(1, 1);
      this.rows = head.readoutRows();
      int prefixes = Math.multiplyExact(size, length + 1);
      output = new float[Math.multiplyExact(prefixes, head.widths().target())];
      outputGradient = new float[output.length];
      read = new float[Math.multiplyExact(prefixes, rows)];
      Arrays.fill(read, 1f);
      logits = new double[size * length];
      shifts = new double[prefixes];
      totals = new double[prefixes];
      sum = new double[head.widths().value()];
      du = new double[head.widths().key()];
    }

    @Override
    public float[] output() {
      return output;
    }

    @Override
    public float[] outputGradient() {
      return outputGradient;
    }

    void forward(float[] theta, Batch batch, int b) {
      head.fold(batch, b, maps);
      int dv = sum.length;
      int p = head.widths().target();
      int prefixes = batch.length() + 1;
      int first = b * batch.length();
      double nullLogit = theta[head.nullLogitAt()];
      double shift = nullLogit;
      double total = 1;
      Arrays.fill(sum, 0);
      for (int t = 0; t <= batch.length(b); t++) {
        if (t > 0) {
          double logit = logit(batch, first + t - 1);
          logits[first + t - 1] = logit;
          if (logit > shift) {
            double factor = Math.exp(shift - logit);
            total *= factor;
            for (int j = 0; j < dv; j++) {
              sum[j] *= factor;
            }
            shift = logit;
          }
          double weight = Math.exp(logit - shift);
          total += weight;
          for (int j = 0; j < dv; j++) {
            sum[j] += weight * batch.values(j)[first + t - 1];
          }
        }
        int row = b * prefixes + t;
        shifts[row] = shift;
        totals[row] = total;
        for (int j = 0; j < dv; j++) {
          read[row * rows + j] = (float) (sum[j] / total);
        }
        read[row * rows + dv] = (float) (Math.exp(nullLogit - shift) / total);
        head.readOut(theta, maps, read, row * rows, output, row * p);
      }
    }

    private double logit(Batch batch, int token) {
      double logit = 0;
      for (int j = 0; j < du.length; j++) {
        logit += (double) maps.folded[j] * batch.keys(j)[token];
      }
      return logit;
    }

    void backward(float[] theta, Batch batch, int b, float[] sums) {
      int dv = sum.length;
      int p = head.widths().target();
      int prefixes = batch.length() + 1;
      int first = b * batch.length();
      int last = batch.length(b);
      double nullGradient = 0;
      double constant = 0; // C
      Arrays.fill(sum, 0); // U, as C relative to the shift of the row
      Arrays.fill(du, 0);
      for (int t = last; t >= 0; t--) {
        int row = b * prefixes + t;
        int at = row * rows;
        double dw = head.readOutBackward(theta, maps, read, at, outputGradient, row * p, sums);
        double w0 = read[at + dv];
        double mean = dw * w0;
        for (int j = 0; j < dv; j++) {
          mean += (double) maps.sumGradient[j] * read[at + j];
        }
        nullGradient += w0 * (dw - mean);
        if (t == 0) {
          break;
        }
        double factor = t == last ? 0 : Math.exp(shifts[row] - shifts[row + 1]);
        int token = first + t - 1;
        constant = factor * constant + mean / totals[row];
        double product = -constant;
        for (int j = 0; j < dv; j++) {
          sum[j] = factor * sum[j] + maps.sumGradient[j] / totals[row];
          product += sum[j] * batch.values(j)[token];
        }
        double gradient = Math.exp(logits[token] - shifts[row]) * product;
        for (int j = 0; j < du.length; j++) {
          du[j] += gradient * batch.keys(j)[token];
        }
      }
      for (int j = 0; j < du.length; j++) {
        maps.foldedGradient[j] = (float) du[j];
      }
      sums[head.nullLogitSumAt()] += (float) nullGradient;
      head.foldBackward(batch, b, maps, sums);
    }
  }
}
