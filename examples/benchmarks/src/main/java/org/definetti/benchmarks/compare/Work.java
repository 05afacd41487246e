package org.definetti.benchmarks.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is timed. */
enum Work {
  /** One Adam step of a transformer block. */
  TRAIN,
  /** One forward pass of a transformer block. */
  INFER,
  /** One Adam step of a head with one query for each sequence. */
  SINGLE_QUERY_TRAIN;

  /** Returns the name in files and on the command line. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the work of this label. */
  static Work of(String label) {
    List<String> labels = Arrays.stream(values()).map(Work::label).toList();
    int index = labels.indexOf(label);
    if (index < 0) {
      throw new IllegalArgumentException("work: expected one of " + labels + ", got " + label);
    }
    return values()[index];
  }

  /** Tells whether it is the work of a transformer block. */
  boolean isBlock() {
    return this != SINGLE_QUERY_TRAIN;
  }
}
