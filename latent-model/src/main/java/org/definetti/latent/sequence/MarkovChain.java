package org.definetti.latent.sequence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Sample;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Categories that depend on the one before, with unknown transition probabilities (X3, {@code
 * markov-chain}): Markov-exchangeable, not exchangeable.
 *
 * <pre>{@code
 * row i of P ~ Dirichlet(α_i),   x^1 ~ π,   x^{l+1} ~ P(x^l, ·)
 * row i of P | X ~ Dirichlet(α_i + n_i),   P(x^{L+1} = w | X) = (α_iw + n_iw) / Σ_v (α_iv + n_iv), i = x^L
 * P(X) = π(x^1) Π_i B(α_i + n_i) / B(α_i)
 * }</pre>
 *
 * <ul>
 *   <li>Where: n_iw how often w came right after i. Sequences with the same first token and the same
 *       n are equally likely.
 *   <li>Shapes: α and P are (W, W), π (1, W). The latent is P with the token last seen; the mean of
 *       a belief is that of P.
 *   <li>Merging appends: the other's first token follows this one's last.
 *   <li>Cost: O(L) and W² numbers; any length. A chain whose P is known is a {@link HiddenMarkov}
 *       whose states show themselves.
 *   <li>Source: statistic [recalled: Diaconis-Freedman]; row X3 of the project's notes.
 * </ul>
 *
 * <p>Immutable; equal when the descriptions are equal.
 */
public final class MarkovChain implements LatentModel<MarkovChain.Next> {

  /**
   * What the next token is drawn from.
   *
   * @param transition P, shape (W, W)
   * @param last the token before, or null if the next token is the first
   */
  public record Next(SimpleMatrix transition, @Nullable Integer last) {}

  private final CategoricalTokens space;
  private final SimpleMatrix initial;
  private final List<DirichletCategorical> rows;

  private MarkovChain(SimpleMatrix initial, List<DirichletCategorical> rows) {
    this.space = new CategoricalTokens(rows.size());
    this.initial = initial.copy();
    this.rows = List.copyOf(rows);
  }

  /**
   * Returns the model whose first token is uniform.
   *
   * @param alpha shape (W, W), W at least 2: row i the concentrations of the law after token i, each
   *     finite and above zero
   */
  public static MarkovChain of(SimpleMatrix alpha) {
    Check.matrix("alpha", alpha, alpha.getNumCols(), -1);
    int width = alpha.getNumCols();
    List<DirichletCategorical> rows = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      rows.add(DirichletCategorical.of(alpha.extractVector(true, i).getDDRM().data));
    }
    double[] uniform = new double[width];
    Arrays.fill(uniform, 1.0 / width);
    return new MarkovChain(new SimpleMatrix(1, width, true, uniform), rows);
  }

  /** Returns this model with another law π of the first token, shape (1, W), probabilities. */
  public MarkovChain withInitial(SimpleMatrix probabilities) {
    Check.matrix("initial", probabilities, 1, rows.size());
    return new MarkovChain(Check.probabilities("initial", probabilities), rows);
  }

  /** Returns the law π of the first token, shape (1, W). */
  public SimpleMatrix initial() {
    return initial.copy();
  }

  /** Returns the prior concentrations α, shape (W, W). */
  public SimpleMatrix alpha() {
    double[] alpha = new double[rows.size() * rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(
          rows.get(i).alpha().getDDRM().data, 0, alpha, i * rows.size(), rows.size());
    }
    return new SimpleMatrix(rows.size(), rows.size(), true, alpha);
  }

  DirichletCategorical row(int i) {
    return rows.get(i);
  }

  @Override
  public CategoricalTokens tokenSpace() {
    return space;
  }

  @Override
  public Belief<Next> prior() {
    return MarkovChainBelief.prior(this);
  }

  @Override
  public Next drawLatent(RandomGenerator rng) {
    int width = rows.size();
    double[] transition = new double[width * width];
    for (int i = 0; i < width; i++) {
      double[] row = rows.get(i).drawLatent(rng).getDDRM().data;
      System.arraycopy(row, 0, transition, i * width, width);
    }
    return new Next(new SimpleMatrix(width, width, true, transition), null);
  }

  @Override
  public Token drawToken(Next latent, RandomGenerator rng) {
    Integer last = latent.last();
    SimpleMatrix law =
        last == null ? initial : checked(latent).transition().extractVector(true, last);
    return Token.category(Categorical.of(law.getDDRM().data).draw(rng));
  }

  /** {@inheritDoc} They follow one another. */
  @Override
  public Tokens drawTokens(Next latent, int length, RandomGenerator rng) {
    return walk(latent, length, rng).tokens();
  }

  /** {@inheritDoc} The latent is P with the last token. */
  @Override
  public Sample<Next> sample(int length, RandomGenerator rng) {
    return walk(drawLatent(rng), length, rng);
  }

  private Sample<Next> walk(Next start, int length, RandomGenerator rng) {
    double[] drawn = new double[Check.atLeast("length", 0, length)];
    List<Categorical> laws = Draws.rows(checked(start).transition());
    Integer last = start.last();
    for (int l = 0; l < length; l++) {
      Categorical law = last == null ? Categorical.of(initial.getDDRM().data) : laws.get(last);
      last = law.draw(rng);
      drawn[l] = last;
    }
    return new Sample<>(new Next(start.transition(), last), Tokens.owning(space, drawn));
  }

  Next checked(Next latent) {
    Check.stochastic("latent", latent.transition(), rows.size(), rows.size());
    Integer last = latent.last();
    if (last != null && (last < 0 || last >= rows.size())) {
      throw new IllegalArgumentException(
          "latent, last: expected a token in 0.." + (rows.size() - 1) + ", got " + last);
    }
    return latent;
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static MarkovChain from(ModelDescription description) {
    DescriptionReader fields = description.read("markov-chain", 1);
    MarkovChain model =
        of(fields.matrix("alpha", -1, -1)).withInitial(fields.matrix("initial", 1, -1));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("markov-chain").with("alpha", alpha()).with("initial", initial());
  }

  @Override
  public boolean equals(Object other) {
    return other == this
        || (other instanceof MarkovChain model
            && description().text().equals(model.description().text()));
  }

  @Override
  public int hashCode() {
    return description().text().hashCode();
  }

  @Override
  public String toString() {
    return "MarkovChain" + rows;
  }
}
