package org.definetti.latent;

import org.ejml.simple.SimpleMatrix;

/**
 * Unit vectors scattered around a direction that the latent sets, by a von Mises-Fisher law.
 *
 * <pre>{@code
 * tokens x:         x | z ~ vMF(z, κ),        z ~ vMF with natural parameter η0 on S^(d-1)
 * tokens (k, v):    v | k, z ~ vMF(z k, κ),   z a rotation of the plane, its angle vMF with η0
 * η = η0 + κ Σ_l x^l,   or   η0 + κ Σ_l v^l k̄^l   (complex numbers; k̄ the conjugate of k)
 * E[x | X] = A_d(κ) A_d(|η|) η / |η|,   E[v | q, X] = A_2(κ) A_2(|η|) (η / |η|) q
 * }</pre>
 *
 * <p>Which of the two it is, the token space says. Concentration and prior parameter are all that
 * the derived attention needs: a sum of tokens, then a readout of its length and direction. The
 * posterior mean is not linear in the sum, so no null token of fixed weight computes it. Source:
 * [derived] (sections M7 and MS5 of the project's notes).
 *
 * @param <Z> the type of the latent z
 */
public interface DirectionalModel<Z> extends LatentModel<Z> {

  /** Returns κ, the concentration of a token around its direction; at least zero. */
  double concentration();

  /** Returns η0, shape (1, d), or (1, 2) for rotations of the plane; zero if z is uniform. */
  SimpleMatrix priorParameter();
}
