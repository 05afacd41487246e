package org.definetti.lab.sparse;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.layer.StringHeadLayer;
import org.definetti.objective.Loss;
import org.definetti.optimise.Momentum;
import org.definetti.random.Seed;
import org.definetti.sparse.CapacityBound;
import org.definetti.sparse.SparseFunction;

/**
 * One head of bounded norms, trained on strings by projected gradients, and how far train and test
 * loss are apart.
 *
 * <pre>{@code
 * after each step   u ← u min(1, B_u/‖u‖),   w ← w min(1, B_V/‖w‖)
 * gap = mean loss of held-out strings - mean loss of the training strings
 * }</pre>
 *
 * <ul>
 *   <li>The head is a {@link StringHeadLayer}: the class {@link CapacityBound} speaks of, so the
 *       bound holds of the gap. Full batch, momentum 0.9, learning rate T/100, logistic loss, which
 *       is 1-Lipschitz and at most {@code ln(1 + e^(√2 B_V))} for a softmax head. Adam, whose steps
 *       are as long in every coordinate, spreads u over all positions and leaves Euclidean balls
 *       sideways; it does not find conjunctions inside them.
 *   <li>Strings have bits that are one with probability 2^(-1/s); every set is kept.
 *   <li>Source: that norms are held by projection [derived] (check V22).
 * </ul>
 *
 * @param trainLoss in nats
 * @param testLoss in nats
 * @param testAccuracy the share of held-out strings labelled correctly
 * @param queryNorm ‖u‖ at the end
 * @param valueNorm ‖w‖ at the end
 */
public record BoundedHead(
    double trainLoss, double testLoss, double testAccuracy, double queryNorm, double valueNorm) {

  private static final double MOMENTUM = 0.9;

  /** Of the learning rate to T: scores under even weights have gradients of the order of 1/T. */
  private static final double RATE = 0.01;

  /** What a head is trained for. */
  public enum Goal {

    /** The labels of a hidden conjunction of s bits. */
    LABELS,

    /** Coins for labels, those of the held-out strings too: the gap is what fits noise. */
    COINS,

    /**
     * The correlation with signs σ that are coins, {@code 1/m Σ_i σ_i f(X_i)}: its negative is the
     * loss, and the least loss of all steps stands for the train loss, so it bounds the Rademacher
     * complexity of the class from below. A softmax head starts as the best that reads one
     * position, the one whose bits agree most with the signs.
     */
    CORRELATION
  }

  /**
   * What is trained.
   *
   * @param relevant s
   * @param queryNorm B_u, infinite for none
   * @param valueNorm B_V, infinite for none
   * @param normalised whether weights are a softmax; else the scores themselves
   * @param goal what for
   * @param steps of training
   * @param heldOut the number of held-out strings
   */
  public record Setting(
      int relevant,
      double queryNorm,
      double valueNorm,
      boolean normalised,
      Goal goal,
      int steps,
      int heldOut) {

    /** Returns this setting without balls. */
    public Setting unprojected() {
      double none = Double.POSITIVE_INFINITY;
      return new Setting(relevant, none, none, normalised, goal, steps, heldOut);
    }

    /** Returns this setting whose weights are the scores themselves. */
    public Setting withoutNormaliser() {
      return new Setting(relevant, queryNorm, valueNorm, false, goal, steps, heldOut);
    }

    /** Returns this setting with another goal. */
    public Setting withGoal(Goal other) {
      return new Setting(relevant, queryNorm, valueNorm, normalised, other, steps, heldOut);
    }

    /** Returns the bound on the gap of strings of T bits at these norms. */
    public CapacityBound bound(int length) {
      return CapacityBound.of(length, Math.sqrt(2), valueNorm, queryNorm)
          .withLoss(1, Math.log1p(Math.exp(Math.sqrt(2) * valueNorm)));
    }
  }

  /** The negative product of an output and a label's sign. */
  private record Correlation() implements Loss {

    @Override
    public double value(float[] output, int outputAt, float[] target, int targetAt, int width) {
      double sum = 0;
      for (int j = 0; j < width; j++) {
        sum -= (2 * target[targetAt + j] - 1) * output[outputAt + j];
      }
      return sum;
    }

    @Override
    public void gradient(
        float[] output,
        int outputAt,
        float[] target,
        int targetAt,
        int width,
        float scale,
        float[] gradient) {
      for (int j = 0; j < width; j++) {
        gradient[outputAt + j] = -scale * (2 * target[targetAt + j] - 1);
      }
    }
  }

  /**
   * Trains and judges.
   *
   * @param length T
   * @param samples m
   * @param seed its children {@code hidden}, {@code data}, {@code held-out} and {@code initial} are
   *     used
   */
  public static BoundedHead of(Setting setting, int length, int samples, Seed seed) {
    int relevant = setting.relevant;
    double one = StringTask.CONJUNCTION.one(relevant);
    boolean coins = setting.goal != Goal.LABELS;
    SparseFunction function =
        SparseFunction.conjunction(
            length,
            SparseFunction.drawPositions(length, relevant, seed.child("hidden").generator()));
    Batch train = strings(function, samples, one, coins, seed.child("data").generator());
    Batch test = strings(function, setting.heldOut, one, coins, seed.child("held-out").generator());
    StringHeadLayer head = StringHeadLayer.of(length);
    StringHeadLayer layer = setting.normalised ? head : head.withoutNormaliser();
    Parameters start = layer.initial(seed.child("initial").generator());
    boolean correlation = setting.goal == Goal.CORRELATION;
    if (correlation && setting.normalised) {
      readOne(setting, start, train);
    }
    Descent descent =
        new Descent(
            layer,
            correlation ? new Correlation() : Loss.logistic(),
            new Momentum(MOMENTUM),
            RATE * length,
            start,
            samples,
            length,
            List.of());
    double least = descent.loss(train);
    for (int step = 0; step < setting.steps; step++) {
      least = Math.min(least, descent.step(train));
      descent.project("score.map", setting.queryNorm);
      descent.project("value.map", setting.valueNorm);
    }
    return new BoundedHead(
        correlation ? least : descent.loss(train),
        descent.loss(test),
        descent.accuracy(test),
        descent.norm("score.map"),
        descent.norm("value.map"));
  }

  /** Makes a head on the edge of both balls read the position whose bits agree most with labels. */
  private static void readOne(Setting setting, Parameters head, Batch train) {
    int length = train.length();
    int best = 0;
    int most = -1;
    for (int t = 0; t < length; t++) {
      int agreeing = Math.abs(agreement(train, t));
      best = agreeing > most ? t : best;
      most = Math.max(most, agreeing);
    }
    head.clear();
    int values = head.offset("value.map");
    float value = (float) (Math.signum(agreement(train, best)) * setting.valueNorm / Math.sqrt(2));
    head.data()[head.offset("score.map") + 3 + best] = (float) setting.queryNorm;
    head.data()[values] = -value;
    head.data()[values + 1] = value;
  }

  /** The strings whose bit at a position says the label, less those whose bit says the other. */
  private static int agreement(Batch train, int position) {
    int agreement = 0;
    for (int i = 0; i < train.size(); i++) {
      boolean bit = train.values(1)[i * train.length() + position] > 0.5f;
      agreement += bit == train.targets()[i] > 0.5f ? 1 : -1;
    }
    return agreement;
  }

  private static Batch strings(
      SparseFunction function, int count, double one, boolean coins, RandomGenerator rng) {
    Batch batch = Batch.zeros(TrainingSet.WIDTHS, count, function.length());
    TrainingSet.refill(batch, function, one, coins, rng);
    return batch;
  }

  /** Returns the test loss less the train loss, in nats. */
  public double gap() {
    return testLoss - trainLoss;
  }
}
