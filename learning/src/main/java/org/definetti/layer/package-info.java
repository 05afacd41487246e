/**
 * Trainable layers: shapes, forward and backward on batches, and their reference form.
 *
 * <pre>{@code
 * logit_l = (W_Q q + b_Q)·(W_K k_l) / sqrt(h),   out = W_O (Σ_l w_l W_V v_l + w_0 v_0) + c
 * }</pre>
 *
 * <p>Read {@link org.definetti.layer.Layer} first, then {@link
 * org.definetti.layer.SoftmaxHeadLayer}. {@link org.definetti.layer.Layers} lists the layers by
 * name; each is tied to its reference form in {@code org.definetti.attention} by {@code
 * toAttention} and by tests of outputs and gradients.
 */
@NullMarked
package org.definetti.layer;

import org.jspecify.annotations.NullMarked;
