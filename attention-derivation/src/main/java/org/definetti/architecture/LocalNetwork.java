package org.definetti.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.definetti.latent.Check;
import org.definetti.latent.Tokens;
import org.definetti.latent.graph.LatentGrid;
import org.definetti.latent.graph.LatentTree;
import org.definetti.latent.sequence.HiddenMarkov;
import org.ejml.simple.SimpleMatrix;

/**
 * Messages between neighbours, all at once, repeated: a local iterated network, on a chain a
 * convolution of width 3 and on a grid one over the four neighbours (claim X7).
 *
 * <pre>{@code
 * m_{u→v} ← normalise( (b_u ⊙ φ_u ⊙ Π_{w ∈ N(u), w ≠ v} m_{w→u}) M_{u→v} )     t times
 * out_v = normalise( b_v ⊙ φ_v ⊙ Π_{u ∈ N(v)} m_{u→v} )
 *
 * chain, tree     M = A away from the root, Aᵀ towards it;  φ = π at the root, else 1
 *                 m at the start: prior law of v away from the root, 1 towards it
 * grid            M = ψ, φ = 1, m at the start 1
 * }</pre>
 *
 * <ul>
 *   <li>Chains and trees: after t iterations the output at v is exactly the posterior given the
 *       evidence at places within distance t, {@code P(z_v | X at distance <= t)}; hence exact once
 *       t reaches the longest distance, n - 1 on a chain. The prior laws at the start are what
 *       makes the truncated network a posterior: with {@link #withFlatStart} it is exact in the
 *       end, but not on the way, unless those laws are uniform.
 *   <li>Chain: the same weights at every position and side, and a receptive field that grows by one
 *       each iteration. The start depends on the position, unless π is stationary.
 *   <li>Grids have cycles: evidence comes back as if it were new. After t iterations the output at
 *       v is exactly the posterior at the root of another model, the tree of all walks from v of t
 *       steps that never turn back; on the grid itself no number of iterations is exact. {@link
 *       LineRecurrence} is.
 *   <li>Depth: t. Cost: O(t n K² degree²).
 *   <li>Source: sum-product messages [recalled: Pearl]; windows and walks [derived].
 * </ul>
 */
public final class LocalNetwork implements Architecture {

  private final String model;
  private final int states;
  private final int iterations;
  private final boolean flat;
  private final Function<Tokens, SimpleMatrix> reader;
  private final IntFunction<MessageGraph> graphs;

  private LocalNetwork(
      String model,
      int states,
      int iterations,
      boolean flat,
      Function<Tokens, SimpleMatrix> reader,
      IntFunction<MessageGraph> graphs) {
    this.model = model;
    this.states = states;
    this.iterations = Check.atLeast("iterations", 0, iterations);
    this.flat = flat;
    this.reader = reader;
    this.graphs = graphs;
  }

  /** Returns the network on the chain of hidden states, one place a token. */
  public static LocalNetwork chain(HiddenMarkov model, int iterations) {
    return new LocalNetwork(
        "hidden-markov",
        model.states(),
        iterations,
        false,
        model::logLikelihoods,
        places -> MessageGraph.chain(model, places));
  }

  /** Returns the network on the nodes of a tree. */
  public static LocalNetwork tree(LatentTree model, int iterations) {
    NodeEvidence reader = new NodeEvidence(model.tokenSpace(), model.emission());
    return fixed("latent-tree", iterations, reader, MessageGraph.tree(model));
  }

  /** Returns the network on the sites of a grid, which is not exact. */
  public static LocalNetwork grid(LatentGrid model, int iterations) {
    NodeEvidence reader = new NodeEvidence(model.tokenSpace(), model.emission());
    return fixed("latent-grid", iterations, reader, MessageGraph.grid(model));
  }

  private static LocalNetwork fixed(
      String model, int iterations, NodeEvidence reader, MessageGraph graph) {
    return new LocalNetwork(model, reader.states(), iterations, false, reader::of, places -> graph);
  }

  /** Returns this network with every message one at the start. */
  public LocalNetwork withFlatStart() {
    return new LocalNetwork(model, states, iterations, true, reader, graphs);
  }

  @Override
  public String name() {
    return "local-network";
  }

  @Override
  public String formula() {
    return "m_{u→v} ← normalise((b_u ⊙ Π_{w≠v} m_{w→u}) M_{u→v}), " + iterations + " times";
  }

  @Override
  public SimpleMatrix evidence(Tokens tokens) {
    return reader.apply(tokens);
  }

  /** {@inheritDoc} It is the last of {@link #iterates}. */
  @Override
  public SimpleMatrix propagate(SimpleMatrix evidence) {
    List<SimpleMatrix> outputs = run(evidence, false);
    return outputs.get(outputs.size() - 1);
  }

  /** Returns the outputs after 0, 1, …, t iterations, each of shape (n, K). */
  public List<SimpleMatrix> iterates(SimpleMatrix evidence) {
    return run(evidence, true);
  }

  private List<SimpleMatrix> run(SimpleMatrix evidence, boolean all) {
    MessageGraph graph = graphs.apply(evidence.getNumRows());
    double[][] own = LogWeights.evidence(evidence, graph.factors.length, states);
    for (int i = 0; i < own.length; i++) {
      own[i] = LogWeights.product(own[i], graph.factors[i]);
    }
    double[][] messages = new double[graph.links.size()][];
    for (int link = 0; link < messages.length; link++) {
      messages[link] = flat ? new double[states] : graph.links.get(link).start;
    }
    List<SimpleMatrix> outputs = new ArrayList<>();
    for (int t = 0; t <= iterations; t++) {
      if (all || t == iterations) {
        outputs.add(outputs(graph, own, messages));
      }
      messages = t == iterations ? messages : next(graph, own, messages);
    }
    return outputs;
  }

  private static double[][] next(MessageGraph graph, double[][] own, double[][] messages) {
    double[][] next = new double[messages.length][];
    for (int link = 0; link < next.length; link++) {
      MessageGraph.Link edge = graph.links.get(link);
      double[] heard = own[edge.source];
      for (int other : graph.incoming.get(edge.source)) {
        if (other != MessageGraph.reverse(link)) {
          heard = LogWeights.product(heard, messages[other]);
        }
      }
      next[link] = LogWeights.normalised(LogWeights.times(heard, edge.factor));
    }
    return next;
  }

  private SimpleMatrix outputs(MessageGraph graph, double[][] own, double[][] messages) {
    double[][] out = own.clone();
    for (int place = 0; place < out.length; place++) {
      for (int link : graph.incoming.get(place)) {
        out[place] = LogWeights.product(out[place], messages[link]);
      }
    }
    return LogWeights.probabilities(out, states, model);
  }

  /** {@inheritDoc} It is the number of iterations, whatever the places. */
  @Override
  public int depth(int places) {
    return iterations;
  }

  @Override
  public String toString() {
    return name() + " of " + model + ", " + iterations + " iterations";
  }
}
