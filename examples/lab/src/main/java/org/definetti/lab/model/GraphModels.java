package org.definetti.lab.model;

import static org.definetti.lab.model.BuiltInModel.ANY_LENGTH;
import static org.definetti.lab.model.BuiltInModel.ordered;

import java.util.List;
import org.definetti.latent.LatentModel;
import org.definetti.latent.graph.LatentGrid;
import org.definetti.latent.graph.LatentTree;
import org.ejml.simple.SimpleMatrix;

/** The models of the catalogue whose latent is a state on every node of a tree or a grid. */
final class GraphModels {

  static final List<BuiltInModel> ALL =
      List.of(
          new BuiltInModel(
              "latent-tree",
              "States handed down a binary tree, each changed now and then, and noisy looks at the"
                  + " leaves.",
              "z_root ~ uniform;  z_child = z_parent with probability stay, else another;  x ="
                  + " (leaf, z_leaf with probability seen, else another)",
              "posterior of every node, predictive, evidence, by messages up and down the tree",
              ANY_LENGTH,
              ordered("depth", "2", "states", "2", "stay", "0.9", "seen", "0.8"),
              GraphModels::tree,
              LatentTree::from),
          new BuiltInModel(
              "latent-grid",
              "States on a grid that like to be as their neighbours, and noisy looks at the sites.",
              "P(z) ~ exp(coupling * number of equal neighbours);  x = (site, z_site with"
                  + " probability seen, else another)",
              "posterior of every site, predictive, evidence and partition function, by elimination"
                  + " site by site",
              "any length; states^min(rows, columns) and rows * columns at most 4096, as the"
                  + " elimination carries every configuration of one line",
              ordered("rows", "3", "columns", "3", "states", "2", "coupling", "0.5", "seen", "0.8"),
              GraphModels::grid,
              LatentGrid::from));

  private GraphModels() {}

  // The right state with the given probability, the others equally likely.
  private static SimpleMatrix mostly(String key, int states, double right) {
    if (!(right >= 0 && right <= 1)) {
      throw new IllegalArgumentException(key + ": expected in 0..1, got " + right);
    }
    double[] table = new double[states * states];
    for (int i = 0; i < table.length; i++) {
      table[i] = i % (states + 1) == 0 ? right : (1 - right) / (states - 1);
    }
    return new SimpleMatrix(states, states, true, table);
  }

  private static int states(Settings s) {
    int states = s.whole("states");
    if (states < 2) {
      throw new IllegalArgumentException("states: expected >= 2, got " + states);
    }
    return states;
  }

  private static LatentModel<?> tree(Settings s) {
    int states = states(s);
    return LatentTree.of(
        SimpleMatrix.filled(1, states, 1.0 / states),
        mostly("stay", states, s.number("stay")),
        mostly("seen", states, s.number("seen")),
        LatentTree.binary(s.whole("depth")));
  }

  private static LatentModel<?> grid(Settings s) {
    return LatentGrid.potts(
        s.whole("rows"),
        s.whole("columns"),
        s.number("coupling"),
        mostly("seen", states(s), s.number("seen")));
  }
}
