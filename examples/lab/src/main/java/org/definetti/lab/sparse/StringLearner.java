package org.definetti.lab.sparse;

import java.util.List;
import java.util.function.IntFunction;
import org.definetti.engine.BlockShape;
import org.definetti.layer.Layer;
import org.definetti.layer.StringPerceptronLayer;
import org.definetti.layer.SymbolStringLayer;

/**
 * A network for strings of any length and how it is trained on a fixed set: full batch, Adam at one
 * learning rate, logistic loss.
 *
 * @param name for tables and plots
 * @param layer the network for strings of length T
 * @param rate the learning rate
 * @param steps the most steps
 * @param enough training ends when the loss, looked at every 20 steps, is below it; 0 for never
 * @param frozen names of parameters that are not trained
 */
public record StringLearner(
    String name,
    IntFunction<Layer> layer,
    double rate,
    int steps,
    double enough,
    List<String> frozen) {

  private static final double ENOUGH = 2e-3;

  /** Copies the names. */
  public StringLearner {
    frozen = List.copyOf(frozen);
  }

  /**
   * Returns the transformer block of the pre-registered grids, initial weights of standard
   * deviation 0.02.
   *
   * @param width d
   * @param heads H
   * @param hidden width of the network behind attention
   */
  public static StringLearner transformer(
      int width, int heads, int hidden, double rate, int steps) {
    BlockShape block = BlockShape.of(width, heads).withHidden(hidden).withPreNorm();
    return new StringLearner(
        "transformer",
        length -> SymbolStringLayer.of(2, length, 1, block),
        rate,
        steps,
        ENOUGH,
        List.of());
  }

  /** Returns the perceptron of one hidden layer. */
  public static StringLearner perceptron(int hidden, double rate, int steps) {
    return new StringLearner(
        "perceptron",
        length -> StringPerceptronLayer.of(length, hidden, 1),
        rate,
        steps,
        ENOUGH,
        List.of());
  }

  /** Returns this learner whose scores keep their initial numbers: the control. */
  public StringLearner withFrozenAttention() {
    List<String> scores =
        List.of("block.0.query.map", "block.0.query.bias", "block.0.key.map", "block.0.key.bias");
    return new StringLearner("frozen-attention", layer, rate, steps, enough, scores);
  }

  /** Returns this learner that always takes all steps. */
  public StringLearner withAllSteps() {
    return new StringLearner(name, layer, rate, steps, 0, frozen);
  }
}
