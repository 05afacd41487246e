package org.definetti.lab.compare;

import java.util.Arrays;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.latent.Check;
import org.definetti.layer.Layer;
import org.definetti.layer.Workspace;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;

/**
 * How long the forward pass of one sequence takes on the calling thread, for each of its tokens.
 *
 * <p>Passes are repeated in rounds of some milliseconds, after as long a warm-up. What else the
 * machine does only ever adds: the least is the layer's own time, the median says how quiet the
 * machine was. Weights are freshly drawn; time does not depend on them.
 *
 * @param leastNanos nanoseconds a token of the fastest round
 * @param medianNanos of the median round
 */
public record ForwardTime(double leastNanos, double medianNanos) {

  private static final int ROUNDS = 15;
  private static final long ROUND_NANOS = 4_000_000;

  /**
   * Measures; takes about a tenth of a second.
   *
   * @param items of the sequence, at least 1
   * @param seed for the sequence and the weights
   */
  public static ForwardTime of(Layer layer, Task task, int items, Seed seed) {
    Check.atLeast("items", 1, items);
    Batch batch = TaskSamples.of(task, Lengths.fixed(items), 1, seed.child("sequence")).batch(0);
    Parameters parameters = layer.initial(seed.child("initial").generator());
    Workspace workspace = layer.workspace(1, batch.length());
    layer.prepare(parameters, workspace);
    int passes = 0;
    long end = System.nanoTime() + ROUNDS * ROUND_NANOS;
    while (passes == 0 || System.nanoTime() < end) {
      layer.forward(parameters, batch, 0, 1, workspace);
      passes++;
    }
    int perRound = Math.max(1, passes / ROUNDS);
    double[] nanos = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int pass = 0; pass < perRound; pass++) {
        layer.forward(parameters, batch, 0, 1, workspace);
      }
      nanos[round] = (double) (System.nanoTime() - start) / perRound / batch.length();
    }
    Arrays.sort(nanos);
    return new ForwardTime(nanos[0], nanos[ROUNDS / 2]);
  }
}
