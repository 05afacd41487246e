package org.definetti.latent;

import org.definetti.kernel.Kernel;
import org.ejml.simple.SimpleMatrix;

/**
 * A linear-Gaussian model of (key, value) tokens: v = z φ(k) + ε with a Gaussian latent and noise.
 *
 * <pre>{@code
 * v^l = z φ(k^l) + ε^l,   ε ~ N(0, s2 I),   E[f(k) f(k')] = t2 · κ(k, k')  per output, f = z φ
 * E[v | q, X] = κ(q, K) (κ(K, K) + (s2 / t2) I)⁻¹ V
 * }</pre>
 *
 * <p>Kernel κ, prior variance t2 and noise variance s2 are all that kernel-ridge attention needs,
 * provided that the latent function has prior mean zero at every key ({@link #isCentred}). With
 * another prior mean m it is added: {@code E[v | q, X] = m(q) + κ(q, K) (κ(K, K) + λ I)⁻¹ (V −
 * m(K))}. Source: [source: Zhang-2023, sec 4.1]; ridge = s2 / t2 by Gaussian conjugacy [derived].
 *
 * @param <Z> the type of the latent
 */
public interface LinearGaussianModel<Z> extends LatentModel<Z> {

  /** Returns κ, the prior covariance of the latent function divided by the prior variance. */
  Kernel kernel();

  /** Returns t2, the prior variance; above zero. */
  double priorVariance();

  /** Returns s2, the noise variance of a value; above zero. */
  double noiseVariance();

  /**
   * Returns whether E[f(k)] is zero at every key under the prior, as in the formula above.
   *
   * <p>A model with another prior mean says so here and says which in {@link #priorMeanAt}. True
   * unless overridden.
   */
  default boolean isCentred() {
    return true;
  }

  /**
   * Returns m(k) = E[f(k)] under the prior for each row of keys; zero unless overridden.
   *
   * @param keys shape (n, key width). Not modified.
   * @return shape (n, value width)
   * @throws UnsupportedOperationException if the model is not centred and does not override this
   */
  default SimpleMatrix priorMeanAt(SimpleMatrix keys) {
    if (!isCentred()) {
      throw new UnsupportedOperationException(
          description().name() + " is not centred and does not say its prior mean at a key");
    }
    return new SimpleMatrix(keys.getNumRows(), tokenSpace().valueWidth());
  }

  /** Returns the law of the keys. */
  KeyLaw keyLaw();

  /**
   * Returns the belief with a given posterior mean and, common to all outputs, row covariance.
   *
   * @param count the tokens seen, at least 0
   * @param mean E[z | X], shape (value width, feature width)
   * @param rowCovariance Cov of one row of z, shape (feature width, feature width)
   * @throws UnsupportedOperationException if the latent has no finite feature vector
   */
  Belief<Z> posterior(double count, SimpleMatrix mean, SimpleMatrix rowCovariance);
}
