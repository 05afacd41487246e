package org.definetti.lab.compare;

import java.util.List;
import org.definetti.attention.ConvolutionShape;
import org.definetti.layer.ConvolutionLayer;

/**
 * Convolutions that are read out at the mean of their rows: sums over places of what is seen there.
 */
public final class LocalArchitectures {

  private static final int KERNEL = 3;
  private static final int MOST_WIDTH = 96;
  private static final List<Integer> LAYERS = List.of(1, 1);

  private LocalArchitectures() {}

  /**
   * Returns two centred convolutions of kernel 3, on a grid 3 × 3.
   *
   * @param columns of the grid, 0 for a sequence
   */
  public static Architecture local(int columns) {
    ConvolutionShape shape =
        columns == 0
            ? ConvolutionShape.centred(KERNEL, LAYERS)
            : ConvolutionShape.grid(KERNEL, LAYERS, columns);
    return Architecture.of(
        "convolution-local",
        Sight.everything(),
        MOST_WIDTH,
        (widths, size) -> ConvolutionLayer.of(widths).pooled().withShape(shape).withWidth(size));
  }
}
