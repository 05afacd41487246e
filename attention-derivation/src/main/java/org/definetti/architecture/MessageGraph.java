package org.definetti.architecture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.definetti.latent.graph.LatentGrid;
import org.definetti.latent.graph.LatentTree;
import org.definetti.latent.sequence.HiddenMarkov;

/**
 * Places with a factor each and links between neighbours, two for each edge: what messages are
 * passed on.
 */
final class MessageGraph {

  /** One direction of an edge. */
  static final class Link {
    final int source;
    final int target;
    final double[][] factor; // (K, K) logs, from the state of the source to that of the target
    final double[] start; // (K) logs, the message before anything was heard

    Link(int source, int target, double[][] factor, double[] start) {
      this.source = source;
      this.target = target;
      this.factor = factor;
      this.start = start;
    }
  }

  final int states;
  final double[][] factors; // (n, K) logs
  final List<Link> links = new ArrayList<>();
  final List<List<Integer>> incoming = new ArrayList<>(); // of each place, numbers of links

  private MessageGraph(int places, int states) {
    this.states = states;
    this.factors = new double[places][states];
    for (int i = 0; i < places; i++) {
      incoming.add(new ArrayList<>());
    }
  }

  // Both directions of an edge have numbers that differ in the last bit only.
  private void join(Link there, Link back) {
    for (Link link : List.of(there, back)) {
      incoming.get(link.target).add(links.size());
      links.add(link);
    }
  }

  static int reverse(int link) {
    return link ^ 1;
  }

  /** Returns the path of {@code places} hidden states. */
  static MessageGraph chain(HiddenMarkov model, int places) {
    int[] parents = new int[places];
    Arrays.setAll(parents, i -> i - 1);
    return directed(
        parents,
        LogWeights.laws(model.initial())[0],
        LogWeights.laws(model.transition()),
        model.states());
  }

  static MessageGraph tree(LatentTree model) {
    return directed(
        model.parents(),
        LogWeights.logs(model.initial())[0],
        LogWeights.logs(model.transition()),
        model.initial().getNumCols());
  }

  // What a parent says before it heard anything is the prior law of the child's state; what a child
  // says is nothing.
  private static MessageGraph directed(
      int[] parents, double[] initial, double[][] transition, int states) {
    MessageGraph graph = new MessageGraph(parents.length, states);
    double[][] upwards = LogWeights.transposed(transition);
    double[][] prior = new double[parents.length][];
    for (int i = 0; i < parents.length; i++) {
      if (i == 0) {
        prior[i] = initial;
        graph.factors[i] = initial;
      } else {
        prior[i] = LogWeights.times(prior[parents[i]], transition);
        graph.join(
            new Link(parents[i], i, transition, prior[i]),
            new Link(i, parents[i], upwards, new double[states]));
      }
    }
    return graph;
  }

  static MessageGraph grid(LatentGrid model) {
    int columns = model.columns();
    int places = model.rows() * columns;
    double[][] potential = LogWeights.logs(model.potential());
    int states = potential.length;
    MessageGraph graph = new MessageGraph(places, states);
    for (int i = 0; i < places; i++) {
      for (int j : new int[] {i + 1, i + columns}) {
        boolean wraps = j == i + 1 && j % columns == 0;
        if (j < places && !wraps) {
          graph.join(
              new Link(i, j, potential, new double[states]),
              new Link(j, i, potential, new double[states]));
        }
      }
    }
    return graph;
  }
}
