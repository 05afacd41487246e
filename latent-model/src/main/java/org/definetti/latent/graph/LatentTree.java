package org.definetti.latent.graph;

import java.util.Arrays;
import java.util.stream.IntStream;
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
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * States on the nodes of a rooted tree, each drawn from its parent's, seen through noise at some
 * nodes ({@code latent-tree}).
 *
 * <pre>{@code
 * z_0 ~ π,   z_i | parent ~ A(z_parent, ·),   x = (i, w):  i uniform over the observed nodes,
 * w ~ B(z_i, ·)
 * up_i(k) = Σ_w n_iw log B(k, w) + Σ_children c log Σ_j A(k, j) exp up_c(j)
 * P(X | nodes) = Σ_k π_k exp up_0(k)
 * }</pre>
 *
 * <ul>
 *   <li>Where: n nodes, K states, W categories; n_iw how often node i was seen as w. All edges share
 *       A and all nodes share B.
 *   <li>Shapes: π (1, K), A (K, K), B (K, W). A token is a pair of one-hot vectors, of the node (n)
 *       and of the category (W). The latent is (n, K), row i the one-hot vector of z_i; the mean of
 *       a belief has the posterior probabilities of node i in row i.
 *   <li>Given z the tokens are independent: which node a token is of is part of it, so sequences are
 *       exchangeable. A masked token's query is its node, any node, and the belief answers with what
 *       the others tell about it.
 *   <li>Label: the category of a fresh look at the root.
 *   <li>Edge cases: probabilities may be zero. Tokens that no states emit have log evidence minus
 *       infinity; questions about z are then refused with {@link IllegalStateException}.
 *   <li>Cost: O(n + W) a token and O(n K²) a question; covariance and entropy n · K times that. Any
 *       length: the statistic is n · W counts.
 *   <li>Source: upward-downward message passing on trees [recalled: Pearl].
 * </ul>
 *
 * <p>Immutable; equal when the descriptions are equal.
 */
public final class LatentTree implements LikelihoodModel<SimpleMatrix> {

  private final SimpleMatrix initial;
  private final SimpleMatrix transition;
  private final int[] parents;
  private final int[] observed;
  private final TreeNetwork network;
  private final NodeTokens reader;
  private final TreeNetwork.TreeSolution prior;

  private LatentTree(
      SimpleMatrix initial,
      SimpleMatrix transition,
      SimpleMatrix emission,
      int[] parents,
      int[] observed) {
    this.initial = initial.copy();
    this.transition = transition.copy();
    this.parents = parents;
    this.observed = observed;
    this.network = new TreeNetwork(initial, transition, parents);
    this.reader = new NodeTokens(parents.length, emission.copy());
    this.prior = network.solve(new double[parents.length * initial.getNumCols()]);
  }

  /**
   * Returns the tree whose leaves are observed.
   *
   * @param initial shape (1, K), the law of the root's state
   * @param transition shape (K, K), row i the law of a state whose parent is in state i
   * @param emission shape (K, W), row i the law of a token at a node in state i
   * @param parents the parent of each node: -1 for node 0, the root, and for every other node one of
   *     a lower number. Not modified.
   */
  public static LatentTree of(
      SimpleMatrix initial, SimpleMatrix transition, SimpleMatrix emission, int... parents) {
    Check.probabilities("initial", initial);
    int states = initial.getNumCols();
    Check.stochastic("transition", transition, states, states);
    Check.stochastic("emission", emission, states, -1);
    Check.atLeast("parents.length", 1, parents.length);
    for (int i = 0; i < parents.length; i++) {
      int least = i == 0 ? -1 : 0;
      if (parents[i] < least || parents[i] >= Math.max(i, 0)) {
        throw new IllegalArgumentException(
            "parents["
                + i
                + "]: expected "
                + (i == 0 ? "-1" : "in 0.." + (i - 1))
                + ", got "
                + parents[i]);
      }
    }
    int[] leaves =
        IntStream.range(0, parents.length)
            .filter(i -> Arrays.stream(parents).noneMatch(p -> p == i))
            .toArray();
    return new LatentTree(initial, transition, emission, parents.clone(), leaves);
  }

  /**
   * Returns the parents of the complete binary tree with 2^depth leaves, level by level: node i has
   * the children 2i + 1 and 2i + 2.
   *
   * @param depth the edges from the root to a leaf, 0..20
   */
  public static int[] binary(int depth) {
    if (depth < 0 || depth > 20) {
      throw new IllegalArgumentException("depth: expected in 0..20, got " + depth);
    }
    return IntStream.range(0, (2 << depth) - 1).map(i -> i == 0 ? -1 : (i - 1) / 2).toArray();
  }

  /**
   * Returns this model with tokens at other nodes.
   *
   * @param nodes at least one, each a node and named once. Not modified.
   */
  public LatentTree withObserved(int... nodes) {
    Check.atLeast("nodes.length", 1, nodes.length);
    for (int node : nodes) {
      if (node < 0 || node >= parents.length) {
        throw new IllegalArgumentException(
            "nodes: expected in 0.." + (parents.length - 1) + ", got " + node);
      }
    }
    if (Arrays.stream(nodes).distinct().count() < nodes.length) {
      throw new IllegalArgumentException(
          "nodes: expected each once, got " + Arrays.toString(nodes));
    }
    return new LatentTree(initial, transition, reader.emission(), parents, nodes.clone());
  }

  /** Returns the law π of the root's state, shape (1, K). */
  public SimpleMatrix initial() {
    return initial.copy();
  }

  /** Returns the laws A of a child's state, shape (K, K). */
  public SimpleMatrix transition() {
    return transition.copy();
  }

  /** Returns the laws B of a token, shape (K, W). */
  public SimpleMatrix emission() {
    return reader.emission().copy();
  }

  /** Returns the parent of each node, -1 for the root. */
  public int[] parents() {
    return parents.clone();
  }

  /** Returns the nodes that tokens are drawn at. */
  public int[] observed() {
    return observed.clone();
  }

  /** Returns the token that node {@code node} was seen as {@code category}. */
  public Token token(int node, int category) {
    return reader.token(node, category);
  }

  /**
   * Returns the messages up the tree: entry (i, k) is the log probability of the categories seen at
   * node i and below, given that z_i = k. Shape (n, K); O(L (n + W) + n K²).
   */
  public SimpleMatrix upwardMessages(Tokens tokens) {
    Check.space(tokenSpace(), tokens);
    double[] counts = new double[parents.length * reader.categories()];
    reader.count(tokens, counts);
    int states = initial.getNumCols();
    double[] local = new double[parents.length * states];
    for (int a = 0; a < local.length; a++) {
      for (int w = 0; w < reader.categories(); w++) {
        double count = counts[a / states * reader.categories() + w];
        local[a] += count > 0 ? count * reader.logLikelihood(a % states, w) : 0;
      }
    }
    return new SimpleMatrix(parents.length, states, true, network.solve(local).up());
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
    int node = observed[rng.nextInt(observed.length)];
    return reader.token(node, reader.drawCategory(reader.states(latent)[node], rng));
  }

  /** {@inheritDoc} It is one of the observed nodes. */
  @Override
  public SimpleMatrix drawQuery(RandomGenerator rng) {
    int node = observed[rng.nextInt(observed.length)];
    return new SimpleMatrix(
        1, parents.length, true, NodeTokens.oneHot(parents.length, node));
  }

  /** {@inheritDoc} The label query is the root. */
  @Override
  public double[] drawLabel(SimpleMatrix latent, RandomGenerator rng) {
    int category = reader.drawCategory(reader.states(latent)[0], rng);
    return NodeTokens.oneHot(reader.categories(), category);
  }

  /** {@inheritDoc} It is that of the category given the node. */
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
  public static LatentTree from(ModelDescription description) {
    DescriptionReader fields = description.read("latent-tree", 1);
    LatentTree model =
        of(
                fields.matrix("initial", 1, -1),
                fields.matrix("transition", -1, -1),
                fields.matrix("emission", -1, -1),
                whole("parents", fields))
            .withObserved(whole("observed", fields));
    fields.end();
    return model;
  }

  private static int[] whole(String field, DescriptionReader fields) {
    double[] numbers = fields.matrix(field, 1, -1).getDDRM().data;
    int[] whole = new int[numbers.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (int) numbers[i];
      if (whole[i] != numbers[i]) {
        throw new IllegalArgumentException(
            "latent-tree, " + field + ": expected whole numbers, got " + numbers[i]);
      }
    }
    return whole;
  }

  private static SimpleMatrix row(int[] numbers) {
    double[] row = Arrays.stream(numbers).asDoubleStream().toArray();
    return new SimpleMatrix(1, row.length, true, row);
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("latent-tree")
        .with("initial", initial())
        .with("transition", transition())
        .with("emission", emission())
        .with("parents", row(parents))
        .with("observed", row(observed));
  }

  @Override
  public boolean equals(Object other) {
    return other == this
        || (other instanceof LatentTree model
            && description().text().equals(model.description().text()));
  }

  @Override
  public int hashCode() {
    return description().text().hashCode();
  }

  @Override
  public String toString() {
    return "LatentTree["
        + parents.length
        + " nodes, "
        + initial.getNumCols()
        + " states, "
        + reader.categories()
        + " categories]";
  }
}
