package org.definetti.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures one task: both sides in turns, with the machine's limits between them, so that a machine
 * that slows down slows all of them in one round.
 */
final class Comparison {

  private final MachineLimits limits;
  private final boolean withPeer;
  private final boolean withPlain;
  private final Effort effort;

  Comparison(MachineLimits limits, boolean withPeer, boolean withPlain, Effort effort) {
    this.limits = limits;
    this.withPeer = withPeer;
    this.withPlain = withPlain;
    this.effort = effort;
  }

  Row measure(Task task) {
    try (WorkerProcess ours = WorkerProcess.start(SideName.OURS, task);
        @Nullable WorkerProcess plain =
            withPlain ? WorkerProcess.start(SideName.PLAIN, task) : null;
        @Nullable WorkerProcess peer =
            withPeer ? WorkerProcess.start(SideName.PYTORCH, task) : null) {
      return measure(task, new Party(ours), party(plain), party(peer));
    }
  }

  private static @Nullable Party party(@Nullable WorkerProcess process) {
    return process == null ? null : new Party(process);
  }

  private Row measure(Task task, Party ours, @Nullable Party plain, @Nullable Party peer) {
    String ourName = ours.process.description();
    String peerName = peer == null ? "" : peer.process.description();
    double[] losses = ours.process.losses();
    double gap = peer == null ? Double.NaN : gap(losses, peer.process.losses());
    if (plain != null) {
      plain.process.losses();
    }
    List<Party> parties = new ArrayList<>(List.of(ours));
    if (peer != null) {
      parties.add(peer);
    }
    if (plain != null) {
      parties.add(plain);
    }
    for (Party party : parties) {
      party.warmUp(effort);
    }
    List<Double> floors = new ArrayList<>();
    List<Double> peaks = new ArrayList<>();
    List<Double> bandwidths = new ArrayList<>();
    for (int round = 0; round < effort.rounds(); round++) {
      double peak = limits.operationsPerSecond(task.threads());
      double bandwidth = limits.bytesPerSecond(task.threads(), (long) task.bytes());
      peaks.add(peak);
      bandwidths.add(bandwidth);
      floors.add(1e3 * Math.max(task.operations() / peak, task.bytes() / bandwidth));
      for (Party party : parties) {
        party.takeTurn();
      }
    }
    return new Row(
        task,
        ours.times,
        plain == null ? new Times() : plain.times,
        peer == null ? new Times() : peer.times,
        floors,
        median(peaks),
        median(bandwidths),
        gap,
        ours.process.memory(),
        peer == null ? Double.NaN : peer.process.memory(),
        ourName,
        peerName);
  }

  /** Returns the largest relative difference. */
  static double gap(double[] ours, double[] theirs) {
    if (ours.length != theirs.length) {
      throw new IllegalStateException("losses: " + ours.length + " and " + theirs.length);
    }
    double largest = 0.0;
    for (int i = 0; i < ours.length; i++) {
      double gap = Math.abs(ours[i] - theirs[i]) / Math.abs(theirs[i]);
      largest = Math.max(largest, Double.isNaN(gap) ? Double.POSITIVE_INFINITY : gap);
    }
    return largest;
  }

  private static double median(List<Double> numbers) {
    return Times.median(numbers.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** One side with what was measured of it. */
  private static final class Party {

    private static final int LEAST_STEPS = 2;
    private static final int MOST_STEPS = 100_000;

    private final WorkerProcess process;
    private final Times times = new Times();
    private int steps = LEAST_STEPS;

    Party(WorkerProcess process) {
      this.process = process;
    }

    /** Runs until the code is compiled; sets how many steps fill a turn. */
    void warmUp(Effort effort) {
      long end = System.nanoTime() + effort.warmUpNanos();
      long least = Long.MAX_VALUE;
      int count = 1;
      do {
        long[] nanos = process.nanos(count);
        long sum = 0;
        for (long one : nanos) {
          sum += one;
        }
        least = Math.max(1, Math.min(least, sum / count));
        count = between(1, effort.turnNanos() / 4 / least, MOST_STEPS);
      } while (System.nanoTime() < end);
      steps = between(LEAST_STEPS, effort.turnNanos() / least, MOST_STEPS);
    }

    private static int between(int low, long value, int high) {
      return (int) Math.max(low, Math.min(high, value));
    }

    void takeTurn() {
      times.add(process.nanos(steps));
    }
  }
}
