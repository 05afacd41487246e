package org.definetti.engine;

/**
 * Softmax attention of one query per sample over keys and values stored by coordinate: the fast
 * float32 kernel, forward and backward.
 *
 * <pre>{@code
 * logit_l = u·k_l,   (w, w0) = softmax(logit_1..logit_L, b0),   s = Σ_l w_l v_l
 * dw_l = ds·v_l,   m = Σ_l w_l dw_l + w0 dw0,   d logit_l = w_l (dw_l - m),   du = Σ_l d logit_l k_l
 * }</pre>
 *
 * <ul>
 *   <li>Where: u the query already multiplied by the key map and divided by the temperature, b0 the
 *       null token's logit (minus infinity where there is none), ds and dw0 gradients of s and w0.
 *   <li>Cost: O(L (dk + dv)) per sample; allocates nothing.
 *   <li>Accuracy: float32 sums over tokens in eight running sums each; relative error about 1e-6. m
 *       is the mean of the dw_l as they are in float32, not ds·s: where one weight is nearly 1, the
 *       differences dw_l - m are small and must not inherit how s was rounded.
 *   <li>Edge cases: L = 0 gives s = 0 and w0 = 1 if there is a null token. Without one the caller
 *       must refuse L = 0.
 * </ul>
 *
 * <p>Computed by the kernels in use ({@link Kernels}): in plain loops, {@code LoopSingleQuery}, or
 * in vector instructions, {@code simd.VectorSingleQuery}. Their readable twin in double precision
 * is {@link PlainSingleQuerySoftmax}.
 */
public final class SingleQuerySoftmax {

  private static final SingleQueryKernel KERNEL = Kernels.inUse().singleQuery();

  private SingleQuerySoftmax() {}

  /**
   * Computes the weights and the weighted sum of the values.
   *
   * @param u the folded query, dk numbers. Not modified.
   * @param keys (dk)(tokens). Not modified.
   * @param values (dv)(tokens). Not modified.
   * @param from the first token
   * @param to one after the last token
   * @param nullLogit b0, or minus infinity for none
   * @param weights receives w_l at {@code from..to-1}. Modified.
   * @param sum receives s, dv numbers from {@code sumOffset}. Modified.
   * @return w0, zero without a null token
   */
  public static float forward(
      float[] u,
      float[][] keys,
      float[][] values,
      int from,
      int to,
      float nullLogit,
      float[] weights,
      float[] sum,
      int sumOffset) {
    return KERNEL.forward(u, keys, values, from, to, nullLogit, weights, sum, sumOffset);
  }

  /**
   * Computes the gradient of the folded query.
   *
   * @param ds gradient of s, dv numbers. Not modified.
   * @param nullWeight w0, zero without a null token
   * @param nullGradient dw0, zero without a null token
   * @param keys (dk)(tokens). Not modified.
   * @param values (dv)(tokens). Not modified.
   * @param from the first token
   * @param to one after the last token
   * @param weights w_l as {@link #forward} left them. Not modified.
   * @param logitGradients scratch; receives d logit_l at {@code from..to-1}. Modified.
   * @param du receives the gradient of u, dk numbers. Modified.
   * @return m, of which the null logit's gradient w0 (dw0 - m) is made
   */
  public static float backward(
      float[] ds,
      float nullWeight,
      float nullGradient,
      float[][] keys,
      float[][] values,
      int from,
      int to,
      float[] weights,
      float[] logitGradients,
      float[] du) {
    return KERNEL.backward(
        ds, nullWeight, nullGradient, keys, values, from, to, weights, logitGradients, du);
  }
}
