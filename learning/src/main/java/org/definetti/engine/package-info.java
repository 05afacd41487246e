/**
 * Batched float32 kernels of training and the arrays they work on.
 *
 * <pre>{@code
 * logit_l = u·k_l,   w = softmax(logits, null logit),   s = Σ_l w_l v_l
 * }</pre>
 *
 * <p>Training runs in float32 on primitive arrays; posteriors and reference forms stay in double
 * precision. Each fast kernel has a plain twin in double precision beside it and a test that ties
 * the two. Read {@link org.definetti.engine.Batch} first, then {@link
 * org.definetti.engine.SingleQuerySoftmax}.
 *
 * <p>Results are bit-identical on one machine and JDK, whatever the number of threads; elsewhere
 * they agree within rounding.
 */
@NullMarked
package org.definetti.engine;

import org.jspecify.annotations.NullMarked;
