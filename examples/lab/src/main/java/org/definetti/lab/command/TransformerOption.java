package org.definetti.lab.command;

import java.util.Map;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Widths;
import org.definetti.layer.Layer;
import org.definetti.layer.TransformerLayer;
import picocli.CommandLine.Option;

/** The sizes of a trained transformer. */
final class TransformerOption {

  /** The form they belong to. */
  static final String FORM = "transformer";

  private static final int DEPTH = 2;
  private static final int WIDTH = 32;
  private static final int HEADS = 4;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "Blocks of a trained transformer; default ${DEFAULT-VALUE}.")
  int depth = DEPTH;

  @Option(names = "--width", paramLabel = "N", description = "Its width; default ${DEFAULT-VALUE}.")
  int width = WIDTH;

  @Option(
      names = "--heads",
      paramLabel = "N",
      description = "Its heads, a divisor of the width; default ${DEFAULT-VALUE}.")
  int heads = HEADS;

  Layer layer(Widths widths) {
    BlockShape block = BlockShape.of(width, heads).withPreNorm();
    return TransformerLayer.of(widths).withBlock(block).withDepth(depth);
  }

  /**
   * Checks the sizes before any training.
   *
   * @throws IllegalArgumentException naming the option that is wrong
   */
  void check() {
    layer(new Widths(1, 1, 1));
  }

  void describe(Map<String, Object> configuration) {
    configuration.put("depth", depth);
    configuration.put("width", width);
    configuration.put("heads", heads);
  }
}
