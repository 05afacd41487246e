package org.definetti.lab.claims;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.definetti.attention.TransformerBlock;
import org.definetti.engine.BlockShape;
import org.definetti.engine.ParameterShape;
import org.ejml.simple.SimpleMatrix;

/**
 * A block on {@link MirroredRows} that is written number by number; at first it changes no row.
 *
 * <p>Parameters are those of {@link BlockShape}, by their names.
 */
final class MirroredBlock {

  private final Map<String, double[][]> parameters = new LinkedHashMap<>();

  MirroredBlock() {
    for (ParameterShape shape : MirroredRows.BLOCK.parameters("")) {
      boolean gain = shape.name().endsWith(".gain");
      parameters.put(
          shape.name(), gain ? MirroredRows.gain() : new double[shape.rows()][shape.columns()]);
    }
  }

  /** Sets one number of a map. */
  void map(String name, int output, int input, double weight) {
    parameter(name + ".map")[output][input] = weight;
  }

  /** Sets one number of a bias. */
  void bias(String name, int output, double amount) {
    parameter(name + ".bias")[0][output] = amount;
  }

  /** Makes a map that ends in the row write an input of it to a signal. */
  void write(String name, int signal, int input, double weight) {
    MirroredRows.write(parameter(name + ".map"), signal, input, weight);
  }

  /** Makes the bias of such a map add to a signal. */
  void add(String name, int signal, double amount) {
    MirroredRows.add(parameter(name + ".bias"), signal, amount);
  }

  /** Returns the block. */
  TransformerBlock build() {
    Map<String, SimpleMatrix> matrices = new LinkedHashMap<>();
    parameters.forEach((name, numbers) -> matrices.put(name, new SimpleMatrix(numbers)));
    return TransformerBlock.of(matrices, MirroredRows.BLOCK.heads()).withPreNorm();
  }

  private double[][] parameter(String name) {
    return Objects.requireNonNull(parameters.get(name), name);
  }
}
