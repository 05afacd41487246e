package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.Cholesky;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.GaussianLocationModel;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.MultivariateGaussian;
import org.definetti.latent.Predictive;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * Real vectors scattered around an unknown mean, with any covariance of prior and noise (MS7,
 * {@code multivariate-gaussian-mean}).
 *
 * <pre>{@code
 * z ~ N(m0, S0),   x | z ~ N(z, S)
 * z | X ~ N(m0 + S0 (S0 + S/L)⁻¹ (x̄ - m0),  S0 - S0 (S0 + S/L)⁻¹ S0)
 * x | X ~ N(E[z | X], S + Cov(z | X))
 * }</pre>
 *
 * <ul>
 *   <li>Where: m0 prior mean, S0 prior covariance (positive semi-definite: it may be singular, as
 *       {@code S0 = ZᵀZ} of few knowledge rows is), S noise covariance (positive definite).
 *   <li>Shapes: latent (1, d); S0 and S are (d, d).
 *   <li>Computed in coordinates where S is the identity and S0 is diagonal with entries λ: there
 *       each coordinate has posterior variance {@code λ / (1 + L λ)}. S0 is never inverted.
 *   <li>If S0 is singular, z has no density and no entropy; all else is answered.
 *   <li>Not a {@link org.definetti.latent.ConjugateModel}: the prior is worth another number of
 *       tokens in each direction.
 *   <li>Cost: O(d³) once, O(d²) per token and question.
 *   <li>Accuracy: tokens' scatter is taken around their mean and all sums are compensated; relative
 *       error about cond(S) · 1e-16 for any number of tokens.
 *   <li>Source: Gaussian conditioning [recalled]; MS7 [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class MultivariateGaussianMean
    implements GaussianLocationModel<SimpleMatrix>, LikelihoodModel<SimpleMatrix> {

  private final RealTokens space;
  private final SimpleMatrix priorMean;
  private final SimpleMatrix priorCovariance;
  private final SimpleMatrix noiseCovariance;
  private final Cholesky noise;
  private final JointDiagonal basis;

  private MultivariateGaussianMean(
      SimpleMatrix priorMean,
      SimpleMatrix priorCovariance,
      SimpleMatrix noiseCovariance,
      Cholesky noise,
      JointDiagonal basis) {
    this.space = new RealTokens(priorMean.getNumCols());
    this.priorMean = priorMean;
    this.priorCovariance = priorCovariance;
    this.noiseCovariance = noiseCovariance;
    this.noise = noise;
    this.basis = basis;
  }

  /**
   * Returns the model with prior mean zero.
   *
   * @param priorCovariance S0, shape (d, d), symmetric positive semi-definite
   * @param noiseCovariance S, shape (d, d), symmetric positive definite
   * @throws org.definetti.latent.ShapeMismatchException if the shapes differ or are not square
   * @throws org.definetti.latent.NotPositiveDefiniteException if S is not positive definite
   * @throws IllegalArgumentException if S0 is not positive semi-definite, or one is not symmetric
   */
  public static MultivariateGaussianMean of(
      SimpleMatrix priorCovariance, SimpleMatrix noiseCovariance) {
    int d = Check.matrix("noiseCovariance", noiseCovariance, -1, -1).getNumRows();
    Check.matrix("noiseCovariance", noiseCovariance, d, d);
    Check.matrix("priorCovariance", priorCovariance, d, d);
    Cholesky noise = Cholesky.of("noiseCovariance", noiseCovariance);
    return new MultivariateGaussianMean(
        new SimpleMatrix(1, d),
        priorCovariance,
        noiseCovariance,
        noise,
        JointDiagonal.of("priorCovariance", priorCovariance, noise));
  }

  /** Returns this model with prior mean m0, shape (1, d). */
  public MultivariateGaussianMean withPriorMean(SimpleMatrix mean) {
    Check.matrix("mean", mean, 1, space.dimension());
    return new MultivariateGaussianMean(mean, priorCovariance, noiseCovariance, noise, basis);
  }

  @Override
  public SimpleMatrix priorMean() {
    return priorMean;
  }

  @Override
  public SimpleMatrix priorCovariance() {
    return priorCovariance;
  }

  @Override
  public SimpleMatrix noiseCovariance() {
    return noiseCovariance;
  }

  Cholesky noise() {
    return noise;
  }

  JointDiagonal basis() {
    return basis;
  }

  @Override
  public RealTokens tokenSpace() {
    return space;
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return new MultivariateGaussianMeanBelief(this, Scatter.none(space.dimension()));
  }

  @Override
  public SimpleMatrix drawLatent(RandomGenerator rng) {
    return prior().sample(rng);
  }

  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    return drawTokens(latent, 1, rng).get(0);
  }

  @Override
  public Tokens drawTokens(SimpleMatrix latent, int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    int d = space.dimension();
    double[] centre = Check.matrix("latent", latent, 1, d).getDDRM().data;
    double[] rows = new double[length * d];
    double[] gap = new double[d];
    for (int row = 0; row < rows.length; row += d) {
      Normal.fill(gap, 0, d, rng);
      noise.multiply(gap);
      for (int i = 0; i < d; i++) {
        rows[row + i] = centre[i] + gap[i];
      }
    }
    return Tokens.owning(space, rows);
  }

  @Override
  public double logLikelihood(SimpleMatrix latent, Token token) {
    return valueLaw(latent, space.emptyQuery()).logProbability(token.coordinates());
  }

  @Override
  public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
    Check.matrix("latent", latent, 1, space.dimension());
    return MultivariateGaussian.of(latent, noiseCovariance);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static MultivariateGaussianMean from(ModelDescription description) {
    DescriptionReader fields = description.read("multivariate-gaussian-mean", 1);
    SimpleMatrix noise = fields.matrix("noise-covariance", -1, -1);
    int d = noise.getNumRows();
    MultivariateGaussianMean model =
        of(fields.matrix("prior-covariance", d, d), noise)
            .withPriorMean(fields.matrix("prior-mean", 1, d));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("multivariate-gaussian-mean")
        .with("prior-mean", priorMean)
        .with("prior-covariance", priorCovariance)
        .with("noise-covariance", noiseCovariance);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MultivariateGaussianMean model
        && space.equals(model.space)
        && priorMean.isIdentical(model.priorMean, 0)
        && priorCovariance.isIdentical(model.priorCovariance, 0)
        && noiseCovariance.isIdentical(model.noiseCovariance, 0);
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(priorCovariance.get(0, 0))
        + Double.hashCode(noiseCovariance.get(0, 0));
  }

  @Override
  public String toString() {
    return "MultivariateGaussianMean[" + space.dimension() + ", prior rank " + basis.rank + "]";
  }
}
