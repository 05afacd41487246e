/**
 * Conjugate exponential families: models whose exact posterior is a count and a sum.
 *
 * <pre>{@code
 * E[ E(T | z) | X ] = (Σ_l T(x^l) + ν·χ0) / (L + ν)
 * }</pre>
 *
 * <p>Read {@link org.definetti.latent.conjugate.GaussianMean} first; {@link
 * org.definetti.latent.conjugate.ConjugateBelief} is the belief for a model of one's own.
 *
 * <p>One file per model, and one for its belief, which stays package-private: everything is asked
 * through {@link org.definetti.latent.Belief}.
 */
@NullMarked
package org.definetti.latent.conjugate;

import org.jspecify.annotations.NullMarked;
