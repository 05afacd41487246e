package org.definetti.latent.mixture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.special.Erf;
import org.definetti.latent.Belief;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Dirichlet process against seatings token by token, against the Dirichlet it must be on any
 * finite partition, and against a stick-breaking simulation of the test's own.
 */
class DirichletProcessOracleTest {

  private static final double IDENTITY = 1e-10;
  private static final double NU = 1.7;
  private static final DirichletProcess MODEL =
      DirichletProcess.of(1, NU, 2.2).withBaseMean(new SimpleMatrix(1, 1, true, 0.4));

  private static double logBase(double x) {
    return -0.5 * (Math.log(2 * Math.PI * 2.2) + (x - 0.4) * (x - 0.4) / 2.2);
  }

  /** Calls {@code visit} with the table of each guest, for every partition of {@code length}. */
  private static void partitions(int[] tables, int next, List<int[]> all) {
    if (next == tables.length) {
      all.add(tables.clone());
      return;
    }
    int largest = Arrays.stream(tables, 0, next).max().orElse(-1);
    for (int table = 0; table <= largest + 1; table++) {
      tables[next] = table;
      partitions(tables, next + 1, all);
    }
  }

  /** Every seating of up to 7 guests: probabilities by hand, their sum is one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7})
  void allPartitions(int length) {
    List<int[]> all = new ArrayList<>();
    partitions(new int[length], 0, all);
    assertEquals(length == 7 ? 877 : length == 4 ? 15 : 1, all.size()); // Bell numbers
    double[] values = {0.3, -1.2, 2.5, 0.0, 1.1, -0.7, 4};
    double total = 0;
    for (int[] tables : all) {
      double seating = 1;
      double densities = 0;
      int[] guests = new int[length];
      double[] rows = new double[length];
      for (int l = 0; l < length; l++) {
        int table = tables[l];
        seating *= (guests[table] == 0 ? NU : guests[table]) / (NU + l);
        densities += guests[table] == 0 ? logBase(values[table]) : 0;
        guests[table]++;
        rows[l] = values[table];
      }
      Belief<RandomMeasure> belief = MODEL.prior().observe(Tokens.owning(MODEL.tokenSpace(), rows));
      assertEquals(Math.log(seating) + densities, belief.logEvidence(), IDENTITY);
      total += Math.exp(belief.logEvidence() - densities);
      double mean = (NU * 0.4 + Arrays.stream(rows).sum()) / (NU + length);
      assertEquals(mean, belief.mean().get(0, 0), IDENTITY);
      double square = NU * (2.2 + 0.4 * 0.4) + Arrays.stream(rows).map(x -> x * x).sum();
      double spread = square / (NU + length) - mean * mean;
      Predictive predictive = belief.predictive(new SimpleMatrix(1, 1));
      assertEquals(spread, predictive.covariance().get(0, 0), IDENTITY);
      assertEquals(spread / (NU + length + 1), belief.covariance().get(0, 0), IDENTITY);
      double last = Math.log(guests[tables[0]] / (NU + length));
      assertEquals(last, predictive.logProbability(new double[] {values[0]}), IDENTITY);
      double fresh = Math.log(NU / (NU + length)) + logBase(9);
      assertEquals(fresh, predictive.logProbability(new double[] {9}), IDENTITY);
    }
    assertEquals(1, total, IDENTITY);
  }

  /** Binned into three sets the tokens are Dirichlet-categorical, whatever the bins. */
  @Test
  void binsAreADirichlet() {
    double below = normal(-0.5);
    double above = 1 - normal(1);
    DirichletCategorical bins =
        DirichletCategorical.of(NU * below, NU * (1 - below - above), NU * above);
    Tokens tokens = MODEL.sample(12, Seed.of(71).generator()).tokens();
    double[] binned = new double[12];
    for (int l = 0; l < 12; l++) {
      binned[l] = tokens.at(l, 0) < -0.5 ? 0 : tokens.at(l, 0) < 1 ? 1 : 2;
    }
    SimpleMatrix expected = bins.prior().observe(Tokens.owning(bins.tokenSpace(), binned)).mean();
    Belief<RandomMeasure> belief = MODEL.prior().observe(tokens);
    double[] mass = {below * NU, (1 - below - above) * NU, above * NU};
    for (int l = 0; l < 12; l++) {
      mass[(int) binned[l]]++;
    }
    // Predictive masses of the bins, from the belief: atoms in the bin and the base's share.
    Predictive predictive = belief.predictive(new SimpleMatrix(1, 1));
    double[] seen = new double[3];
    double atoms = 0;
    for (double x : tokens.values().getDDRM().data.clone()) {
      double each = Math.exp(predictive.logProbability(new double[] {x}));
      int count = 0;
      for (int l = 0; l < 12; l++) {
        count += tokens.at(l, 0) == x ? 1 : 0;
      }
      seen[x < -0.5 ? 0 : x < 1 ? 1 : 2] += each / count;
      atoms += each / count;
    }
    for (int w = 0; w < 3; w++) {
      double share = w == 0 ? below : w == 2 ? above : 1 - below - above;
      assertEquals(expected.get(0, w), seen[w] + (1 - atoms) * share, IDENTITY);
      assertEquals(expected.get(0, w), mass[w] / (NU + 12), IDENTITY);
    }
    // Posterior draws give the bins the Dirichlet's moments; five standard errors.
    RandomGenerator rng = Seed.of(72).generator();
    double mean = 0;
    double square = 0;
    int draws = 3000;
    for (int n = 0; n < draws; n++) {
      RandomMeasure measure = belief.sample(rng);
      int first = measure.draw(rng)[0] < -0.5 ? 1 : 0;
      int second = measure.draw(rng)[0] < -0.5 ? 1 : 0;
      mean += (first + second) / 2.0 / draws;
      square += (double) first * second / draws; // E[G(bin)²]
    }
    double p = expected.get(0, 0);
    double pair = p * (p * (NU + 12) + 1) / (NU + 13);
    assertEquals(p, mean, 5 * Math.sqrt(p / draws));
    assertEquals(pair, square, 5 * Math.sqrt(pair / draws));
  }

  private static double normal(double x) {
    return 0.5 * Erf.erfc(-(x - 0.4) / Math.sqrt(2 * 2.2));
  }

  /** Distinct values among L draws: those of the test's own stick breaking, and the closed mean. */
  @Test
  void distinctValuesAreAsManyAsTheyShouldBe() {
    int length = 20;
    int draws = 20_000;
    double expected = 0;
    for (int l = 0; l < length; l++) {
      expected += NU / (NU + l);
    }
    RandomGenerator rng = Seed.of(73).generator();
    double ours = 0;
    double theirs = 0;
    for (int n = 0; n < draws; n++) {
      double[] tokens = MODEL.sample(length, rng).tokens().values().getDDRM().data;
      ours += (double) Arrays.stream(tokens).distinct().count() / draws;
      theirs += (double) sticks(length, rng) / draws;
    }
    double error = 5 * Math.sqrt(expected / draws); // the variance is below the mean
    assertEquals(expected, theirs, error);
    assertEquals(expected, ours, error);
  }

  private static int sticks(int length, RandomGenerator rng) {
    List<Double> weights = new ArrayList<>();
    boolean[] hit = new boolean[10_000];
    int distinct = 0;
    double rest = 1;
    for (int l = 0; l < length; l++) {
      double u = rng.nextDouble();
      int k = 0;
      while (true) {
        if (k == weights.size()) {
          double stick = 1 - Math.pow(rng.nextDouble(), 1 / NU); // Beta(1, ν) by inversion
          weights.add(rest * stick);
          rest *= 1 - stick;
        }
        u -= weights.get(k);
        if (u < 0) {
          break;
        }
        k++;
      }
      distinct += hit[k] ? 0 : 1;
      hit[k] = true;
    }
    return distinct;
  }

  /** A measure is one value: however often, in whatever order and by whomever it is drawn from. */
  @Test
  void measuresAreValues() throws Exception {
    DirichletProcess model = DirichletProcess.of(2, 50, 1);
    RandomMeasure one = model.drawLatent(Seed.of(74).generator());
    RandomMeasure same = model.drawLatent(Seed.of(74).generator());
    assertEquals(one, same);
    assertNotEquals(one, model.drawLatent(Seed.of(75).generator()));
    same.mean(); // looks at far more of it first
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Callable<double[]>> tasks = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int thread = t;
        tasks.add(
            () -> {
              RandomGenerator rng = Seed.of(76).child(thread % 4).generator();
              double[] rows = new double[400];
              for (int l = 0; l < 200; l++) {
                System.arraycopy((thread < 4 ? one : same).draw(rng), 0, rows, 2 * l, 2);
              }
              return rows;
            });
      }
      List<Future<double[]>> rows = pool.invokeAll(tasks);
      for (int t = 0; t < 4; t++) {
        assertArrayEquals(rows.get(t).get(), rows.get(t + 4).get());
      }
    } finally {
      pool.shutdownNow();
    }
    assertEquals(one.mean().get(0, 1), same.mean().get(0, 1));
  }

  @Test
  void aMillionTokens() {
    DirichletProcess model = DirichletProcess.of(1, 30, 1);
    int length = 1_000_000;
    Tokens tokens = model.sample(length, Seed.of(77).generator()).tokens();
    double[] rows = tokens.values().getDDRM().data;
    Belief<RandomMeasure> belief = model.prior().observe(tokens);
    long distinct = Arrays.stream(rows).distinct().count();
    assertTrue(distinct > 200 && distinct < 450, "distinct " + distinct); // mean 312, sd 17
    double sum = 0;
    double seating = 0;
    double[] sorted = rows.clone();
    Arrays.sort(sorted);
    int run = 0;
    for (int l = 0; l < length; l++) {
      run = l > 0 && sorted[l] == sorted[l - 1] ? run + 1 : 0;
      seating += Math.log(run == 0 ? 30 : run) - Math.log(30 + l);
      seating -= run == 0 ? 0.5 * (Math.log(2 * Math.PI) + sorted[l] * sorted[l]) : 0;
      sum += sorted[l];
    }
    assertEquals(seating, belief.logEvidence(), 1e-11 * Math.abs(seating));
    assertEquals(sum / (length + 30), belief.mean().get(0, 0), 1e-11);
    Belief<RandomMeasure> merged =
        model
            .prior()
            .observe(tokens.prefix(300_000))
            .merge(model.prior().observe(tokens.slice(300_000, length)));
    assertEquals(belief.logEvidence(), merged.logEvidence(), 1e-12 * Math.abs(seating));
    assertEquals(belief.covariance().get(0, 0), merged.covariance().get(0, 0), 1e-18);
  }

  /** One value a million times: Γ(L) and Γ(ν + L) nearly cancel. */
  @Test
  void oneValueAMillionTimes() {
    int length = 1_000_000;
    Tokens tokens = Tokens.owning(MODEL.tokenSpace(), new double[length]);
    double expected = logBase(0);
    for (int l = 1; l < length; l++) {
      expected -= Math.log1p(NU / l);
    }
    assertEquals(expected, MODEL.prior().observe(tokens).logEvidence(), 1e-9);
  }

  @Test
  void extremesAreRightOrRefusedByName() {
    Tokens tokens = Tokens.of(MODEL.tokenSpace(), Token.real(3), Token.real(-0.0), Token.real(0.0));
    Belief<RandomMeasure> sure = DirichletProcess.of(1, 1e-12, 1e12).prior().observe(tokens);
    assertEquals(1, sure.mean().get(0, 0), 1e-11);
    double zero = sure.predictive(new SimpleMatrix(1, 1)).logProbability(new double[] {0});
    assertEquals(Math.log(2.0 / 3), zero, 1e-11); // -0.0 and 0.0 are one value
    Belief<RandomMeasure> vague = DirichletProcess.of(1, 1e5, 1e-12).prior().observe(tokens);
    assertEquals(3 / (1e5 + 3), vague.mean().get(0, 0), 1e-18);
    assertTrue(Double.isFinite(sure.logEvidence()) && Double.isFinite(vague.logEvidence()));
    // A tiny concentration: G is one atom.
    DirichletProcess atom = DirichletProcess.of(1, 1e-12, 1);
    double[] rows = atom.sample(50, Seed.of(78).generator()).tokens().values().getDDRM().data;
    assertEquals(1, Arrays.stream(rows).distinct().count());

    assertRefused(
        "concentration: expected > 0 and <= 100000.0, got 200000.0",
        () -> DirichletProcess.of(1, 2e5, 1));
    assertRefused(
        "concentration: expected > 0 and <= 100000.0, got NaN",
        () -> DirichletProcess.of(1, Double.NaN, 1));
    assertRefused(
        "baseVariance: expected finite and > 0, got 0.0", () -> DirichletProcess.of(1, 1, 0));
    String reason =
        assertThrows(UnsupportedOperationException.class, () -> vague.entropyNats()).getMessage();
    assertTrue(reason.contains("has no entropy because"), reason);
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  /** A null token of weight ν and value m0 computes the predictive mean: the declared family. */
  @Test
  void aCountAndASumGiveThePredictiveMean() {
    Tokens tokens = MODEL.sample(9, Seed.of(79).generator()).tokens();
    SimpleMatrix sum = new SimpleMatrix(1, 1, true, tokens.values().elementSum());
    double expected = MODEL.prior().observe(tokens).mean().get(0, 0);
    SimpleMatrix query = new SimpleMatrix(1, 1);
    assertEquals(expected, MODEL.posterior(9, sum).predictive(query).mean().get(0, 0), IDENTITY);
    assertThrows(UnsupportedOperationException.class, () -> MODEL.posterior(9, sum).logEvidence());
  }

  /** The control: seatings notice a concentration that is one percent off. */
  @Test
  void aWrongConcentrationIsSeen() {
    Tokens tokens = Tokens.of(MODEL.tokenSpace(), Token.real(1), Token.real(2), Token.real(1));
    double right = MODEL.prior().observe(tokens).logEvidence();
    DirichletProcess wrong =
        DirichletProcess.of(1, NU * 1.01, 2.2).withBaseMean(MODEL.base().mean());
    assertTrue(Math.abs(right - wrong.prior().observe(tokens).logEvidence()) > 1e-4);
  }
}
