package org.definetti.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

final class TransferTest {

  private static final double ROUNDING = 1e-10;

  private static Transfer dice(double epsilon) {
    return Transfer.of(LatentTarget.maskedToken(Dice.of(epsilon)).means(), Dice.question());
  }

  private static SimpleMatrix draw(int rows, int columns, String name) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, Seed.of(3).child(name).generator());
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  @Test
  void reproducesTheNumbersOfTheNotes() {
    assertEquals(26.5, dice(1).kappaTask(), 0.05);
    assertEquals(106, dice(0.5).kappaTask(), 0.5);
    assertEquals(424, dice(0.25).kappaTask(), 0.5);
    assertEquals(1696, dice(0.125).kappaTask(), 0.5);
    assertEquals(2, dice(0.125).rank());
  }

  @Test
  void roundingIsNotRankHoweverSmallTheDifferences() {
    // The difference of two dice that differ in the twelfth digit is lost; in the ninth it is not.
    assertEquals(2, dice(1e-8).rank());
    assertEquals(0, dice(1e-13).rank());
    assertEquals(Double.POSITIVE_INFINITY, dice(1e-13).kappaTask());
    assertEquals(Double.POSITIVE_INFINITY, dice(1e-13).kappaCond());
  }

  @Test
  void meansThatAreZeroButForRoundingHaveNoRank() {
    // A target of size one whose means are what an integral leaves of zero.
    SimpleMatrix means = new SimpleMatrix(new double[][] {{1e-17, -2e-17}});
    SimpleMatrix one = SimpleMatrix.identity(1);
    LatentTarget target = new LatentTarget(means, List.of(one, one));
    LatentTarget downstream =
        new LatentTarget(new SimpleMatrix(new double[][] {{0, 1}}), List.of(one, one));
    assertEquals(0, Transfer.of(target, downstream).rank());
    assertEquals(1, Transfer.of(means, downstream.means()).rank());
  }

  @Test
  void anAffineReadoutOfTheBayesPredictorIsTheBayesPredictorDownstream() {
    CategoricalConcepts model = Dice.of(0.5);
    Transfer transfer = dice(0.5);
    double largest = 0;
    // Brute force over 4^5 sequences, multiplying probabilities.
    for (int code = 0; code < 1024; code++) {
      double[] joint = {1, 1, 1};
      double total = 0;
      for (int k = 0; k < 3; k++) {
        for (int rest = code, l = 0; l < 5; l++, rest /= 4) {
          joint[k] *= model.likelihoods().get(k, rest % 4);
        }
        total += joint[k];
      }
      SimpleMatrix posterior = new SimpleMatrix(3, 1, true, joint).divide(total);
      SimpleMatrix pretrained = model.likelihoods().transpose().mult(posterior);
      double read = transfer.readout().mult(pretrained).plus(transfer.offset()).get(0, 0);
      largest = Math.max(largest, Math.abs(read - (posterior.get(2, 0) - posterior.get(0, 0))));
    }
    assertTrue(largest < ROUNDING, () -> "not readable");
  }

  @Test
  void noErrorIsAmplifiedByMoreThanKappaAndTheWorstByExactlyKappa() {
    Transfer transfer = Transfer.of(draw(5, 4, "m"), draw(3, 4, "g"));
    assertTrue(transfer.isReadable());
    assertEquals(3, transfer.rank());
    for (int i = 0; i < 100; i++) {
      SimpleMatrix error = draw(5, 1, "error" + i);
      double ratio = square(transfer.readout().mult(error)) / square(error);
      assertTrue(ratio <= transfer.kappaTask() * (1 + ROUNDING));
      assertEquals(ratio, transfer.kappaEff(error.mult(error.transpose())), ROUNDING * ratio);
    }
    SimpleMatrix worst = transfer.worstError();
    assertEquals(1, square(worst), ROUNDING);
    assertEquals(
        transfer.kappaTask(), square(transfer.readout().mult(worst)), 1e-9 * transfer.kappaTask());
  }

  @Test
  void kappaCondIsTheLargestKappaTaskOfATargetAsLargeAsThePretrainingOne() {
    SimpleMatrix m = draw(5, 4, "m");
    Transfer itself = Transfer.of(m, m);
    assertEquals(1, itself.kappaTask(), ROUNDING);
    double largest = 0;
    double size = Spectrum.norm(Transfer.centred(m));
    for (int i = 0; i < 2000; i++) {
      SimpleMatrix g = draw(1, 4, "g" + i);
      g = g.divide(Spectrum.norm(Transfer.centred(g))).scale(size);
      largest = Math.max(largest, Transfer.of(m, g).kappaTask());
    }
    assertTrue(largest <= itself.kappaCond() * (1 + ROUNDING));
    assertTrue(largest > 0.98 * itself.kappaCond());
  }

  @Test
  void whatPretrainingDoesNotSeeHasAResidualAndNoFiniteKappa() {
    SimpleMatrix m = new SimpleMatrix(new double[][] {{1, 0, 0, 1}});
    Transfer half = Transfer.of(m, new SimpleMatrix(new double[][] {{1, 1, 0, 0}}));
    assertEquals(1, half.residual(), ROUNDING);
    assertFalse(half.isReadable());
    assertEquals(Double.POSITIVE_INFINITY, half.kappaTask());
    assertEquals(Double.POSITIVE_INFINITY, half.kappaEff(SimpleMatrix.identity(1)));
    assertEquals(Double.POSITIVE_INFINITY, half.unbiasedVariance(SimpleMatrix.identity(1)));
    assertThrows(IllegalStateException.class, () -> half.unbiasedReadout(SimpleMatrix.identity(1)));
    Transfer constant = Transfer.of(m, new SimpleMatrix(new double[][] {{7, 7, 7, 7}}));
    assertEquals(0, constant.residual());
    assertEquals(0, constant.kappaTask());
    assertEquals(7, constant.offset().get(0, 0), ROUNDING);
  }

  @Test
  void theVarianceOfTheBestUnbiasedReadoutIsThatOfWeightedLeastSquares() {
    // Independent path: the generalised least-squares readout by its normal equations, full rank.
    SimpleMatrix m = draw(6, 3, "m");
    SimpleMatrix root = draw(6, 6, "root");
    SimpleMatrix noise = root.mult(root.transpose());
    SimpleMatrix g = draw(2, 3, "g");
    // Any readout R with R MJ = GJ is unbiased; the least tr(R S Rᵀ) by Lagrange multipliers.
    SimpleMatrix basis = new SimpleMatrix(new double[][] {{1, 1}, {-1, 1}, {0, -2}});
    SimpleMatrix a = m.mult(basis);
    SimpleMatrix b = g.mult(basis);
    SimpleMatrix inner = a.transpose().mult(noise.invert()).mult(a).invert();
    double expected = b.mult(inner).mult(b.transpose()).trace();
    Transfer transfer = Transfer.of(m, g);
    assertEquals(expected, transfer.unbiasedVariance(noise), 1e-8 * expected);
    SimpleMatrix best = transfer.unbiasedReadout(noise);
    assertTrue(best.mult(a).isIdentical(b, 1e-9));
    assertEquals(expected, best.mult(noise).mult(best.transpose()).trace(), 1e-8 * expected);
    SimpleMatrix w = transfer.readout();
    assertTrue(expected <= w.mult(noise).mult(w.transpose()).trace());
  }

  @Test
  void refusesWhatDoesNotFit() {
    SimpleMatrix m = draw(2, 3, "m");
    assertThrows(ShapeMismatchException.class, () -> Transfer.of(m, draw(1, 4, "g")));
    Transfer transfer = Transfer.of(m, draw(1, 3, "g"));
    assertThrows(ShapeMismatchException.class, () -> transfer.kappaEff(SimpleMatrix.identity(3)));
    assertThrows(IllegalArgumentException.class, () -> transfer.kappaEff(new SimpleMatrix(2, 2)));
    assertTrue(transfer.toString().contains("kappa task"));
  }

  private static double square(SimpleMatrix vector) {
    return vector.dot(vector);
  }
}
