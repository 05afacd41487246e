package org.definetti.calibration;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Activation;
import org.definetti.engine.FloatActivation;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.TokenRows;
import org.definetti.optimise.Adam;
import org.definetti.optimise.OptimiserState;

/**
 * A network of two hidden layers that tells two classes apart, trained as scikit-learn's {@code
 * MLPClassifier} does by default.
 *
 * <pre>{@code
 * P(second | x) = 1 / (1 + exp(-(w3·relu(W2 relu(W1 x + b1) + b2) + b3)))
 * loss = mean cross-entropy + (1e-4 / 2) Σ |W|² / (size of the batch)
 * }</pre>
 *
 * <ul>
 *   <li>Adam of rate 1e-3, batches of 200 in a new order every epoch, uniform initial weights and
 *       biases within {@code sqrt(6 / (in + out))}. It ends when the loss of an epoch was not lower
 *       than the lowest by 1e-4 for more than 10 epochs in a row, or after 10,000.
 *   <li>Differs from scikit-learn in the random numbers, in float32, and in where Adam's 1e-8 is
 *       added.
 *   <li>Source: [source: scikit-learn, sklearn/neural_network/_multilayer_perceptron.py].
 * </ul>
 */
final class Perceptron {

  private static final int BATCH = 200;
  private static final int EPOCHS = 10_000;
  private static final int PATIENCE = 10;
  private static final double TOLERANCE = 1e-4;
  private static final float DECAY = 1e-4f;
  private static final double RATE = 1e-3;

  private final int[] widths; // (4): input, hidden, hidden, 1
  private final int[] maps; // (3): where the maps are
  private final int[] biases; // (3)
  private final Parameters parameters;

  private Perceptron(int[] widths, Parameters parameters) {
    this.widths = widths;
    this.parameters = parameters;
    this.maps = new int[3];
    this.biases = new int[3];
    for (int k = 0; k < 3; k++) {
      maps[k] = parameters.offset("map." + k);
      biases[k] = parameters.offset("bias." + k);
    }
  }

  private static Perceptron initial(int width, int hidden, RandomGenerator rng) {
    int[] widths = {width, hidden, hidden, 1};
    Parameters parameters =
        Parameters.zeros(
            List.of(
                new ParameterShape("map.0", hidden, width),
                new ParameterShape("bias.0", 1, hidden),
                new ParameterShape("map.1", hidden, hidden),
                new ParameterShape("bias.1", 1, hidden),
                new ParameterShape("map.2", 1, hidden),
                new ParameterShape("bias.2", 1, 1)));
    int at = 0;
    for (int k = 0; k < 3; k++) {
      double bound = Math.sqrt(6.0 / (widths[k] + widths[k + 1]));
      int size = (widths[k] + 1) * widths[k + 1];
      for (int i = 0; i < size; i++) {
        parameters.data()[at++] = (float) (bound * (2 * rng.nextDouble() - 1));
      }
    }
    return new Perceptron(widths, parameters);
  }

  /**
   * Fits a network.
   *
   * @param rows examples. Not modified.
   * @param second whether each is of the second class. Not modified.
   * @param order which rows are shown. Modified.
   */
  static Perceptron fit(
      float[][] rows, boolean[] second, int[] order, int hidden, RandomGenerator rng) {
    Perceptron network = initial(rows[0].length, hidden, rng);
    int n = order.length;
    Pass pass = new Pass(network, Math.min(BATCH, n));
    Adam adam = Adam.withDefaults();
    OptimiserState state = adam.initialState(network.parameters);
    Parameters gradient = network.parameters.zeros();
    double best = Double.POSITIVE_INFINITY;
    int worse = 0;
    for (int epoch = 0; epoch < EPOCHS && worse <= PATIENCE; epoch++) {
      shuffle(order, rng);
      double loss = 0;
      for (int from = 0; from < n; from += BATCH) {
        int size = Math.min(BATCH, n - from);
        gradient.clear();
        loss += size * pass.gradient(rows, second, order, from, size, gradient.data());
        adam.step(network.parameters, gradient, state, RATE);
      }
      loss /= n;
      worse = loss > best - TOLERANCE ? worse + 1 : 0;
      best = Math.min(best, loss);
    }
    return network;
  }

  static void shuffle(int[] order, RandomGenerator rng) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = (int) rng.nextLong(i + 1L);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
  }

  /**
   * Returns how many examples the network puts into their class.
   *
   * @param order which rows are asked about: those from {@code from} to {@code end} of it
   */
  int right(float[][] rows, boolean[] second, int[] order, int from, int end) {
    float[] logits = new Pass(this, end - from).forward(rows, order, from, end - from);
    int right = 0;
    for (int i = from; i < end; i++) {
      right += logits[i - from] > 0 == second[order[i]] ? 1 : 0;
    }
    return right;
  }

  /** Scratch of one pass over a batch, by coordinate, as {@link TokenRows} wants it. */
  private static final class Pass {

    private final Perceptron network;
    private final float[][][] active; // (4)(width)(batch): input, hidden, hidden, logit
    private final float[][][] plain; // (4)(width)(batch): before the activation
    private final float[][][] gradients; // (4)(width)(batch)
    private final float[][] block;

    Pass(Perceptron network, int size) {
      this.network = network;
      this.active = new float[4][][];
      this.plain = new float[4][][];
      this.gradients = new float[4][][];
      int widest = 0;
      for (int k = 0; k < 4; k++) {
        active[k] = new float[network.widths[k]][size];
        plain[k] = new float[network.widths[k]][size];
        gradients[k] = new float[network.widths[k]][size];
        widest = Math.max(widest, network.widths[k]);
      }
      this.block = new float[TokenRows.BLOCK + 1][widest];
    }

    /** Returns the logits of {@code size} examples. */
    float[] forward(float[][] rows, int[] order, int from, int size) {
      float[] theta = network.parameters.data();
      for (int r = 0; r < size; r++) {
        float[] row = rows[order[from + r]];
        for (int j = 0; j < row.length; j++) {
          active[0][j][r] = row[j];
        }
      }
      for (int k = 0; k < 3; k++) {
        int out = network.widths[k + 1];
        float[][] sums = k == 2 ? active[3] : plain[k + 1];
        TokenRows.map(theta, network.maps[k], network.biases[k], out, active[k], 0, size, sums);
        for (int o = 0; k < 2 && o < out; o++) {
          FloatActivation.forward(Activation.RELU, sums[o], active[k + 1][o], 0, size);
        }
      }
      return active[3][0];
    }

    /** Adds the gradient of the loss of a batch and returns the loss. */
    double gradient(
        float[][] rows, boolean[] second, int[] order, int from, int size, float[] gradient) {
      float[] logits = forward(rows, order, from, size);
      double loss = 0;
      for (int r = 0; r < size; r++) {
        double logit = logits[r];
        double y = second[order[from + r]] ? 1 : 0;
        loss += Math.max(logit, 0) - y * logit + Math.log1p(Math.exp(-Math.abs(logit)));
        gradients[3][0][r] = (float) ((1 / (1 + Math.exp(-logit)) - y) / size);
      }
      double squares = 0;
      for (int k = 2; k >= 0; k--) {
        backward(k, size, gradient);
        squares += decay(k, size, gradient);
      }
      return (loss + 0.5 * DECAY * squares) / size;
    }

    private void backward(int k, int size, float[] gradient) {
      int out = network.widths[k + 1];
      float[][] above = gradients[k + 1];
      TokenRows.addGradient(
          gradient, network.maps[k], network.biases[k], out, above, active[k], 0, size, block);
      if (k > 0) {
        float[] theta = network.parameters.data();
        TokenRows.mapTransposed(theta, network.maps[k], out, above, 0, size, gradients[k]);
        for (int i = 0; i < network.widths[k]; i++) {
          FloatActivation.backward(Activation.RELU, plain[k][i], gradients[k][i], 0, size);
        }
      }
    }

    /** Adds the gradient of the penalty on one map and returns its sum of squares. */
    private double decay(int k, int size, float[] gradient) {
      float[] theta = network.parameters.data();
      double squares = 0;
      float decay = DECAY / size;
      int end = network.maps[k] + network.widths[k] * network.widths[k + 1];
      for (int i = network.maps[k]; i < end; i++) {
        squares += theta[i] * theta[i];
        gradient[i] += decay * theta[i];
      }
      return squares;
    }
  }
}
