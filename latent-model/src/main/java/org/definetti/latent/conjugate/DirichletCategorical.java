package org.definetti.latent.conjugate;

import java.util.Arrays;
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
import org.definetti.random.Categorical;
import org.definetti.random.Dirichlet;
import org.ejml.simple.SimpleMatrix;

/**
 * Categories of unknown probabilities (M3, {@code dirichlet-categorical}).
 *
 * <pre>{@code
 * z ~ Dirichlet(α),   P(x = w | z) = z_w,   ν = Σ α,   χ0 = α / ν,   T(x) = one-hot
 * z | X ~ Dirichlet(α + n),   P(x = w | X) = (α_w + n_w) / (ν + L)
 * P(X) = Γ(ν) / Γ(ν + L) · Π_w Γ(α_w + n_w) / Γ(α_w)
 * }</pre>
 *
 * <ul>
 *   <li>Where: n_w how often category w was seen.
 *   <li>Shapes: latent, χ0 and statistic are (1, W).
 *   <li>Label: y = z + N(0, label variance · I), unless set as noisy as a token's one-hot vector
 *       given z, averaged over the categories and the prior.
 *   <li>Source: Dirichlet conjugacy [recalled]; section M3 of the project's notes [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class DirichletCategorical implements ConjugateModel<SimpleMatrix> {

  private final CategoricalTokens space;
  private final double[] alpha;
  private final double priorCount;
  private final double labelVariance;

  private DirichletCategorical(double[] alpha, double priorCount, double labelVariance) {
    this.space = new CategoricalTokens(alpha.length);
    this.alpha = alpha;
    this.priorCount = priorCount;
    this.labelVariance = labelVariance;
  }

  /**
   * Returns the model with these prior concentrations.
   *
   * @param alpha W numbers, at least two, each finite and above zero. Not modified.
   */
  public static DirichletCategorical of(double... alpha) {
    Check.atLeast("alpha.length", 2, alpha.length);
    for (int w = 0; w < alpha.length; w++) {
      Check.positive("alpha[" + w + "]", alpha[w]);
    }
    double nu = Check.positive("sum of alpha", Arrays.stream(alpha).sum());
    double spread = 0; // Σ_w E[z_w (1 - z_w)]
    for (double a : alpha) {
      spread += a / nu * ((nu - a) / (nu + 1));
    }
    return new DirichletCategorical(alpha.clone(), nu, spread / alpha.length);
  }

  /** Returns this model with labels of another noise variance, finite and above zero. */
  public DirichletCategorical withLabelVariance(double variance) {
    return new DirichletCategorical(alpha, priorCount, Check.positive("labelVariance", variance));
  }

  /** Returns the prior concentrations α, shape (1, W). */
  public SimpleMatrix alpha() {
    return new SimpleMatrix(1, alpha.length, true, alpha.clone());
  }

  /** Returns the noise variance of each coordinate of a label given z. */
  public double labelVariance() {
    return labelVariance;
  }

  @Override
  public CategoricalTokens tokenSpace() {
    return space;
  }

  /** {@inheritDoc} It is ν = Σ α. */
  @Override
  public double priorCount() {
    return priorCount;
  }

  /** {@inheritDoc} It is χ0 = α / ν. */
  @Override
  public SimpleMatrix priorMean() {
    return alpha().divide(priorCount);
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return new DirichletCategoricalBelief(this, SumStatistic.none(alpha.length));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The concentrations are α + {@code sum}; that {@code sum} adds up to {@code count} is not
   * demanded.
   *
   * @throws IllegalArgumentException if one of them is not above zero
   */
  @Override
  public Belief<SimpleMatrix> posterior(double count, SimpleMatrix sum) {
    return new DirichletCategoricalBelief(this, SumStatistic.of(count, sum, alpha.length));
  }

  @Override
  public SimpleMatrix drawLatent(RandomGenerator rng) {
    return new SimpleMatrix(1, alpha.length, true, Dirichlet.draw(alpha, rng));
  }

  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    return Token.category(probabilities(latent).draw(rng));
  }

  @Override
  public Tokens drawTokens(SimpleMatrix latent, int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    Categorical probabilities = probabilities(latent);
    double[] rows = new double[length];
    for (int l = 0; l < length; l++) {
      rows[l] = probabilities.draw(rng);
    }
    return Tokens.owning(space, rows);
  }

  private Categorical probabilities(SimpleMatrix latent) {
    return Categorical.of(Check.matrix("latent", latent, 1, alpha.length).getDDRM().data);
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
  public static DirichletCategorical from(ModelDescription description) {
    DescriptionReader fields = description.read("dirichlet-categorical", 1);
    double[] alpha = fields.matrix("alpha", 1, -1).getDDRM().data;
    double labelVariance = fields.number("label-variance");
    fields.end();
    return of(alpha).withLabelVariance(labelVariance);
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("dirichlet-categorical")
        .with("label-variance", labelVariance)
        .with("alpha", alpha());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DirichletCategorical model
        && labelVariance == model.labelVariance
        && Arrays.equals(alpha, model.alpha);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(alpha);
  }

  @Override
  public String toString() {
    return "DirichletCategorical" + Arrays.toString(alpha);
  }
}
