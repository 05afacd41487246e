package org.definetti.engine;

import org.jspecify.annotations.Nullable;

/**
 * Forward and backward of one transformer block on one sample at a time, float32.
 *
 * <p>A kernel belongs to one block and one call chain: it holds the block's packed weights and, of
 * the last forward pass, what the backward pass needs. It is made for a greatest length and
 * allocates nothing afterwards. Rows are tokens; a matrix (length, width) lies row by row from its
 * offset in its array, so row r starts at {@code at + r·width}.
 *
 * <p>Per step and sample:
 *
 * <pre>{@code
 * kernel.prepare(theta, at);                       once after the parameters changed
 * kernel.forward(x, 0, null, n, 0, n, y, 0);       y = block(x)
 * kernel.backward(x, 0, dy, 0, dx, 0, dtheta, at);  dtheta += …, dx = …
 * }</pre>
 *
 * <ul>
 *   <li>Padding needs no mask: a sample of n tokens is given with length n, and rows from n on are
 *       neither read nor written.
 *   <li>Memory: O(length · (width + hidden) + width · hidden); scores are never kept for all pairs
 *       of long sequences, but recomputed from their log-sum-exp in blocks of rows.
 *   <li>Deterministic: same arguments, same bits, whatever was computed before.
 *   <li>Arguments are trusted, as in any inner loop: callers check shapes.
 * </ul>
 *
 * <p>{@link BlockKernels} makes them.
 */
public interface BlockKernel {

  /** Returns what the kernel computes. */
  BlockShape shape();

  /** Returns the greatest length the kernel was made for. */
  int maxLength();

  /** Returns how many numbers the kernel holds: weights, kept activations and scratch. */
  long memory();

  /**
   * Packs the block's parameters. They are not read from {@code theta} by the passes that follow.
   *
   * @param theta parameters of all blocks; this one's start at {@code at}, in the order of {@link
   *     BlockShape#parameters}. Not modified.
   */
  void prepare(float[] theta, int at);

  /**
   * Computes rows {@code from} to {@code to} of the block's output and keeps what {@link #backward}
   * needs.
   *
   * <p>The rows asked for attend to all rows of x (with a causal mask, to those up to themselves);
   * of the others only keys and values are computed.
   *
   * @param x shape (length, width). Not modified, and unchanged until the backward pass.
   * @param bias added to the logits of each key, (length), or null for none. Not modified, and
   *     unchanged until the backward pass.
   * @param length rows of x, from 0 to {@link #maxLength()}
   * @param y shape (length, width), of which rows {@code from} to {@code to} are written. Modified.
   */
  void forward(
      float[] x,
      int xAt,
      float @Nullable [] bias,
      int length,
      int from,
      int to,
      float[] y,
      int yAt);

  /**
   * As {@link #forward}, with the same numbers, when no backward pass will follow.
   *
   * <p>Afterwards {@link #backward} may not be called before the next forward pass.
   */
  default void infer(
      float[] x,
      int xAt,
      float @Nullable [] bias,
      int length,
      int from,
      int to,
      float[] y,
      int yAt) {
    forward(x, xAt, bias, length, from, to, y, yAt);
  }

  /**
   * Adds the parameters' gradient and, where asked, writes that of x, after a forward pass with the
   * same x, length, bias and rows.
   *
   * @param x as in the forward pass. Not modified.
   * @param dy gradient of y, shape (length, width), of which the rows of the forward pass are read.
   *     Not modified.
   * @param dx receives the gradient of x, shape (length, width), all rows; null where it is not
   *     needed. May be {@code dy} at the same offset. Modified.
   * @param gradient in the layout of {@code theta}; this block's part, from {@code at} on, is added
   *     to. Modified.
   */
  void backward(
      float[] x,
      int xAt,
      float[] dy,
      int dyAt,
      float @Nullable [] dx,
      int dxAt,
      float[] gradient,
      int at);
}
