package org.definetti.latent;

import org.ejml.simple.SimpleMatrix;

/**
 * A Gaussian point seen through Gaussian noise, both of any covariance.
 *
 * <pre>{@code
 * z ~ N(m0, S0),   x | z ~ N(z, S)
 * E[z | X] = m0 + (x̄ − m0) (S0 + S/L)⁻¹ S0
 * }</pre>
 *
 * <p>The prior is worth another number of tokens in each direction: along a generalised eigenvector
 * of (S0, S) with eigenvalue λ it is worth 1/λ of them, infinitely many where S0 says that z is
 * known. m0, S0 and S are all that the derived attention needs, one null-token head a direction.
 * Source: Gaussian conditioning [recalled].
 *
 * @param <Z> the type of the latent z
 */
public interface GaussianLocationModel<Z> extends LatentModel<Z> {

  /** Returns m0, shape (1, d). */
  SimpleMatrix priorMean();

  /** Returns S0, the prior covariance of z, shape (d, d), positive semi-definite. */
  SimpleMatrix priorCovariance();

  /** Returns S, the covariance of a token around z, shape (d, d), positive definite. */
  SimpleMatrix noiseCovariance();
}
