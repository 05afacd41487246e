package org.definetti.layer;

import java.util.Arrays;
import org.definetti.engine.Batch;
import org.definetti.engine.FloatExp;

/**
 * Forward and backward of an {@link EquivariantAttentionLayer}, sample by sample, in memory of one
 * sample: that of the last that went forward.
 *
 * <p>A row is its channels one behind the other, each d numbers; tokens first, the query last.
 */
final class EquivariantAttentionPass extends SampleWorkspace {

  private static final int NONE = -1;

  private final boolean marks;
  private final int depth;
  private final int c; // channels
  private final int heads;
  private final int d;
  private final int dk;
  private final int vectors; // of a token before the embedding
  private final float root; // 1 / √d
  private final int embedding;
  private final int query; // -1 with marks
  private final int readout;
  private final Step[] steps;
  private final float[] tokens; // (length, vectors, d)
  private final float[] rows; // (rows, channels, d): behind the last layer
  private final float[] rowGradient; // (rows, channels, d)
  private final float[] queryGradient; // (heads, d)
  private final float[] mixedGradient; // (heads, d)
  private final float[] keyGradient; // (length, heads, d)
  private final float[] valueGradient; // (length, heads, d)
  private final float[] slopes; // (length)
  private int kept = NONE;

  /** What a layer keeps of a sample, and where its parameters are. */
  private static final class Step {

    final float[] x; // (rows, channels, d): before the layer
    final float[] queries; // (rows, heads, d)
    final float[] keys; // (length, heads, d)
    final float[] values; // (length, heads, d)
    final float[] biases; // (heads, length)
    final float[] norms; // (heads, length): |K|² / √d
    final float[] weights; // (rows, heads, length)
    final float[] mixed; // (rows, heads, d)
    final int queryMap;
    final int keyMap;
    final int valueMap;
    final int norm;
    final int mark;
    final int outputMap;

    Step(EquivariantAttentionLayer layer, int r, int length) {
      EquivariantAttentionLayer.Options options = layer.options();
      int d = layer.widths().value();
      int heads = options.heads();
      x = new float[(length + 1) * options.channels() * d];
      queries = new float[(length + 1) * heads * d];
      keys = new float[length * heads * d];
      values = new float[length * heads * d];
      biases = new float[heads * length];
      norms = new float[heads * length];
      weights = new float[Math.multiplyExact((length + 1) * heads, length)];
      mixed = new float[(length + 1) * heads * d];
      String prefix = "layer." + r + ".";
      queryMap = layer.offset(prefix + "query.map");
      keyMap = layer.offset(prefix + "key.map");
      valueMap = layer.offset(prefix + "value.map");
      norm = layer.offset(prefix + "norm.weight");
      mark = layer.offset(prefix + "mark.map");
      outputMap = layer.offset(prefix + "output.map");
    }
  }

  EquivariantAttentionPass(EquivariantAttentionLayer layer, int size, int length) {
    super(layer, size, length);
    EquivariantAttentionLayer.Options options = layer.options();
    marks = options.marks();
    depth = options.depth();
    c = options.channels();
    heads = options.heads();
    d = layer.widths().value();
    dk = layer.widths().key();
    vectors = marks ? 1 : 2;
    root = (float) (1 / Math.sqrt(d));
    embedding = layer.offset("embedding.map");
    query = layer.offset("query.embedding.map");
    readout = layer.offset("readout.map");
    steps = new Step[depth];
    for (int r = 0; r < depth; r++) {
      steps[r] = new Step(layer, r, length);
    }
    tokens = new float[length * vectors * d];
    rows = new float[(length + 1) * c * d];
    rowGradient = new float[(length + 1) * c * d];
    queryGradient = new float[heads * d];
    mixedGradient = new float[heads * d];
    keyGradient = new float[length * heads * d];
    valueGradient = new float[length * heads * d];
    slopes = new float[length];
  }

  /** Returns about how many numbers are held, those of the batch's outputs left out. */
  static long numbers(EquivariantAttentionLayer layer, int length) {
    EquivariantAttentionLayer.Options options = layer.options();
    long d = layer.widths().value();
    long channels = options.channels() * d;
    long heads = options.heads() * d;
    long ofLayer = channels + 4 * heads + options.heads() * (2L + length);
    return (length + 1L) * (options.depth() * ofLayer + 2 * channels + 2 * d + 2 * heads);
  }

  void forward(float[] theta, Batch batch, int from, int to) {
    for (int b = from; b < to; b++) {
      forward(theta, batch, b);
      channels(theta, readout, 1, c, rows, batch.length(b) * c * d, output(), b * d);
    }
  }

  private void forward(float[] theta, Batch batch, int b) {
    int n = batch.length(b);
    int first = b * batch.length();
    float[] x = steps[0].x;
    for (int l = 0; l < n; l++) {
      for (int a = 0; a < vectors; a++) {
        float[][] source = marks || a == 1 ? batch.values() : batch.keys();
        for (int j = 0; j < d; j++) {
          tokens[(l * vectors + a) * d + j] = source[j][first + l];
        }
      }
      channels(theta, embedding, c, vectors, tokens, l * vectors * d, x, l * c * d);
    }
    if (marks) {
      Arrays.fill(x, n * c * d, (n + 1) * c * d, 0f);
    } else {
      channels(theta, query, c, 1, batch.queries(), b * d, x, n * c * d);
    }
    for (int r = 0; r < depth; r++) {
      forward(theta, batch, first, n, r, r == depth - 1 ? rows : steps[r + 1].x);
    }
    kept = b;
  }

  /** The last layer computes only the query's row. */
  private int firstRow(int layer, int n) {
    return layer == depth - 1 ? n : 0;
  }

  private void forward(float[] theta, Batch batch, int first, int n, int r, float[] out) {
    Step step = steps[r];
    for (int j = 0; j < n; j++) {
      int at = j * heads * d;
      channels(theta, step.keyMap, heads, c, step.x, j * c * d, step.keys, at);
      channels(theta, step.valueMap, heads, c, step.x, j * c * d, step.values, at);
      for (int h = 0; h < heads; h++) {
        int key = at + h * d;
        float norm = root * SmallMatrix.dot(step.keys, key, step.keys, key, d);
        float bias = theta[step.norm + h] * norm;
        for (int i = 0; marks && i < dk; i++) {
          bias += theta[step.mark + h * dk + i] * batch.keys(i)[first + j];
        }
        step.norms[h * n + j] = norm;
        step.biases[h * n + j] = bias;
      }
    }
    for (int i = firstRow(r, n); i <= n; i++) {
      channels(theta, step.queryMap, heads, c, step.x, i * c * d, step.queries, i * heads * d);
      for (int h = 0; h < heads; h++) {
        mix(step, i, h, n);
      }
      channels(theta, step.outputMap, c, heads, step.mixed, i * heads * d, out, i * c * d);
      SmallMatrix.add(out, i * c * d, c * d, step.x, i * c * d, 1f);
    }
  }

  private void mix(Step step, int i, int h, int n) {
    int at = (i * heads + h) * n;
    int asking = (i * heads + h) * d;
    float most = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      float dot = SmallMatrix.dot(step.queries, asking, step.keys, (j * heads + h) * d, d);
      step.weights[at + j] = root * dot + step.biases[h * n + j];
      most = Math.max(most, step.weights[at + j]);
    }
    float sum = 0f;
    for (int j = 0; j < n; j++) {
      step.weights[at + j] = FloatExp.exp(step.weights[at + j] - most);
      sum += step.weights[at + j];
    }
    Arrays.fill(step.mixed, asking, asking + d, 0f);
    for (int j = 0; j < n; j++) {
      step.weights[at + j] /= sum;
      int value = (j * heads + h) * d;
      SmallMatrix.add(step.mixed, asking, d, step.values, value, step.weights[at + j]);
    }
  }

  void backward(float[] theta, Batch batch, int from, int to, float[] gradient) {
    for (int b = to - 1; b >= from; b--) {
      if (kept != b) {
        forward(theta, batch, b);
      }
      kept = NONE;
      int n = batch.length(b);
      Arrays.fill(rowGradient, 0, (n + 1) * c * d, 0f);
      backChannels(
          theta, readout, 1, c, rows, n * c * d, outputGradient(), b * d, rowGradient, gradient);
      for (int r = depth - 1; r >= 0; r--) {
        backward(theta, batch, b * batch.length(), n, r, gradient);
      }
      for (int l = 0; l < n; l++) {
        weightGradient(
            embedding, c, vectors, tokens, l * vectors * d, rowGradient, l * c * d, gradient);
      }
      if (!marks) {
        weightGradient(query, c, 1, batch.queries(), b * d, rowGradient, n * c * d, gradient);
      }
    }
  }

  /** Turns the gradient of what a layer gives, in place, into that of what it was given. */
  private void backward(float[] theta, Batch batch, int first, int n, int r, float[] gradient) {
    Step step = steps[r];
    Arrays.fill(keyGradient, 0, n * heads * d, 0f);
    Arrays.fill(valueGradient, 0, n * heads * d, 0f);
    for (int i = firstRow(r, n); i <= n; i++) {
      int asking = i * heads * d;
      int row = i * c * d;
      weightGradient(step.outputMap, c, heads, step.mixed, asking, rowGradient, row, gradient);
      Arrays.fill(mixedGradient, 0f);
      addTransposed(theta, step.outputMap, c, heads, rowGradient, row, mixedGradient, 0);
      Arrays.fill(queryGradient, 0f);
      for (int h = 0; h < heads; h++) {
        mixBackward(theta, batch, first, step, i, h, n, gradient);
      }
      weightGradient(step.queryMap, heads, c, step.x, row, queryGradient, 0, gradient);
      // The row's own gradient is needed no more by other rows: it may take the query's part.
      addTransposed(theta, step.queryMap, heads, c, queryGradient, 0, rowGradient, row);
    }
    for (int j = 0; j < n; j++) {
      int at = j * heads * d;
      int row = j * c * d;
      backChannels(
          theta, step.keyMap, heads, c, step.x, row, keyGradient, at, rowGradient, gradient);
      backChannels(
          theta, step.valueMap, heads, c, step.x, row, valueGradient, at, rowGradient, gradient);
    }
  }

  private void mixBackward(
      float[] theta, Batch batch, int first, Step step, int i, int h, int n, float[] gradient) {
    int at = (i * heads + h) * n;
    int asking = (i * heads + h) * d;
    float mean = 0f;
    for (int j = 0; j < n; j++) {
      int token = (j * heads + h) * d;
      float weight = step.weights[at + j];
      slopes[j] = SmallMatrix.dot(mixedGradient, h * d, step.values, token, d);
      mean += weight * slopes[j];
      SmallMatrix.add(valueGradient, token, d, mixedGradient, h * d, weight);
    }
    float norm = theta[step.norm + h];
    for (int j = 0; j < n; j++) {
      int token = (j * heads + h) * d;
      float slope = step.weights[at + j] * (slopes[j] - mean);
      gradient[step.norm + h] += slope * step.norms[h * n + j];
      for (int k = 0; marks && k < dk; k++) {
        gradient[step.mark + h * dk + k] += slope * batch.keys(k)[first + j];
      }
      SmallMatrix.add(queryGradient, h * d, d, step.keys, token, root * slope);
      SmallMatrix.add(keyGradient, token, d, step.queries, asking, root * slope);
      SmallMatrix.add(keyGradient, token, d, step.keys, token, 2f * norm * root * slope);
    }
  }

  /** out = W x, channel by channel. */
  private void channels(
      float[] theta, int map, int out, int in, float[] x, int xAt, float[] y, int yAt) {
    Arrays.fill(y, yAt, yAt + out * d, 0f);
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        SmallMatrix.add(y, yAt + o * d, d, x, xAt + i * d, theta[map + o * in + i]);
      }
    }
  }

  /** dx += Wᵀ dy, channel by channel. */
  private void addTransposed(
      float[] theta, int map, int out, int in, float[] dy, int dyAt, float[] dx, int dxAt) {
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        SmallMatrix.add(dx, dxAt + i * d, d, dy, dyAt + o * d, theta[map + o * in + i]);
      }
    }
  }

  /** dW += dy xᵀ. */
  private void weightGradient(
      int map, int out, int in, float[] x, int xAt, float[] dy, int dyAt, float[] gradient) {
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        gradient[map + o * in + i] += SmallMatrix.dot(dy, dyAt + o * d, x, xAt + i * d, d);
      }
    }
  }

  /** Both, dx at the place of x. */
  private void backChannels(
      float[] theta,
      int map,
      int out,
      int in,
      float[] x,
      int xAt,
      float[] dy,
      int dyAt,
      float[] dx,
      float[] gradient) {
    weightGradient(map, out, in, x, xAt, dy, dyAt, gradient);
    addTransposed(theta, map, out, in, dy, dyAt, dx, xAt);
  }
}
