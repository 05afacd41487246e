package org.definetti.latent;

/**
 * Simulation-based calibration: the latent that made the tokens looks like a draw from the
 * posterior.
 *
 * @param <Z> the type of the latent
 */
public interface CalibrationContract<Z> extends ModelUnderTest<Z> {}
