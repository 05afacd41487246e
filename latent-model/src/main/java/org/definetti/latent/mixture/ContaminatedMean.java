package org.definetti.latent.mixture;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.MixturePredictive;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Predictive;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.numerical.ApproximateBelief;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * Real vectors around an unknown mean, some of them outliers (MS6, {@code contaminated-mean}).
 *
 * <pre>{@code
 * z ~ N(m0, t2 I),   x | z ~ (1 - p) N(z, s1 I) + p N(z, s2 I)
 * E[z | X] = Σ_c P(c | X) v_c (m0 / t2 + Σ_l x^l / s_c(l)),   1 / v_c = 1 / t2 + Σ_l 1 / s_c(l)
 * }</pre>
 *
 * <ul>
 *   <li>Where: m0 prior mean, t2 prior variance, s1 noise variance, s2 outlier variance, p outlier
 *       probability; c says for each token whether it is an outlier.
 *   <li>The posterior mean is a weighted sum of the tokens whose weights depend on the data ({@link
 *       #tokenWeights}): attention that no equal weights can match.
 *   <li>Up to 14 tokens: exact in any dimension, by all 2^L assignments c.
 *   <li>Beyond: a trapezoid rule with a bound on its error, see {@link #prior}. Limits: 100,000
 *       tokens for d = 1, 20,000 for d = 2, 2,000 for d = 3; longer input is refused, and more than
 *       14 tokens for d &gt; 3.
 *   <li>The statistic is the tokens themselves.
 *   <li>Source: [source: the project's notes on symmetry, MS6]; the bound [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class ContaminatedMean implements LikelihoodModel<SimpleMatrix> {

  private static final double DEFAULT_PROBABILITY = 0.3;

  private final RealTokens space;
  private final SimpleMatrix priorMean;
  private final double priorVariance;
  private final double noiseVariance;
  private final double outlierVariance;
  private final double outlierProbability;

  private ContaminatedMean(
      SimpleMatrix priorMean,
      double priorVariance,
      double noiseVariance,
      double outlierVariance,
      double outlierProbability) {
    this.space = new RealTokens(priorMean.getNumCols());
    this.priorMean = priorMean;
    this.priorVariance = priorVariance;
    this.noiseVariance = noiseVariance;
    this.outlierVariance = outlierVariance;
    this.outlierProbability = outlierProbability;
  }

  /**
   * Returns the model with prior mean zero in which three tokens of ten are outliers.
   *
   * @param dimension d, at least 1
   * @param priorVariance t2, finite and above zero
   * @param noiseVariance s1, finite and above zero
   * @param outlierVariance s2, finite and above zero
   * @throws IllegalArgumentException if one is out of range
   */
  public static ContaminatedMean of(
      int dimension, double priorVariance, double noiseVariance, double outlierVariance) {
    Check.atLeast("dimension", 1, dimension);
    Check.positive("priorVariance", priorVariance);
    Check.positive("noiseVariance", noiseVariance);
    Check.positive("outlierVariance", outlierVariance);
    return new ContaminatedMean(
        new SimpleMatrix(1, dimension),
        priorVariance,
        noiseVariance,
        outlierVariance,
        DEFAULT_PROBABILITY);
  }

  /** Returns this model with another probability p of an outlier, from 0 to 1. */
  public ContaminatedMean withOutlierProbability(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability: expected 0 to 1, got " + probability);
    }
    return new ContaminatedMean(
        priorMean, priorVariance, noiseVariance, outlierVariance, probability);
  }

  /** Returns this model with prior mean m0, shape (1, d). */
  public ContaminatedMean withPriorMean(SimpleMatrix mean) {
    Check.matrix("mean", mean, 1, space.dimension());
    return new ContaminatedMean(
        mean, priorVariance, noiseVariance, outlierVariance, outlierProbability);
  }

  /** Returns m0, the prior mean of z, shape (1, d). */
  public SimpleMatrix priorMean() {
    return priorMean;
  }

  /** Returns t2, the prior variance of each coordinate of z. */
  public double priorVariance() {
    return priorVariance;
  }

  /** Returns s1, the variance of each coordinate of a token that is no outlier. */
  public double noiseVariance() {
    return noiseVariance;
  }

  /** Returns s2, the variance of each coordinate of an outlier. */
  public double outlierVariance() {
    return outlierVariance;
  }

  /** Returns p, the probability that a token is an outlier. */
  public double outlierProbability() {
    return outlierProbability;
  }

  @Override
  public RealTokens tokenSpace() {
    return space;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Beyond 14 tokens its posterior is integrated by the trapezoid rule with a bound on the
   * error.
   *
   * <pre>{@code
   * h Σ_k g(z0 + k h) = 1 + 2 Σ_{n≥1} e^{-2π²n²v/h²} cos(2πn(m - z0)/h)      g the density N(m, v)
   * }</pre>
   *
   * <ul>
   *   <li>By Poisson summation, the rule errs by at most {@code η = 2 Σ_n q^{n²}} on a normal
   *       density of variance v, {@code q = e^{-2π²v/h²}}, and on its first moment about m by at
   *       most {@code √v · μ, μ = 4π a Σ_n n q^{n²}, a = √v/h}; both fall with v.
   *   <li>The posterior is a mixture of 2^L normal densities, with weights that are not negative,
   *       of variance at least {@code v_min = 1 / (1/t2 + L / min(s1, s2))} in each coordinate, so
   *       both bounds hold for it with v_min: relative error of the evidence at most {@code (1 +
   *       η)^d - 1 = η_d}; of the mean at most {@code (η_d E|z - z̄| + √d √v_max μ (1 + η)^(d-1)) /
   *       (1 - η_d)}. h is set so that q = e^-36: η = 5e-16, μ = 4e-15.
   *   <li>Region: the centres of all components lie in the box around tokens and m0; 9.5 standard
   *       deviations beyond it less than 2e-21 of each coordinate's mass is lost. Within, blocks of
   *       lattice points are cut off where an upper bound of the log density is 46 nats below the
   *       peak: the tokens at their least distance from the block, or {@code f(c) + |∇f(c)| R + κ
   *       R²/2} about its centre c with radius R and κ an upper bound of the second derivative,
   *       {@code L (D/2 (0.9 + max(λ, 0)) - p_min) - 1/t2}, where p are the two precisions, D their
   *       difference and λ the log odds of the sharper one at distance zero. What is cut off is
   *       summed and counted in the error.
   *   <li>Rounding of the logs, 1e-15 · Σ |log P(x | z)| relative, is counted too.
   *   <li>Cost: with variances 0.1 and 10 about 60 (d = 1), 1,000 (d = 2), 21,000 (d = 3) points of
   *       L terms each, a few seconds at the limits; refused beyond 2,000,000 points.
   * </ul>
   */
  @Override
  public ApproximateBelief<SimpleMatrix> prior() {
    return ContaminatedMeanBelief.prior(this);
  }

  /**
   * Returns how much each token weighs in the posterior mean, by all assignments.
   *
   * <pre>{@code  E[z | X] = (1 - Σ_l a_l) m0 + Σ_l a_l x^l,   a_l = E[v_c / s_c(l) | X]  }</pre>
   *
   * @return a, shape (1, L)
   * @throws IllegalArgumentException if there are more than 14 tokens
   */
  public SimpleMatrix tokenWeights(Tokens tokens) {
    Check.space(space, tokens);
    return new OutlierAssignments(this, tokens).tokenWeights();
  }

  @Override
  public SimpleMatrix drawLatent(RandomGenerator rng) {
    double[] z = new IsotropicGaussian(priorMean, priorVariance).draw(rng);
    return new SimpleMatrix(1, z.length, true, z);
  }

  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    double[] x = new double[space.dimension()];
    draw(Check.matrix("latent", latent, 1, x.length).getDDRM().data, x, 0, rng);
    return Token.real(x);
  }

  @Override
  public Tokens drawTokens(SimpleMatrix latent, int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    int d = space.dimension();
    double[] z = Check.matrix("latent", latent, 1, d).getDDRM().data;
    double[] rows = new double[length * d];
    for (int l = 0; l < length; l++) {
      draw(z, rows, l * d, rng);
    }
    return Tokens.owning(space, rows);
  }

  private void draw(double[] z, double[] out, int offset, RandomGenerator rng) {
    boolean outlier = rng.nextDouble() < outlierProbability;
    double deviation = Math.sqrt(outlier ? outlierVariance : noiseVariance);
    for (int i = 0; i < z.length; i++) {
      out[offset + i] = z[i] + deviation * Normal.draw(rng);
    }
  }

  @Override
  public double logLikelihood(SimpleMatrix latent, Token token) {
    return valueLaw(latent, space.emptyQuery()).logProbability(token.coordinates());
  }

  @Override
  public double logLikelihood(SimpleMatrix latent, Tokens tokens) {
    Check.matrix("latent", latent, 1, space.dimension());
    return new ContaminatedDensity(this, tokens).logLikelihood(latent.getDDRM().data);
  }

  @Override
  public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
    return around(latent, 0);
  }

  /** Returns the law of a token whose z is N(mean, variance I). */
  Predictive around(SimpleMatrix mean, double variance) {
    return new MixturePredictive(
        new SimpleMatrix(1, 2, true, 1 - outlierProbability, outlierProbability),
        List.of(
            new IsotropicGaussian(mean, noiseVariance + variance),
            new IsotropicGaussian(mean, outlierVariance + variance)));
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static ContaminatedMean from(ModelDescription description) {
    DescriptionReader fields = description.read("contaminated-mean", 1);
    int dimension = fields.whole("dimension");
    ContaminatedMean model =
        of(
                dimension,
                fields.number("prior-variance"),
                fields.number("noise-variance"),
                fields.number("outlier-variance"))
            .withOutlierProbability(fields.number("outlier-probability"))
            .withPriorMean(fields.matrix("prior-mean", 1, dimension));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("contaminated-mean")
        .with("dimension", space.dimension())
        .with("prior-variance", priorVariance)
        .with("noise-variance", noiseVariance)
        .with("outlier-variance", outlierVariance)
        .with("outlier-probability", outlierProbability)
        .with("prior-mean", priorMean);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ContaminatedMean model
        && priorVariance == model.priorVariance
        && noiseVariance == model.noiseVariance
        && outlierVariance == model.outlierVariance
        && outlierProbability == model.outlierProbability
        && priorMean.isIdentical(model.priorMean, 0);
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(noiseVariance) + Double.hashCode(outlierVariance);
  }

  @Override
  public String toString() {
    return "ContaminatedMean["
        + space.dimension()
        + ", priorVariance "
        + priorVariance
        + ", noiseVariance "
        + noiseVariance
        + ", outlierVariance "
        + outlierVariance
        + ", outlierProbability "
        + outlierProbability
        + "]";
  }
}
