package org.definetti.latent.finite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.ImpossibleTokensException;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Sample;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bit-parallel counting against Bayes' rule subset by subset. */
class SparseBooleanTest {

  private static final double ROUNDING = 1e-12;

  /** What a subset says, by plain arithmetic on the bits. */
  private static int said(SparseRule rule, List<Integer> subset, Tokens tokens, int l) {
    int ones = 0;
    for (int position : subset) {
      ones += (int) tokens.at(l, position);
    }
    return rule == SparseRule.PARITY ? ones % 2 : ones == subset.size() ? 1 : 0;
  }

  private static double probability(
      SparseRule rule, double noise, List<Integer> subset, Tokens tokens) {
    double product = 1;
    int label = tokens.space().keyWidth();
    for (int l = 0; l < tokens.length(); l++) {
      product *= said(rule, subset, tokens, l) == tokens.at(l, label) ? 1 - noise : noise;
    }
    return product;
  }

  @ParameterizedTest
  @EnumSource
  void countsAreBayesRule(SparseRule rule) {
    for (double noise : new double[] {0, 0.1}) {
      SparseBoolean model = SparseBoolean.of(rule, 9, 3).withNoise(noise);
      for (int length : new int[] {0, 1, 7, 63, 64, 65, 130}) {
        Seed seed = Seed.of(71).child(length);
        Sample<List<Integer>> sample = model.sample(length, seed.generator());
        SparseBooleanBelief belief = (SparseBooleanBelief) model.prior().observe(sample.tokens());
        double evidence = 0;
        for (List<Integer> subset : model.latents()) {
          evidence += probability(rule, noise, subset, sample.tokens()) / 84;
        }
        assertEquals(Math.log(evidence), belief.logEvidence(), ROUNDING * (1 + length));
        int consistent = 0;
        for (int k = 0; k < 84; k++) {
          List<Integer> subset = model.latents().get(k);
          double exact = probability(rule, noise, subset, sample.tokens()) / 84 / evidence;
          assertEquals(exact, belief.probabilities().get(0, k), ROUNDING);
          assertEquals(exact, Math.exp(belief.logDensity(subset)), ROUNDING);
          consistent += probability(rule, 0, subset, sample.tokens()) == 1 ? 1 : 0;
        }
        assertEquals(consistent, belief.consistent());
        SimpleMatrix query = model.drawQuery(seed.child("query").generator());
        Tokens asked = Tokens.ofRows(model.tokenSpace(), row(query));
        double one = 0;
        for (int k = 0; k < 84; k++) {
          int says = said(rule, model.latents().get(k), asked, 0);
          one += belief.probabilities().get(0, k) * (says == 1 ? 1 - noise : noise);
        }
        assertEquals(one, belief.predictive(query).mean().get(0, 0), ROUNDING);
      }
    }
  }

  private static double[] row(SimpleMatrix query) {
    return java.util.Arrays.copyOf(query.getDDRM().data, query.getNumCols() + 1);
  }

  /** Joined at any place within a word of 64. */
  @Test
  void mergingJoinsColumns() {
    SparseBoolean model = SparseBoolean.of(SparseRule.PARITY, 6, 2).withNoise(0.2);
    Tokens tokens = model.sample(200, Seed.of(72).generator()).tokens();
    Belief<List<Integer>> whole = model.prior().observe(tokens);
    for (int at : new int[] {0, 1, 63, 64, 65, 100, 128, 199, 200}) {
      Belief<List<Integer>> merged =
          model
              .prior()
              .observe(tokens.prefix(at))
              .merge(model.prior().observe(tokens.slice(at, 200)));
      assertEquals(200, merged.count());
      assertTrue(whole.mean().isIdentical(merged.mean(), 0), "at " + at);
    }
  }

  @Test
  void subsetsAreListedAndFound() {
    for (int[] shape : new int[][] {{1, 1}, {5, 2}, {7, 7}, {9, 4}}) {
      Subsets subsets = new Subsets(shape[0], shape[1]);
      Set<List<Integer>> seen = new HashSet<>();
      for (int k = 0; k < subsets.size(); k++) {
        List<Integer> subset = subsets.get(k);
        assertEquals(shape[1], subset.size());
        assertTrue(seen.add(subset));
        assertEquals(k, subsets.indexOf(subset));
      }
    }
    Subsets subsets = new Subsets(5, 2);
    assertEquals(List.of(3, 4), subsets.get(9));
    for (List<Integer> none : List.of(List.of(1, 1), List.of(1, 5), List.of(2, 1), List.of(1))) {
      assertEquals(-1, subsets.indexOf(none));
    }
    assertThrows(IllegalArgumentException.class, () -> new Subsets(100_000, 3));
  }

  /** Elimination leaves what counting leaves; the hidden subset among them. */
  @ParameterizedTest
  @EnumSource
  void versionSpacesAreTheSupport(SparseRule rule) {
    SparseBoolean model = SparseBoolean.of(rule, 12, 3);
    for (int length : new int[] {0, 3, 9, 20, 70}) {
      Sample<List<Integer>> sample = model.sample(length, Seed.of(73).child(length).generator());
      SparseBooleanBelief belief = (SparseBooleanBelief) model.prior().observe(sample.tokens());
      VersionSpace space = VersionSpace.of(rule, 3, sample.tokens());
      assertEquals(belief.consistent(), space.subsets().size());
      assertTrue(space.subsets().contains(sample.latent()));
      assertEquals(belief.consistent() == 1, space.isUnique());
      SimpleMatrix query = model.drawQuery(Seed.of(76).child(length).generator());
      assertEquals(
          belief.predictive(query).mean().get(0, 0), space.probabilityOfOne(query), ROUNDING);
      for (List<Integer> subset : space.subsets()) {
        assertEquals(-Math.log(belief.consistent()), belief.logDensity(subset), ROUNDING);
      }
    }
  }

  /** A few hundred positions: 1.3 million subsets, all counted. */
  @Test
  void longStringsAreCounted() {
    SparseBoolean model = SparseBoolean.of(SparseRule.CONJUNCTION, 200, 3);
    Sample<List<Integer>> sample = model.sample(60, Seed.of(74).generator());
    SparseBooleanBelief belief = (SparseBooleanBelief) model.prior().observe(sample.tokens());
    assertEquals(1_313_400, model.latents().size());
    assertEquals(1, belief.consistent());
    assertEquals(0, belief.logDensity(sample.latent()), 0);
    assertEquals(-Math.log(1_313_400), belief.logEvidence(), ROUNDING);
    assertThrows(UnsupportedOperationException.class, belief::covariance);
  }

  @Test
  void whatNoSubsetExplainsIsImpossible() {
    SparseBoolean model = SparseBoolean.of(SparseRule.CONJUNCTION, 4, 2);
    double[] rows = {1, 1, 1, 1, 0};
    Belief<List<Integer>> belief = model.prior().observe(Tokens.ofRows(model.tokenSpace(), rows));
    assertEquals(Double.NEGATIVE_INFINITY, belief.logEvidence());
    assertThrows(ImpossibleTokensException.class, belief::mean);
    assertTrue(
        VersionSpace.of(SparseRule.CONJUNCTION, 2, Tokens.ofRows(model.tokenSpace(), rows))
            .subsets()
            .isEmpty());
  }

  @Test
  void badInputIsNamed() {
    RandomGenerator rng = Seed.of(75).generator();
    SparseBoolean model = SparseBoolean.of(SparseRule.PARITY, 4, 2);
    Tokens half = Tokens.ofRows(model.tokenSpace(), new double[] {1, 0.5, 0, 0, 1});
    String message =
        assertThrows(IllegalArgumentException.class, () -> model.prior().observe(half))
            .getMessage();
    assertEquals("tokens: expected bits 0 and 1, got 0.5", message);
    assertThrows(
        IllegalArgumentException.class,
        () -> model.prior().predictive(new SimpleMatrix(1, 4, true, 1, 0, 2, 0)));
    assertThrows(IllegalArgumentException.class, () -> model.drawTokens(List.of(2, 1), 1, rng));
    assertThrows(IllegalArgumentException.class, () -> model.withNoise(0.5));
    assertThrows(IllegalArgumentException.class, () -> model.withOneProbability(1));
    assertThrows(IllegalArgumentException.class, () -> SparseBoolean.of(SparseRule.PARITY, 2, 3));
    SparseBoolean large = SparseBoolean.of(SparseRule.CONJUNCTION, 1600, 3);
    assertThrows(IllegalArgumentException.class, large::prior);
    Tokens triples = Tokens.none(new PairTokens(3, 2));
    assertThrows(
        ShapeMismatchException.class, () -> VersionSpace.of(SparseRule.PARITY, 2, triples));
  }
}
