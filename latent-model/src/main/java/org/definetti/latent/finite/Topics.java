package org.definetti.latent.finite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
 * Words of a document that mixes known topics in one of finitely many proportions (M8, {@code
 * topics}): latent Dirichlet allocation whose proportions θ have finite support.
 *
 * <pre>{@code
 * P(θ = θ_s) = p_s,   P(x = w | θ) = Σ_t θ_t β_tw
 * P(θ_s | X) ∝ p_s Π_w P(w | θ_s)^n_w,   P(x = w | X) = (E[θ | X] β)_w
 * }</pre>
 *
 * <ul>
 *   <li>Where: θ the proportions of the T topics, β the word probabilities of each topic, n_w how
 *       often word w was seen.
 *   <li>Shapes: latent θ (1, T), mixtures (S, T) with one θ_s a row, topics β (T, W), prior p (1,
 *       S). The belief's mean is E[θ | X], (1, T).
 *   <li>Edge cases: probabilities may be 0 and 1; see {@link FiniteBelief} for impossible words.
 *   <li>Label: the one-hot vector of a fresh word.
 *   <li>Cost: L words are observed in O(L + S·W), or O(L·S) where L is below W.
 *   <li>Source: section M8 of the project's notes [derived]; the topic model itself [recalled].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class Topics implements FiniteLatentModel<SimpleMatrix> {

  private static final int LARGEST_GRID = 1_000_000;

  private final CategoricalTokens space;
  private final SimpleMatrix mixtures;
  private final SimpleMatrix topics;
  private final SimpleMatrix prior;
  private final List<SimpleMatrix> latents;
  private final double[] logs; // (W, S): the row of a word is read in one go

  private Topics(
      SimpleMatrix mixtures,
      SimpleMatrix topics,
      SimpleMatrix prior,
      List<SimpleMatrix> latents,
      double[] logs) {
    this.space = new CategoricalTokens(topics.getNumCols());
    this.mixtures = mixtures;
    this.topics = topics;
    this.prior = prior;
    this.latents = latents;
    this.logs = logs;
  }

  /**
   * Returns the model with a uniform prior over the mixtures.
   *
   * @param mixtures the support of θ, shape (S, T), at least one row; the rows differ and each is
   *     not negative and sums to one within 1e-9; {@link #simplexGrid} makes one
   * @param topics β, shape (T, W), at least two columns; each row not negative and summing to one
   *     within 1e-9
   * @throws IllegalArgumentException naming the row that is not a row of probabilities or repeats
   *     another
   */
  public static Topics of(SimpleMatrix mixtures, SimpleMatrix topics) {
    Check.matrix("topics", topics, -1, -1);
    Check.matrix("mixtures", mixtures, -1, topics.getNumRows());
    Check.atLeast("mixtures", 1, mixtures.getNumRows());
    Check.atLeast("topics", 1, topics.getNumRows());
    for (int t = 0; t < topics.getNumRows(); t++) {
      Check.probabilities("topics, row " + t, Concepts.row(topics, t));
    }
    List<SimpleMatrix> latents = new ArrayList<>();
    Set<List<Double>> seen = new HashSet<>();
    for (int s = 0; s < mixtures.getNumRows(); s++) {
      SimpleMatrix row = Check.probabilities("mixtures, row " + s, Concepts.row(mixtures, s));
      if (!seen.add(Arrays.stream(row.getDDRM().data).boxed().toList())) {
        throw new IllegalArgumentException(
            "mixtures: expected rows that differ, got row " + s + " again");
      }
      latents.add(row);
    }
    return new Topics(
        mixtures.copy(),
        topics.copy(),
        Concepts.uniform(mixtures.getNumRows()),
        List.copyOf(latents),
        CategoricalConcepts.logsByCategory(mixtures.mult(topics)));
  }

  /**
   * Returns all points of the simplex whose coordinates are multiples of 1 / {@code steps}.
   *
   * <pre>{@code  S = (steps + T - 1)! / (steps! (T - 1)!)   rows, the first coordinate falling  }
   * </pre>
   *
   * @param topics T, at least 1
   * @param steps at least 1; 1 gives the corners
   * @return shape (S, T)
   * @throws IllegalArgumentException if there are more than a million points
   */
  public static SimpleMatrix simplexGrid(int topics, int steps) {
    Check.atLeast("topics", 1, topics);
    Check.atLeast("steps", 1, steps);
    double points = 1;
    for (int t = 1; t < topics; t++) {
      points = points * (steps + t) / t;
    }
    if (!(points <= LARGEST_GRID)) {
      throw new IllegalArgumentException(
          "simplexGrid: expected at most " + LARGEST_GRID + " points, got about " + points);
    }
    List<int[]> rows = new ArrayList<>();
    compose(new int[topics], 0, steps, rows);
    double[] grid = new double[rows.size() * topics];
    for (int i = 0; i < grid.length; i++) {
      grid[i] = (double) rows.get(i / topics)[i % topics] / steps;
    }
    return new SimpleMatrix(rows.size(), topics, true, grid);
  }

  // Adds every way to write {@code rest} as the coordinates from {@code next} on.
  private static void compose(int[] parts, int next, int rest, List<int[]> rows) {
    if (next == parts.length - 1) {
      parts[next] = rest;
      rows.add(parts.clone());
      return;
    }
    for (int part = rest; part >= 0; part--) {
      parts[next] = part;
      compose(parts, next + 1, rest - part, rows);
    }
  }

  /**
   * Returns this model with another prior over the mixtures.
   *
   * @param probabilities p, shape (1, S); zeros are allowed
   */
  public Topics withPrior(SimpleMatrix probabilities) {
    SimpleMatrix checked = Concepts.prior(probabilities, latents.size());
    return new Topics(mixtures, topics, checked, latents, logs);
  }

  /** Returns the support of θ, shape (S, T). */
  public SimpleMatrix mixtures() {
    return mixtures;
  }

  /** Returns β, shape (T, W). */
  public SimpleMatrix topics() {
    return topics;
  }

  @Override
  public CategoricalTokens tokenSpace() {
    return space;
  }

  /** {@inheritDoc} They are the rows of {@link #mixtures}. */
  @Override
  public List<SimpleMatrix> latents() {
    return latents;
  }

  @Override
  public SimpleMatrix priorProbabilities() {
    return prior;
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return FiniteBelief.prior(this);
  }

  /** {@inheritDoc} Any proportions have a likelihood, those outside the support as well. */
  @Override
  public double logLikelihood(SimpleMatrix latent, Token token) {
    int word = (int) Tokens.of(space, token).at(0, 0);
    return Math.log(words(latent).get(0, word));
  }

  // P(w | θ) of every word, (1, W).
  private SimpleMatrix words(SimpleMatrix latent) {
    Check.matrix("latent", latent, 1, topics.getNumRows());
    return Check.probabilities("latent", latent).mult(topics);
  }

  /** {@inheritDoc} Looked up in a table: O(L·S) copies. */
  @Override
  public SimpleMatrix logLikelihoods(Tokens tokens) {
    return CategoricalConcepts.lookUp(logs, latents.size(), Check.space(space, tokens));
  }

  /** {@inheritDoc} It is θ β. */
  @Override
  public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
    return new CategoricalPredictive(words(latent));
  }

  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    return drawTokens(latent, 1, rng).get(0);
  }

  @Override
  public Tokens drawTokens(SimpleMatrix latent, int length, RandomGenerator rng) {
    Categorical die = Categorical.of(words(latent).getDDRM().data);
    return CategoricalConcepts.draws(space, die, length, rng);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static Topics from(ModelDescription description) {
    DescriptionReader fields = description.read("topics", 1);
    SimpleMatrix prior = fields.matrix("prior", 1, -1);
    SimpleMatrix mixtures = fields.matrix("mixtures", prior.getNumCols(), -1);
    SimpleMatrix topics = fields.matrix("topics", mixtures.getNumCols(), -1);
    fields.end();
    return of(mixtures, topics).withPrior(prior);
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("topics")
        .with("prior", prior)
        .with("mixtures", mixtures)
        .with("topics", topics);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Topics model
        && Concepts.same(prior, model.prior)
        && Concepts.same(mixtures, model.mixtures)
        && Concepts.same(topics, model.topics);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(topics.getDDRM().data);
  }

  @Override
  public String toString() {
    return "Topics["
        + topics.getNumRows()
        + " topics, "
        + latents.size()
        + " mixtures, "
        + space.count()
        + " words]";
  }
}
