package org.definetti.lab.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.definetti.experiment.Cell;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Progress;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.Training;

/**
 * What a sweep is going to do, and about how long it takes: every cell of one seed is measured on a
 * share of its sequences, after a share of its training, on one thread.
 *
 * @param plan of the whole sweep
 * @param lengths those measured
 * @param sequences of each seed
 * @param seeds of the whole sweep
 * @param threads that will compute cells
 * @param trainingBytes the most that one training takes; 0 if nothing is trained
 */
record SweepDryRun(
    Plan plan, List<Integer> lengths, int sequences, int seeds, int threads, long trainingBytes) {

  /**
   * Runs the pilot and prints the plan.
   *
   * @param share returns the sweep with a share of the training
   */
  void print(PrintWriter out, long seed, DoubleFunction<Sweep> share) {
    out.println("a dry run: nothing is written");
    line(out, "model", plan.cells().get(0).axis("model"));
    line(out, "attention", distinct(SweepDryRun::attention));
    line(out, "objective", distinct(cell -> cell.axis("objective")));
    line(out, plan.sweptAxis(), lengths.toString().replaceAll("[\\[\\]]", ""));
    line(out, "seeds", seeds + " from seed " + seed);
    line(out, "sequences", sequences + " of each seed");
    line(
        out,
        "cells",
        plan.cells().size()
            + ", each measured at "
            + lengths.size()
            + " "
            + plan.sweptAxis()
            + "s");
    line(out, "plan", plan.hash());
    out.flush();
    Pilot<List<Long>> pilot =
        Pilot.of(1.0 / sequences, part -> cellNanos(share.apply(part), part, seed));
    int used = Math.min(threads, Runtime.getRuntime().availableProcessors());
    line(
        out,
        "time",
        Pilot.about(Pilot.nanosOf(allCells(pilot), used))
            + (used == 1 ? " on 1 thread" : " on " + used + " threads")
            + " (measured: one seed with "
            + pilot.percent()
            + " of its sequences and training steps)");
    line(out, "memory", memory(pilot.heapBytes(), used));
    out.flush();
  }

  private String memory(long heapBytes, int used) {
    String heap = "the heap held " + Pilot.bytes(heapBytes) + " at most in the pilot, on 1 thread";
    return trainingBytes == 0
        ? heap
        : "a training "
            + Pilot.bytes(trainingBytes)
            + " (from its shapes), up to "
            + used
            + " at once; "
            + heap;
  }

  /** Returns the time of each cell of one seed. */
  private List<Long> cellNanos(Sweep pilot, double part, long seed) {
    List<Long> ends = new ArrayList<>(List.of(0L));
    Progress listener =
        new Progress() {
          @Override
          public void cellDone(Cell cell, State state) {
            ends.add(state.elapsedNanos());
          }
        };
    pilot
        .withSeeds(1)
        .withSequences((int) Math.max(1, Math.round(part * sequences)))
        .withRunner(Runner.withDefaults().withThreads(1).withProgress(listener))
        .execute(seed);
    List<Long> nanos = new ArrayList<>();
    for (int i = 1; i < ends.size(); i++) {
      nanos.add(ends.get(i) - ends.get(i - 1));
    }
    return nanos;
  }

  private List<Long> allCells(Pilot<List<Long>> pilot) {
    return pilot.result().stream()
        .map(nanos -> (long) (nanos / pilot.share()))
        .flatMap(nanos -> Collections.nCopies(seeds, nanos).stream())
        .toList();
  }

  private static String attention(Cell cell) {
    String trained = cell.axis("train_length");
    return cell.axis("attention")
        + ":"
        + cell.axis("origin")
        + (trained.isEmpty() ? "" : " (trained at " + at(trained) + ")");
  }

  private static String at(String trained) {
    return trained.equals(Training.EACH_LENGTH) ? "each length" : "length " + trained;
  }

  private String distinct(Function<Cell, String> axis) {
    return plan.cells().stream().map(axis).distinct().collect(Collectors.joining(", "));
  }

  static void line(PrintWriter out, String name, Object value) {
    out.printf("%-10s %s%n", name, value);
  }
}
