package org.definetti.architecture;

import static org.definetti.architecture.Configurations.distance;
import static org.definetti.architecture.Configurations.laws;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.ImpossibleTokensException;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** The three networks of a hidden Markov model, against all paths and against its belief. */
final class RecurrenceTest {

  private static final double IDENTITY = 1e-12; // sums of positive numbers, well scaled

  private final RandomGenerator rng = Seed.of(21).generator();

  private HiddenMarkov categorical(int states, int categories, boolean sparse) {
    return HiddenMarkov.of(
        laws(1, states, sparse, rng),
        laws(states, states, sparse, rng),
        laws(states, categories, sparse, rng));
  }

  private HiddenMarkov gaussian(int states) {
    double[] means = rng.doubles(2L * states, -2, 2).toArray();
    return HiddenMarkov.gaussian(
        laws(1, states, false, rng),
        laws(states, states, false, rng),
        new SimpleMatrix(states, 2, true, means),
        0.7);
  }

  private static SimpleMatrix smoothed(HiddenMarkov model, Tokens tokens) {
    SimpleMatrix logs = model.logLikelihoods(tokens);
    return Configurations.marginals(
        tokens.length(),
        model.states(),
        z -> {
          double weight = model.initial().get(0, z[0]) * Math.exp(logs.get(0, z[0]));
          for (int l = 1; l < z.length; l++) {
            weight *= model.transition().get(z[l - 1], z[l]) * Math.exp(logs.get(l, z[l]));
          }
          return weight;
        });
  }

  private static void check(HiddenMarkov model, Tokens tokens) {
    int length = tokens.length();
    SimpleMatrix smoothed = smoothed(model, tokens);
    SimpleMatrix filtered = smoothed(model, tokens.prefix(1));
    for (int l = 2; l <= length; l++) {
      filtered = filtered.concatRows(smoothed(model, tokens.prefix(l)).extractVector(true, l - 1));
    }
    assertEquals(0, distance(GatedRecurrence.of(model).infer(tokens), filtered), IDENTITY);
    assertEquals(0, distance(ParallelScan.of(model).infer(tokens), filtered), IDENTITY);
    assertEquals(0, distance(BidirectionalRecurrence.of(model).infer(tokens), smoothed), IDENTITY);
  }

  @Test
  void equalsTheSumOverAllPaths() {
    for (int length = 1; length <= 6; length++) {
      for (boolean sparse : new boolean[] {false, true}) {
        HiddenMarkov model = categorical(3, 4, sparse);
        check(model, model.sample(length, rng).tokens());
      }
      HiddenMarkov model = gaussian(3);
      check(model, model.sample(length, rng).tokens());
    }
  }

  @Test
  void predictsTheNextTokenAsTheBeliefDoes() {
    for (HiddenMarkov model : List.of(categorical(4, 3, false), gaussian(3))) {
      Tokens tokens = model.sample(50, rng).tokens();
      SimpleMatrix out = GatedRecurrence.of(model).nextTokens(tokens);
      for (int l = 0; l <= 50; l++) {
        SimpleMatrix exact =
            model
                .prior()
                .observe(tokens.prefix(l))
                .predictive(model.tokenSpace().emptyQuery())
                .mean();
        assertEquals(0, distance(out.extractVector(true, l), exact), IDENTITY);
      }
    }
  }

  @Test
  void staysExactOverLongSequencesAndExtremeGates() {
    HiddenMarkov model = gaussian(3);
    Tokens tokens = model.sample(3000, rng).tokens();
    assertEquals(0, distance(GatedRecurrence.of(model).infer(tokens), model.filter(tokens)), 1e-10);
    assertEquals(0, distance(ParallelScan.of(model).infer(tokens), model.filter(tokens)), 1e-10);
    assertEquals(
        0, distance(BidirectionalRecurrence.of(model).infer(tokens), model.smooth(tokens)), 1e-10);

    double[] far = {-4e5, -1e6, 0, -2e5, -3e5, -1e6};
    SimpleMatrix gates = new SimpleMatrix(2, 3, true, far);
    for (Architecture network : Architecture.all(model)) {
      SimpleMatrix out = network.propagate(gates);
      assertEquals(1, out.get(1, 0), 1e-15);
      assertEquals(1, out.extractVector(true, 0).elementSum(), IDENTITY);
    }
  }

  @Test
  void statesItsDepth() {
    HiddenMarkov model = categorical(2, 2, false);
    assertEquals(17, GatedRecurrence.of(model).depth(17));
    assertEquals(17, BidirectionalRecurrence.of(model).depth(17));
    int[] places = {0, 1, 2, 3, 4, 5, 1024, 1025};
    int[] depths = {0, 0, 1, 2, 2, 3, 10, 11};
    for (int i = 0; i < places.length; i++) {
      assertEquals(depths[i], ParallelScan.of(model).depth(places[i]));
    }
  }

  @Test
  void answersForNoTokensAndRefusesImpossibleOnes() {
    HiddenMarkov model = categorical(3, 2, false);
    for (Architecture network : Architecture.all(model)) {
      assertEquals(0, network.infer(model.sample(0, rng).tokens()).getNumRows());
      double[] none = new double[6];
      Arrays.fill(none, 3, 6, Double.NEGATIVE_INFINITY);
      SimpleMatrix impossible = new SimpleMatrix(2, 3, true, none);
      assertThrows(ImpossibleTokensException.class, () -> network.propagate(impossible));
      assertThrows(ShapeMismatchException.class, () -> network.propagate(new SimpleMatrix(2, 2)));
      SimpleMatrix notNumbers = new SimpleMatrix(1, 3, true, new double[] {0, Double.NaN, 0});
      assertThrows(IllegalArgumentException.class, () -> network.propagate(notNumbers));
    }
    assertEquals(
        0,
        distance(GatedRecurrence.of(model).nextStates(new SimpleMatrix(0, 3)), model.initial()),
        IDENTITY);
  }

  @Test
  void anExchangeableModelHasNoPlaces() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Architecture.of(BetaBernoulli.of(1, 1)));
    assertTrue(refused.getMessage().contains("beta-bernoulli"), refused.getMessage());
  }

  @Test
  void notSeeingTheOrderIsNoticed() {
    HiddenMarkov model =
        HiddenMarkov.of(
            new SimpleMatrix(new double[][] {{0.5, 0.5}}),
            new SimpleMatrix(new double[][] {{0.9, 0.1}, {0.2, 0.8}}),
            new SimpleMatrix(new double[][] {{0.8, 0.2}, {0.3, 0.7}}));
    Tokens tokens = Tokens.ofRows(model.tokenSpace(), new double[] {0, 0, 0, 1, 1, 1});
    SimpleMatrix kept = GatedRecurrence.of(model).nextTokens(tokens);
    SimpleMatrix turned = GatedRecurrence.of(model).nextTokens(tokens.permute(5, 4, 3, 2, 1, 0));
    assertTrue(
        distance(kept.extractVector(true, 6), turned.extractVector(true, 6)) > 0.1,
        "the last tokens count more");
  }
}
