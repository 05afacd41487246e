/**
 * Directions: unit vectors scattered around an unknown direction, or turned by an unknown rotation.
 *
 * <pre>{@code
 * vMF(x; μ, κ) = exp(κ μ·x) / (ω_d M_d(κ))     on the unit sphere of R^d, of area ω_d
 * z uniform, x | z ~ vMF(z, κ):   z | X ~ vMF with natural parameter κ Σ_l x^l
 * }</pre>
 *
 * <p>Read {@link org.definetti.latent.directional.VonMisesFisherMean} first; {@link
 * org.definetti.latent.directional.RotationRegression} is the same on the circle with keys. All
 * densities are with respect to the area of the sphere (the angle, for the circle).
 */
@NullMarked
package org.definetti.latent.directional;

import org.jspecify.annotations.NullMarked;
