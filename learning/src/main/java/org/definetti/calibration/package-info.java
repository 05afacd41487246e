/**
 * Can a posterior be believed? Diagnostics of anybody's posterior, each of which is itself tested.
 *
 * <pre>{@code
 * z_i ~ P(z),   X_i ~ P(X | z_i),   z_i1..z_iS ~ Q(z | X_i)
 * Q = P(z | X):   the rank of z_i among the z_is is uniform on 0..S
 * }</pre>
 *
 * <p>What is judged is a {@link org.definetti.calibration.PosteriorEstimator}: a function from the
 * tokens seen to a law of the latent. The exact one of a model, the one that a derived attention
 * reads out, and the one that a network was trained to give are all of this type, and so is an
 * exact one with a {@link org.definetti.calibration.PlantedError} in it, by which the diagnostics
 * are tested.
 *
 * <p>Read {@link org.definetti.calibration.Diagnosis} first: all diagnostics of one posterior.
 */
@NullMarked
package org.definetti.calibration;

import org.jspecify.annotations.NullMarked;
