package org.definetti.latent.sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.ImpossibleTokensException;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Sample;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/**
 * An ordered list with fixed positions (M11, {@code index-tied}): tokens are independent given the
 * latent, but each position has a law of its own, so they are not exchangeable.
 *
 * <pre>{@code
 * z ~ p,   x^l | z ~ B_{(l - 1) mod R}(z, ·)
 * P(z | X) ∝ p_z Π_l B_{(l - 1) mod R}(z, x^l)
 * }</pre>
 *
 * <ul>
 *   <li>Where: K concepts, R laws that repeat. With R = 1 it is exchangeable.
 *   <li>Shapes: p (1, K); each B_r (K, W), rows sum to one. The latent is the concept with the
 *       index of the next token, from 0; the mean of a belief is the (1, K) row of concept
 *       probabilities.
 *   <li>As pairs (position, token) the same tokens are exchangeable: the index would travel along.
 *   <li>Merging is refused: both beliefs saw the token of index 0, so their tokens are no sequence.
 *   <li>Edge cases: probabilities may be zero. Tokens that no concept emits have log evidence minus
 *       infinity; questions about z then throw {@link ImpossibleTokensException}.
 *   <li>Cost: O(L), and counts of R · W numbers; any length.
 *   <li>Source: row M11 of the project's notes [derived].
 * </ul>
 *
 * <p>Immutable; equal when the descriptions are equal.
 */
public final class IndexTied implements LatentModel<IndexTied.Next> {

  /**
   * What the next token is drawn from.
   *
   * @param concept 0..K-1
   * @param index of the next token, from 0
   */
  public record Next(int concept, int index) {}

  private final SimpleMatrix prior;
  private final List<SimpleMatrix> laws;
  private final CategoricalTokens space;
  private final List<List<Categorical>> draws = new ArrayList<>();

  private IndexTied(SimpleMatrix prior, List<SimpleMatrix> laws) {
    this.prior = prior.copy();
    this.laws = laws.stream().map(SimpleMatrix::copy).toList();
    this.space = new CategoricalTokens(laws.get(0).getNumCols());
    laws.forEach(law -> draws.add(Draws.rows(law)));
  }

  /**
   * Returns the model with these concepts and laws.
   *
   * @param prior p, shape (1, K), probabilities
   * @param laws R of them, at least one, each of shape (K, W) with rows of probabilities, W at
   *     least 2: the r-th for the tokens of index r, r + R, r + 2 R, …
   */
  public static IndexTied of(SimpleMatrix prior, List<SimpleMatrix> laws) {
    Check.probabilities("prior", prior);
    Check.atLeast("laws.size", 1, laws.size());
    for (int r = 0; r < laws.size(); r++) {
      Check.stochastic(
          "laws[" + r + "]", laws.get(r), prior.getNumCols(), laws.get(0).getNumCols());
    }
    return new IndexTied(prior, laws);
  }

  /** Returns the probabilities p of the concepts, shape (1, K). */
  public SimpleMatrix priorProbabilities() {
    return prior.copy();
  }

  /** Returns R, after how many tokens the laws repeat. */
  public int period() {
    return laws.size();
  }

  /** Returns the law of the tokens of an index, from 0: shape (K, W), one row a concept. */
  public SimpleMatrix law(int index) {
    return laws.get(Check.atLeast("index", 0, index) % laws.size()).copy();
  }

  double probability(int phase, int concept, int category) {
    return laws.get(phase).get(concept, category);
  }

  @Override
  public CategoricalTokens tokenSpace() {
    return space;
  }

  @Override
  public Belief<Next> prior() {
    return new IndexTiedBelief(this, 0, new double[laws.size() * space.count()]);
  }

  @Override
  public Next drawLatent(RandomGenerator rng) {
    return new Next(Categorical.of(prior.getDDRM().data).draw(rng), 0);
  }

  @Override
  public Token drawToken(Next latent, RandomGenerator rng) {
    return Token.category(draw(checked(latent), 0, rng));
  }

  private int draw(Next latent, int ahead, RandomGenerator rng) {
    int phase = (latent.index() % laws.size() + ahead % laws.size()) % laws.size();
    return draws.get(phase).get(latent.concept()).draw(rng);
  }

  /** {@inheritDoc} They take the indices from the latent's on. */
  @Override
  public Tokens drawTokens(Next latent, int length, RandomGenerator rng) {
    checked(latent);
    double[] rows = new double[Check.atLeast("length", 0, length)];
    for (int l = 0; l < length; l++) {
      rows[l] = draw(latent, l, rng);
    }
    return Tokens.owning(space, rows);
  }

  /** {@inheritDoc} The latent is the concept with the index of the token after the last. */
  @Override
  public Sample<Next> sample(int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    Next start = drawLatent(rng);
    Tokens tokens = drawTokens(start, length, rng);
    return new Sample<>(new Next(start.concept(), length), tokens);
  }

  Next checked(Next latent) {
    Check.atLeast("latent, index", 0, latent.index());
    if (latent.concept() < 0 || latent.concept() >= prior.getNumCols()) {
      throw new IllegalArgumentException(
          "latent, concept: expected in 0.."
              + (prior.getNumCols() - 1)
              + ", got "
              + latent.concept());
    }
    return latent;
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static IndexTied from(ModelDescription description) {
    DescriptionReader fields = description.read("index-tied", 1);
    SimpleMatrix prior = fields.matrix("prior", 1, -1);
    List<SimpleMatrix> laws = new ArrayList<>();
    int period = Check.atLeast("index-tied, period", 1, fields.whole("period"));
    for (int r = 0; r < period; r++) {
      SimpleMatrix law = fields.matrix("law-" + r, prior.getNumCols(), -1);
      laws.add(
          Check.stochastic(
              "index-tied, law-" + r, law, -1, r == 0 ? -1 : laws.get(0).getNumCols()));
    }
    fields.end();
    return of(prior, laws);
  }

  @Override
  public ModelDescription description() {
    ModelDescription description =
        ModelDescription.of("index-tied")
            .with("period", laws.size())
            .with("prior", priorProbabilities());
    for (int r = 0; r < laws.size(); r++) {
      description = description.with("law-" + r, law(r));
    }
    return description;
  }

  @Override
  public boolean equals(Object other) {
    return other == this
        || (other instanceof IndexTied model
            && description().text().equals(model.description().text()));
  }

  @Override
  public int hashCode() {
    return description().text().hashCode();
  }

  @Override
  public String toString() {
    return "IndexTied[" + prior.getNumCols() + " concepts, period " + laws.size() + "]";
  }
}
