package org.definetti.engine.simd;

import static org.definetti.engine.simd.Panels.HALF;
import static org.definetti.engine.simd.Panels.LANES;
import static org.definetti.engine.simd.Panels.WIDTH;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.definetti.engine.BlockShape;

/**
 * LayerNorm or RMS norm of rows in panels, with its weights and what its backward pass needs.
 *
 * <pre>{@code
 * y = gain · n + bias,   n = (x - mean) / √(variance + ε)    LayerNorm, variance over d
 * y = gain · n,          n = x / √(mean square + ε)          RMS
 * dx = (g - mean(g) - n · mean(g n)) / √(… + ε),   g = gain · dy,   without mean(g) for RMS
 * }</pre>
 *
 * <p>Panel by panel over all rows, so inner loops run over rows: three reads of x forward, two of
 * dy and n backward, all in cache. Plain twin: {@code RowNorm} of the package above.
 */
final class PanelNorm {

  private final int width;
  private final int panels;
  private final int panel;
  private final boolean rms;
  private final int gainAt;
  private final int biasAt; // -1 for RMS
  private final float[] gain; // (padded width), zero past the width
  private final float[] bias;
  private final float[] normal; // panels: n
  private final float[] inverse; // (rows): 1 / √(… + ε)
  private final float[] first; // (rows, HALF): partial sums
  private final float[] second;
  private final float[] gradients; // (2, padded width)

  PanelNorm(BlockShape shape, String name, int maxLength) {
    this.width = shape.width();
    this.panels = Panels.count(width);
    this.panel = Panels.panel(maxLength);
    this.rms = shape.rms();
    this.gainAt = shape.offset(name + ".gain");
    this.biasAt = shape.offset(name + ".bias");
    this.gain = new float[panels * WIDTH];
    this.bias = new float[panels * WIDTH];
    this.normal = new float[panels * panel];
    this.inverse = new float[maxLength];
    this.first = new float[maxLength * HALF];
    this.second = new float[maxLength * HALF];
    this.gradients = new float[2 * panels * WIDTH];
  }

  long memory() {
    return 4L * gain.length + normal.length + inverse.length + 2L * first.length;
  }

  void prepare(float[] theta, int at) {
    System.arraycopy(theta, at + gainAt, gain, 0, width);
    if (!rms) {
      System.arraycopy(theta, at + biasAt, bias, 0, width);
    }
  }

  /**
   * Writes y for rows {@code from} to {@code to}.
   *
   * @param x panels from {@code xAt}. Not modified.
   * @param y panels from {@code yAt}, may be x. Modified.
   */
  void forward(float[] x, int xAt, float[] y, int yAt, int from, int to) {
    int rows = to - from;
    int at = from * WIDTH;
    Arrays.fill(first, 0, rows * HALF, 0f);
    if (!rms) {
      for (int p = 0; p < panels; p++) {
        sums(x, xAt + at + p * panel, rows, first);
      }
      means(first, rows);
    }
    Arrays.fill(second, 0, rows * HALF, 0f);
    for (int p = 0; p < panels; p++) {
      boolean whole = (p + 1) * WIDTH <= width;
      if (whole) {
        squares(x, xAt + at + p * panel, rows, first, second);
      } else {
        squaresOfPart(x, xAt + at + p * panel, rows, width % WIDTH);
      }
    }
    for (int r = 0; r < rows; r++) {
      float square = PanelSums.lanes(second, r * HALF) / width;
      inverse[from + r] = (float) (1.0 / Math.sqrt(square + BlockShape.EPSILON));
    }
    for (int p = 0; p < panels; p++) {
      normalise(x, xAt + at + p * panel, at + p * panel, y, yAt + at + p * panel, rows, p, from);
    }
  }

  private void means(float[] partial, int rows) {
    for (int r = 0; r < rows; r++) {
      partial[r * HALF] = PanelSums.lanes(partial, r * HALF) / width;
    }
  }

  private static void sums(float[] x, int xAt, int rows, float[] partial) {
    for (int r = 0; r < rows; r++) {
      FloatVector.fromArray(LANES, partial, r * HALF)
          .add(FloatVector.fromArray(LANES, x, xAt + r * WIDTH))
          .add(FloatVector.fromArray(LANES, x, xAt + r * WIDTH + HALF))
          .intoArray(partial, r * HALF);
    }
  }

  private static void squares(float[] x, int xAt, int rows, float[] mean, float[] partial) {
    for (int r = 0; r < rows; r++) {
      FloatVector m = FloatVector.broadcast(LANES, mean[r * HALF]);
      FloatVector a = FloatVector.fromArray(LANES, x, xAt + r * WIDTH).sub(m);
      FloatVector b = FloatVector.fromArray(LANES, x, xAt + r * WIDTH + HALF).sub(m);
      a.fma(a, b.fma(b, FloatVector.fromArray(LANES, partial, r * HALF)))
          .intoArray(partial, r * HALF);
    }
  }

  private void squaresOfPart(float[] x, int xAt, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        float centred = x[xAt + r * WIDTH + c] - first[r * HALF];
        second[r * HALF + c % HALF] += centred * centred;
      }
    }
  }

  private void normalise(
      float[] x, int xAt, int nAt, float[] y, int yAt, int rows, int p, int from) {
    FloatVector gain0 = FloatVector.fromArray(LANES, gain, p * WIDTH);
    FloatVector gain1 = FloatVector.fromArray(LANES, gain, p * WIDTH + HALF);
    FloatVector bias0 = FloatVector.fromArray(LANES, bias, p * WIDTH);
    FloatVector bias1 = FloatVector.fromArray(LANES, bias, p * WIDTH + HALF);
    float[] n = normal;
    float[] mean = first;
    float[] scale = inverse;
    for (int r = 0; r < rows; r++) {
      int i = r * WIDTH;
      FloatVector m = FloatVector.broadcast(LANES, mean[r * HALF]);
      FloatVector s = FloatVector.broadcast(LANES, scale[from + r]);
      FloatVector a = FloatVector.fromArray(LANES, x, xAt + i).sub(m).mul(s);
      FloatVector b = FloatVector.fromArray(LANES, x, xAt + i + HALF).sub(m).mul(s);
      a.intoArray(n, nAt + i);
      b.intoArray(n, nAt + i + HALF);
      a.fma(gain0, bias0).intoArray(y, yAt + i);
      b.fma(gain1, bias1).intoArray(y, yAt + i + HALF);
    }
  }

  /**
   * Adds the gradients of gain and bias and replaces dy by dx, rows {@code from} to {@code to}.
   *
   * @param dy panels from {@code dyAt}. Modified.
   */
  void backward(float[] dy, int dyAt, int from, int to, float[] gradient, int at) {
    int rows = to - from;
    int row = from * WIDTH;
    Arrays.fill(gradients, 0f);
    Arrays.fill(first, 0, rows * HALF, 0f);
    Arrays.fill(second, 0, rows * HALF, 0f);
    for (int p = 0; p < panels; p++) {
      weigh(dy, dyAt + row + p * panel, row + p * panel, rows, p);
    }
    for (int r = 0; r < rows; r++) {
      first[r * HALF] = rms ? 0f : PanelSums.lanes(first, r * HALF) / width;
      second[r * HALF] = PanelSums.lanes(second, r * HALF) / width;
    }
    for (int p = 0; p < panels; p++) {
      project(dy, dyAt + row + p * panel, row + p * panel, rows, p, from);
    }
    for (int j = 0; j < width; j++) {
      gradient[at + gainAt + j] += gradients[j];
      if (!rms) {
        gradient[at + biasAt + j] += gradients[gain.length + j];
      }
    }
  }

  /** Sums by row of g and g n, sums by column of dy n and dy. */
  private void weigh(float[] dy, int dyAt, int nAt, int rows, int p) {
    FloatVector gain0 = FloatVector.fromArray(LANES, gain, p * WIDTH);
    FloatVector gain1 = FloatVector.fromArray(LANES, gain, p * WIDTH + HALF);
    FloatVector zero = FloatVector.zero(LANES);
    FloatVector dGain0 = zero;
    FloatVector dGain1 = zero;
    FloatVector dBias0 = zero;
    FloatVector dBias1 = zero;
    float[] n = normal;
    float[] sum = first;
    float[] along = second;
    for (int r = 0; r < rows; r++) {
      int i = r * WIDTH;
      FloatVector a = FloatVector.fromArray(LANES, dy, dyAt + i);
      FloatVector b = FloatVector.fromArray(LANES, dy, dyAt + i + HALF);
      FloatVector na = FloatVector.fromArray(LANES, n, nAt + i);
      FloatVector nb = FloatVector.fromArray(LANES, n, nAt + i + HALF);
      dBias0 = dBias0.add(a);
      dBias1 = dBias1.add(b);
      dGain0 = a.fma(na, dGain0);
      dGain1 = b.fma(nb, dGain1);
      a = a.mul(gain0);
      b = b.mul(gain1);
      FloatVector.fromArray(LANES, sum, r * HALF).add(a).add(b).intoArray(sum, r * HALF);
      a.fma(na, b.fma(nb, FloatVector.fromArray(LANES, along, r * HALF)))
          .intoArray(along, r * HALF);
    }
    dGain0.intoArray(gradients, p * WIDTH);
    dGain1.intoArray(gradients, p * WIDTH + HALF);
    dBias0.intoArray(gradients, gain.length + p * WIDTH);
    dBias1.intoArray(gradients, gain.length + p * WIDTH + HALF);
  }

  private void project(float[] dy, int dyAt, int nAt, int rows, int p, int from) {
    FloatVector gain0 = FloatVector.fromArray(LANES, gain, p * WIDTH);
    FloatVector gain1 = FloatVector.fromArray(LANES, gain, p * WIDTH + HALF);
    float[] n = normal;
    float[] mean = first;
    float[] slope = second;
    float[] scale = inverse;
    for (int r = 0; r < rows; r++) {
      int i = r * WIDTH;
      FloatVector m = FloatVector.broadcast(LANES, mean[r * HALF]);
      FloatVector t = FloatVector.broadcast(LANES, slope[r * HALF]);
      FloatVector s = FloatVector.broadcast(LANES, scale[from + r]);
      FloatVector a = FloatVector.fromArray(LANES, dy, dyAt + i).mul(gain0).sub(m);
      FloatVector b = FloatVector.fromArray(LANES, dy, dyAt + i + HALF).mul(gain1).sub(m);
      a = a.sub(t.mul(FloatVector.fromArray(LANES, n, nAt + i))).mul(s);
      b = b.sub(t.mul(FloatVector.fromArray(LANES, n, nAt + i + HALF))).mul(s);
      a.intoArray(dy, dyAt + i);
      b.intoArray(dy, dyAt + i + HALF);
    }
  }
}
