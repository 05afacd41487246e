package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.Cholesky;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.MultivariateGaussian;
import org.definetti.latent.Predictive;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * Real vectors from a Gaussian of unknown mean and unknown covariance ({@code
 * normal-inverse-wishart}).
 *
 * <pre>{@code
 * Σ ~ IW(Ψ, f),   μ | Σ ~ N(m0, Σ / ν),   x | μ, Σ ~ N(μ, Σ)
 * after X:  ν + L,   f + L,   m = (Σ x + ν m0) / (L + ν),
 *           Ψ + Σ (x - x̄)ᵀ(x - x̄) + ν L / (ν + L) (x̄ - m0)ᵀ(x̄ - m0)
 * x | X ~ Student t of f - d + 1 degrees of freedom around m, scale Ψ (ν + 1) / (ν (f - d + 1))
 * }</pre>
 *
 * <ul>
 *   <li>Where: m0 prior mean, ν prior count of the mean, Ψ scale of the covariance, f its degrees
 *       of freedom; in the last line their values after X.
 *   <li>Shapes: tokens and m0 (1, d), Ψ (d, d); the latent is a {@link MeanAndCovariance}.
 *   <li>Moments: {@code E[Σ] = Ψ / (f - d - 1)} needs f &gt; d + 1, the covariance of Σ f &gt; d +
 *       3, the predictive mean f &gt; d, its covariance f &gt; d + 1; otherwise the belief says that
 *       they do not exist.
 *   <li>{@link Belief#mean} is the matrix of E[μ] above the rows of E[Σ], (d + 1, d); {@link
 *       Belief#covariance} is that of μ followed by Σ row by row, (d + d², d + d²). Densities are
 *       over μ and the d (d + 1) / 2 entries on and below the diagonal of Σ.
 *   <li>As a {@link ConjugateModel} its statistic is T(x) = x with prior count ν: {@code E[x | X]}
 *       is linear in the tokens, so null-token softmax is exact for it. The statistic of the whole
 *       belief is count, sum and scatter.
 *   <li>Accuracy: the scatter is taken around the tokens' own mean and sums are compensated, so an
 *       offset of the tokens cancels before it is squared. Relative error about cond(Ψ after X) ·
 *       1e-16, Ψ scaled to a unit diagonal; refused by name where the condition number passes 1 /
 *       (d · 2e-16).
 *   <li>Source: conjugacy [recalled]; entropy and divergence [derived] from {@code E log det Σ}.
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class NormalInverseWishart
    implements ConjugateModel<MeanAndCovariance>, LikelihoodModel<MeanAndCovariance> {

  private final RealTokens space;
  private final SimpleMatrix priorMean;
  private final double priorCount;
  private final SimpleMatrix scale;
  private final double degreesOfFreedom;

  private NormalInverseWishart(
      SimpleMatrix priorMean, double priorCount, SimpleMatrix scale, double degreesOfFreedom) {
    this.space = new RealTokens(priorMean.getNumCols());
    this.priorMean = priorMean;
    this.priorCount = priorCount;
    this.scale = scale;
    this.degreesOfFreedom = degreesOfFreedom;
  }

  /**
   * Returns the model.
   *
   * @param priorMean m0, shape (1, d)
   * @param priorCount ν, finite and above zero
   * @param scale Ψ, shape (d, d), symmetric positive definite
   * @param degreesOfFreedom f, finite and above d - 1
   * @throws org.definetti.latent.ShapeMismatchException if the shapes do not fit
   * @throws org.definetti.latent.NotPositiveDefiniteException if Ψ is not positive definite
   * @throws IllegalArgumentException if ν or f is out of range
   */
  public static NormalInverseWishart of(
      SimpleMatrix priorMean, double priorCount, SimpleMatrix scale, double degreesOfFreedom) {
    int d = Check.matrix("priorMean", priorMean, 1, -1).getNumCols();
    Check.positive("priorCount", priorCount);
    Check.matrix("scale", scale, d, d);
    Cholesky.of("scale", scale);
    if (!(degreesOfFreedom > d - 1 && degreesOfFreedom < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "degreesOfFreedom: expected finite and > " + (d - 1) + ", got " + degreesOfFreedom);
    }
    return new NormalInverseWishart(priorMean, priorCount, scale, degreesOfFreedom);
  }

  /** Returns Ψ, shape (d, d). */
  public SimpleMatrix scale() {
    return scale;
  }

  /** Returns f. */
  public double degreesOfFreedom() {
    return degreesOfFreedom;
  }

  /** {@inheritDoc} It is ν, the count of the mean; the covariance has f of its own. */
  @Override
  public double priorCount() {
    return priorCount;
  }

  /** {@inheritDoc} It is m0. */
  @Override
  public SimpleMatrix priorMean() {
    return priorMean;
  }

  @Override
  public RealTokens tokenSpace() {
    return space;
  }

  @Override
  public Belief<MeanAndCovariance> prior() {
    return new NormalInverseWishartBelief(this, Scatter.none(space.dimension()));
  }

  /**
   * {@inheritDoc} It knows the mean of a new token and nothing else, because the tokens' scatter is
   * not known.
   */
  @Override
  public Belief<MeanAndCovariance> posterior(double count, SimpleMatrix sum) {
    return ConjugateBelief.of(this, count, sum);
  }

  @Override
  public MeanAndCovariance drawLatent(RandomGenerator rng) {
    return prior().sample(rng);
  }

  @Override
  public Token drawToken(MeanAndCovariance latent, RandomGenerator rng) {
    return drawTokens(latent, 1, rng).get(0);
  }

  @Override
  public Tokens drawTokens(MeanAndCovariance latent, int length, RandomGenerator rng) {
    return Tokens.owning(space, law(latent).draw(length, rng));
  }

  private MultivariateGaussian law(MeanAndCovariance latent) {
    Check.matrix("latent", latent.mean(), 1, space.dimension());
    return MultivariateGaussian.of(latent.mean(), latent.covariance());
  }

  @Override
  public double logLikelihood(MeanAndCovariance latent, Token token) {
    return law(latent).logProbability(token.coordinates());
  }

  @Override
  public Predictive valueLaw(MeanAndCovariance latent, SimpleMatrix query) {
    return law(latent);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static NormalInverseWishart from(ModelDescription description) {
    DescriptionReader fields = description.read("normal-inverse-wishart", 1);
    SimpleMatrix mean = fields.matrix("prior-mean", 1, -1);
    int d = mean.getNumCols();
    NormalInverseWishart model =
        of(
            mean,
            fields.number("prior-count"),
            fields.matrix("scale", d, d),
            fields.number("degrees-of-freedom"));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("normal-inverse-wishart")
        .with("prior-count", priorCount)
        .with("degrees-of-freedom", degreesOfFreedom)
        .with("prior-mean", priorMean)
        .with("scale", scale);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NormalInverseWishart model
        && priorCount == model.priorCount
        && degreesOfFreedom == model.degreesOfFreedom
        && space.equals(model.space)
        && priorMean.isIdentical(model.priorMean, 0)
        && scale.isIdentical(model.scale, 0);
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(priorCount) + Double.hashCode(degreesOfFreedom);
  }

  @Override
  public String toString() {
    return "NormalInverseWishart["
        + space.dimension()
        + ", priorCount "
        + priorCount
        + ", degreesOfFreedom "
        + degreesOfFreedom
        + "]";
  }
}
