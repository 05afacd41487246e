package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * Real vectors scattered around an unknown mean (M1, {@code gaussian-mean}).
 *
 * <pre>{@code
 * z ~ N(m0, t2 I),   x | z ~ N(z, s2 I),   ν = s2 / t2
 * z | X ~ N((Σ x + ν m0) / (L + ν),  s2 / (L + ν) I)
 * x | X ~ N((Σ x + ν m0) / (L + ν), (s2 + s2 / (L + ν)) I)
 * }</pre>
 *
 * <ul>
 *   <li>Where: m0 prior mean, t2 prior variance, s2 noise variance (both per coordinate, &gt; 0).
 *   <li>Shapes: latent, prior mean and statistic T(x) = x are (1, d).
 *   <li>Label: y = z + N(0, label variance · I), the noise variance unless set.
 *   <li>Accuracy: sums are compensated, so the posterior mean is good to a few ulps of the largest
 *       partial sum for any number of tokens.
 *   <li>Source: Gaussian conjugacy [recalled]; section M1 of the project's notes [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class GaussianMean implements ConjugateModel<SimpleMatrix> {

  private final RealTokens space;
  private final SimpleMatrix priorMean;
  private final double priorVariance;
  private final double noiseVariance;
  private final double labelVariance;

  private GaussianMean(
      SimpleMatrix priorMean, double priorVariance, double noiseVariance, double labelVariance) {
    this.space = new RealTokens(priorMean.getNumCols());
    this.priorMean = priorMean;
    this.priorVariance = priorVariance;
    this.noiseVariance = noiseVariance;
    this.labelVariance = labelVariance;
  }

  /**
   * Returns the model with prior mean zero and labels as noisy as tokens.
   *
   * @param dimension d, at least 1
   * @param priorVariance t2, finite and above zero
   * @param noiseVariance s2, finite and above zero
   * @throws IllegalArgumentException if one is out of range, or the prior count s2 / t2 is not
   *     finite and above zero
   */
  public static GaussianMean of(int dimension, double priorVariance, double noiseVariance) {
    Check.atLeast("dimension", 1, dimension);
    Check.positive("priorVariance", priorVariance);
    Check.positive("noiseVariance", noiseVariance);
    Check.positive("noiseVariance / priorVariance", noiseVariance / priorVariance);
    return new GaussianMean(
        new SimpleMatrix(1, dimension), priorVariance, noiseVariance, noiseVariance);
  }

  /** Returns this model with prior mean m0, shape (1, d). */
  public GaussianMean withPriorMean(SimpleMatrix mean) {
    Check.matrix("mean", mean, 1, space.dimension());
    return new GaussianMean(mean, priorVariance, noiseVariance, labelVariance);
  }

  /** Returns this model with labels of another noise variance, finite and above zero. */
  public GaussianMean withLabelVariance(double variance) {
    Check.positive("labelVariance", variance);
    return new GaussianMean(priorMean, priorVariance, noiseVariance, variance);
  }

  /** Returns t2, the prior variance of each coordinate of z. */
  public double priorVariance() {
    return priorVariance;
  }

  /** Returns s2, the variance of each coordinate of a token given z. */
  public double noiseVariance() {
    return noiseVariance;
  }

  /** Returns the noise variance of a label given z. */
  public double labelVariance() {
    return labelVariance;
  }

  @Override
  public RealTokens tokenSpace() {
    return space;
  }

  /** {@inheritDoc} It is ν = s2 / t2. */
  @Override
  public double priorCount() {
    return noiseVariance / priorVariance;
  }

  /** {@inheritDoc} It is m0, the prior mean of z too. */
  @Override
  public SimpleMatrix priorMean() {
    return priorMean;
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return GaussianMeanBelief.prior(this);
  }

  /** {@inheritDoc} It has no {@link Belief#logEvidence}, which needs the tokens' squares. */
  @Override
  public Belief<SimpleMatrix> posterior(double count, SimpleMatrix sum) {
    return GaussianMeanBelief.of(this, count, sum);
  }

  @Override
  public SimpleMatrix drawLatent(RandomGenerator rng) {
    return new SimpleMatrix(1, space.dimension(), true, draw(priorMean, priorVariance, 1, rng));
  }

  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    return Token.real(draw(latent, noiseVariance, 1, rng));
  }

  @Override
  public Tokens drawTokens(SimpleMatrix latent, int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    return Tokens.owning(space, draw(latent, noiseVariance, length, rng));
  }

  @Override
  public double[] drawLabel(SimpleMatrix latent, RandomGenerator rng) {
    return new IsotropicGaussian(latent, labelVariance).draw(rng);
  }

  private double[] draw(SimpleMatrix mean, double variance, int length, RandomGenerator rng) {
    int d = space.dimension();
    double[] centre = Check.matrix("latent", mean, 1, d).getDDRM().data;
    double[] rows = new double[length * d];
    Normal.fill(rows, 0, rows.length, rng);
    double deviation = Math.sqrt(variance);
    for (int l = 0; l < length; l++) {
      for (int i = 0; i < d; i++) {
        rows[l * d + i] = centre[i] + deviation * rows[l * d + i];
      }
    }
    return rows;
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static GaussianMean from(ModelDescription description) {
    DescriptionReader fields = description.read("gaussian-mean", 1);
    int dimension = fields.whole("dimension");
    GaussianMean model =
        of(dimension, fields.number("prior-variance"), fields.number("noise-variance"))
            .withLabelVariance(fields.number("label-variance"))
            .withPriorMean(fields.matrix("prior-mean", 1, dimension));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("gaussian-mean")
        .with("dimension", space.dimension())
        .with("prior-variance", priorVariance)
        .with("noise-variance", noiseVariance)
        .with("label-variance", labelVariance)
        .with("prior-mean", priorMean);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GaussianMean model
        && priorVariance == model.priorVariance
        && noiseVariance == model.noiseVariance
        && labelVariance == model.labelVariance
        && priorMean.isIdentical(model.priorMean, 0);
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(priorVariance) + Double.hashCode(noiseVariance);
  }

  @Override
  public String toString() {
    return "GaussianMean["
        + space.dimension()
        + ", priorVariance "
        + priorVariance
        + ", noiseVariance "
        + noiseVariance
        + "]";
  }
}
