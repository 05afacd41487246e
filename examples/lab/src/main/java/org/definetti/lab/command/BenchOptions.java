package org.definetti.lab.command;

import java.util.List;

/**
 * What {@code definetti bench} is asked for.
 *
 * @param works names of what is timed: {@code train}, {@code infer}, {@code single-query-train}
 * @param shapes {@code B,L,d,H;…}, or empty for those of the documentation
 * @param threads threads of every side
 * @param hasPeer whether the peer is measured beside the library
 * @param hasPlain whether the library's plain loops are measured beside its fast kernels
 * @param scaling whether curves against one size each are measured and drawn, instead of shapes
 */
public record BenchOptions(
    List<String> works,
    String shapes,
    int threads,
    boolean hasPeer,
    boolean hasPlain,
    boolean scaling) {

  /** Copies the list. */
  public BenchOptions {
    works = List.copyOf(works);
  }
}
