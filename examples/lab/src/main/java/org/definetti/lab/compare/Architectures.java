package org.definetti.lab.compare;

import java.util.List;
import java.util.function.UnaryOperator;
import org.definetti.attention.ConvolutionShape;
import org.definetti.attention.Recurrence;
import org.definetti.engine.BlockShape;
import org.definetti.layer.ConvolutionLayer;
import org.definetti.layer.DeepSetsLayer;
import org.definetti.layer.EquivariantAttentionLayer;
import org.definetti.layer.LinearAttentionLayer;
import org.definetti.layer.MeanPoolingLayer;
import org.definetti.layer.RecurrentLayer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.layer.TransformerLayer;

/**
 * The architectures that are compared, each with one number that sets its size.
 *
 * <p>All embed tokens by a linear map, read the query as the last row, and are read out there by a
 * linear map; deep sets and mean pooling have no rows and are read out behind the pool.
 */
public final class Architectures {

  private static final int WIDTH = 16; // of attention
  private static final int HEADS = 2;
  private static final int DEPTH = 2;
  private static final int MOST_HIDDEN = 128;
  private static final int MOST_WIDTH = 96;
  private static final int KERNEL = 3;
  private static final int CONVOLUTIONS = 2;
  private static final int DILATIONS = 4;
  private static final int ROWS = 12; // least width of rows of a recurrence
  private static final int ROW_CHOICES = 4;
  private static final int NARROW = 4;
  private static final int CHANNELS = 8;

  /** Two pre-norm blocks of softmax attention without positions; its size is the hidden width. */
  public static final Architecture ATTENTION =
      attention("attention", Sight.unordered(), layer -> layer, shape -> shape);

  /** The same with sines and cosines of positions added to the tokens. */
  public static final Architecture ATTENTION_POSITIONS =
      attention(
          "attention-positions",
          Sight.everything(),
          TransformerLayer::withSinusoidalPositions,
          shape -> shape);

  /** The same with a causal mask and no positions: the mask lets two blocks see order. */
  public static final Architecture ATTENTION_CAUSAL =
      attention("attention-causal", Sight.everything(), layer -> layer, BlockShape::withCausalMask);

  /** The same with queries and keys turned by their positions. */
  public static final Architecture ATTENTION_ROTARY =
      attention(
          "attention-rotary", Sight.everything(), layer -> layer, BlockShape::withRotaryPositions);

  /** One softmax head without norms, residuals and network, as it is: nothing to choose. */
  public static final Architecture HEAD =
      Architecture.of(
          "attention-head", Sight.unordered(), 1, (widths, size) -> SoftmaxHeadLayer.of(widths));

  /** One head of linear attention, as it is. */
  public static final Architecture LINEAR_HEAD =
      Architecture.of(
          "linear-head", Sight.unordered(), 1, (widths, size) -> LinearAttentionLayer.of(widths));

  /** Two causal convolutions of kernel 3: the query and the last four tokens. */
  public static final Architecture CONVOLUTION =
      Architecture.of(
          "convolution",
          Sight.window(CONVOLUTIONS * (KERNEL - 1)),
          MOST_WIDTH,
          (widths, size) ->
              ConvolutionLayer.of(widths)
                  .withShape(ConvolutionShape.causal(KERNEL, List.of(1, 1)))
                  .withWidth(size));

  /** Four causal convolutions of kernel 3, dilations 1 to 8, with residuals: the last 30 tokens. */
  public static final Architecture DILATED_CONVOLUTION =
      Architecture.of(
          "convolution-dilated",
          Sight.window((KERNEL - 1) * ((1 << DILATIONS) - 1)),
          MOST_WIDTH,
          (widths, size) -> ConvolutionLayer.temporal(widths, KERNEL, DILATIONS).withWidth(size));

  /** An Elman recurrence. */
  public static final Architecture ELMAN = recurrence("elman", Recurrence.ELMAN);

  /** A gated recurrent unit. */
  public static final Architecture GRU = recurrence("gru", Recurrence.GRU);

  /** A long short-term memory. */
  public static final Architecture LSTM = recurrence("lstm", Recurrence.LSTM);

  /** A network of each token, the mean, a network of mean and query. */
  public static final Architecture DEEP_SETS =
      Architecture.of(
          "deep-sets",
          Sight.unordered(),
          MOST_WIDTH,
          (widths, size) -> DeepSetsLayer.of(widths).withWidth(size));

  /** Deep sets of four hidden numbers, as they are. */
  public static final Architecture NARROW_DEEP_SETS =
      Architecture.of(
          "deep-sets-narrow",
          Sight.unordered(),
          1,
          (widths, size) -> DeepSetsLayer.of(widths).withWidth(NARROW));

  /** The mean of the values and a linear readout, as it is. */
  public static final Architecture MEAN_POOLING =
      Architecture.of(
          "mean-pooling", Sight.pooled(), 1, (widths, size) -> MeanPoolingLayer.of(widths));

  /**
   * Two layers of attention that commute with every orthogonal map, of 8 channels and 8 heads, as
   * they are; keys are marks. One of its weights serves all coordinates, so with as many weights as
   * the others it would do several times their work.
   */
  public static final Architecture EQUIVARIANT_ATTENTION =
      Architecture.of(
          "attention-equivariant",
          Sight.unordered(),
          1,
          (widths, size) ->
              EquivariantAttentionLayer.withMarks(widths)
                  .withChannels(CHANNELS)
                  .withHeads(CHANNELS));

  private Architectures() {}

  private static Architecture attention(
      String name,
      Sight sight,
      UnaryOperator<TransformerLayer> layer,
      UnaryOperator<BlockShape> block) {
    return Architecture.of(
        name,
        sight,
        MOST_HIDDEN,
        (widths, size) -> {
          BlockShape shape = BlockShape.of(WIDTH, HEADS).withPreNorm().withHidden(size);
          return layer.apply(
              TransformerLayer.of(widths).withBlock(block.apply(shape)).withDepth(DEPTH));
        });
  }

  /** Sizes run over the widths of rows for each width of the state: counts lie close together. */
  private static Architecture recurrence(String name, Recurrence recurrence) {
    return Architecture.of(
        name,
        Sight.everything(),
        ROW_CHOICES * MOST_WIDTH,
        (widths, size) ->
            RecurrentLayer.of(widths, recurrence)
                .withWidth(ROWS + (size - 1) % ROW_CHOICES)
                .withStateWidth(1 + (size - 1) / ROW_CHOICES));
  }
}
