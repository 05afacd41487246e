/**
 * Beliefs of models without a closed form, each with an estimate of its own error.
 *
 * <pre>{@code
 * P(z | X) ∝ P(z) · exp Σ_l log P(x^l | z),     E[v | X, q] = ∫ P(z | X) E[v | z, q] dz
 * }</pre>
 *
 * <p>A model that says {@code log P(x | z)} gets its belief in one line:
 *
 * <pre>{@code
 * public Belief<SimpleMatrix> prior() {
 *   return Quadrature.of(this, LatentPrior.gaussian(mean, covariance)); // one to three dimensions
 * }
 * }</pre>
 *
 * <p>{@link org.definetti.latent.numerical.Enumeration} serves latents from a finite list, {@link
 * org.definetti.latent.numerical.ImportanceSampling} everything else. Read {@link
 * org.definetti.latent.numerical.Quadrature} first.
 */
@NullMarked
package org.definetti.latent.numerical;

import org.jspecify.annotations.NullMarked;
