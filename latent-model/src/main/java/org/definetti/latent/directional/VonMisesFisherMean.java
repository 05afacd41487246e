package org.definetti.latent.directional;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.DirectionalModel;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Predictive;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.VonMisesFisher;
import org.ejml.simple.SimpleMatrix;

/**
 * Unit vectors scattered around an unknown direction (MS5, {@code von-mises-fisher-mean}).
 *
 * <pre>{@code
 * z uniform on the sphere S^(d-1),   x | z ~ vMF(z, κ)
 * z | X ~ vMF with natural parameter η = η0 + κ Σ_l x^l,   r = |η|
 * E[z | X] = A_d(r) η / r,   E[x | X] = A_d(κ) E[z | X]
 * P(X) = M_d(r) / (M_d(|η0|) (M_d(κ) ω_d)^L)
 * }</pre>
 *
 * <ul>
 *   <li>Where: κ concentration; η0 natural parameter of the prior, zero (uniform) unless set; M_d
 *       and A_d as in {@link org.definetti.latent.special.SphereIntegrals}; ω_d the sphere's area.
 *   <li>Shapes: latent and tokens are (1, d) of norm 1; a token off the sphere by more than 1e-6 is
 *       refused.
 *   <li>Densities are with respect to the area of the sphere.
 *   <li>Not a conjugate mean: E[x | X] is not linear in Σ x, so no null token of fixed weight
 *       computes it.
 *   <li>Accuracy: log densities to about 1e-16 · L · κ, the rounding of unit vectors; any number of
 *       tokens without overflow.
 *   <li>Source: vMF conjugacy [recalled]; MS5 of the project's notes [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class VonMisesFisherMean
    implements DirectionalModel<SimpleMatrix>, LikelihoodModel<SimpleMatrix> {

  private final RealTokens space;
  private final double concentration;
  private final SimpleMatrix priorParameter;

  private VonMisesFisherMean(double concentration, SimpleMatrix priorParameter) {
    this.space = new RealTokens(priorParameter.getNumCols());
    this.concentration = concentration;
    this.priorParameter = priorParameter;
  }

  /**
   * Returns the model with a uniform prior.
   *
   * @param dimension d, at least 2
   * @param concentration κ, above zero and at most 1e12: beyond it the rounding of unit vectors
   *     moves log densities by more than 1e-4
   */
  public static VonMisesFisherMean of(int dimension, double concentration) {
    Check.atLeast("dimension", 2, dimension);
    Directions.concentration("concentration", concentration);
    return new VonMisesFisherMean(concentration, new SimpleMatrix(1, dimension));
  }

  /**
   * Returns this model with a von Mises-Fisher prior.
   *
   * @param parameter η0, the prior's direction times its concentration, shape (1, d); of length at
   *     most 1e12
   */
  public VonMisesFisherMean withPrior(SimpleMatrix parameter) {
    Check.matrix("parameter", parameter, 1, space.dimension());
    double length = parameter.normF();
    if (!(length <= Directions.LARGEST_CONCENTRATION)) {
      throw new IllegalArgumentException(
          "parameter: expected length <= " + Directions.LARGEST_CONCENTRATION + ", got " + length);
    }
    return new VonMisesFisherMean(concentration, parameter);
  }

  @Override
  public double concentration() {
    return concentration;
  }

  @Override
  public SimpleMatrix priorParameter() {
    return priorParameter;
  }

  @Override
  public RealTokens tokenSpace() {
    return space;
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return VonMisesFisherMeanBelief.prior(this);
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
    int d = space.dimension();
    double[] centre = Directions.unitRow("latent", latent, d);
    double[] rows = new double[Check.atLeast("length", 0, length) * d];
    for (int l = 0; l < length; l++) {
      VonMisesFisher.fill(rows, l * d, centre, concentration, rng);
    }
    return Tokens.owning(space, rows);
  }

  @Override
  public double logLikelihood(SimpleMatrix latent, Token token) {
    return valueLaw(latent).logProbability(token.coordinates());
  }

  @Override
  public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
    Check.matrix("query", query, 1, space.keyWidth());
    return valueLaw(latent);
  }

  private VonMisesFisherLaw valueLaw(SimpleMatrix latent) {
    double[] centre = Directions.unitRow("latent", latent, space.dimension());
    return VonMisesFisherLaw.around(centre, concentration);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static VonMisesFisherMean from(ModelDescription description) {
    DescriptionReader fields = description.read("von-mises-fisher-mean", 1);
    int dimension = fields.whole("dimension");
    VonMisesFisherMean model =
        of(dimension, fields.number("concentration"))
            .withPrior(fields.matrix("prior-parameter", 1, dimension));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("von-mises-fisher-mean")
        .with("dimension", space.dimension())
        .with("concentration", concentration)
        .with("prior-parameter", priorParameter);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VonMisesFisherMean model
        && concentration == model.concentration
        && priorParameter.isIdentical(model.priorParameter, 0);
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(concentration) + space.dimension();
  }

  @Override
  public String toString() {
    return "VonMisesFisherMean[" + space.dimension() + ", concentration " + concentration + "]";
  }
}
