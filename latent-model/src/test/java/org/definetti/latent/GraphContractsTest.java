package org.definetti.latent;

import static org.definetti.latent.SequenceContractsTest.row;
import static org.definetti.latent.SequenceContractsTest.rows;

import org.definetti.latent.graph.LatentGrid;
import org.definetti.latent.graph.LatentTree;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;

/** Trees and grids of states against the contract: they are exchangeable. */
class GraphContractsTest {

  static final LatentTree TREE =
      LatentTree.of(
          row(0.7, 0.3),
          rows(new double[] {0.8, 0.2}, new double[] {0.3, 0.7}),
          rows(new double[] {0.7, 0.2, 0.1}, new double[] {0.1, 0.3, 0.6}),
          -1,
          0,
          0,
          1,
          1);

  static final LatentGrid GRID =
      LatentGrid.potts(2, 3, 0.6, rows(new double[] {0.8, 0.2}, new double[] {0.25, 0.75}));

  @Nested
  class Trees implements LatentModelContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return TREE;
    }
  }

  @Nested
  class TreesSeenEverywhere implements LatentModelContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return TREE.withObserved(0, 1, 2, 3, 4);
    }

    @Override
    public int sequences() {
      return 5_000;
    }
  }

  @Nested
  class Grids implements LatentModelContract<SimpleMatrix> {
    @Override
    public LatentModel<SimpleMatrix> model() {
      return GRID;
    }

    @Override
    public int sequences() {
      return 10_000;
    }
  }
}
