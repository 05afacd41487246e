package org.definetti.latent.graph;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalPredictive;
import org.definetti.latent.Check;
import org.definetti.latent.ImpossibleTokensException;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The law of all states given the categories seen at nodes; see {@link LatentTree} and {@link
 * LatentGrid} for the models.
 *
 * <p>The statistic is how often each node was seen as each category, exact counts that add.
 * Messages are passed when the first question needs them.
 */
final class NetworkBelief implements Belief<SimpleMatrix> {

  private final LatentModel<SimpleMatrix> model;
  private final Network network;
  private final NodeTokens reader;
  private final double[] counts; // (n, W)
  private final double[] local; // (n, K) log-likelihoods of each node's states, largest 0
  private final double scale; // what was taken out of them; minus infinity if impossible
  private volatile Network.@Nullable Solution solution;

  NetworkBelief(
      LatentModel<SimpleMatrix> model, Network network, NodeTokens reader, double[] counts) {
    this.model = model;
    this.network = network;
    this.reader = reader;
    this.counts = counts;
    this.local = new double[network.nodes() * network.states()];
    double sum = 0;
    for (int i = 0; i < network.nodes(); i++) {
      sum += scaled(i);
    }
    this.scale = sum;
  }

  static NetworkBelief prior(LatentModel<SimpleMatrix> model, Network network, NodeTokens reader) {
    return new NetworkBelief(
        model, network, reader, new double[network.nodes() * reader.categories()]);
  }

  // Writes the log-likelihoods of one node and takes out their largest: a million tokens weigh a
  // million nats, and only differences matter to the posterior.
  private double scaled(int node) {
    int states = network.states();
    int categories = reader.categories();
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < states; k++) {
      double sum = 0;
      for (int w = 0; w < categories; w++) {
        double count = counts[node * categories + w];
        sum += count > 0 ? count * reader.logLikelihood(k, w) : 0; // 0 · log 0 is 0
      }
      local[node * states + k] = sum;
      largest = Math.max(largest, sum);
    }
    if (largest != Double.NEGATIVE_INFINITY) {
      for (int k = 0; k < states; k++) {
        local[node * states + k] -= largest;
      }
    }
    return largest;
  }

  private Network.Solution solved() {
    Network.Solution known = solution;
    if (known == null) { // computed twice at worst, with the same result
      known = network.solve(local);
      solution = known;
    }
    return known;
  }

  private Network.Solution possible() {
    if (logEvidence() == Double.NEGATIVE_INFINITY) {
      throw new ImpossibleTokensException(model.description().name(), count());
    }
    return solved();
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens tokens) {
    Check.space(reader.space(), tokens);
    double[] more = counts.clone();
    reader.count(tokens, more);
    return new NetworkBelief(model, network, reader, more);
  }

  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (!(other instanceof NetworkBelief belief) || !model.equals(belief.model)) {
      throw otherModel(other);
    }
    double[] both = counts.clone();
    for (int i = 0; i < both.length; i++) {
      both[i] += belief.counts[i];
    }
    return new NetworkBelief(model, network, reader, both);
  }

  private IllegalArgumentException otherModel(Belief<?> other) {
    return new IllegalArgumentException(
        "other: expected a belief of the same model as " + this + ", got " + other);
  }

  @Override
  public double count() {
    return Arrays.stream(counts).sum();
  }

  /**
   * {@inheritDoc}
   *
   * @param query the one-hot vector of a node, shape (1, n), observed or not
   */
  @Override
  public Predictive predictive(SimpleMatrix query) {
    int node = reader.node(query);
    SimpleMatrix states = mean().extractVector(true, node);
    return new CategoricalPredictive(states.mult(reader.emission()));
  }

  /** {@inheritDoc} Row i is the posterior probabilities of the states of node i. */
  @Override
  public SimpleMatrix mean() {
    return new SimpleMatrix(network.nodes(), network.states(), true, possible().marginals());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Cost: n · K passes, one with each state of each node known.
   */
  @Override
  public SimpleMatrix covariance() {
    double[] marginals = possible().marginals();
    int size = marginals.length;
    double[] covariance = new double[size * size];
    for (int a = 0; a < size; a++) {
      if (marginals[a] > 0) {
        double[] given = marginalsGiven(a);
        for (int b = 0; b < size; b++) {
          covariance[a * size + b] = marginals[a] * (given[b] - marginals[b]);
        }
      }
    }
    return new SimpleMatrix(size, size, true, covariance);
  }

  // The marginals if node a / K were known to be in state a % K.
  private double[] marginalsGiven(int a) {
    int states = network.states();
    double[] known = local.clone();
    int node = a / states;
    Arrays.fill(known, node * states, (node + 1) * states, Double.NEGATIVE_INFINITY);
    known[a] = 0;
    return network.solve(known).marginals();
  }

  @Override
  public double logEvidence() {
    return scale == Double.NEGATIVE_INFINITY ? scale : scale + solved().logSum();
  }

  @Override
  public double logDensity(SimpleMatrix latent) {
    double logSum = possible().logSum();
    int[] z = reader.states(latent);
    double sum = network.logProbability(z) - logSum;
    for (int i = 0; i < z.length; i++) {
      sum += local[i * network.states() + z[i]];
    }
    return sum;
  }

  /** {@inheritDoc} Cost: as {@link #covariance}. */
  @Override
  public double entropyNats() {
    double[] marginals = possible().marginals();
    int states = network.states();
    double entropy = solved().logSum() + network.logNormaliser() - expectedLocal(marginals, local);
    for (int a = 0; a < marginals.length; a++) {
      if (marginals[a] > 0) {
        entropy -= marginals[a] * network.logNode(a / states, a % states);
      }
    }
    for (int a = 0; a < marginals.length; a++) {
      if (marginals[a] > 0) {
        entropy -= marginals[a] * expectedEdges(a, marginalsGiven(a));
      }
    }
    return entropy;
  }

  // The expected log factors of the edges that begin at a node whose state is known.
  private double expectedEdges(int a, double[] given) {
    int states = network.states();
    double sum = 0;
    for (Network.Edge edge : network.edges()) {
      if (edge.source() == a / states) {
        for (int k = 0; k < states; k++) {
          double share = given[edge.target() * states + k];
          sum += share > 0 ? share * network.logEdge(a % states, k) : 0;
        }
      }
    }
    return sum;
  }

  private static double expectedLocal(double[] marginals, double[] local) {
    double sum = 0;
    for (int a = 0; a < marginals.length; a++) {
      sum += marginals[a] > 0 ? marginals[a] * local[a] : 0;
    }
    return sum;
  }

  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    if (!(other instanceof NetworkBelief belief) || !model.equals(belief.model)) {
      throw otherModel(other);
    }
    double[] marginals = possible().marginals();
    double kl = belief.possible().logSum() - solved().logSum();
    kl += expectedLocal(marginals, local) - expectedLocal(marginals, belief.local);
    return Math.max(0, kl);
  }

  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    return reader.latent(possible().draw(rng));
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }
}
