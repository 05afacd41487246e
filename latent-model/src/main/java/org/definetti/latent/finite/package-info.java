/**
 * Latents of finitely many values: exact posteriors by adding log-likelihoods.
 *
 * <pre>{@code
 * P(z_k | X) = softmax_k(log p_k + s_k),   s_k = Σ_l log P(x^l | z_k)
 * P(v | X, q) = Σ_k P(z_k | X) P(v | z_k, q),   log P(X) = log Σ_k p_k exp(s_k)
 * }</pre>
 *
 * <p>Read {@link org.definetti.latent.finite.CategoricalConcepts} first. {@link
 * org.definetti.latent.finite.FiniteBelief} is the belief of every model here and of any {@link
 * org.definetti.latent.FiniteLatentModel} of one's own.
 */
@NullMarked
package org.definetti.latent.finite;

import org.jspecify.annotations.NullMarked;
