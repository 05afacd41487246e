package org.definetti.layer;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.engine.Batch;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;

/**
 * A trainable map from contexts and queries to outputs, float32, on batches.
 *
 * <p>A layer is an immutable description without weights: parameters and workspace are arguments,
 * so one layer serves any number of threads. Forward and backward work on the samples {@code
 * from..to-1} of a batch and allocate nothing. Its kernels can be replaced without touching these
 * signatures.
 *
 * <p>{@code toString} must tell apart layers that compute differently: it goes into the identity of
 * a training run.
 */
public interface Layer {

  /** Returns the widths of the batches it takes; its output is as wide as their targets. */
  Widths widths();

  /** Returns names and shapes of the parameters, in storage order. */
  List<ParameterShape> shapes();

  /** Draws initial parameters. */
  Parameters initial(RandomGenerator rng);

  /**
   * Returns the number of output rows of a sample of {@code length} tokens: 1 unless the layer
   * answers at several places, {@code length} if it answers at every token.
   */
  default int outputs(int length) {
    return 1;
  }

  /**
   * Returns how many samples of at most {@code length} tokens to run forward and backward together,
   * at least 1, so that what is kept between the two passes stays in cache. By default as many as
   * there are.
   *
   * <p>Advice to the caller: the passes are right for any number of samples. Where samples of one
   * call share a matrix product, it fixes rounding, so it is a function of layer and length alone.
   */
  default int tile(int length) {
    return Integer.MAX_VALUE;
  }

  /**
   * Returns whether every sample is computed by itself, so that passes over one sample at a time
   * give the same bits as passes over many. By default false: samples of one call may share matrix
   * products.
   */
  default boolean isSamplewise() {
    return false;
  }

  /**
   * Returns a workspace for batches of at most {@code size} samples of at most {@code length}
   * tokens.
   */
  Workspace workspace(int size, int length);

  /**
   * Returns about how many bytes such a workspace takes, so that a training too large for its
   * memory limit is refused before it starts. By default the size of keys, values and outputs, with
   * a gradient each; a layer that keeps more says so.
   */
  default long workspaceBytes(int size, int length) {
    long context = (long) length * (widths().key() + widths().value());
    long output = (long) outputs(length) * widths().target();
    return 2L * Float.BYTES * size * (context + output);
  }

  /**
   * Readies a workspace for parameters, for example by packing weights in the order the kernels
   * read. Called for each workspace once after the parameters changed and before the next forward
   * pass. Does nothing by default.
   *
   * @param parameters of this layer's shapes. Not modified.
   * @param workspace of this layer. Modified.
   */
  default void prepare(Parameters parameters, Workspace workspace) {}

  /**
   * Computes the outputs of samples {@code from} (inclusive) to {@code to} (exclusive).
   *
   * <p>Tokens of a sample from {@link Batch#length(int)} on are padding and change no output. Where
   * there is an output row for every token, rows of padding have no meaning.
   *
   * @param parameters of this layer's shapes. Not modified.
   * @param batch of this layer's widths. Not modified.
   * @param workspace of this layer, large enough for the batch; receives the outputs. Modified.
   * @throws IllegalArgumentException if layout, widths or workspace do not fit
   */
  void forward(Parameters parameters, Batch batch, int from, int to, Workspace workspace);

  /**
   * Returns names and shapes of what backward passes add up: sums over samples, of which {@link
   * #finish} makes the gradient. By default the gradient itself.
   *
   * <p>A layer that applies a product of its matrices needs only that product's gradient from every
   * sample, and finds the factors' once for all of them.
   */
  default List<ParameterShape> sums() {
    return shapes();
  }

  /**
   * Adds what samples {@code from} to {@code to} contribute to the parameters' gradient, given the
   * outputs', to the {@link #sums}. The last forward pass on this workspace was for the same
   * samples.
   *
   * @param parameters as in the forward pass. Not modified.
   * @param batch as in the forward pass. Not modified.
   * @param workspace as the forward pass left it, with the outputs' gradient filled in. Modified.
   * @param sums of the shapes of {@link #sums}. Modified.
   */
  void backward(
      Parameters parameters, Batch batch, int from, int to, Workspace workspace, Parameters sums);

  /**
   * Writes the gradient that the sums over all samples amount to.
   *
   * @param parameters as in the passes. Not modified.
   * @param sums as backward passes left them. Not modified.
   * @param gradient of this layer's shapes. Modified.
   */
  default void finish(Parameters parameters, Parameters sums, Parameters gradient) {
    System.arraycopy(sums.data(), 0, gradient.data(), 0, sums.size());
  }

  /**
   * Returns what a forward pass of a sample of {@code length} tokens costs. By default every
   * parameter is one multiply-add at every token, in one step; a layer that knows better says so.
   */
  default LayerCost cost(int length) {
    long parameters = LayerCost.parameters(this);
    return new LayerCost(parameters, parameters * length, 1, length);
  }

  /** Returns what the layer computes with these parameters, in double precision. */
  Attention toAttention(Parameters parameters);

  /** Returns a short label that states temperature and normalisation, for plots and tables. */
  default String label() {
    return toString();
  }
}
