package org.definetti.latent.mixture;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.RealTokens;
import org.definetti.latent.SumStatistic;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.ConjugateBelief;
import org.ejml.simple.SimpleMatrix;

/**
 * Real vectors drawn from an unknown discrete law (X3, {@code dirichlet-process}).
 *
 * <pre>{@code
 * G ~ DP(ν, H),  H = N(m0, t2 I),   x | G ~ G
 * x | X ~ ν / (ν + L) H + Σ_j n_j / (ν + L) δ(y_j)              Chinese-restaurant predictive
 * G | X ~ DP(ν + L, that law)
 * P(X) = ν^K Γ(ν) / Γ(ν + L) Π_j Γ(n_j) h(y_j)
 * }</pre>
 *
 * <ul>
 *   <li>Where: ν concentration, the tokens that the prior is worth; H base law, h its density; y_1
 *       .. y_K the distinct values seen, n_j how often. A value once seen comes back exactly, bit
 *       for bit.
 *   <li>Shapes: tokens and m0 are (1, d). The latent is a {@link RandomMeasure}; mean and covariance
 *       of a belief are those of its mean, {@code ∫ x dG}, of shapes (1, d) and (d, d).
 *   <li>Densities: the predictive has atoms and a density. A log probability is the log of the mass
 *       for a value seen before, the log of the density part for a new one; the evidence is that
 *       of the partition of tokens into equal values times the density of the distinct values, so
 *       the chain rule holds exactly.
 *   <li>The predictive mean is linear in the data with T(x) = x and χ0 = m0: a null token of weight ν
 *       and value m0 computes it exactly.
 *   <li>Binned into W sets, tokens are Dirichlet-categorical with α_w = ν H(set w).
 *   <li>Statistic: distinct values with counts, O(K) memory; K grows like ν log(1 + L / ν).
 *   <li>Source: [recalled: Ferguson; Blackwell-MacQueen; Antoniak]; the null token [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class DirichletProcess implements ConjugateModel<RandomMeasure> {

  /** The largest ν whose random measures can be drawn: a token looks through about ν sticks. */
  private static final double LARGEST_CONCENTRATION = 1e5;

  private final RealTokens space;
  private final double concentration;
  private final IsotropicGaussian base;

  private DirichletProcess(double concentration, IsotropicGaussian base) {
    this.space = new RealTokens(base.mean().getNumCols());
    this.concentration = concentration;
    this.base = base;
  }

  /**
   * Returns the model with base law N(0, t2 I).
   *
   * @param dimension d, at least 1
   * @param concentration ν, above zero and at most 1e5: a token's stick is found among about ν
   * @param baseVariance t2, finite and above zero
   */
  public static DirichletProcess of(int dimension, double concentration, double baseVariance) {
    Check.atLeast("dimension", 1, dimension);
    Check.positive("baseVariance", baseVariance);
    if (!(concentration > 0 && concentration <= LARGEST_CONCENTRATION)) {
      throw new IllegalArgumentException(
          "concentration: expected > 0 and <= " + LARGEST_CONCENTRATION + ", got " + concentration);
    }
    SimpleMatrix mean = new SimpleMatrix(1, dimension);
    return new DirichletProcess(concentration, new IsotropicGaussian(mean, baseVariance));
  }

  /** Returns this model with base mean m0, shape (1, d). */
  public DirichletProcess withBaseMean(SimpleMatrix mean) {
    Check.matrix("mean", mean, 1, space.dimension());
    return new DirichletProcess(concentration, new IsotropicGaussian(mean, base.variance()));
  }

  /** Returns ν, the concentration. */
  public double concentration() {
    return concentration;
  }

  /** Returns H, the law of the atoms. */
  public IsotropicGaussian base() {
    return base;
  }

  @Override
  public RealTokens tokenSpace() {
    return space;
  }

  /** {@inheritDoc} It is ν, the concentration. */
  @Override
  public double priorCount() {
    return concentration;
  }

  /** {@inheritDoc} It is m0, the mean of the base law. */
  @Override
  public SimpleMatrix priorMean() {
    return base.mean();
  }

  @Override
  public Belief<RandomMeasure> prior() {
    return DirichletProcessBelief.prior(this);
  }

  /**
   * {@inheritDoc} Of its questions it answers the predictive mean: the rest needs the distinct
   * values, which a sum does not tell.
   */
  @Override
  public Belief<RandomMeasure> posterior(double count, SimpleMatrix sum) {
    SumStatistic.of(count, sum, space.dimension()); // checks both
    return ConjugateBelief.of(this, count, sum);
  }

  @Override
  public RandomMeasure drawLatent(RandomGenerator rng) {
    return RandomMeasure.draw(this, rng);
  }

  @Override
  public Token drawToken(RandomMeasure latent, RandomGenerator rng) {
    return Token.real(latent.draw(rng));
  }

  @Override
  public Tokens drawTokens(RandomMeasure latent, int length, RandomGenerator rng) {
    int d = space.dimension();
    double[] rows = new double[Check.atLeast("length", 0, length) * d];
    for (int l = 0; l < length; l++) {
      System.arraycopy(latent.draw(rng), 0, rows, l * d, d);
    }
    return Tokens.owning(space, rows);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static DirichletProcess from(ModelDescription description) {
    DescriptionReader fields = description.read("dirichlet-process", 1);
    int dimension = fields.whole("dimension");
    DirichletProcess model =
        of(dimension, fields.number("concentration"), fields.number("base-variance"))
            .withBaseMean(fields.matrix("base-mean", 1, dimension));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("dirichlet-process")
        .with("dimension", space.dimension())
        .with("concentration", concentration)
        .with("base-variance", base.variance())
        .with("base-mean", base.mean());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DirichletProcess model
        && concentration == model.concentration
        && base.variance() == model.base.variance()
        && base.mean().isIdentical(model.base.mean(), 0);
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(concentration) + Double.hashCode(base.variance());
  }

  @Override
  public String toString() {
    return "DirichletProcess["
        + space.dimension()
        + ", concentration "
        + concentration
        + ", baseVariance "
        + base.variance()
        + "]";
  }
}
