package org.definetti.layer;

import org.definetti.engine.ParameterShape;

/**
 * What a layer costs on a sample: how two architectures are matched before they are compared.
 *
 * <p>Multiply-adds are those of matrix products and attention in the forward pass, embedding and
 * readout included; training costs about three times as many. Sequential steps are those that wait
 * for one another however many processors there are: one a layer, one a token and layer where a
 * state is passed on.
 *
 * @param parameters how many numbers are learned
 * @param multiplyAdds of the forward pass of one sample
 * @param sequentialSteps of the forward pass, embedding and readout not counted
 * @param length the number of tokens of that sample
 */
public record LayerCost(long parameters, long multiplyAdds, long sequentialSteps, int length) {

  /** Returns the multiply-adds for each token, the query's row counted with the others'. */
  public double multiplyAddsPerToken() {
    return (double) multiplyAdds / Math.max(1, length);
  }

  /** Returns how many numbers a layer learns. */
  static long parameters(Layer layer) {
    return layer.shapes().stream().mapToLong(ParameterShape::size).sum();
  }

  /**
   * Returns the cost of rows with maps of their own between embedding and readout.
   *
   * @param perRow multiply-adds of the mixer at one row
   */
  static LayerCost of(SequenceLayer layer, int length, long perRow, long sequentialSteps) {
    long dk = layer.widths().key();
    long embedding =
        layer.width() * (length * (dk + layer.widths().value()) + layer.queryRows() * dk);
    long readout = (long) layer.outputs(length) * layer.widths().target() * layer.outWidth();
    long rows = (long) length + layer.queryRows();
    return new LayerCost(
        parameters(layer), embedding + rows * perRow + readout, sequentialSteps, length);
  }
}
