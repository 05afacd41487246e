package org.definetti.latent.graph;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalPredictive;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.ejml.simple.SimpleMatrix;

/**
 * States on the sites of a grid whose neighbours attract or repel, seen through noise ({@code
 * latent-grid}).
 *
 * <pre>{@code
 * P(z) = Π over neighbours ψ(z_i, z_j) / C,   x = (i, w):  i uniform,  w ~ B(z_i, ·)
 * P(z | X) ∝ P(z) Π_i Π_w B(z_i, w)^n_iw
 * Potts: ψ = exp(coupling) for equal states and 1 otherwise; with two states, Ising
 * }</pre>
 *
 * <ul>
 *   <li>Where: r × c sites numbered row by row, n = r·c; K states, W categories; neighbours are
 *       above, below, left and right; C the partition function, exact; n_iw how often site i was
 *       seen as w.
 *   <li>Shapes: ψ (K, K), symmetric, not negative; B (K, W), rows sum to one. A token is a pair of
 *       one-hot vectors, of the site (n) and of the category (W). The latent is (n, K), row i the
 *       one-hot vector of z_i; the mean of a belief has the posterior probabilities of site i in row
 *       i.
 *   <li>Given z the tokens are independent; a masked token's query is its site.
 *   <li>Label: the category of a fresh look at site 0, the corner.
 *   <li>Limit: the states of a line across the grid, K^min(r, c), may be at most {@value
 *       #MOST_LINES}; any number of tokens.
 *   <li>Edge cases: ψ and B may have zeros. Tokens that no states emit have log evidence minus
 *       infinity; questions about z are then refused with {@link IllegalStateException}.
 *   <li>Cost: O(n + W) a token and O(n K^(min(r, c) + 1)) a question; covariance and entropy n · K
 *       times that.
 *   <li>Source: elimination along a line, the transfer matrix taken site by site [recalled:
 *       Onsager's transfer matrix].
 * </ul>
 *
 * <p>Immutable; equal when the descriptions are equal.
 */
public final class LatentGrid implements LikelihoodModel<SimpleMatrix> {

  private static final int MOST_LINES = 4096;
  private static final int MOST_SITES = 4096;

  private final int rows;
  private final int columns;
  private final SimpleMatrix potential;
  private final GridNetwork network;
  private final NodeTokens reader;
  private final Network.Solution prior;

  private LatentGrid(int rows, int columns, SimpleMatrix potential, SimpleMatrix emission) {
    this.rows = rows;
    this.columns = columns;
    this.potential = potential.copy();
    this.network = new GridNetwork(rows, columns, potential);
    this.reader = new NodeTokens(rows * columns, emission.copy());
    if (network.logNormaliser() == Double.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException(
          "potential: expected one that some states of the grid satisfy, got only impossible ones");
    }
    this.prior = network.solve(new double[rows * columns * potential.getNumCols()]);
  }

  /**
   * Returns the grid whose neighbours have this potential.
   *
   * @param rows r, at least 1
   * @param columns c, at least 1
   * @param potential ψ, shape (K, K), symmetric, not negative
   * @param emission B, shape (K, W), row i the law of a token at a site in state i
   */
  public static LatentGrid of(
      int rows, int columns, SimpleMatrix potential, SimpleMatrix emission) {
    Check.atLeast("rows", 1, rows);
    Check.atLeast("columns", 1, columns);
    int states = potential.getNumCols();
    Check.matrix("potential", potential, states, states);
    for (int i = 0; i < states; i++) {
      for (int j = 0; j <= i; j++) {
        Check.notNegative("potential(" + i + ", " + j + ")", potential.get(i, j));
        if (potential.get(i, j) != potential.get(j, i)) {
          throw new IllegalArgumentException(
              "potential: expected symmetric, got "
                  + potential.get(i, j)
                  + " and "
                  + potential.get(j, i));
        }
      }
    }
    Check.stochastic("emission", emission, states, -1);
    double lines = Math.pow(states, Math.min(rows, columns));
    if (lines > MOST_LINES || (double) rows * columns > MOST_SITES) {
      throw new IllegalArgumentException(
          "rows, columns: expected states^min(rows, columns) <= "
              + MOST_LINES
              + " and rows * columns <= "
              + MOST_SITES
              + ", got "
              + states
              + "^"
              + Math.min(rows, columns)
              + " and "
              + (long) rows * columns);
    }
    return new LatentGrid(rows, columns, potential, emission);
  }

  /**
   * Returns the Potts model: {@code P(z) ∝ exp(coupling · number of equal neighbours)}.
   *
   * @param coupling finite; above zero neighbours attract, below they repel
   * @param emission B, shape (K, W), row i the law of a token at a site in state i
   */
  public static LatentGrid potts(
      int rows, int columns, double coupling, SimpleMatrix emission) {
    Check.finite("coupling", new double[] {coupling}, 0, 1);
    int states = emission.getNumRows();
    double[] potential = new double[states * states];
    for (int i = 0; i < potential.length; i++) {
      potential[i] = i % (states + 1) == 0 ? Math.exp(coupling) : 1;
    }
    return of(rows, columns, new SimpleMatrix(states, states, true, potential), emission);
  }

  /** Returns r. */
  public int rows() {
    return rows;
  }

  /** Returns c. */
  public int columns() {
    return columns;
  }

  /** Returns ψ, shape (K, K). */
  public SimpleMatrix potential() {
    return potential.copy();
  }

  /** Returns the laws B of a token, shape (K, W). */
  public SimpleMatrix emission() {
    return reader.emission().copy();
  }

  /** Returns log C, the log of the partition function. */
  public double logPartition() {
    return network.logNormaliser();
  }

  /** Returns the token that a site, numbered row by row from 0, was seen as {@code category}. */
  public Token token(int site, int category) {
    return reader.token(site, category);
  }

  @Override
  public PairTokens tokenSpace() {
    return reader.space();
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return NetworkBelief.prior(this, network, reader);
  }

  @Override
  public SimpleMatrix drawLatent(RandomGenerator rng) {
    return reader.latent(prior.draw(rng));
  }

  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    int site = rng.nextInt(rows * columns);
    return reader.token(site, reader.drawCategory(reader.states(latent)[site], rng));
  }

  /** {@inheritDoc} It is one of the sites. */
  @Override
  public SimpleMatrix drawQuery(RandomGenerator rng) {
    int sites = rows * columns;
    return new SimpleMatrix(1, sites, true, NodeTokens.oneHot(sites, rng.nextInt(sites)));
  }

  /** {@inheritDoc} The label query is site 0. */
  @Override
  public double[] drawLabel(SimpleMatrix latent, RandomGenerator rng) {
    int category = reader.drawCategory(reader.states(latent)[0], rng);
    return NodeTokens.oneHot(reader.categories(), category);
  }

  /** {@inheritDoc} It is that of the category given the site. */
  @Override
  public double logLikelihood(SimpleMatrix latent, Token token) {
    int state = reader.states(latent)[reader.node(token)];
    return reader.logLikelihood(state, reader.category(token));
  }

  @Override
  public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
    int state = reader.states(latent)[reader.node(query)];
    return new CategoricalPredictive(reader.emission().extractVector(true, state));
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static LatentGrid from(ModelDescription description) {
    DescriptionReader fields = description.read("latent-grid", 1);
    LatentGrid model =
        of(
            fields.whole("rows"),
            fields.whole("columns"),
            fields.matrix("potential", -1, -1),
            fields.matrix("emission", -1, -1));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("latent-grid")
        .with("rows", rows)
        .with("columns", columns)
        .with("potential", potential())
        .with("emission", emission());
  }

  @Override
  public boolean equals(Object other) {
    return other == this
        || (other instanceof LatentGrid model
            && description().text().equals(model.description().text()));
  }

  @Override
  public int hashCode() {
    return description().text().hashCode();
  }

  @Override
  public String toString() {
    return "LatentGrid["
        + rows
        + " x "
        + columns
        + ", "
        + potential.getNumCols()
        + " states, "
        + reader.categories()
        + " categories]";
  }
}
