package org.definetti.lab.claims;

import java.util.Arrays;
import java.util.List;
import org.definetti.attention.Transformer;
import org.definetti.attention.TransformerBlock;
import org.definetti.engine.BlockShape;
import org.ejml.simple.SimpleMatrix;

/**
 * Rows on which the norms of a pre-norm transformer do nothing, so that its blocks compute what
 * their maps say.
 *
 * <pre>{@code
 * row        x = (s_1, …, s_7, -s_1, …, -s_7, C, -C)
 * LayerNorm  gain C/√8:   s_i ↦ s_i C / √(|s|² + C²) = s_i (1 - |s|²/(2 C²) + …)
 * }</pre>
 *
 * <ul>
 *   <li>Where: s the signals, C a large constant; the row has mean zero and variance (|s|² + C²)/8.
 *   <li>Maps read a signal in its own column and write it to both.
 *   <li>Accuracy: C = 1e4, so a signal of size one is off by 1e-8 after a norm.
 *   <li>Source: [derived].
 * </ul>
 */
final class MirroredRows {

  /** The blocks that are trained beside: width 16, two heads, pre-norm. */
  static final BlockShape BLOCK = BlockShape.of(16, 2).withPreNorm();

  /** How many signals a row has room for. */
  static final int SIGNALS = 7;

  private static final double LARGE = 1e4;

  private MirroredRows() {}

  /** Makes a map, shape (16, inputs), write an input to a signal. */
  static void write(double[][] map, int signal, int input, double weight) {
    map[signal][input] = weight;
    map[SIGNALS + signal][input] = -weight;
  }

  /** Makes a bias, shape (1, 16), add to a signal. */
  static void add(double[][] bias, int signal, double amount) {
    bias[0][signal] = amount;
    bias[0][SIGNALS + signal] = -amount;
  }

  /** Returns the bias of an embedding whose signals are zero. */
  static double[][] constants() {
    double[][] bias = new double[1][BLOCK.width()];
    bias[0][2 * SIGNALS] = LARGE;
    bias[0][2 * SIGNALS + 1] = -LARGE;
    return bias;
  }

  /**
   * Returns the transformer of these blocks, its final norm as idle as theirs.
   *
   * @param blocks first to last
   * @param readout shape (p, 16), reading signals in their own columns
   */
  static Transformer transformer(List<TransformerBlock> blocks, double[][] readout) {
    return Transformer.of(blocks)
        .withFinalNorm(new SimpleMatrix(gain()), new SimpleMatrix(1, BLOCK.width()))
        .withReadout(new SimpleMatrix(readout), new SimpleMatrix(1, readout.length));
  }

  /** Returns the gain of a norm that changes no signal. */
  static double[][] gain() {
    double[][] gain = new double[1][BLOCK.width()];
    Arrays.fill(gain[0], LARGE / Math.sqrt(BLOCK.width() / 2.0));
    return gain;
  }
}
