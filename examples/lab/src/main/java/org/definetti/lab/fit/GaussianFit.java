package org.definetti.lab.fit;

import java.util.List;
import org.definetti.latent.Tokens;

/**
 * Fits a conjugate Gaussian model to sequences of real vectors: empirical Bayes of a mean, or of a
 * mean and a covariance, that differ from sequence to sequence.
 *
 * <p>The updates are those of {@link Family#GAUSSIAN_MEAN}, {@link
 * Family#MULTIVARIATE_GAUSSIAN_MEAN} and {@link Family#NORMAL_INVERSE_WISHART}. Source:
 * expectation-maximisation [recalled: Dempster-Laird-Rubin]; the steps [derived].
 */
public final class GaussianFit {

  /**
   * The conjugate Gaussian models. C is the covariance of all tokens pooled, c the prior tokens.
   */
  public enum Family {
    /**
     * One variance between sequences, one within, the same in every coordinate ({@code
     * gaussian-mean}); the updates are the next one's, averaged over coordinates.
     */
    GAUSSIAN_MEAN,

    /**
     * Any covariance between sequences and within ({@code multivariate-gaussian-mean}).
     *
     * <pre>{@code
     * E:  z_s | X_s ~ N(m_s, V_s)
     * M:  m0 = mean of m_s,   S0 = mean of V_s + (m_s - m0)ᵀ(m_s - m0)
     *     S  = (Σ_s scatter_s + L_s (V_s + (x̄_s - m_s)ᵀ(x̄_s - m_s)) + c C) / (Σ_s L_s + c)
     * objective:  Σ_s log P(X_s) - c/2 (log det 2πS + tr(S⁻¹ C))
     * }</pre>
     */
    MULTIVARIATE_GAUSSIAN_MEAN,

    /**
     * Mean and covariance of their own in every sequence ({@code normal-inverse-wishart}).
     *
     * <pre>{@code
     * E:  Λ = Σ⁻¹:   E[Λ] = f_s Ψ_s⁻¹,   E[Λμ] = E[Λ] m_s,
     *     E log det Λ = Σ_i ψ((f_s + 1 - i)/2) + d log 2 - log det Ψ_s
     * M:  m0 = (Σ E[Λ])⁻¹ Σ E[Λμ],   1/ν = mean of E[(μ - m0)Λ(μ - m0)ᵀ] / d,   Ψ = f Λ̄⁻¹,
     *     f:  d log(f/2) - Σ_i ψ((f + 1 - i)/2) = log det Λ̄ - mean of E log det Λ
     * }</pre>
     *
     * <p>Λ̄ is the mean of E[Λ]. Here the c prior tokens are one more sequence, whose mean and
     * covariance are those of all tokens pooled; its log evidence is part of the objective. Where
     * covariances do not differ between sequences the best f is infinite; f stays between d + 1,
     * below which a sequence of one token can make the evidence infinite, and a million.
     */
    NORMAL_INVERSE_WISHART
  }

  private GaussianFit() {}

  /**
   * Fits the model of a family.
   *
   * @param sequences of real vectors of one space; at least two with tokens, and one of at least
   *     two tokens: otherwise the spread within sequences and between them cannot be told apart
   * @throws IllegalArgumentException if there are fewer
   * @throws org.definetti.latent.NotPositiveDefiniteException if all tokens lie in a hyperplane
   */
  public static Fit of(List<Tokens> sequences, Family family, FitOptions options) {
    List<Tokens> seen = Moments.checked(MixtureFit.withTokens(sequences, 2));
    if (seen.stream().allMatch(tokens -> tokens.length() < 2)) {
      throw new IllegalArgumentException(
          "sequences: expected one of at least two tokens, got only single tokens: the spread"
              + " within sequences and between them cannot be told apart");
    }
    return switch (family) {
      case GAUSSIAN_MEAN ->
          Climber.fit(GaussianMeanClimber.of(seen, options.priorTokens()), seen, options);
      case MULTIVARIATE_GAUSSIAN_MEAN ->
          Climber.fit(MultivariateClimber.of(seen, options.priorTokens()), seen, options);
      case NORMAL_INVERSE_WISHART ->
          Climber.fit(InverseWishartClimber.of(seen, options.priorTokens()), seen, options);
    };
  }
}
