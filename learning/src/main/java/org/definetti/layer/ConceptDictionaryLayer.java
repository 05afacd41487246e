package org.definetti.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.ConceptAttention;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.TokenRows;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.latent.LogSumExp;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A learned dictionary of concepts: evidence summed over tokens, then attention to one token for
 * each concept.
 *
 * <pre>{@code
 * w   = softmax(b + Σ_l E v_l)
 * out = W_O w + c
 * }</pre>
 *
 * <ul>
 *   <li>Where: K concepts; E what a value says for each of them, b what is said before; columns of
 *       W_O the answers. On one-hot categories it contains the exact predictive of K concepts: E_kx
 *       = log P(x | z_k), b_k = log p_k, column k of {@code W_O} the mean given z_k.
 *   <li>Parameters: {@code evidence.map} E (K, dv), {@code prior.logit} b (1, K), {@code
 *       readout.map} W_O (p, K), {@code readout.bias} c (1, p).
 *   <li>The sum is not divided by the length, which softmax heads cannot do without a null token
 *       (check B3); it does not read keys or queries.
 *   <li>Cost: O(L dv + K (dv + p)) per sample forward, twice that backward.
 *   <li>Reference form: {@link ConceptAttention}, {@link #toAttention}.
 *   <li>Edge cases: no token gives the answer to b.
 *   <li>Source: [derived] (check B3).
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class ConceptDictionaryLayer extends SampleLayer {

  private static final String EVIDENCE = "evidence.map";
  private static final String PRIOR = "prior.logit";

  private record Options(int concepts) {}

  private final int concepts;
  private final Readout readout;
  private final int evidence;
  private final int prior;

  private ConceptDictionaryLayer(Widths widths, int concepts) {
    super(widths, new Options(concepts), shapes(widths, concepts));
    this.concepts = concepts;
    this.readout = new Readout(this, concepts);
    this.evidence = offset(EVIDENCE);
    this.prior = offset(PRIOR);
  }

  /**
   * Returns a dictionary of this many concepts for these widths.
   *
   * @param concepts K, at least 1
   */
  public static ConceptDictionaryLayer of(Widths widths, int concepts) {
    return new ConceptDictionaryLayer(widths, Check.atLeast("concepts", 1, concepts));
  }

  private static List<ParameterShape> shapes(Widths widths, int concepts) {
    List<ParameterShape> shapes = new ArrayList<>();
    shapes.add(new ParameterShape(EVIDENCE, concepts, widths.value()));
    shapes.add(new ParameterShape(PRIOR, 1, concepts));
    shapes.addAll(Readout.shapes(widths, concepts, false));
    return shapes;
  }

  /** Draws E and W_O with independent normal entries of variance one over columns; else zero. */
  @Override
  public Parameters initial(RandomGenerator rng) {
    return drawMaps(rng);
  }

  @Override
  @Nullable String whyNotEmpty() {
    return null;
  }

  @Override
  public long workspaceBytes(int size, int length) {
    return (long) Float.BYTES * size * (widths().value() + concepts + 2L * widths().target());
  }

  @Override
  SampleWorkspace newWorkspace(int size, int length) {
    return new Space(this, size, length);
  }

  private static final class Space extends SampleWorkspace {

    final float[] sums; // (batch, dv)
    final float[] weights; // (batch, K)
    final float[] scratch; // (K)

    Space(ConceptDictionaryLayer layer, int size, int length) {
      super(layer, size, length);
      sums = new float[size * layer.widths().value()];
      weights = new float[size * layer.concepts];
      scratch = new float[layer.concepts];
    }
  }

  @Override
  public boolean isSamplewise() {
    return true;
  }

  @Override
  void forward(float[] theta, Batch batch, int from, int to, SampleWorkspace workspace) {
    Space ws = (Space) workspace;
    int dv = widths().value();
    for (int b = from; b < to; b++) {
      int first = b * batch.length();
      for (int j = 0; j < dv; j++) {
        ws.sums[b * dv + j] = TokenRows.sum(batch.values(j), first, first + batch.length(b));
      }
      int at = b * concepts;
      SmallMatrix.multiply(theta, evidence, concepts, dv, ws.sums, b * dv, ws.weights, at);
      SmallMatrix.add(ws.weights, at, concepts, theta, prior, 1f);
      softmax(ws.weights, at);
      readout.forward(theta, ws.weights, at, ws.output(), b * widths().target());
    }
  }

  private void softmax(float[] logits, int at) {
    float largest = logits[at];
    for (int k = 1; k < concepts; k++) {
      largest = Math.max(largest, logits[at + k]);
    }
    double sum = 0;
    for (int k = 0; k < concepts; k++) {
      logits[at + k] = (float) Math.exp(logits[at + k] - largest);
      sum += logits[at + k];
    }
    for (int k = 0; k < concepts; k++) {
      logits[at + k] = (float) (logits[at + k] / sum);
    }
  }

  @Override
  void backward(
      float[] theta, Batch batch, int from, int to, SampleWorkspace workspace, float[] gradient) {
    Space ws = (Space) workspace;
    int dv = widths().value();
    int p = widths().target();
    for (int b = from; b < to; b++) {
      int at = b * concepts;
      readout.backward(theta, ws.weights, at, ws.outputGradient(), b * p, gradient, ws.scratch);
      float mean = SmallMatrix.dot(ws.scratch, 0, ws.weights, at, concepts);
      for (int k = 0; k < concepts; k++) {
        ws.scratch[k] = ws.weights[at + k] * (ws.scratch[k] - mean);
      }
      SmallMatrix.addOuter(gradient, evidence, concepts, dv, ws.scratch, 0, ws.sums, b * dv, 1f);
      SmallMatrix.add(gradient, prior, concepts, ws.scratch, 0, 1f);
    }
  }

  @Override
  public Attention toAttention(Parameters parameters) {
    checkLayout("parameters", parameters);
    return reference(parameters.matrices());
  }

  /** Returns the reference form with these parameters. */
  static Attention reference(Map<String, SimpleMatrix> parameters) {
    SimpleMatrix evidence = Objects.requireNonNull(parameters.get(EVIDENCE), EVIDENCE);
    double[] logits = Objects.requireNonNull(parameters.get(PRIOR), PRIOR).getDDRM().data;
    SimpleMatrix priors = new SimpleMatrix(1, logits.length, true, LogSumExp.softmax(logits));
    SimpleMatrix weights = SimpleMatrix.identity(logits.length);
    SimpleMatrix transposed = evidence.transpose();
    return Readout.toAttention(
        parameters,
        ConceptAttention.of(
            priors, context -> context.values().mult(transposed), query -> weights));
  }

  @Override
  public String label() {
    return concepts + " concepts, evidence summed, temperature 1";
  }
}
