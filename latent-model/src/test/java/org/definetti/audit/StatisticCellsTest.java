package org.definetti.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Function;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.FiniteBelief;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Three concepts, four symbols, length 4: every sequence is listed. */
class StatisticCellsTest {

  private static final double IDENTITY = 1e-12;
  private static final int LENGTH = 4;
  private static final CategoricalTokens FOUR = new CategoricalTokens(4);
  private static final CategoricalConcepts MODEL =
      CategoricalConcepts.of(
          new SimpleMatrix(
              new double[][] {
                {0.1, 0.2, 0.3, 0.4}, {0.35, 0.15, 0.45, 0.05}, {0.22, 0.41, 0.13, 0.24}
              }));
  private static final CategoricalConcepts TIED =
      CategoricalConcepts.of(
          new SimpleMatrix(
              new double[][] {
                {0.25, 0.25, 0.1, 0.4}, {0.15, 0.15, 0.2, 0.5}, {0.3, 0.3, 0.27, 0.13}
              }));
  private static final Function<Tokens, double[]> LATENT = StatisticCells.jointWithLatent(MODEL);

  private static double[] posterior(CategoricalConcepts model, Tokens tokens) {
    return FiniteBelief.prior(model).observe(tokens).probabilities().getDDRM().data;
  }

  private static double[] rows(Tokens tokens) {
    double[] rows = new double[tokens.length()];
    tokens.copyRows(rows, 0);
    return rows;
  }

  private static StatisticCells cells(Function<Tokens, double[]> statistic) {
    return StatisticCells.of(FOUR, LENGTH, statistic);
  }

  @Test
  void thePosteriorIsSufficientAndMinimal() {
    StatisticCells all = cells(StatisticCellsTest::rows);
    StatisticCells posterior = cells(x -> posterior(MODEL, x));
    assertEquals(256, all.count());
    assertEquals(256, posterior.sequences());
    assertEquals(35, posterior.count()); // count vectors, C(4 + 3, 3)
    assertEquals(all.informationNats(LATENT), posterior.informationNats(LATENT), IDENTITY);
    assertTrue(posterior.leastMergeLossNats(LATENT) > 1e-12);
  }

  @Test
  void tiedSymbolsMakeItCoarser() {
    assertEquals(15, cells(x -> posterior(TIED, x)).count()); // C(4 + 2, 2)
  }

  /** The controls: what is coarser loses, what is finer has cells that can be merged for free. */
  @Test
  void coarserAndFinerStatisticsAreCaught() {
    double full = cells(x -> posterior(MODEL, x)).informationNats(LATENT);
    double first = cells(x -> new double[] {x.at(0, 0)}).informationNats(LATENT);
    assertTrue(first < full - 0.01, first + " of " + full);
    assertEquals(0, cells(StatisticCellsTest::rows).leastMergeLossNats(LATENT), 1e-20);
  }

  /** I(first symbol; z) in two lines of arithmetic: entropy of the mixture minus mean entropy. */
  @Test
  void informationIsEntropyMinusConditionalEntropy() {
    double expected = 0;
    for (int w = 0; w < 4; w++) {
      double mean = 0;
      for (int k = 0; k < 3; k++) {
        double p = MODEL.likelihoods().get(k, w);
        mean += p / 3;
        expected += p / 3 * Math.log(p);
      }
      expected -= mean * Math.log(mean);
    }
    double measured = cells(x -> new double[] {x.at(0, 0)}).informationNats(LATENT);
    assertEquals(expected, measured, IDENTITY);
  }

  /** The loss of a merge is the information before minus after. */
  @Test
  void mergingTwoCellsLosesWhatItSays() {
    StatisticCells two = StatisticCells.of(FOUR, 1, x -> new double[] {x.at(0, 0) < 2 ? 0 : 1});
    StatisticCells one = StatisticCells.of(FOUR, 1, x -> new double[] {0});
    assertEquals(
        two.informationNats(LATENT) - one.informationNats(LATENT),
        two.leastMergeLossNats(LATENT),
        IDENTITY);
    assertEquals(Double.POSITIVE_INFINITY, one.leastMergeLossNats(LATENT));
  }

  @Test
  void refusesWhatCannotBeListedOrIsNoLaw() {
    assertThrows(
        IllegalArgumentException.class, () -> StatisticCells.of(FOUR, 11, x -> new double[] {0}));
    StatisticCells cells = cells(x -> new double[] {0});
    assertThrows(
        IllegalArgumentException.class, () -> cells.informationNats(x -> new double[] {1}));
    assertThrows(
        IllegalArgumentException.class,
        () -> StatisticCells.of(FOUR, 1, x -> new double[] {Double.NaN}));
  }
}
