package org.definetti.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.EqualMeanClusters;
import org.definetti.latent.finite.FiniteBelief;
import org.definetti.latent.finite.Topics;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

final class LatentTargetTest {

  private static final double ROUNDING = 1e-12;

  @Test
  void severalMaskedTokensHaveTheSingularValuesOfTheOuterProduct() {
    CategoricalConcepts model = Dice.of(0.7);
    SimpleMatrix one = model.likelihoods().transpose();
    SimpleMatrix outer = one;
    for (int masks = 1; masks <= 3; masks++) {
      LatentTarget counted = LatentTarget.maskedTokens(model, masks);
      assertArrayEquals(
          Transfer.centred(outer).svd(true).getSingularValues(),
          top(Transfer.centred(counted.means())),
          ROUNDING);
      Transfer full = Transfer.of(outer, Dice.question());
      Transfer small = Transfer.of(counted.means(), Dice.question());
      assertEquals(full.kappaTask(), small.kappaTask(), 1e-9 * full.kappaTask());
      PosteriorLaw law = PosteriorLaw.enumerated(model, 4);
      SimpleMatrix ordered = orderedNoise(outer, law);
      SimpleMatrix noise = counted.noise(law);
      // What reaches the downstream task is the same; the noise of the order alone is left out.
      assertEquals(
          full.kappaEff(ordered) * ordered.trace(),
          small.kappaEff(noise) * noise.trace(),
          1e-9 * full.kappaTask());
      assertTrue(noise.trace() <= ordered.trace() * (1 + ROUNDING));
      outer = products(outer, one);
    }
  }

  // E diag(h) - h hᵀ for a one-hot target of mean h given X.
  private static SimpleMatrix orderedNoise(SimpleMatrix means, PosteriorLaw law) {
    SimpleMatrix noise = new SimpleMatrix(means.getNumRows(), means.getNumRows());
    for (int s = 0; s < law.size(); s++) {
      SimpleMatrix h = means.mult(law.posteriors().extractVector(true, s).transpose());
      SimpleMatrix covariance = SimpleMatrix.diag(h.getDDRM().data).minus(h.mult(h.transpose()));
      noise = noise.plus(law.probabilities().get(0, s), covariance);
    }
    return noise;
  }

  private static SimpleMatrix products(SimpleMatrix left, SimpleMatrix right) {
    double[] rows = new double[left.getNumRows() * right.getNumRows() * left.getNumCols()];
    for (int i = 0; i < rows.length; i++) {
      int k = i % left.getNumCols();
      int row = i / left.getNumCols();
      rows[i] = left.get(row / right.getNumRows(), k) * right.get(row % right.getNumRows(), k);
    }
    return new SimpleMatrix(rows.length / left.getNumCols(), left.getNumCols(), true, rows);
  }

  private static double[] top(SimpleMatrix matrix) {
    return matrix.svd(true).getSingularValues();
  }

  @Test
  void oneMaskedTokenIsTheSameAskedEitherWay() {
    CategoricalConcepts model = Dice.of(0.3);
    LatentTarget one = LatentTarget.maskedToken(model);
    LatentTarget counted = LatentTarget.maskedTokens(model, 1);
    assertTrue(one.means().isIdentical(counted.means(), ROUNDING));
    for (int k = 0; k < 3; k++) {
      assertTrue(one.secondMoments().get(k).isIdentical(counted.secondMoments().get(k), ROUNDING));
    }
  }

  @Test
  void aRealTokenHasTheMomentsOfItsLaw() {
    LatentTarget target = LatentTarget.maskedToken(EqualMeanClusters.of(0.5, 2));
    assertArrayEquals(new double[] {0, 0}, target.means().getDDRM().data);
    assertEquals(4, target.secondMoments().get(1).get(0, 0), ROUNDING);
  }

  @Test
  void theLawOfThePosteriorIsTheOneOfAllOrderedSequences() {
    Topics model =
        Topics.of(
            Topics.simplexGrid(2, 3),
            new SimpleMatrix(new double[][] {{0.5, 0.5, 0}, {0, 0.2, 0.8}}));
    PosteriorLaw law = PosteriorLaw.enumerated(model, 4);
    assertEquals(15, law.size());
    assertEquals(1, law.probabilities().elementSum(), ROUNDING);
    // A martingale: the posterior is on average the prior.
    assertTrue(law.mean(law.posteriors()).isIdentical(model.priorProbabilities(), ROUNDING));
    for (int s = 0; s < law.size(); s++) {
      SimpleMatrix exact =
          FiniteBelief.prior(model).observe(law.sequences().get(s)).probabilities();
      assertTrue(law.posteriors().extractVector(true, s).isIdentical(exact, ROUNDING));
    }
    PosteriorLaw drawn = PosteriorLaw.drawn(model, 4, 20_000, Seed.of(1).generator());
    LatentTarget first = LatentTarget.function(model, theta -> new double[] {theta.get(0, 0)});
    // Five standard errors of a variance from 20,000 draws are below 0.05 of it: one in 10^6.
    double exact = law.variance(first.predictions(law));
    assertEquals(exact, drawn.variance(first.predictions(drawn)), 0.05 * exact);
  }

  @Test
  void theNoiseOfAFunctionOfTheLatentIsItsPosteriorVariance() {
    CategoricalConcepts model = Dice.of(1);
    PosteriorLaw law = PosteriorLaw.enumerated(model, 3);
    LatentTarget g = LatentTarget.function(model, z -> new double[] {z * z});
    double expected = 0;
    for (int s = 0; s < law.size(); s++) {
      double second = 0;
      double mean = 0;
      for (int k = 0; k < 3; k++) {
        mean += law.posteriors().get(s, k) * k * k;
        second += law.posteriors().get(s, k) * k * k * k * k;
      }
      expected += law.probabilities().get(0, s) * (second - mean * mean);
    }
    assertEquals(expected, g.noise(law).get(0, 0), ROUNDING);
  }

  @Test
  void impossibleSequencesAreLeftOut() {
    CategoricalConcepts model =
        CategoricalConcepts.of(new SimpleMatrix(new double[][] {{1, 0}, {0, 1}}));
    assertEquals(2, PosteriorLaw.enumerated(model, 5).size());
  }

  @Test
  void refusesWhatDoesNotFit() {
    EqualMeanClusters real = EqualMeanClusters.of(1, 2);
    assertThrows(IllegalArgumentException.class, () -> LatentTarget.maskedTokens(real, 2));
    assertThrows(IllegalArgumentException.class, () -> PosteriorLaw.enumerated(real, 2));
    CategoricalConcepts model = Dice.of(1);
    assertThrows(IllegalArgumentException.class, () -> LatentTarget.maskedTokens(model, 0));
    assertThrows(IllegalArgumentException.class, () -> PosteriorLaw.enumerated(model, 1000));
    assertThrows(
        ShapeMismatchException.class, () -> LatentTarget.function(model, z -> new double[z + 1]));
    assertThrows(
        ShapeMismatchException.class,
        () -> new LatentTarget(new SimpleMatrix(2, 1), List.of(new SimpleMatrix(3, 3))));
    PosteriorLaw other =
        PosteriorLaw.enumerated(
            Topics.of(Topics.simplexGrid(2, 1), new SimpleMatrix(new double[][] {{1, 0}, {0, 1}})),
            2);
    assertThrows(ShapeMismatchException.class, () -> LatentTarget.maskedToken(model).noise(other));
  }
}
