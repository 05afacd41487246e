package org.definetti.lab.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.NotPositiveDefiniteException;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import smile.stat.distribution.ExponentialFamilyMixture;
import smile.stat.distribution.GaussianDistribution;
import smile.stat.distribution.Mixture;

class MixtureFitTest {

  // A step loses no more than rounding of sums of a few thousand log-likelihoods.
  private static final double ROUNDING = 1e-9;

  private static final FitOptions OPTIONS = FitOptions.withDefaults().withRestarts(5);
  private static final FitOptions LIKELIHOOD = OPTIONS.withPriorTokens(0);

  private static final CategoricalConcepts DICE =
      CategoricalConcepts.of(
              new SimpleMatrix(
                  new double[][] {{0.7, 0.2, 0.1, 0}, {0.1, 0.2, 0.3, 0.4}, {0.1, 0.6, 0.2, 0.1}}))
          .withPrior(new SimpleMatrix(new double[][] {{0.5, 0.3, 0.2}}));

  private static final GaussianConcepts CLOUDS =
      GaussianConcepts.of(
              new SimpleMatrix(new double[][] {{0, 0}, {300, 1}, {0, 4}}),
              List.of(
                  new SimpleMatrix(new double[][] {{10_000, 50}, {50, 1}}),
                  new SimpleMatrix(new double[][] {{40_000, 0}, {0, 0.25}}),
                  new SimpleMatrix(new double[][] {{10_000, -80}, {-80, 4}})))
          .withPrior(new SimpleMatrix(new double[][] {{0.5, 0.3, 0.2}}));

  static void assertClimbs(Fit fit) {
    for (Climb climb : fit.climbs()) {
      for (int i = 1; i <= climb.iterations(); i++) {
        double before = climb.objective().get(i - 1);
        double after = climb.objective().get(i);
        assertTrue(after >= before - ROUNDING * Math.abs(before), before + " then " + after);
      }
      assertTrue(climb.iterations() >= 2, climb::toString);
    }
  }

  @Test
  void everyStepOfEveryClimbGains() {
    for (int components = 2; components <= 4; components++) {
      for (double c : new double[] {0, 0.5, 20}) {
        FitOptions options = OPTIONS.withRestarts(3).withPriorTokens(c).withIterations(100);
        Fit dice = MixtureFit.of(Draws.of(DICE, 60, 4, "dice"), components, options);
        Fit clouds = MixtureFit.of(Draws.of(CLOUDS, 60, 9, "clouds"), components, options);
        Fit shared =
            MixtureFit.sharingCovariance(Draws.of(CLOUDS, 60, 9, "clouds"), components, options);
        List.of(dice, clouds, shared).forEach(MixtureFitTest::assertClimbs);
        if (c == 0) {
          assertEquals(dice.bestClimb().logEvidence(), dice.bestClimb().objective());
        }
      }
    }
  }

  @Test
  void agreesWithDirectMaximisationForTwoCoins() {
    // Counts of heads in sequences of 5: the evidence of three numbers, written out by hand.
    int[] heads = {0, 1, 1, 5, 4, 5, 2, 1, 4, 0, 1, 5};
    List<Tokens> sequences = new ArrayList<>();
    for (int h : heads) {
      double[] tosses = new double[5];
      Arrays.fill(tosses, 0, h, 1);
      sequences.add(Tokens.ofRows(new CategoricalTokens(2), tosses));
    }
    double best =
        maximum(
            x -> {
              double p = logistic(x[0]);
              double sum = 0;
              for (int h : heads) {
                sum += Math.log(p * power(logistic(x[1]), h) + (1 - p) * power(logistic(x[2]), h));
              }
              return sum;
            },
            0.1,
            -1,
            1);
    Fit fit = MixtureFit.of(sequences, 2, LIKELIHOOD.withTolerance(1e-13));
    assertEquals(best, fit.bestClimb().finalLogEvidence(), 1e-8);
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double power(double p, int heads) {
    return Math.pow(p, heads) * Math.pow(1 - p, 5 - heads);
  }

  /** Returns the largest value that a simplex search finds from a point. */
  static double maximum(
      org.apache.commons.math3.analysis.MultivariateFunction function, double... start) {
    double[] at = start;
    double best = Double.NEGATIVE_INFINITY;
    for (int round = 0; round < 5; round++) { // the simplex shrinks too soon once in a while
      var found =
          new SimplexOptimizer(1e-15, 1e-15)
              .optimize(
                  new MaxEval(100_000),
                  new ObjectiveFunction(function),
                  GoalType.MAXIMIZE,
                  new InitialGuess(at),
                  new NelderMeadSimplex(start.length, 0.3));
      at = found.getPoint();
      best = found.getValue();
    }
    return best;
  }

  @Test
  void agreesWithSmileOnSequencesOfOneNumber() {
    var rng = Seed.of(3).child("smile").generator();
    double[] numbers = new double[400];
    List<Tokens> sequences = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i % 4 == 0 ? 6 + 2 * Normal.draw(rng) : Normal.draw(rng);
      sequences.add(Tokens.ofRows(new RealTokens(1), new double[] {numbers[i]}));
    }
    Mixture.Component[] components = {
      new Mixture.Component(0.5, new GaussianDistribution(0, 1)),
      new Mixture.Component(0.5, new GaussianDistribution(6, 2))
    };
    // Without regularisation Smile 2.6.0 ends after one step; each call goes on from the last.
    ExponentialFamilyMixture theirs = ExponentialFamilyMixture.fit(numbers, components, 0, 1, 0);
    for (int step = 0; step < 300; step++) {
      theirs = ExponentialFamilyMixture.fit(numbers, theirs.components, 0, 1, 0);
    }
    double evidence = 0;
    for (double number : numbers) {
      evidence += theirs.logp(number);
    }
    Fit fit = MixtureFit.of(sequences, 2, LIKELIHOOD);
    GaussianConcepts ours = (GaussianConcepts) fit.model();
    assertEquals(evidence, fit.bestClimb().finalLogEvidence(), 1e-5);
    for (int k = 0; k < 2; k++) {
      Mixture.Component component = theirs.components[k];
      assertEquals(component.priori, ours.priorProbabilities().get(k), 1e-4);
      assertEquals(component.distribution.mean(), ours.means().get(k), 1e-3);
      assertEquals(component.distribution.variance(), ours.covariance(k).get(0), 1e-3);
    }
  }

  @Test
  void findsTheModelThatTheSequencesCameFrom() {
    // Hundreds of sequences of 30 tokens: a probability is known to 0.01, a prior probability to
    // 0.02, a mean to 2 % of a deviation, a variance to 4 %; tolerances are 3 to 5 times that.
    FitOptions few = OPTIONS.withTolerance(1e-6);
    Fit dice = MixtureFit.of(Draws.of(DICE, 600, 29, "many"), 3, few);
    CategoricalConcepts found = (CategoricalConcepts) dice.model();
    assertTrue(found.likelihoods().isIdentical(DICE.likelihoods(), 0.03));
    assertTrue(found.priorProbabilities().isIdentical(DICE.priorProbabilities(), 0.07));
    assertTrue(dice.bestClimb().converged());

    Fit clouds = MixtureFit.of(Draws.of(CLOUDS, 300, 29, "many"), 3, few);
    GaussianConcepts model = (GaussianConcepts) clouds.model();
    for (int k = 0; k < 3; k++) {
      for (int i = 0; i < 2; i++) {
        double deviation = Math.sqrt(CLOUDS.covariance(k).get(i, i));
        assertEquals(CLOUDS.means().get(k, i), model.means().get(k, i), 0.1 * deviation);
        assertEquals(1, model.covariance(k).get(i, i) / (deviation * deviation), 0.2);
      }
    }
    List<Tokens> fresh = Draws.of(CLOUDS, 50, 10, "fresh");
    assertEquals(Fit.evidencePerToken(CLOUDS, fresh), Fit.evidencePerToken(model, fresh), 0.01);
  }

  @Test
  void findsNothingOnceTheTokensAreDealtAnew() {
    for (boolean dealt : new boolean[] {false, true}) {
      List<Tokens> all = Draws.of(DICE, 200, 19, "control");
      all = dealt ? Draws.dealtAnew(all) : all;
      double concepts = heldOut(all, 3);
      double one = heldOut(all, 1);
      assertTrue(dealt ? concepts < one + 0.002 : concepts > one + 0.05, concepts + " " + one);
    }
  }

  private static double heldOut(List<Tokens> sequences, int components) {
    Fit fit = MixtureFit.of(sequences.subList(0, 150), components, OPTIONS);
    return Fit.evidencePerToken(fit.model(), sequences.subList(150, 200));
  }

  @Test
  void oneConceptIsThePooledLaw() {
    List<Tokens> sequences = Draws.of(CLOUDS, 20, 5, "one");
    GaussianConcepts model = (GaussianConcepts) MixtureFit.of(sequences, 1, LIKELIHOOD).model();
    double[] mean = new double[2];
    int count = 0;
    for (Tokens tokens : sequences) {
      for (int l = 0; l < tokens.length(); l++, count++) {
        mean[0] += tokens.at(l, 0);
        mean[1] += tokens.at(l, 1);
      }
    }
    double[] found = {model.means().get(0), model.means().get(1)};
    assertArrayEquals(new double[] {mean[0] / count, mean[1] / count}, found, 1e-10 * 300);
  }

  @Test
  void changingUnitsChangesNothingElse() {
    List<Tokens> plain = Draws.of(CLOUDS, 40, 8, "units");
    List<Tokens> other = new ArrayList<>();
    for (Tokens tokens : plain) {
      double[] rows = new double[2 * tokens.length()];
      for (int l = 0; l < tokens.length(); l++) {
        rows[2 * l] = 1e-3 * tokens.at(l, 0) + 50;
        rows[2 * l + 1] = 1e4 * tokens.at(l, 1) + tokens.at(l, 0);
      }
      other.add(Tokens.owning(tokens.space(), rows));
    }
    Fit a = MixtureFit.of(plain, 3, OPTIONS.withPriorTokens(2));
    Fit b = MixtureFit.of(other, 3, OPTIONS.withPriorTokens(2));
    double jacobian = -a.tokens() * Math.log(1e-3 * 1e4);
    assertEquals(
        a.bestClimb().finalLogEvidence() + jacobian, b.bestClimb().finalLogEvidence(), 1e-4);
  }

  @Test
  void sameSeedSameBits() {
    List<Tokens> sequences = Draws.of(CLOUDS, 30, 4, "bits");
    Fit once = MixtureFit.of(sequences, 3, OPTIONS);
    assertEquals(once, MixtureFit.of(sequences, 3, OPTIONS));
    Fit other = MixtureFit.of(sequences, 3, OPTIONS.withSeed(2));
    assertTrue(
        !once.climbs().get(0).objective().equals(other.climbs().get(0).objective()), "same start");
  }

  @Test
  void aConceptThatCollapsesIsRefusedByNameUnlessThereArePriorTokens() {
    List<Tokens> sequences = new ArrayList<>(Draws.of(CLOUDS, 20, 8, "collapse"));
    double[] twice = {1e4, 50, 1e4, 50}; // a sequence of one point, far from all others
    sequences.add(Tokens.ofRows(new RealTokens(2), twice));
    Throwable thrown =
        assertThrows(
            NotPositiveDefiniteException.class, () -> MixtureFit.of(sequences, 2, LIKELIHOOD));
    assertTrue(thrown.getMessage().contains("covariance of concept"), thrown.getMessage());

    Fit fit = MixtureFit.of(sequences, 2, OPTIONS.withPriorTokens(1));
    GaussianConcepts model = (GaussianConcepts) fit.model();
    SimpleMatrix pooled = Moments.pooled(sequences).covariance();
    for (int k = 0; k < 2; k++) {
      for (int i = 0; i < 2; i++) {
        double least = pooled.get(i, i) / (fit.tokens() + 1);
        assertTrue(model.covariance(k).get(i, i) >= least, model.covariance(k)::toString);
      }
    }
  }

  @Test
  void wrongInputIsRefusedByName() {
    List<Tokens> sequences = Draws.of(DICE, 3, 4, "few");
    assertMessage("components", () -> MixtureFit.of(sequences, 0, OPTIONS));
    assertMessage("sequences: expected at least 4", () -> MixtureFit.of(sequences, 4, OPTIONS));
    assertMessage("real vectors", () -> MixtureFit.sharingCovariance(sequences, 2, OPTIONS));
    List<Tokens> mixed = List.of(sequences.get(0), Draws.of(CLOUDS, 1, 4, "few").get(0));
    assertMessage("expected", () -> MixtureFit.of(mixed, 1, OPTIONS));
    assertMessage("restarts", () -> OPTIONS.withRestarts(0));
    assertMessage("prior-tokens", () -> OPTIONS.withPriorTokens(-1));
    assertMessage("tolerance", () -> OPTIONS.withTolerance(Double.NaN));
    assertMessage("iterations", () -> OPTIONS.withIterations(0));
    double[] line = {1, 2, 2, 4, 3, 6};
    List<Tokens> flat = List.of(Tokens.ofRows(new RealTokens(2), line));
    assertThrows(NotPositiveDefiniteException.class, () -> MixtureFit.of(flat, 1, OPTIONS));
  }

  static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
