package org.definetti.latent.conjugate;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.SumStatistic;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Beta;
import org.ejml.simple.SimpleMatrix;

/**
 * Coin tosses of unknown bias (M2, {@code beta-bernoulli}).
 *
 * <pre>{@code
 * z ~ Beta(a, b),   P(x = 1 | z) = z,   ν = a + b,   χ0 = a / ν,   T(x) = 1{x = 1}
 * z | X ~ Beta(a + s, b + L - s),   P(x = 1 | X) = (a + s) / (ν + L)
 * P(X) = B(a + s, b + L - s) / B(a, b)
 * }</pre>
 *
 * <ul>
 *   <li>Where: s how often 1 was seen.
 *   <li>Shapes: latent, χ0 and statistic are (1, 1). Tokens are the categories 0 and 1, but the
 *       value that a predictive speaks of is the one number T(x), not a one-hot vector of two.
 *   <li>Label: y = z + N(0, label variance), unless set as noisy as a token, ab / ((a+b)(a+b+1)).
 *   <li>Source: Beta conjugacy [recalled]; section M2 of the project's notes [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class BetaBernoulli implements ConjugateModel<SimpleMatrix> {

  private static final CategoricalTokens SPACE = new CategoricalTokens(2);

  private final double a;
  private final double b;
  private final double labelVariance;

  private BetaBernoulli(double a, double b, double labelVariance) {
    this.a = a;
    this.b = b;
    this.labelVariance = labelVariance;
  }

  /**
   * Returns the model with a prior worth {@code a} ones and {@code b} zeros.
   *
   * @param a finite and above zero
   * @param b finite and above zero
   */
  public static BetaBernoulli of(double a, double b) {
    Check.positive("a", a);
    Check.positive("b", b);
    double nu = Check.positive("a + b", a + b);
    return new BetaBernoulli(a, b, a / nu * (b / (nu + 1)));
  }

  /** Returns this model with labels of another noise variance, finite and above zero. */
  public BetaBernoulli withLabelVariance(double variance) {
    return new BetaBernoulli(a, b, Check.positive("labelVariance", variance));
  }

  /** Returns a, the ones that the prior is worth. */
  public double a() {
    return a;
  }

  /** Returns b, the zeros that the prior is worth. */
  public double b() {
    return b;
  }

  /** Returns the noise variance of a label given z. */
  public double labelVariance() {
    return labelVariance;
  }

  @Override
  public CategoricalTokens tokenSpace() {
    return SPACE;
  }

  /** {@inheritDoc} It is ν = a + b. */
  @Override
  public double priorCount() {
    return a + b;
  }

  /** {@inheritDoc} It is χ0 = a / ν. */
  @Override
  public SimpleMatrix priorMean() {
    return new SimpleMatrix(1, 1, true, a / (a + b));
  }

  /** {@inheritDoc} It is 1 for the token 1 and 0 for the token 0. */
  @Override
  public SimpleMatrix statistic(Tokens tokens) {
    double[] ones = new double[Beliefs.ofSpace(SPACE, tokens).length()];
    tokens.copyRows(ones, 0); // the stored index is the statistic
    return new SimpleMatrix(ones.length, 1, true, ones);
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return new BetaBernoulliBelief(this, SumStatistic.none(1));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a + {@code sum} or b + {@code count} - {@code sum} is not
   *     above zero
   */
  @Override
  public Belief<SimpleMatrix> posterior(double count, SimpleMatrix sum) {
    return new BetaBernoulliBelief(this, SumStatistic.of(count, sum, 1));
  }

  @Override
  public SimpleMatrix drawLatent(RandomGenerator rng) {
    return new SimpleMatrix(1, 1, true, Beta.draw(a, b, rng));
  }

  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    return Token.category(toss(bias(latent), rng));
  }

  @Override
  public Tokens drawTokens(SimpleMatrix latent, int length, RandomGenerator rng) {
    double[] rows = new double[Check.atLeast("length", 0, length)];
    double bias = bias(latent);
    for (int l = 0; l < length; l++) {
      rows[l] = toss(bias, rng);
    }
    return Tokens.owning(SPACE, rows);
  }

  private static double bias(SimpleMatrix latent) {
    return Check.matrix("latent", latent, 1, 1).get(0, 0);
  }

  private static int toss(double bias, RandomGenerator rng) {
    return rng.nextDouble() < bias ? 1 : 0;
  }

  @Override
  public double[] drawLabel(SimpleMatrix latent, RandomGenerator rng) {
    return new IsotropicGaussian(latent, labelVariance).draw(rng);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static BetaBernoulli from(ModelDescription description) {
    DescriptionReader fields = description.read("beta-bernoulli", 1);
    BetaBernoulli model =
        of(fields.number("a"), fields.number("b"))
            .withLabelVariance(fields.number("label-variance"));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("beta-bernoulli")
        .with("a", a)
        .with("b", b)
        .with("label-variance", labelVariance);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BetaBernoulli model
        && a == model.a
        && b == model.b
        && labelVariance == model.labelVariance;
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(a) + Double.hashCode(b);
  }

  @Override
  public String toString() {
    return "BetaBernoulli[" + a + ", " + b + "]";
  }
}
