package org.definetti.latent.mixture;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Predictive;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.numerical.ApproximateBelief;
import org.definetti.latent.numerical.LatentPrior;
import org.definetti.latent.numerical.Quadrature;
import org.ejml.simple.SimpleMatrix;

/**
 * Real vectors around an unknown mean with heavy tails (X3, {@code student-mean}).
 *
 * <pre>{@code
 * z ~ N(m0, t2 I),   x | z, g ~ N(z, s2 / g I),   g ~ Gamma(f/2) / (f/2) for each token
 * }</pre>
 *
 * <ul>
 *   <li>Where: m0 prior mean, t2 prior variance, s2 squared scale, f degrees of freedom, above 2 so
 *       that tokens have a variance, {@code s2 f / (f - 2)}.
 *   <li>A scale mixture of normal laws: tokens weigh by how likely their own precision is.
 *   <li>Shapes: latent and token (1, d), d from 1 to 3.
 *   <li>The posterior has no closed form, and several peaks where tokens disagree: it is a {@link
 *       Quadrature} with its own error, which keeps the tokens and takes any number of them at the
 *       price stated there.
 *   <li>Source: [recalled]; section X3 of the project's notes.
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class StudentMean implements LikelihoodModel<SimpleMatrix> {

  private static final int MOST_DIMENSIONS = 3;

  private final RealTokens space;
  private final SimpleMatrix priorMean;
  private final double priorVariance;
  private final double scale;
  private final double freedom;

  private StudentMean(SimpleMatrix priorMean, double priorVariance, double scale, double freedom) {
    this.space = new RealTokens(priorMean.getNumCols());
    this.priorMean = priorMean;
    this.priorVariance = priorVariance;
    this.scale = scale;
    this.freedom = freedom;
  }

  /**
   * Returns the model with prior mean zero.
   *
   * @param dimension d, from 1 to 3
   * @param priorVariance t2, finite and above zero
   * @param scale s2, finite and above zero
   * @param freedom f, finite and above 2
   */
  public static StudentMean of(int dimension, double priorVariance, double scale, double freedom) {
    Check.atLeast("dimension", 1, dimension);
    if (dimension > MOST_DIMENSIONS) {
      throw new IllegalArgumentException(
          "dimension: expected at most " + MOST_DIMENSIONS + " for quadrature, got " + dimension);
    }
    Check.positive("priorVariance", priorVariance);
    Check.positive("scale", scale);
    if (!(freedom > 2 && freedom < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("freedom: expected finite and > 2, got " + freedom);
    }
    return new StudentMean(new SimpleMatrix(1, dimension), priorVariance, scale, freedom);
  }

  /** Returns this model with prior mean m0, shape (1, d). */
  public StudentMean withPriorMean(SimpleMatrix mean) {
    Check.matrix("mean", mean, 1, space.dimension());
    return new StudentMean(mean, priorVariance, scale, freedom);
  }

  /** Returns t2, the prior variance of each coordinate of z. */
  public double priorVariance() {
    return priorVariance;
  }

  /** Returns s2, the squared scale of a token around z. */
  public double scale() {
    return scale;
  }

  /** Returns f, the degrees of freedom. */
  public double freedom() {
    return freedom;
  }

  @Override
  public RealTokens tokenSpace() {
    return space;
  }

  @Override
  public ApproximateBelief<SimpleMatrix> prior() {
    return Quadrature.of(this, LatentPrior.gaussian(priorMean, priorVariance));
  }

  @Override
  public SimpleMatrix drawLatent(RandomGenerator rng) {
    double[] z = new IsotropicGaussian(priorMean, priorVariance).draw(rng);
    return new SimpleMatrix(1, z.length, true, z);
  }

  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    return Token.real(valueLaw(latent, space.emptyQuery()).draw(rng));
  }

  @Override
  public double logLikelihood(SimpleMatrix latent, Token token) {
    return valueLaw(latent, space.emptyQuery()).logProbability(token.coordinates());
  }

  @Override
  public double logLikelihood(SimpleMatrix latent, Tokens tokens) {
    int d = space.dimension();
    double[] z = Check.matrix("latent", latent, 1, d).getDDRM().data;
    double constant = StudentLaw.logConstant(d, scale, freedom);
    double sum = 0;
    double lost = 0; // Neumaier
    for (int l = 0; l < tokens.length(); l++) {
      double square = 0;
      for (int i = 0; i < d; i++) {
        double gap = tokens.at(l, i) - z[i];
        square += gap * gap;
      }
      double term = constant + StudentLaw.logShape(d, square, scale, freedom);
      double next = sum + term;
      lost += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
      sum = next;
    }
    return sum + lost;
  }

  @Override
  public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
    Check.matrix("latent", latent, 1, space.dimension());
    return new StudentLaw(latent, scale, freedom);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static StudentMean from(ModelDescription description) {
    DescriptionReader fields = description.read("student-mean", 1);
    int dimension = fields.whole("dimension");
    StudentMean model =
        of(
                dimension,
                fields.number("prior-variance"),
                fields.number("scale"),
                fields.number("freedom"))
            .withPriorMean(fields.matrix("prior-mean", 1, dimension));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("student-mean")
        .with("dimension", space.dimension())
        .with("prior-variance", priorVariance)
        .with("scale", scale)
        .with("freedom", freedom)
        .with("prior-mean", priorMean);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StudentMean model
        && priorVariance == model.priorVariance
        && scale == model.scale
        && freedom == model.freedom
        && priorMean.isIdentical(model.priorMean, 0);
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(scale) + Double.hashCode(freedom);
  }

  @Override
  public String toString() {
    return "StudentMean["
        + space.dimension()
        + ", priorVariance "
        + priorVariance
        + ", scale "
        + scale
        + ", freedom "
        + freedom
        + "]";
  }
}
