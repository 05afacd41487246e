package org.definetti.lab.sparse;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.BlockShape;
import org.definetti.layer.SymbolStringLayer;
import org.definetti.objective.Loss;
import org.definetti.optimise.Adam;
import org.definetti.random.Seed;
import org.definetti.sparse.SparseFunction;

/**
 * A transformer block that learns a function of s of T fair bits online, watched as it does.
 *
 * <p>Settings of check V17: width 64, 16 heads, network of 128, initial weights of standard
 * deviation 0.1, Adam 1e-3, a fresh batch of 256 every step; it ends at 99.9 % on 512 strings,
 * looked at every 10 steps, or at the cap.
 *
 * @param looks one every 10 steps, the first before any
 * @param solved whether it ended before the cap
 */
public record ParityRun(List<Look> looks, boolean solved) {

  private static final BlockShape BLOCK = BlockShape.of(64, 16).withHidden(128).withPreNorm();
  private static final double SPREAD = 0.1;
  private static final double RATE = 1e-3;
  private static final int BATCH = 256;
  private static final int TEST = 512;
  private static final int EVERY = 10;
  private static final double SOLVED = 0.999;
  private static final double CHANCE = 0.55;
  private static final double JUMPED = 0.99;

  /**
   * What was seen after some steps.
   *
   * @param steps the steps taken
   * @param loss of the last batch, in nats
   * @param accuracy on the test strings
   * @param mass the largest attention mass of a head on the relevant positions
   * @param change the largest change of an entry of the queries' map
   */
  public record Look(long steps, double loss, double accuracy, double mass, double change) {}

  /** Copies the looks. */
  public ParityRun {
    looks = List.copyOf(looks);
  }

  /**
   * Learns.
   *
   * @param rule makes the function from T and the hidden positions
   * @param cap the most steps
   * @param coins whether labels are fair coins instead: the control
   */
  public static ParityRun of(
      BiFunction<Integer, List<Integer>, SparseFunction> rule,
      int length,
      int sparsity,
      int cap,
      boolean coins,
      Seed seed) {
    List<Integer> relevant =
        SparseFunction.drawPositions(length, sparsity, seed.child("hidden").generator());
    SparseFunction function = rule.apply(length, relevant);
    RandomGenerator rng = seed.child("data").generator();
    SymbolStringLayer layer = layer(length);
    Descent descent = descent(length, BATCH, seed.child("initial"));
    Batch test = TrainingSet.strings(function, TEST, 0.5, seed.child("held-out").generator());
    Batch few = TrainingSet.strings(function, 64, 0.5, seed.child("looked-at").generator());
    Batch batch = Batch.zeros(TrainingSet.WIDTHS, BATCH, length);
    List<Look> looks = new ArrayList<>();
    double loss = Math.log(2);
    while (true) {
      if (descent.steps() % EVERY == 0) {
        double accuracy = descent.accuracy(test);
        double mass = HeadWeights.of(layer, descent.parameters(), few, relevant).bestMass();
        double change = descent.largestChange("block.0.query.map");
        looks.add(new Look(descent.steps(), loss, accuracy, mass, change));
        if (accuracy >= SOLVED || descent.steps() >= cap) {
          return new ParityRun(looks, accuracy >= SOLVED);
        }
      }
      TrainingSet.refill(batch, function, 0.5, coins, rng);
      loss = descent.step(batch);
    }
  }

  private static SymbolStringLayer layer(int length) {
    return SymbolStringLayer.of(2, length, 1, BLOCK).withSpread(SPREAD);
  }

  /**
   * Readies the descent of these settings.
   *
   * @param size the most strings of a batch to step on
   */
  public static Descent descent(int length, int size, Seed initial) {
    SymbolStringLayer layer = layer(length);
    return new Descent(
        layer,
        Loss.logistic(),
        Adam.withDefaults(),
        RATE,
        layer.initial(initial.generator()),
        size,
        length,
        List.of());
  }

  /** Returns the steps taken. */
  public long steps() {
    return looks.get(looks.size() - 1).steps();
  }

  /** Returns the steps from the last look at chance, below 0.55, to the first above 0.99. */
  public long jump() {
    long first = steps();
    for (Look look : looks) {
      if (look.accuracy() > JUMPED) {
        first = look.steps();
        break;
      }
    }
    long last = 0;
    for (Look look : looks) {
      if (look.steps() < first && look.accuracy() < CHANCE) {
        last = look.steps();
      }
    }
    return first - last;
  }

  /**
   * Returns the mean loss of all looks at chance after the first; where there is none, that of the
   * second look, ten steps after the start.
   */
  public double plateau() {
    return looks.stream()
        .skip(1)
        .filter(look -> look.accuracy() < CHANCE)
        .mapToDouble(Look::loss)
        .average()
        .orElse(looks.get(Math.min(1, looks.size() - 1)).loss());
  }

  /** Returns the last look whose accuracy is at chance; the first if none is. */
  public Look lastAtChance() {
    Look last = looks.get(0);
    for (Look look : looks) {
      last = look.accuracy() < CHANCE ? look : last;
    }
    return last;
  }
}
