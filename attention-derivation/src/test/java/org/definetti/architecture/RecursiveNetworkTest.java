package org.definetti.architecture;

import static org.definetti.architecture.Configurations.distance;
import static org.definetti.architecture.Configurations.laws;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.ImpossibleTokensException;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.graph.LatentTree;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

final class RecursiveNetworkTest {

  private static final double IDENTITY = 1e-12;

  private final RandomGenerator rng = Seed.of(22).generator();

  private LatentTree tree(int states, int categories, boolean sparse, int... parents) {
    return LatentTree.of(
        laws(1, states, sparse, rng),
        laws(states, states, sparse, rng),
        laws(states, categories, sparse, rng),
        parents);
  }

  private int[] randomParents(int nodes) {
    int[] parents = new int[nodes];
    Arrays.setAll(parents, i -> i == 0 ? -1 : rng.nextInt(i));
    return parents;
  }

  private static SimpleMatrix exact(LatentTree model, List<int[]> seen) {
    int[] parents = model.parents();
    return Configurations.marginals(
        parents.length,
        model.initial().getNumCols(),
        z -> {
          double weight = model.initial().get(0, z[0]);
          for (int i = 1; i < z.length; i++) {
            weight *= model.transition().get(z[parents[i]], z[i]);
          }
          for (int[] look : seen) {
            weight *= model.emission().get(z[look[0]], look[1]);
          }
          return weight;
        });
  }

  // Looks at any nodes, of states drawn from the model so that they are possible.
  private List<int[]> looks(LatentTree model, int count) {
    SimpleMatrix z = model.drawLatent(rng);
    int nodes = model.parents().length;
    int[] all = new int[nodes];
    Arrays.setAll(all, i -> i);
    LatentTree everywhere = model.withObserved(all);
    List<int[]> looks = new ArrayList<>();
    for (int l = 0; l < count; l++) {
      Token token = everywhere.drawToken(z, rng);
      looks.add(new int[] {hot(token, 0), hot(token, nodes)});
    }
    return looks;
  }

  private static int hot(Token token, int from) {
    int j = from;
    while (token.at(j) == 0) {
      j++;
    }
    return j - from;
  }

  private static Tokens tokens(LatentTree model, List<int[]> looks) {
    return Tokens.of(
        model.tokenSpace(), looks.stream().map(look -> model.token(look[0], look[1])).toList());
  }

  @Test
  void equalsTheSumOverAllConfigurations() {
    int[][] shapes = {
      {-1},
      {-1, 0},
      LatentTree.binary(2),
      {-1, 0, 0, 0, 0, 0},
      {-1, 0, 1, 2, 3, 4},
      randomParents(7),
      randomParents(8)
    };
    for (int[] parents : shapes) {
      for (boolean sparse : new boolean[] {false, true}) {
        LatentTree model = tree(3, 2, sparse, parents);
        List<int[]> looks = looks(model, 9);
        SimpleMatrix exact = exact(model, looks);
        RecursiveNetwork network = RecursiveNetwork.of(model);
        SimpleMatrix evidence = network.evidence(tokens(model, looks));
        assertEquals(0, distance(network.propagate(evidence), exact), IDENTITY);
        assertEquals(0, distance(network.root(evidence), exact.extractVector(true, 0)), IDENTITY);
        LocalNetwork local = LocalNetwork.tree(model, network.diameter());
        assertEquals(0, distance(local.propagate(evidence), exact), IDENTITY);
      }
    }
  }

  @Test
  void equalsTheBeliefOnLargeTrees() {
    for (int[] parents : List.of(LatentTree.binary(7), randomParents(300))) {
      LatentTree model = tree(3, 4, false, parents);
      Tokens tokens = model.sample(2000, rng).tokens();
      for (Architecture network : Architecture.all(model)) {
        assertEquals(
            0, distance(network.infer(tokens), model.prior().observe(tokens).mean()), 1e-10);
      }
    }
  }

  @Test
  void knowsItsDepth() {
    int[] twigs = {-1, 0, 1, 2, 0, 4, 5, 6};
    RecursiveNetwork network = RecursiveNetwork.of(tree(2, 2, false, twigs));
    assertEquals(4, network.height());
    assertEquals(7, network.diameter());
    assertEquals(8, network.depth(8));
    RecursiveNetwork single = RecursiveNetwork.of(tree(2, 2, false, -1));
    assertEquals(0, single.height());
    assertEquals(0, single.diameter());
    RecursiveNetwork binary = RecursiveNetwork.of(tree(2, 2, false, LatentTree.binary(5)));
    assertEquals(5, binary.height());
    assertEquals(10, binary.diameter());
  }

  @Test
  void oneIterationLessThanTheDiameterIsNotEnough() {
    SimpleMatrix noise = new SimpleMatrix(new double[][] {{0.8, 0.2}, {0.2, 0.8}});
    LatentTree model =
        LatentTree.of(
            new SimpleMatrix(new double[][] {{0.5, 0.5}}), noise, noise, LatentTree.binary(2));
    Tokens tokens = model.sample(8, rng).tokens();
    RecursiveNetwork exact = RecursiveNetwork.of(model);
    LocalNetwork early = LocalNetwork.tree(model, exact.diameter() - 1);
    assertTrue(distance(early.infer(tokens), exact.infer(tokens)) > 1e-6);
  }

  @Test
  void refusesWhatIsNoTokenOfTheTree() {
    LatentTree model = tree(2, 3, false, LatentTree.binary(1));
    RecursiveNetwork network = RecursiveNetwork.of(model);
    for (double[] row :
        List.of(
            new double[] {0, 0, 0, 1, 0, 0},
            new double[] {1, 1, 0, 1, 0, 0},
            new double[] {1, 0, 0, 0.5, 0.5, 0})) {
      Tokens wrong = Tokens.ofRows(model.tokenSpace(), row);
      assertThrows(IllegalArgumentException.class, () -> network.evidence(wrong));
    }
    SimpleMatrix never = new SimpleMatrix(new double[][] {{1, 0}, {1, 0}});
    LatentTree certain = LatentTree.of(laws(1, 2, false, rng), never, never, -1, 0);
    Tokens impossible = Tokens.of(certain.tokenSpace(), certain.token(1, 1));
    assertThrows(
        ImpossibleTokensException.class, () -> RecursiveNetwork.of(certain).infer(impossible));
  }
}
