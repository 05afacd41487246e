package org.definetti.lab.fit;

import static org.definetti.lab.fit.MixtureFitTest.assertClimbs;
import static org.definetti.lab.fit.MixtureFitTest.assertMessage;
import static org.definetti.lab.fit.MixtureFitTest.maximum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.special.Gamma;
import org.definetti.lab.fit.GaussianFit.Family;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.NotPositiveDefiniteException;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.conjugate.MultivariateGaussianMean;
import org.definetti.latent.conjugate.NormalInverseWishart;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class GaussianFitTest {

  private static final FitOptions OPTIONS = FitOptions.withDefaults().withRestarts(2);
  private static final FitOptions LIKELIHOOD =
      OPTIONS.withPriorTokens(0).withTolerance(1e-14).withIterations(20_000);

  private static final SimpleMatrix BETWEEN = new SimpleMatrix(new double[][] {{4, 1}, {1, 1}});
  private static final SimpleMatrix WITHIN =
      new SimpleMatrix(new double[][] {{1, -0.5}, {-0.5, 2}});
  private static final SimpleMatrix CENTRE = new SimpleMatrix(new double[][] {{10, -20}});

  private static final MultivariateGaussianMean GROUPS =
      MultivariateGaussianMean.of(BETWEEN, WITHIN).withPriorMean(CENTRE);
  private static final NormalInverseWishart SPREADS =
      NormalInverseWishart.of(CENTRE, 0.5, WITHIN.scale(6), 8);

  private static Tokens row(double... numbers) {
    return Tokens.ofRows(new RealTokens(1), numbers);
  }

  private static final List<Tokens> LINE =
      List.of(row(1, 1.5, 0.8), row(4, 5), row(-2, -1, -1.2, -2.1), row(3), row(0.5, 0.1, 2));

  private static final List<Tokens> UNEVEN =
      Draws.of(
          NormalInverseWishart.of(new SimpleMatrix(1, 1), 0.5, SimpleMatrix.identity(1), 5),
          25,
          5,
          "uneven");

  @Test
  void everyStepOfEveryClimbGains() {
    for (Family family : Family.values()) {
      for (double c : new double[] {0, 0.5, 20}) {
        FitOptions options = OPTIONS.withPriorTokens(c).withIterations(150);
        assertClimbs(GaussianFit.of(Draws.of(GROUPS, 15, 2, "groups"), family, options));
        assertClimbs(GaussianFit.of(Draws.of(SPREADS, 15, 3, "spreads"), family, options));
      }
    }
  }

  @Test
  void balancedGroupsHaveTheTextbookAnswer() {
    // Maximum likelihood of the balanced one-way layout: S = W/(G(L-1)), S0 = B/G - S/L.
    int length = 5;
    List<Tokens> groups = new ArrayList<>();
    Draws.of(GROUPS, 30, length, "balanced").forEach(g -> groups.add(g.prefix(length)));
    SimpleMatrix within = new SimpleMatrix(2, 2);
    SimpleMatrix mean = new SimpleMatrix(1, 2);
    for (Tokens group : groups) {
      SimpleMatrix x = group.values();
      SimpleMatrix own = average(x);
      mean = mean.plus(own.divide(groups.size()));
      for (int l = 0; l < length; l++) {
        SimpleMatrix gap = x.extractVector(true, l).minus(own);
        within = within.plus(gap.transpose().mult(gap));
      }
    }
    within = within.divide(groups.size() * (length - 1));
    SimpleMatrix between = within.divide(-length);
    for (Tokens group : groups) {
      SimpleMatrix gap = average(group.values()).minus(mean);
      between = between.plus(gap.transpose().mult(gap).divide(groups.size()));
    }
    MultivariateGaussianMean found =
        (MultivariateGaussianMean)
            GaussianFit.of(groups, Family.MULTIVARIATE_GAUSSIAN_MEAN, LIKELIHOOD).model();
    assertTrue(found.priorMean().isIdentical(mean, 1e-6), found.priorMean()::toString);
    assertTrue(found.noiseCovariance().isIdentical(within, 1e-5));
    assertTrue(found.priorCovariance().isIdentical(between, 1e-5));
  }

  private static SimpleMatrix average(SimpleMatrix rows) {
    SimpleMatrix sum = new SimpleMatrix(1, rows.getNumCols());
    for (int l = 0; l < rows.getNumRows(); l++) {
      sum = sum.plus(rows.extractVector(true, l));
    }
    return sum.divide(rows.getNumRows());
  }

  @Test
  void agreesWithDirectMaximisationOfTheJointGaussian() {
    double best = maximum(x -> jointEvidence(x[0], Math.exp(x[1]), Math.exp(x[2])), 0.5, 1, -1);
    for (Family family : List.of(Family.GAUSSIAN_MEAN, Family.MULTIVARIATE_GAUSSIAN_MEAN)) {
      Fit fit = GaussianFit.of(LINE, family, LIKELIHOOD);
      assertEquals(best, fit.bestClimb().finalLogEvidence(), 1e-7);
    }
    GaussianMean found =
        (GaussianMean) GaussianFit.of(LINE, Family.GAUSSIAN_MEAN, LIKELIHOOD).model();
    double there =
        jointEvidence(found.priorMean().get(0), found.priorVariance(), found.noiseVariance());
    assertEquals(best, there, 1e-7);
  }

  /** log N(x; m0, s2 I + t2 11ᵀ) of every sequence, by its whole covariance matrix. */
  private static double jointEvidence(double mean, double between, double within) {
    double sum = 0;
    for (Tokens tokens : LINE) {
      int n = tokens.length();
      RealMatrix covariance = new Array2DRowRealMatrix(n, n);
      double[] gap = new double[n];
      for (int i = 0; i < n; i++) {
        gap[i] = tokens.at(i, 0) - mean;
        for (int j = 0; j < n; j++) {
          covariance.setEntry(i, j, between + (i == j ? within : 0));
        }
      }
      CholeskyDecomposition factor = new CholeskyDecomposition(covariance, 1e-12, 0);
      double[] solved = factor.getSolver().solve(new Array2DRowRealMatrix(gap)).getColumn(0);
      double square = 0;
      for (int i = 0; i < n; i++) {
        square += gap[i] * solved[i];
      }
      sum -= 0.5 * (square + n * Math.log(2 * Math.PI) + Math.log(factor.getDeterminant()));
    }
    return sum;
  }

  @Test
  void agreesWithDirectMaximisationOfTheNormalInverseGamma() {
    for (double c : new double[] {0, 2}) {
      double best =
          maximum(
              x -> inverseGamma(c, x[0], Math.exp(x[1]), Math.exp(x[2]), 2 + Math.exp(x[3])),
              0.5,
              -1,
              0,
              1);
      FitOptions options = LIKELIHOOD.withPriorTokens(c);
      Fit fit = GaussianFit.of(UNEVEN, Family.NORMAL_INVERSE_WISHART, options);
      NormalInverseWishart found = (NormalInverseWishart) fit.model();
      assertEquals(best, fit.bestClimb().finalObjective(), 1e-6);
      double there =
          inverseGamma(
              c,
              found.priorMean().get(0),
              found.priorCount(),
              found.scale().get(0),
              found.degreesOfFreedom());
      assertEquals(best, there, 1e-6);
    }
  }

  /** The evidence of all sequences and of c tokens spread like all of them. */
  private static double inverseGamma(
      double c, double mean, double count, double scale, double degrees) {
    double sum = 0;
    double number = 0;
    double first = 0;
    double second = 0;
    for (Tokens tokens : UNEVEN) {
      double own = 0;
      double squares = 0;
      for (int l = 0; l < tokens.length(); l++) {
        own += tokens.at(l, 0);
        squares += tokens.at(l, 0) * tokens.at(l, 0);
      }
      sum +=
          inverseGamma(new double[] {tokens.length(), own, squares}, mean, count, scale, degrees);
      number += tokens.length();
      first += own;
      second += squares;
    }
    double[] pooled = {c, c * first / number, c * second / number};
    return sum + (c == 0 ? 0 : inverseGamma(pooled, mean, count, scale, degrees));
  }

  /** The evidence of n, Σx, Σx²: normal with inverse-gamma variance, a = f/2, b = Ψ/2. */
  private static double inverseGamma(
      double[] sums, double mean, double count, double scale, double degrees) {
    double n = sums[0];
    double average = sums[1] / n;
    double scatter = sums[2] - n * average * average;
    double gap = average - mean;
    double square = scale + scatter + count * n / (count + n) * gap * gap;
    double a = 0.5 * degrees;
    return Gamma.logGamma(a + 0.5 * n)
        - Gamma.logGamma(a)
        + a * Math.log(0.5 * scale)
        - (a + 0.5 * n) * Math.log(0.5 * square)
        - 0.5 * n * Math.log(2 * Math.PI)
        + 0.5 * Math.log(count / (count + n));
  }

  @Test
  void findsTheModelThatTheSequencesCameFrom() {
    // 600 groups: a variance between them is known to 6 %, the counts f and ν to about 6 % too.
    List<Tokens> groups = Draws.of(GROUPS, 600, 9, "many");
    MultivariateGaussianMean mean =
        (MultivariateGaussianMean)
            GaussianFit.of(groups, Family.MULTIVARIATE_GAUSSIAN_MEAN, OPTIONS).model();
    assertTrue(mean.priorCovariance().isIdentical(BETWEEN, 1));
    assertTrue(mean.noiseCovariance().isIdentical(WITHIN, 0.15));
    assertTrue(mean.priorMean().isIdentical(CENTRE, 0.4));

    List<Tokens> spreads = Draws.of(SPREADS, 600, 9, "many");
    NormalInverseWishart both =
        (NormalInverseWishart)
            GaussianFit.of(spreads, Family.NORMAL_INVERSE_WISHART, OPTIONS).model();
    assertEquals(1, both.priorCount() / 0.5, 0.25);
    assertEquals(1, both.degreesOfFreedom() / 8, 0.25);
    assertTrue(both.priorMean().isIdentical(CENTRE, 0.4));
    assertTrue(both.scale().isIdentical(SPREADS.scale(), 3));
  }

  @Test
  void findsNothingBetweenSequencesOnceTheTokensAreDealtAnew() {
    List<Tokens> groups = Draws.of(GROUPS, 60, 9, "control");
    for (boolean dealt : new boolean[] {false, true}) {
      MultivariateGaussianMean model =
          (MultivariateGaussianMean)
              GaussianFit.of(
                      dealt ? Draws.dealtAnew(groups) : groups,
                      Family.MULTIVARIATE_GAUSSIAN_MEAN,
                      OPTIONS.withTolerance(1e-6))
                  .model();
      double share = model.priorCovariance().trace() / model.noiseCovariance().trace();
      assertTrue(dealt ? share < 0.1 : share > 1, () -> "share " + share);
    }
  }

  @Test
  void equalCovariancesGiveManyDegreesOfFreedom() {
    Fit fit =
        GaussianFit.of(
            Draws.of(GROUPS, 50, 20, "equal"),
            Family.NORMAL_INVERSE_WISHART,
            OPTIONS.withRestarts(1).withTolerance(1e-12));
    assertTrue(((NormalInverseWishart) fit.model()).degreesOfFreedom() > 80);
  }

  @Test
  void sameSeedSameBits() {
    for (Family family : Family.values()) {
      List<Tokens> sequences = Draws.of(SPREADS, 12, 3, "bits");
      FitOptions options = OPTIONS.withIterations(30);
      assertEquals(
          GaussianFit.of(sequences, family, options), GaussianFit.of(sequences, family, options));
    }
  }

  @Test
  void wrongInputIsRefusedByName() {
    for (Family family : Family.values()) {
      assertMessage("at least 2", () -> GaussianFit.of(List.of(row(1, 2)), family, OPTIONS));
      assertMessage(
          "cannot be told apart", () -> GaussianFit.of(List.of(row(1), row(2)), family, OPTIONS));
      Tokens dice = Tokens.ofRows(new CategoricalTokens(2), new double[] {0, 1});
      assertMessage("real vectors", () -> GaussianFit.of(List.of(dice, dice), family, OPTIONS));
      Tokens flat = Tokens.ofRows(new RealTokens(2), new double[] {1, 2, 2, 4});
      assertThrows(
          NotPositiveDefiniteException.class,
          () -> GaussianFit.of(List.of(flat, flat), family, OPTIONS));
    }
  }
}
