package org.definetti.lab.sparse;

import org.definetti.engine.Batch;
import org.definetti.layer.Layer;
import org.definetti.layer.SymbolStringLayer;
import org.definetti.objective.Loss;
import org.definetti.optimise.Adam;
import org.definetti.random.Seed;
import org.jspecify.annotations.Nullable;

/**
 * One network trained on one set and judged on other strings.
 *
 * @param accuracy the share of held-out strings it labels correctly
 * @param steps the steps taken
 * @param rejected how many sets were drawn and not kept
 * @param heads where its heads attend, null where it has none
 */
public record StringTrial(double accuracy, long steps, int rejected, @Nullable HeadWeights heads) {

  /** What counts as success: at least this share of held-out strings. */
  public static final double SUCCESS = 0.99;

  private static final int LOOKED_AT = 20; // steps between looks at the loss
  private static final int HEADS_ON = 100; // held-out strings that head weights are averaged over

  /**
   * Trains and judges.
   *
   * @param heldOut the number of held-out strings
   * @param one the probability that a bit of theirs is one
   * @param seed its children {@code initial} and {@code held-out} are used
   */
  public static StringTrial of(
      StringLearner learner, TrainingSet set, int heldOut, double one, Seed seed) {
    int length = set.function().length();
    Layer layer = learner.layer().apply(length);
    Descent descent =
        new Descent(
            layer,
            Loss.logistic(),
            Adam.withDefaults(),
            learner.rate(),
            layer.initial(seed.child("initial").generator()),
            set.strings().size(),
            length,
            learner.frozen());
    boolean enough = false;
    while (descent.steps() < learner.steps() && !enough) {
      double loss = descent.step(set.strings());
      enough = descent.steps() % LOOKED_AT == 0 && loss < learner.enough();
    }
    Batch others =
        TrainingSet.strings(set.function(), heldOut, one, seed.child("held-out").generator());
    HeadWeights heads = null;
    if (layer instanceof SymbolStringLayer strings) {
      Batch few =
          TrainingSet.strings(set.function(), HEADS_ON, one, seed.child("looked-at").generator());
      heads = HeadWeights.of(strings, descent.parameters(), few, set.function().relevant());
    }
    return new StringTrial(descent.accuracy(others), descent.steps(), set.rejected(), heads);
  }

  /** Returns whether the network found the function. */
  public boolean isSuccess() {
    return accuracy >= SUCCESS;
  }
}
