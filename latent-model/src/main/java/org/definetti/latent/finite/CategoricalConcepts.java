package org.definetti.latent.finite;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalPredictive;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/**
 * Categories drawn by one of K known dice (M4a, {@code categorical-concepts}).
 *
 * <pre>{@code
 * P(z = k) = p_k,   P(x = w | z = k) = P_kw
 * P(z = k | X) ∝ p_k Π_w P_kw^n_w,   P(x = w | X) = Σ_k P(z = k | X) P_kw
 * }</pre>
 *
 * <ul>
 *   <li>Where: n_w how often category w was seen; z is the index 0..K-1 of a concept.
 *   <li>Shapes: likelihoods P (K, W), prior p (1, K).
 *   <li>Edge cases: probabilities may be 0 and 1; see {@link FiniteBelief} for impossible tokens.
 *   <li>Label: the one-hot vector of a fresh token.
 *   <li>Cost: L tokens are observed in O(L + K·W), or O(L·K) where L is below W.
 *   <li>Source: section M4 of the project's notes [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class CategoricalConcepts implements FiniteLatentModel<Integer> {

  private final CategoricalTokens space;
  private final SimpleMatrix likelihoods;
  private final SimpleMatrix prior;
  private final double[] logs; // (W, K): the row of a token is read in one go
  private final List<Categorical> dice;

  private CategoricalConcepts(SimpleMatrix likelihoods, SimpleMatrix prior) {
    this.space = new CategoricalTokens(likelihoods.getNumCols());
    this.likelihoods = likelihoods;
    this.prior = prior;
    this.logs = logsByCategory(likelihoods);
    this.dice =
        Concepts.indices(likelihoods.getNumRows()).stream()
            .map(k -> Categorical.of(Concepts.row(likelihoods, k).getDDRM().data))
            .toList();
  }

  /** Returns log P transposed, row by row: entry (w, k) is log P_kw. */
  static double[] logsByCategory(SimpleMatrix likelihoods) {
    int concepts = likelihoods.getNumRows();
    double[] logs = new double[likelihoods.getNumElements()];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Math.log(likelihoods.get(i % concepts, i / concepts));
    }
    return logs;
  }

  /** Returns the rows of {@code logs}, one row a category, of these tokens. */
  static SimpleMatrix lookUp(double[] logs, int concepts, Tokens tokens) {
    double[] rows = new double[tokens.length() * concepts];
    for (int l = 0; l < tokens.length(); l++) {
      int category = (int) tokens.at(l, 0);
      System.arraycopy(logs, category * concepts, rows, l * concepts, concepts);
    }
    return new SimpleMatrix(tokens.length(), concepts, true, rows);
  }

  /**
   * Returns the model with these likelihoods and a uniform prior.
   *
   * @param likelihoods P, shape (K, W), at least one row and two columns, each row not negative and
   *     summing to one within 1e-9
   * @throws IllegalArgumentException naming the row that is not a row of probabilities
   */
  public static CategoricalConcepts of(SimpleMatrix likelihoods) {
    Check.matrix("likelihoods", likelihoods, -1, -1);
    Check.atLeast("concepts", 1, likelihoods.getNumRows());
    for (int k = 0; k < likelihoods.getNumRows(); k++) {
      Check.probabilities("likelihoods, row " + k, Concepts.row(likelihoods, k));
    }
    return new CategoricalConcepts(likelihoods.copy(), Concepts.uniform(likelihoods.getNumRows()));
  }

  /**
   * Returns this model with another prior.
   *
   * @param probabilities p, shape (1, K); zeros are allowed
   */
  public CategoricalConcepts withPrior(SimpleMatrix probabilities) {
    return new CategoricalConcepts(likelihoods, Concepts.prior(probabilities, concepts()));
  }

  /** Returns the number K of concepts. */
  public int concepts() {
    return likelihoods.getNumRows();
  }

  /** Returns P, shape (K, W). */
  public SimpleMatrix likelihoods() {
    return likelihoods;
  }

  @Override
  public CategoricalTokens tokenSpace() {
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
    int k = Concepts.index(latent, concepts());
    int category = (int) Tokens.of(space, token).at(0, 0);
    return logs[category * concepts() + k];
  }

  /** {@inheritDoc} Looked up in a table: O(L·K) copies. */
  @Override
  public SimpleMatrix logLikelihoods(Tokens tokens) {
    return lookUp(logs, concepts(), Check.space(space, tokens));
  }

  /** {@inheritDoc} It is row z of P. */
  @Override
  public Predictive valueLaw(Integer latent, SimpleMatrix query) {
    int k = Concepts.index(latent, concepts());
    return new CategoricalPredictive(Concepts.row(likelihoods, k));
  }

  @Override
  public Token drawToken(Integer latent, RandomGenerator rng) {
    return Token.category(dice.get(Concepts.index(latent, concepts())).draw(rng));
  }

  @Override
  public Tokens drawTokens(Integer latent, int length, RandomGenerator rng) {
    return draws(space, dice.get(Concepts.index(latent, concepts())), length, rng);
  }

  /** Returns {@code length} independent draws of one die. */
  static Tokens draws(CategoricalTokens space, Categorical die, int length, RandomGenerator rng) {
    double[] rows = new double[Check.atLeast("length", 0, length)];
    for (int l = 0; l < length; l++) {
      rows[l] = die.draw(rng);
    }
    return Tokens.owning(space, rows);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static CategoricalConcepts from(ModelDescription description) {
    DescriptionReader fields = description.read("categorical-concepts", 1);
    SimpleMatrix prior = fields.matrix("prior", 1, -1);
    SimpleMatrix likelihoods = fields.matrix("likelihoods", -1, -1);
    fields.end();
    return of(likelihoods).withPrior(prior);
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("categorical-concepts")
        .with("prior", prior)
        .with("likelihoods", likelihoods);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CategoricalConcepts model
        && Concepts.same(prior, model.prior)
        && Concepts.same(likelihoods, model.likelihoods);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(likelihoods.getDDRM().data);
  }

  @Override
  public String toString() {
    return "CategoricalConcepts[" + concepts() + " concepts, " + space.count() + " categories]";
  }
}
