package org.definetti.layer;

import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.MeanPooling;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.engine.TokenRows;
import org.definetti.engine.Widths;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The average of the values with a learned readout, whatever is asked: a control.
 *
 * <pre>{@code  out = W_O Σ_l v_l / L + c  }</pre>
 *
 * <ul>
 *   <li>Parameters: {@code readout.map} W_O (p, dv), {@code readout.bias} c (1, p).
 *   <li>It forgets how many tokens it saw: trained at one length it is wrong at others (check A7).
 *   <li>Cost: O(L dv) per sample forward, O(p dv) backward.
 *   <li>Reference form: {@link MeanPooling}, {@link #toAttention}.
 *   <li>Edge cases: an empty context is refused.
 *   <li>Source: [source: audit of Wakayama-2025]; the readout [derived].
 * </ul>
 *
 * <p>An immutable value, safe to share between threads.
 */
public final class MeanPoolingLayer extends SampleLayer {

  private record Options() {}

  private final Readout readout;

  private MeanPoolingLayer(Widths widths) {
    super(widths, new Options(), Readout.shapes(widths, widths.value(), false));
    this.readout = new Readout(this, widths.value());
  }

  /** Returns mean pooling for these widths. */
  public static MeanPoolingLayer of(Widths widths) {
    return new MeanPoolingLayer(widths);
  }

  /** Draws W_O with independent normal entries of variance one over dv; c is zero. */
  @Override
  public Parameters initial(RandomGenerator rng) {
    return drawMaps(rng);
  }

  @Override
  @Nullable String whyNotEmpty() {
    return "no mean of nothing";
  }

  @Override
  public long workspaceBytes(int size, int length) {
    return (long) Float.BYTES * size * (widths().value() + 2L * widths().target());
  }

  @Override
  SampleWorkspace newWorkspace(int size, int length) {
    return new Space(this, size, length);
  }

  private static final class Space extends SampleWorkspace {

    final float[] means; // (batch, dv)
    final float[] scratch; // (dv)

    Space(MeanPoolingLayer layer, int size, int length) {
      super(layer, size, length);
      means = new float[size * layer.widths().value()];
      scratch = new float[layer.widths().value()];
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
      int count = batch.length(b);
      for (int j = 0; j < dv; j++) {
        ws.means[b * dv + j] = TokenRows.sum(batch.values(j), first, first + count) / count;
      }
      readout.forward(theta, ws.means, b * dv, ws.output(), b * widths().target());
    }
  }

  @Override
  void backward(
      float[] theta, Batch batch, int from, int to, SampleWorkspace workspace, float[] gradient) {
    Space ws = (Space) workspace;
    int dv = widths().value();
    for (int b = from; b < to; b++) {
      readout.backward(
          theta,
          ws.means,
          b * dv,
          ws.outputGradient(),
          b * widths().target(),
          gradient,
          ws.scratch);
    }
  }

  @Override
  public Attention toAttention(Parameters parameters) {
    checkLayout("parameters", parameters);
    return reference(parameters.matrices());
  }

  /** Returns the reference form with these parameters. */
  static Attention reference(Map<String, SimpleMatrix> parameters) {
    return Readout.toAttention(parameters, new MeanPooling());
  }

  @Override
  public LayerCost cost(int length) {
    long readout = (long) widths().value() * widths().target();
    return new LayerCost(LayerCost.parameters(this), readout, 1, length);
  }

  @Override
  public String label() {
    return "mean of the values, readout";
  }
}
