package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Predictive;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Poisson;
import org.ejml.simple.SimpleMatrix;

/**
 * Counts of events of unknown rate ({@code gamma-poisson}).
 *
 * <pre>{@code
 * z ~ Gamma(a, b),   x | z ~ Poisson(z),   ν = b,   χ0 = a / b
 * z | X ~ Gamma(a + Σ x, b + L)
 * P(x | X) = Γ(a' + x) / (Γ(a') x!) (b' / (b' + 1))^a' (1 / (b' + 1))^x     negative binomial
 * }</pre>
 *
 * <ul>
 *   <li>Where: a shape and b rate of the prior; a', b' their values after X.
 *   <li>Shapes: latent (1, 1); tokens are one real number that must be 0, 1, 2, …; others are
 *       refused by name. Statistic T(x) = x.
 *   <li>Label: the count of a fresh token.
 *   <li>Accuracy: sums are compensated, those of whole numbers exact up to 2^53. The log evidence
 *       is good to 1e-15 of its largest term, Σ log x!.
 *   <li>Limit: rates up to 2^50 can be sampled from.
 *   <li>Source: gamma-Poisson conjugacy [recalled].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class GammaPoisson
    implements ConjugateModel<SimpleMatrix>, LikelihoodModel<SimpleMatrix> {

  private static final RealTokens SPACE = new RealTokens(1);

  private final double shape;
  private final double rate;

  private GammaPoisson(double shape, double rate) {
    this.shape = shape;
    this.rate = rate;
  }

  /**
   * Returns the model.
   *
   * @param shape a, finite and above zero
   * @param rate b, finite and above zero: the number of tokens that the prior is worth
   * @throws IllegalArgumentException if one is out of range, or a / b is not finite and above zero
   */
  public static GammaPoisson of(double shape, double rate) {
    Check.positive("shape", shape);
    Check.positive("rate", rate);
    Check.positive("shape / rate", shape / rate);
    return new GammaPoisson(shape, rate);
  }

  /** Returns a, the prior's shape. */
  public double shape() {
    return shape;
  }

  /** Returns b, the prior's rate. */
  public double rate() {
    return rate;
  }

  @Override
  public RealTokens tokenSpace() {
    return SPACE;
  }

  /** {@inheritDoc} It is b. */
  @Override
  public double priorCount() {
    return rate;
  }

  /** {@inheritDoc} It is a / b. */
  @Override
  public SimpleMatrix priorMean() {
    return new SimpleMatrix(1, 1, true, shape / rate);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a token is not a whole number of at least 0
   */
  @Override
  public SimpleMatrix statistic(Tokens tokens) {
    Beliefs.ofSpace(SPACE, tokens);
    SimpleMatrix counts = tokens.values();
    for (int l = 0; l < tokens.length(); l++) {
      count("tokens[" + l + "]", counts.get(l));
    }
    return counts;
  }

  /** Returns a value if it is a count, else throws. */
  static double count(String argument, double value) {
    if (value >= 0 && value == Math.rint(value) && value < Double.POSITIVE_INFINITY) {
      return value;
    }
    throw new IllegalArgumentException(argument + ": expected a count 0, 1, 2, …, got " + value);
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return GammaPoissonBelief.prior(this);
  }

  /** {@inheritDoc} It has no {@link Belief#logEvidence}, which needs the tokens' factorials. */
  @Override
  public Belief<SimpleMatrix> posterior(double count, SimpleMatrix sum) {
    return GammaPoissonBelief.of(this, count, sum);
  }

  @Override
  public SimpleMatrix drawLatent(RandomGenerator rng) {
    return prior().sample(rng);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the rate is not from 0 to 2^50
   */
  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    return Token.real((double) Poisson.draw(rate(latent), rng)); // exact: below 2^53
  }

  private static double rate(SimpleMatrix latent) {
    return Check.matrix("latent", latent, 1, 1).get(0, 0);
  }

  @Override
  public double logLikelihood(SimpleMatrix latent, Token token) {
    return new PoissonLaw(rate(latent)).logProbability(token.coordinates());
  }

  @Override
  public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
    return new PoissonLaw(rate(latent));
  }

  /** The law of a count given its rate. */
  private record PoissonLaw(double rate) implements Predictive {

    @Override
    public SimpleMatrix mean() {
      return new SimpleMatrix(1, 1, true, rate);
    }

    @Override
    public SimpleMatrix covariance() {
      return mean();
    }

    @Override
    public double logProbability(double[] value) {
      Check.width("value", 1, value);
      double x = count("value", value[0]);
      if (rate == 0) {
        return x == 0 ? 0 : Double.NEGATIVE_INFINITY;
      }
      return new GammaLaw(x + 1, 1).logDensity(rate); // e^-z z^x / Γ(x + 1)
    }

    @Override
    public double[] draw(RandomGenerator rng) {
      return new double[] {Poisson.draw(rate, rng)};
    }
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static GammaPoisson from(ModelDescription description) {
    DescriptionReader fields = description.read("gamma-poisson", 1);
    GammaPoisson model = of(fields.number("shape"), fields.number("rate"));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("gamma-poisson").with("shape", shape).with("rate", rate);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GammaPoisson model && shape == model.shape && rate == model.rate;
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(shape) + Double.hashCode(rate);
  }

  @Override
  public String toString() {
    return "GammaPoisson[shape " + shape + ", rate " + rate + "]";
  }
}
