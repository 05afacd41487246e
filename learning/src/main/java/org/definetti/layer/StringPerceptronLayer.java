package org.definetti.layer;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A network of one hidden layer of rectified units on whole bit strings: the baseline without
 * attention.
 *
 * <pre>{@code  out = W_2 relu(W_1 x + b_1) + b_2,   x_t = 2 b_t - 1  }</pre>
 *
 * <table>
 *   <caption>Parameters by name</caption>
 *   <tr><th>name</th><th>symbol</th><th>shape</th></tr>
 *   <tr><td>{@code hidden.map}, {@code hidden.bias}</td><td>W_1ᵀ, b_1</td><td>(T, r), (1, r)</td></tr>
 *   <tr><td>{@code output.map}, {@code output.bias}</td><td>W_2, b_2</td><td>(p, r), (1, p)</td></tr>
 * </table>
 *
 * <ul>
 *   <li>Batches: those of {@link SymbolStringLayer} with two symbols; a bit is one where the second
 *       value is above 1/2. Every string has T bits.
 *   <li>Initial weights: normal with variance 2/T in W_1 and 1/r in W_2; biases zero.
 *   <li>Cost: O(T r) a string.
 *   <li>Source: [recalled: multilayer perceptron]; its use as a baseline for sparse functions
 *       [source: third-party notes on Barak-2022] (checks V16, V21).
 * </ul>
 */
public final class StringPerceptronLayer extends SampleLayer {

  private static final int BITS = 2;

  /**
   * What tells such layers apart.
   *
   * @param length T
   * @param hidden r
   */
  record Options(int length, int hidden) {}

  private final Options options;
  private final int p;

  private StringPerceptronLayer(Widths widths, Options options) {
    super(
        widths,
        options,
        List.of(
            new ParameterShape("hidden.map", options.length, options.hidden),
            new ParameterShape("hidden.bias", 1, options.hidden),
            new ParameterShape("output.map", widths.target(), options.hidden),
            new ParameterShape("output.bias", 1, widths.target())));
    this.options = options;
    this.p = widths.target();
  }

  /**
   * Returns the layer.
   *
   * @param length T, at least 1
   * @param hidden r, at least 1
   * @param outputs the width of an output, at least 1
   */
  public static StringPerceptronLayer of(int length, int hidden, int outputs) {
    Check.atLeast("length", 1, length);
    Check.atLeast("hidden", 1, hidden);
    return new StringPerceptronLayer(new Widths(1, BITS, outputs), new Options(length, hidden));
  }

  @Override
  @Nullable String whyNotEmpty() {
    return "a string has " + options.length + " bits";
  }

  @Override
  public Parameters initial(RandomGenerator rng) {
    Parameters parameters = Parameters.zeros(shapes());
    InitialDraws.normal(parameters, "hidden.map", rng);
    InitialDraws.normal(parameters, "output.map", rng);
    float[] data = parameters.data();
    int output = offset("output.map");
    scale(data, 0, options.length * options.hidden, Math.sqrt(2.0 / options.length));
    scale(data, output, output + p * options.hidden, Math.sqrt(1.0 / options.hidden));
    return parameters;
  }

  private static void scale(float[] data, int from, int to, double factor) {
    for (int i = from; i < to; i++) {
      data[i] *= (float) factor;
    }
  }

  @Override
  public boolean isSamplewise() {
    return true;
  }

  private static final class Units extends SampleWorkspace {

    private final float[] units; // (strings, r): relu(W_1 x + b_1)
    private final float[] slope; // (r)

    Units(StringPerceptronLayer layer, int size, int length) {
      super(layer, size, length);
      units = new float[Math.multiplyExact(size, layer.options.hidden)];
      slope = new float[layer.options.hidden];
    }
  }

  @Override
  SampleWorkspace newWorkspace(int size, int length) {
    return new Units(this, size, length);
  }

  @Override
  void forward(float[] theta, Batch batch, int from, int to, SampleWorkspace workspace) {
    int r = options.hidden;
    float[] units = ((Units) workspace).units;
    for (int b = from; b < to; b++) {
      float[] bits = bits(batch, b);
      int at = (b - from) * r;
      System.arraycopy(theta, offset("hidden.bias"), units, at, r);
      for (int t = 0; t < options.length; t++) {
        addSigned(bits[b * options.length + t] > 0.5f, theta, t * r, units, at, r);
      }
      for (int i = at; i < at + r; i++) {
        units[i] = Math.max(0f, units[i]);
      }
      for (int o = 0; o < p; o++) {
        int map = offset("output.map") + o * r;
        float sum = theta[offset("output.bias") + o];
        for (int i = 0; i < r; i++) {
          sum += theta[map + i] * units[at + i];
        }
        workspace.output()[b * p + o] = sum;
      }
    }
  }

  private float[] bits(Batch batch, int sample) {
    if (batch.length(sample) != options.length || batch.length() != options.length) {
      throw new IllegalArgumentException(
          "batch: expected strings of "
              + options.length
              + " bits, got "
              + batch.length(sample)
              + " for sample "
              + sample);
    }
    return batch.values(BITS - 1);
  }

  /** Adds or subtracts a row. */
  private static void addSigned(
      boolean plus, float[] row, int rowAt, float[] sum, int at, int count) {
    if (plus) {
      for (int i = 0; i < count; i++) {
        sum[at + i] += row[rowAt + i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        sum[at + i] -= row[rowAt + i];
      }
    }
  }

  @Override
  void backward(
      float[] theta, Batch batch, int from, int to, SampleWorkspace workspace, float[] gradient) {
    int r = options.hidden;
    Units own = (Units) workspace;
    float[] slope = own.slope;
    int map = offset("output.map");
    int bias = offset("hidden.bias");
    for (int b = from; b < to; b++) {
      float[] bits = bits(batch, b);
      int at = (b - from) * r;
      Arrays.fill(slope, 0f);
      for (int o = 0; o < p; o++) {
        float g = own.outputGradient()[b * p + o];
        gradient[offset("output.bias") + o] += g;
        for (int i = 0; i < r; i++) {
          gradient[map + o * r + i] += g * own.units[at + i];
          slope[i] += g * theta[map + o * r + i];
        }
      }
      for (int i = 0; i < r; i++) {
        slope[i] = own.units[at + i] > 0f ? slope[i] : 0f;
        gradient[bias + i] += slope[i];
      }
      for (int t = 0; t < options.length; t++) {
        addSigned(bits[b * options.length + t] > 0.5f, slope, 0, gradient, t * r, r);
      }
    }
  }

  /**
   * Returns the network as an attention that attends to nothing: it reads the string as a whole.
   */
  @Override
  public Attention toAttention(Parameters parameters) {
    checkLayout("parameters", parameters);
    SimpleMatrix hiddenMap = parameters.matrix("hidden.map");
    SimpleMatrix hiddenBias = parameters.matrix("hidden.bias");
    SimpleMatrix outputMap = parameters.matrix("output.map").transpose();
    SimpleMatrix outputBias = parameters.matrix("output.bias");
    return (queries, context) -> {
      SimpleMatrix units = signs(context).mult(hiddenMap).plus(hiddenBias);
      double[] rectified = units.getDDRM().data;
      for (int i = 0; i < rectified.length; i++) {
        rectified[i] = Math.max(0, rectified[i]);
      }
      SimpleMatrix row = units.mult(outputMap).plus(outputBias);
      return SimpleMatrix.filled(queries.getNumRows(), 1, 1).mult(row);
    };
  }

  private SimpleMatrix signs(Context context) {
    SimpleMatrix values = Check.matrix("context", context.values(), options.length, BITS);
    double[] signs = new double[options.length];
    for (int t = 0; t < signs.length; t++) {
      signs[t] = values.get(t, BITS - 1) > 0.5 ? 1 : -1;
    }
    return new SimpleMatrix(1, options.length, true, signs);
  }
}
