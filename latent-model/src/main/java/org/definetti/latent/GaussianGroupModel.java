package org.definetti.latent;

import org.ejml.simple.SimpleMatrix;

/**
 * Gaussian groups whose means are alike: a hierarchy of two levels.
 *
 * <pre>{@code
 * μ ~ N(m0, t2 I),   z_g | μ ~ N(μ, b2 I),   x | z_g ~ N(z_g, s2 I),   tokens (key of g, x)
 * }</pre>
 *
 * <p>Tokens with equal keys are of one group; the value expected of a masked token is the mean of
 * its key's group, which may be a group not seen yet. m0 and the three variances are all that the
 * derived attention needs, a null-token head at each level. Source: [derived] (section M12 of the
 * project's notes).
 *
 * @param <Z> the type of the latent z
 */
public interface GaussianGroupModel<Z> extends LatentModel<Z> {

  /** Returns m0, the prior mean of the common mean, shape (1, d). */
  SimpleMatrix priorMean();

  /** Returns t2, the prior variance of the common mean; above zero. */
  double priorVariance();

  /** Returns b2, the variance of a group's mean around the common one; above zero. */
  double groupVariance();

  /** Returns s2, the variance of a token around its group's mean; above zero. */
  double noiseVariance();
}
