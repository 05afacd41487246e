package org.definetti.architecture;

import static org.definetti.architecture.Configurations.distance;
import static org.definetti.architecture.Configurations.laws;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Tokens;
import org.definetti.latent.graph.LatentGrid;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Windows on a chain, and grids, against sums over all configurations. */
final class LocalNetworkTest {

  private static final double IDENTITY = 1e-12;

  private final RandomGenerator rng = Seed.of(23).generator();

  private HiddenMarkov chain(int states, boolean sparse) {
    return HiddenMarkov.of(
        laws(1, states, sparse, rng),
        laws(states, states, sparse, rng),
        laws(states, 3, sparse, rng));
  }

  // P(s_l | tokens within distance), by all paths.
  private static SimpleMatrix window(HiddenMarkov model, Tokens tokens, int l, int distance) {
    SimpleMatrix logs = model.logLikelihoods(tokens);
    SimpleMatrix all =
        Configurations.marginals(
            tokens.length(),
            model.states(),
            z -> {
              double weight = model.initial().get(0, z[0]);
              for (int i = 0; i < z.length; i++) {
                weight *= i == 0 ? 1 : model.transition().get(z[i - 1], z[i]);
                weight *= Math.abs(i - l) <= distance ? Math.exp(logs.get(i, z[i])) : 1;
              }
              return weight;
            });
    return all.extractVector(true, l);
  }

  @Test
  void everyIterationIsThePosteriorGivenAWindow() {
    for (boolean sparse : new boolean[] {false, true}) {
      HiddenMarkov model = chain(3, sparse);
      Tokens tokens = model.sample(7, rng).tokens();
      LocalNetwork network = LocalNetwork.chain(model, 6);
      List<SimpleMatrix> outputs = network.iterates(network.evidence(tokens));
      assertEquals(7, outputs.size());
      for (int t = 0; t <= 6; t++) {
        for (int l = 0; l < 7; l++) {
          SimpleMatrix exact = window(model, tokens, l, t);
          assertEquals(0, distance(outputs.get(t).extractVector(true, l), exact), IDENTITY);
        }
      }
      assertEquals(0, distance(network.infer(tokens), model.smooth(tokens)), IDENTITY);
    }
  }

  @Test
  void aFlatStartIsExactOnlyInTheEnd() {
    HiddenMarkov model = chain(3, false);
    Tokens tokens = model.sample(7, rng).tokens();
    LocalNetwork network = LocalNetwork.chain(model, 6).withFlatStart();
    List<SimpleMatrix> outputs = network.iterates(network.evidence(tokens));
    assertEquals(0, distance(outputs.get(6), model.smooth(tokens)), IDENTITY);
    SimpleMatrix middle = outputs.get(1).extractVector(true, 3);
    assertTrue(distance(middle, window(model, tokens, 3, 1)) > 1e-4);
  }

  @Test
  void theReceptiveFieldGrowsByOneEachIteration() {
    HiddenMarkov model = // slow to forget: what is 20 places away can still be seen
        HiddenMarkov.of(
            new SimpleMatrix(new double[][] {{0.5, 0.5}}),
            new SimpleMatrix(new double[][] {{0.95, 0.05}, {0.1, 0.9}}),
            new SimpleMatrix(new double[][] {{0.6, 0.4}, {0.4, 0.6}}));
    SimpleMatrix evidence = model.logLikelihoods(model.sample(20, rng).tokens());
    double[] changed = evidence.getDDRM().data.clone();
    changed[0] += 1;
    SimpleMatrix other = new SimpleMatrix(20, 2, true, changed);
    for (int t = 0; t < 20; t++) {
      LocalNetwork network = LocalNetwork.chain(model, t);
      SimpleMatrix before = network.propagate(evidence);
      SimpleMatrix after = network.propagate(other);
      for (int l = 0; l < 20; l++) {
        assertEquals(l > t, before.get(l, 0) == after.get(l, 0), "iteration " + t + " place " + l);
      }
    }
  }

  private static SimpleMatrix exact(LatentGrid model, SimpleMatrix evidence) {
    int columns = model.columns();
    return Configurations.marginals(
        model.rows() * columns,
        model.potential().getNumCols(),
        z -> {
          double weight = 1;
          for (int i = 0; i < z.length; i++) {
            weight *= Math.exp(evidence.get(i, z[i]));
            weight *= (i + 1) % columns == 0 ? 1 : model.potential().get(z[i], z[i + 1]);
            weight *= i + columns >= z.length ? 1 : model.potential().get(z[i], z[i + columns]);
          }
          return weight;
        });
  }

  @Test
  void linesAreExactOnGrids() {
    SimpleMatrix hard = new SimpleMatrix(new double[][] {{1, 0.5}, {0.5, 0}});
    int[][] shapes = {{1, 1}, {1, 5}, {4, 1}, {2, 2}, {3, 4}, {4, 3}, {2, 6}};
    for (int[] shape : shapes) {
      for (LatentGrid model :
          List.of(
              LatentGrid.potts(shape[0], shape[1], 0.7, laws(2, 3, false, rng)),
              LatentGrid.of(shape[0], shape[1], hard, laws(2, 3, false, rng)))) {
        LineRecurrence network = LineRecurrence.of(model);
        SimpleMatrix evidence = network.evidence(model.sample(15, rng).tokens());
        assertEquals(0, distance(network.propagate(evidence), exact(model, evidence)), IDENTITY);
        assertEquals(Math.max(shape[0], shape[1]), network.depth(shape[0] * shape[1]));
      }
    }
  }

  @Test
  void linesEqualTheBeliefOnLargeGrids() {
    LatentGrid model = LatentGrid.potts(5, 30, -0.6, laws(3, 4, false, rng));
    Tokens tokens = model.sample(400, rng).tokens();
    SimpleMatrix out = LineRecurrence.of(model).infer(tokens);
    assertEquals(0, distance(out, model.prior().observe(tokens).mean()), 1e-10);
  }

  @Test
  void localIterationIsExactOnGridsWithoutCyclesOnly() {
    LatentGrid line = LatentGrid.potts(1, 8, 0.9, laws(2, 2, false, rng));
    Tokens seen = line.sample(10, rng).tokens();
    assertEquals(
        0,
        distance(LocalNetwork.grid(line, 7).infer(seen), LineRecurrence.of(line).infer(seen)),
        IDENTITY);

    SimpleMatrix noise = new SimpleMatrix(new double[][] {{0.7, 0.3}, {0.3, 0.7}});
    LatentGrid square = LatentGrid.potts(3, 3, 0.9, noise);
    Tokens tokens = square.sample(10, rng).tokens();
    SimpleMatrix exact = LineRecurrence.of(square).infer(tokens);
    for (SimpleMatrix out :
        LocalNetwork.grid(square, 200).iterates(LineRecurrence.of(square).evidence(tokens))) {
      assertFalse(distance(out, exact) < 1e-3);
    }
  }

  @Test
  void refusesNegativeIterations() {
    assertThrows(IllegalArgumentException.class, () -> LocalNetwork.chain(chain(2, false), -1));
  }
}
