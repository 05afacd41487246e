package org.definetti.lab.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.definetti.engine.Batch;
import org.definetti.random.Seed;
import org.definetti.sparse.CapacityBound;
import org.definetti.sparse.SparseFunction;
import org.junit.jupiter.api.Test;

class BoundedHeadTest {

  private static final BoundedHead.Setting SETTING =
      new BoundedHead.Setting(3, 4, 2, true, BoundedHead.Goal.LABELS, 150, 400);

  private static BoundedHead head(BoundedHead.Setting setting, int samples) {
    return BoundedHead.of(setting, 12, samples, Seed.of(3));
  }

  @Test
  void normsAreHeldByProjectionAndByNothingElse() {
    BoundedHead held = head(SETTING, 60);
    assertTrue(held.queryNorm() <= 4 * (1 + 1e-6) && held.valueNorm() <= 2 * (1 + 1e-6));
    BoundedHead free = head(SETTING.unprojected(), 60);
    assertTrue(free.valueNorm() > 2.5, "‖w‖ without a ball: " + free.valueNorm());
    assertTrue(free.trainLoss() < held.trainLoss());
  }

  /** Coins cannot be predicted: what train loss falls below ln 2, test loss pays for. */
  @Test
  void coinsAreFittedAndNotPredicted() {
    BoundedHead.Setting setting =
        new BoundedHead.Setting(3, 8, 4, true, BoundedHead.Goal.COINS, 500, 400);
    BoundedHead coins = head(setting, 30);
    assertTrue(coins.trainLoss() < Math.log(2) - 0.02, "train loss " + coins.trainLoss());
    assertTrue(coins.testLoss() > Math.log(2), "test loss " + coins.testLoss());
    // 400 coins: five standard deviations are 0.125.
    assertEquals(0.5, coins.testAccuracy(), 0.125);
    assertTrue(coins.gap() > head(setting, 1500).gap());
  }

  @Test
  void aConjunctionIsLearned() {
    assertTrue(head(SETTING.unprojected(), 400).testAccuracy() > 0.9);
  }

  /** One head of the class, by hand: all weight on the position that agrees most with the signs. */
  @Test
  void theCorrelationFoundIsAtLeastThatOfReadingOnePosition() {
    BoundedHead.Setting setting =
        new BoundedHead.Setting(3, 8, 2, true, BoundedHead.Goal.CORRELATION, 100, 10);
    Batch train = Batch.zeros(TrainingSet.WIDTHS, 40, 12);
    TrainingSet.refill(
        train,
        SparseFunction.conjunction(12, List.of(0, 1, 2)),
        Math.cbrt(0.5),
        true,
        Seed.of(3).child("data").generator());
    double best = 0;
    for (int t = 0; t < 12; t++) {
      double sum = 0;
      for (int i = 0; i < 40; i++) {
        double bit = train.values(1)[i * 12 + t] > 0.5f ? 1 : -1;
        sum += bit * (2 * train.targets()[i] - 1) / 40;
      }
      best = Math.max(best, Math.abs(sum));
    }
    // A score of 8 against twelve of 0 leaves 0.4 % to them; B_V = 2 over √2 is what is read.
    double reading = best * 2 / Math.sqrt(2) * (1 - 12 * Math.exp(-8));
    BoundedHead found = head(setting, 40);
    assertTrue(-found.trainLoss() > reading - 0.01, -found.trainLoss() + " against " + reading);
    // No function of the class exceeds √2 B_V.
    assertTrue(-found.trainLoss() < 2 * Math.sqrt(2), "correlation " + -found.trainLoss());
    assertTrue(setting.bound(12).rademacher(40) > -found.trainLoss());
  }

  /** The loss cannot exceed ln(1 + e^|f|), and |f| is at most the norm of a token times B_V. */
  @Test
  void theBoundIsThatOfTheLoss() {
    CapacityBound bound = SETTING.bound(12);
    assertEquals(Math.log(1 + Math.exp(2 * Math.sqrt(2))), bound.lossBound(), 1e-12);
    assertEquals(4, bound.queryNorm());
    assertTrue(bound.isVacuous(60));
  }
}
