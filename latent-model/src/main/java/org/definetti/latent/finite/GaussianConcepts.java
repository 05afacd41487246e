package org.definetti.latent.finite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.NotPositiveDefiniteException;
import org.definetti.latent.Predictive;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * Points drawn around one of K known centres (M4b, {@code gaussian-concepts}).
 *
 * <pre>{@code
 * P(z = k) = p_k,   x | z = k ~ N(mu_k, S_k)
 * P(z = k | X) ∝ p_k Π_l N(x^l; mu_k, S_k),   P(x | X) = Σ_k P(z = k | X) N(x; mu_k, S_k)
 * S_k = s2 I:   P(z = k | X) = softmax_k(<Σ_l x^l, mu_k> / s2 - L |mu_k|² / (2 s2) + log p_k)
 * }</pre>
 *
 * <ul>
 *   <li>Where: z is the index 0..K-1 of a concept; the covariances are one for all, or one each.
 *   <li>Shapes: means (K, d), covariances (d, d), prior p (1, K).
 *   <li>Label: a fresh token.
 *   <li>Cost: O(K d²) a token.
 *   <li>Accuracy: a log-likelihood is off by about cond(S_k) · 1e-16 relative.
 *   <li>Source: sections M4 and, for the last line, MS2 of the project's notes [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class GaussianConcepts implements FiniteLatentModel<Integer> {

  private enum Covariance {
    SHARED,
    OWN
  }

  private final RealTokens space;
  private final SimpleMatrix means;
  private final SimpleMatrix covariances; // (d, d), or (K · d, d) one below the other
  private final SimpleMatrix prior;
  private final List<GaussianLaw> laws;

  private GaussianConcepts(
      SimpleMatrix means, SimpleMatrix covariances, SimpleMatrix prior, List<GaussianLaw> laws) {
    this.space = new RealTokens(means.getNumCols());
    this.means = means;
    this.covariances = covariances;
    this.prior = prior;
    this.laws = laws;
  }

  /**
   * Returns the model with independent coordinates of one variance and a uniform prior.
   *
   * @param means mu, shape (K, d), one row a concept
   * @param variance s2, finite and above zero
   */
  public static GaussianConcepts of(SimpleMatrix means, double variance) {
    Check.positive("variance", variance);
    return of(means, SimpleMatrix.identity(means.getNumCols()).scale(variance));
  }

  /**
   * Returns the model with one covariance for all concepts and a uniform prior.
   *
   * @param means mu, shape (K, d), one row a concept
   * @param covariance S, shape (d, d), symmetric and positive definite
   * @throws NotPositiveDefiniteException if the covariance is not positive definite
   */
  public static GaussianConcepts of(SimpleMatrix means, SimpleMatrix covariance) {
    checkMeans(means);
    SimpleMatrix shared = covariance.copy();
    List<GaussianLaw> laws = new ArrayList<>();
    GaussianLaw first = GaussianLaw.of("covariance", Concepts.row(means, 0), shared);
    for (int k = 0; k < means.getNumRows(); k++) {
      laws.add(first.withMean(Concepts.row(means, k)));
    }
    return uniform(means, shared, laws);
  }

  /**
   * Returns the model with a covariance for each concept and a uniform prior.
   *
   * @param means mu, shape (K, d), one row a concept
   * @param covariances K matrices S_k, each of shape (d, d), symmetric and positive definite
   * @throws NotPositiveDefiniteException naming the covariance that is not positive definite
   */
  public static GaussianConcepts of(SimpleMatrix means, List<SimpleMatrix> covariances) {
    checkMeans(means);
    if (covariances.size() != means.getNumRows()) {
      throw new IllegalArgumentException(
          "covariances: expected " + means.getNumRows() + " as means, got " + covariances.size());
    }
    List<GaussianLaw> laws = new ArrayList<>();
    for (int k = 0; k < covariances.size(); k++) {
      SimpleMatrix own = covariances.get(k).copy();
      laws.add(GaussianLaw.of("covariances[" + k + "]", Concepts.row(means, k), own));
    }
    return uniform(means, Concepts.stack(covariances), laws);
  }

  private static void checkMeans(SimpleMatrix means) {
    Check.matrix("means", means, -1, -1);
    Check.atLeast("concepts", 1, means.getNumRows());
  }

  private static GaussianConcepts uniform(
      SimpleMatrix means, SimpleMatrix covariances, List<GaussianLaw> laws) {
    SimpleMatrix prior = Concepts.uniform(means.getNumRows());
    return new GaussianConcepts(
        means.copy(), covariances, prior, Collections.unmodifiableList(laws));
  }

  /**
   * Returns this model with another prior.
   *
   * @param probabilities p, shape (1, K); zeros are allowed
   */
  public GaussianConcepts withPrior(SimpleMatrix probabilities) {
    SimpleMatrix checked = Concepts.prior(probabilities, concepts());
    return new GaussianConcepts(means, covariances, checked, laws);
  }

  /** Returns the number K of concepts. */
  public int concepts() {
    return means.getNumRows();
  }

  /** Returns mu, shape (K, d). */
  public SimpleMatrix means() {
    return means;
  }

  /** Returns S_k of concept {@code k}, shape (d, d). */
  public SimpleMatrix covariance(int k) {
    return laws.get(k).covariance();
  }

  /** Returns whether all concepts were given one covariance: then Σ x is sufficient. */
  public boolean hasSharedCovariance() {
    return covariances.getNumRows() == means.getNumCols();
  }

  @Override
  public RealTokens tokenSpace() {
    return space;
  }

  @Override
  public List<Integer> latents() {
    return Concepts.indices(concepts());
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
    return law(latent).logProbability(token.coordinates());
  }

  @Override
  public SimpleMatrix logLikelihoods(Tokens tokens) {
    Check.space(space, tokens);
    int width = space.width();
    double[] x = new double[tokens.length() * width];
    tokens.copyRows(x, 0);
    double[] work = new double[width];
    double[] rows = new double[tokens.length() * concepts()];
    for (int l = 0; l < tokens.length(); l++) {
      for (int k = 0; k < concepts(); k++) {
        rows[l * concepts() + k] = laws.get(k).logDensity(x, l * width, work);
      }
    }
    return new SimpleMatrix(tokens.length(), concepts(), true, rows);
  }

  /** {@inheritDoc} It is N(mu_z, S_z). */
  @Override
  public Predictive valueLaw(Integer latent, SimpleMatrix query) {
    return law(latent);
  }

  private GaussianLaw law(Integer latent) {
    return laws.get(Concepts.index(latent, concepts()));
  }

  @Override
  public Token drawToken(Integer latent, RandomGenerator rng) {
    return Token.real(law(latent).draw(rng));
  }

  @Override
  public Tokens drawTokens(Integer latent, int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    GaussianLaw law = law(latent);
    double[] rows = new double[length * space.width()];
    for (int row = 0; row < rows.length; row += space.width()) {
      law.draw(rows, row, rng);
    }
    return Tokens.owning(space, rows);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   * @throws NotPositiveDefiniteException naming the covariance that is not positive definite
   */
  public static GaussianConcepts from(ModelDescription description) {
    DescriptionReader fields = description.read("gaussian-concepts", 1);
    Covariance kind = fields.choice("covariance", Covariance.class);
    SimpleMatrix prior = fields.matrix("prior", 1, -1);
    SimpleMatrix means = fields.matrix("means", prior.getNumCols(), -1);
    int width = means.getNumCols();
    int matrices = kind == Covariance.SHARED ? 1 : means.getNumRows();
    SimpleMatrix covariances = fields.matrix("covariances", matrices * width, width);
    fields.end();
    GaussianConcepts model =
        kind == Covariance.SHARED
            ? of(means, covariances)
            : of(means, Concepts.unstack(covariances, matrices));
    return model.withPrior(prior);
  }

  @Override
  public ModelDescription description() {
    Covariance kind = hasSharedCovariance() ? Covariance.SHARED : Covariance.OWN;
    return ModelDescription.of("gaussian-concepts")
        .with("covariance", DescriptionReader.word(kind))
        .with("prior", prior)
        .with("means", means)
        .with("covariances", covariances);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GaussianConcepts model
        && Concepts.same(prior, model.prior)
        && Concepts.same(means, model.means)
        && Concepts.same(covariances, model.covariances);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(means.getDDRM().data);
  }

  @Override
  public String toString() {
    return "GaussianConcepts[" + concepts() + " concepts, dimension " + space.width() + "]";
  }
}
