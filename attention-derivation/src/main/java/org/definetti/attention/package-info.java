/**
 * Attention as a function of queries and a context of keys, values and log biases.
 *
 * <pre>{@code
 * softmax     out = Σ_i w_i v_i,  w = softmax(q·k_i / γ + b_i)
 * kernel      out = κ(q, K) (κ(K, K) + λ I)⁻¹ V
 * }</pre>
 *
 * <p>The reference forms: double precision, readable, the order of context rows does not matter.
 * Read {@link org.definetti.attention.Attention} first, then {@link
 * org.definetti.attention.SoftmaxAttention}. Where positions matter, {@link
 * org.definetti.attention.CausalAttention} masks the future of any of them.
 */
@NullMarked
package org.definetti.attention;

import org.jspecify.annotations.NullMarked;
