package org.definetti.lab.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.definetti.engine.Batch;
import org.definetti.experiment.Estimate;
import org.definetti.random.Seed;

/**
 * How much the token k places before the end influences an answer.
 *
 * <pre>{@code  influence(k) = E ‖f(X) - f(X with that token drawn anew)‖²  }</pre>
 *
 * <ul>
 *   <li>Where: f a predicted mean; the new token has the law of its place and depends on nothing.
 *   <li>Zero at every k beyond the reach of a convolution; the same at every k for a function of
 *       the multiset where tokens are exchangeable.
 *   <li>Source: [derived] (7.3 of the project's notes on symmetry: influence profile).
 * </ul>
 */
public final class Influence {

  private Influence() {}

  /** Returns the influence on a network's answers at k = 1, 2, …, as many as tokens. */
  public static List<Estimate> of(Network network, int items, int count, Seed seed) {
    return of(network.task(), items, count, seed, network::predict);
  }

  /** Returns the influence on the best answers of a sight, on the same sequences. */
  public static List<Estimate> of(Task task, Sight sight, int items, int count, Seed seed) {
    return of(task, items, count, seed, batch -> TestSet.of(task, batch).best(sight));
  }

  private static List<Estimate> of(
      Task task, int items, int count, Seed seed, Function<Batch, double[][]> answers) {
    Batch batch = TestSet.draw(task, items, count, seed.child("test")).batch();
    Batch other = TestSet.draw(task, items, count, seed.child("anew")).batch();
    double[][] before = answers.apply(batch);
    List<Estimate> profile = new ArrayList<>();
    for (int k = 1; k <= batch.length(); k++) {
      double[][] after = answers.apply(redrawn(batch, other, batch.length() - k));
      double[] change = new double[count];
      for (int b = 0; b < count; b++) {
        change[b] = Scale.SQUARED.divergence(before[b], after[b]);
      }
      profile.add(Estimate.of(change));
    }
    return profile;
  }

  private static Batch redrawn(Batch batch, Batch other, int token) {
    Batch moved = Batch.zeros(batch.widths(), batch.size(), batch.length());
    for (int b = 0; b < batch.size(); b++) {
      moved.copySample(b, batch, b);
      SampleRows rows = new SampleRows(moved, b);
      SampleRows fresh = new SampleRows(other, b);
      for (int j = 0; j < batch.widths().key(); j++) {
        rows.setKey(token, j, fresh.key(token, j));
      }
      for (int j = 0; j < batch.widths().value(); j++) {
        rows.setValue(token, j, fresh.value(token, j));
      }
    }
    return moved;
  }
}
