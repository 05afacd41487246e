package org.definetti.latent.finite;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Predictive;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * Numbers around zero whose spread is the only thing to learn (M10, {@code equal-mean-clusters}).
 *
 * <pre>{@code
 * P(z = k) = p_k,   x | z = k ~ N(0, d_k²),   E[x | z] = 0 for every z
 * P(z = k | X) ∝ p_k d_k^-L exp(-Σ_l (x^l)² / (2 d_k²)),   E[x | X] = 0
 * }</pre>
 *
 * <p>The best prediction of x in squared error is zero whatever was seen, so nothing is learned
 * from it; x² identifies one direction of the posterior, richer features all.
 *
 * <ul>
 *   <li>Where: d_k the standard deviations; z is the index 0..K-1 of a cluster.
 *   <li>Shapes: tokens are one number; deviations and prior p (1, K).
 *   <li>Label: a fresh token, of mean zero.
 *   <li>Cost: O(K) a token.
 *   <li>Source: section M10 of the project's notes [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class EqualMeanClusters implements FiniteLatentModel<Integer> {

  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
  private static final RealTokens SPACE = new RealTokens(1);

  private final double[] deviations;
  private final SimpleMatrix prior;

  private EqualMeanClusters(double[] deviations, SimpleMatrix prior) {
    this.deviations = deviations;
    this.prior = prior;
  }

  /**
   * Returns the model with these standard deviations and a uniform prior.
   *
   * @param deviations d, at least one, each above zero with a square that is finite and above zero.
   *     Not modified.
   */
  public static EqualMeanClusters of(double... deviations) {
    Check.atLeast("deviations.length", 1, deviations.length);
    for (int k = 0; k < deviations.length; k++) {
      Check.positive("deviations[" + k + "]", deviations[k]);
      Check.positive("deviations[" + k + "]²", deviations[k] * deviations[k]);
    }
    return new EqualMeanClusters(deviations.clone(), Concepts.uniform(deviations.length));
  }

  /**
   * Returns this model with another prior.
   *
   * @param probabilities p, shape (1, K); zeros are allowed
   */
  public EqualMeanClusters withPrior(SimpleMatrix probabilities) {
    return new EqualMeanClusters(deviations, Concepts.prior(probabilities, deviations.length));
  }

  /** Returns the standard deviations d, shape (1, K). */
  public SimpleMatrix deviations() {
    return new SimpleMatrix(1, deviations.length, true, deviations.clone());
  }

  @Override
  public RealTokens tokenSpace() {
    return SPACE;
  }

  @Override
  public List<Integer> latents() {
    return Concepts.indices(deviations.length);
  }

  @Override
  public SimpleMatrix priorProbabilities() {
    return prior;
  }

  @Override
  public Belief<Integer> prior() {
    return FiniteBelief.prior(this);
  }

  @Override
  public double logLikelihood(Integer latent, Token token) {
    double x = Tokens.of(SPACE, token).at(0, 0);
    return logDensity(x, deviation(latent));
  }

  private static double logDensity(double x, double deviation) {
    double scaled = x / deviation;
    return -0.5 * scaled * scaled - Math.log(deviation) - HALF_LOG_TWO_PI;
  }

  private double deviation(Integer latent) {
    return deviations[Concepts.index(latent, deviations.length)];
  }

  @Override
  public SimpleMatrix logLikelihoods(Tokens tokens) {
    Check.space(SPACE, tokens);
    int clusters = deviations.length;
    double[] rows = new double[tokens.length() * clusters];
    for (int k = 0; k < clusters; k++) {
      double constant = logDensity(0, deviations[k]);
      for (int l = 0; l < tokens.length(); l++) {
        double scaled = tokens.at(l, 0) / deviations[k];
        rows[l * clusters + k] = constant - 0.5 * scaled * scaled;
      }
    }
    return new SimpleMatrix(tokens.length(), clusters, true, rows);
  }

  /** {@inheritDoc} It is N(0, d_z²). */
  @Override
  public Predictive valueLaw(Integer latent, SimpleMatrix query) {
    double deviation = deviation(latent);
    return new IsotropicGaussian(new SimpleMatrix(1, 1), deviation * deviation);
  }

  @Override
  public Token drawToken(Integer latent, RandomGenerator rng) {
    return Token.real(deviation(latent) * Normal.draw(rng));
  }

  @Override
  public Tokens drawTokens(Integer latent, int length, RandomGenerator rng) {
    double deviation = deviation(latent);
    double[] rows = new double[Check.atLeast("length", 0, length)];
    for (int l = 0; l < length; l++) {
      rows[l] = deviation * Normal.draw(rng);
    }
    return Tokens.owning(SPACE, rows);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static EqualMeanClusters from(ModelDescription description) {
    DescriptionReader fields = description.read("equal-mean-clusters", 1);
    SimpleMatrix prior = fields.matrix("prior", 1, -1);
    SimpleMatrix deviations = fields.matrix("deviations", 1, prior.getNumCols());
    fields.end();
    return of(deviations.getDDRM().data).withPrior(prior);
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("equal-mean-clusters")
        .with("prior", prior)
        .with("deviations", deviations());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EqualMeanClusters model
        && Arrays.equals(deviations, model.deviations)
        && Concepts.same(prior, model.prior);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(deviations);
  }

  @Override
  public String toString() {
    return "EqualMeanClusters" + Arrays.toString(deviations);
  }
}
