/**
 * The two interfaces of the library: a latent-variable model, and a belief about its latent.
 *
 * <pre>{@code
 * P(x^1..x^L) = ∫ Π_l P(x^l | z) P(z) dz          the model, exchangeable by construction
 * P(z | X)    ∝ P(z) Π_l P(x^l | z)               the belief after observing X
 * }</pre>
 *
 * <p>Read {@link org.definetti.latent.LatentModel} first, then {@link org.definetti.latent.Belief}.
 * Prior and posterior have the same type: a belief is a prior plus a sufficient statistic, so
 * everything written for one works for the other.
 *
 * <p>Tokens are rows everywhere. A model never knows how it will be inferred.
 */
@NullMarked
package org.definetti.latent;

import org.jspecify.annotations.NullMarked;
