package org.definetti.latent.directional;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.DirectionalModel;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Sphere;
import org.definetti.random.VonMisesFisher;
import org.ejml.simple.SimpleMatrix;

/**
 * Directions turned by an unknown rotation of the plane and blurred (M7, {@code directional}).
 *
 * <pre>{@code
 * z = Rot(θ), θ uniform;   k uniform on the circle;   v | k, z ~ vMF(z k, κ)
 * θ | X ~ von Mises(θhat, κ r),   r e^(iθhat) = Σ_l e^(i(arg v^l - arg k^l))
 * E[z | X] = A_2(κ r) Rot(θhat),   A_2 = I_1 / I_0,   E[v | k, X] = A_2(κ) E[z | X] k
 * P(v^1..v^L | k^1..k^L) = I_0(κ r) / (2π I_0(κ))^L
 * }</pre>
 *
 * <ul>
 *   <li>Where: κ concentration; Rot(θ) = [cos θ, −sin θ; sin θ, cos θ].
 *   <li>Shapes: latent (2, 2); tokens are pairs of unit vectors (2) and (2); off the circle by more
 *       than 1e-6 is refused, so queries are unit vectors too.
 *   <li>Densities of z are per radian of θ, those of v per radian of its angle.
 *   <li>Keys other than uniform change nothing: the evidence is that of values given keys.
 *   <li>Limit: the plane. For d &gt; 2 the posterior under the Haar prior is a matrix-Fisher law,
 *       whose normaliser has no closed form; {@link FiniteRotationRegression} takes any d.
 *   <li>Accuracy: log densities to about 1e-16 · L · κ; any number of tokens without overflow.
 *   <li>Source: section M7 of the project's notes [derived]. It is {@link VonMisesFisherMean} of
 *       the angles between value and key.
 * </ul>
 *
 * <p>Immutable; equal when the concentration is equal.
 */
public final class RotationRegression
    implements DirectionalModel<SimpleMatrix>, LikelihoodModel<SimpleMatrix> {

  private static final PairTokens SPACE = new PairTokens(2, 2);

  private final VonMisesFisherMean turns;

  private RotationRegression(VonMisesFisherMean turns) {
    this.turns = turns;
  }

  /**
   * Returns the model of rotations of R^d with the Haar prior, uniform over all of them.
   *
   * @param dimension d: 2
   * @param concentration κ, above zero and at most 1e12
   * @throws IllegalArgumentException if the dimension is not 2, with the reason
   */
  public static RotationRegression of(int dimension, double concentration) {
    if (dimension != 2) {
      throw new IllegalArgumentException(
          "dimension: expected 2, got "
              + dimension
              + ": beyond the plane the posterior under the Haar prior is a matrix-Fisher law,"
              + " whose normaliser has no closed form; FiniteRotationRegression takes finitely many"
              + " rotations of any dimension");
    }
    return new RotationRegression(VonMisesFisherMean.of(2, concentration));
  }

  @Override
  public double concentration() {
    return turns.concentration();
  }

  /** {@inheritDoc} It is zero: all rotations are equally likely. */
  @Override
  public SimpleMatrix priorParameter() {
    return turns.priorParameter();
  }

  @Override
  public PairTokens tokenSpace() {
    return SPACE;
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return new RotationRegressionBelief(this, VonMisesFisherMeanBelief.prior(turns));
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
    double[] turn = Turn.of(latent);
    double[] rows = new double[Check.atLeast("length", 0, length) * SPACE.width()];
    for (int start = 0; start < rows.length; start += SPACE.width()) {
      Sphere.fill(rows, start, 2, rng);
      double[] centre = Turn.times(turn, rows[start], rows[start + 1]);
      VonMisesFisher.fill(rows, start + 2, centre, concentration(), rng);
    }
    return Tokens.owning(SPACE, rows);
  }

  @Override
  public SimpleMatrix drawQuery(RandomGenerator rng) {
    double[] query = new double[2];
    Sphere.fill(query, 0, 2, rng);
    return new SimpleMatrix(1, 2, true, query);
  }

  /** {@inheritDoc} The label is the value of a fresh token at the label query. */
  @Override
  public double[] drawLabel(SimpleMatrix latent, RandomGenerator rng) {
    return valueLaw(latent, labelQuery()).draw(rng);
  }

  @Override
  public double logLikelihood(SimpleMatrix latent, Token token) {
    SimpleMatrix key = new SimpleMatrix(1, 2, true, token.at(0), token.at(1));
    return valueLaw(latent, key).logProbability(new double[] {token.at(2), token.at(3)});
  }

  @Override
  public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
    double[] key = Directions.unitRow("query", query, 2);
    double[] centre = Turn.times(Turn.of(latent), key[0], key[1]);
    return VonMisesFisherLaw.around(centre, concentration());
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static RotationRegression from(ModelDescription description) {
    DescriptionReader fields = description.read("directional", 1);
    RotationRegression model = of(fields.whole("dimension"), fields.number("concentration"));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("directional")
        .with("dimension", 2)
        .with("concentration", concentration());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RotationRegression model && turns.equals(model.turns);
  }

  @Override
  public int hashCode() {
    return Double.hashCode(concentration());
  }

  @Override
  public String toString() {
    return "RotationRegression[2, concentration " + concentration() + "]";
  }
}
