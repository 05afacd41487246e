package org.definetti.benchmarks.compare;

/**
 * How long to measure.
 *
 * @param warmUpNanos of each side before anything counts
 * @param turnNanos of each side in a round; at least two steps
 * @param rounds turns of each side
 */
record Effort(long warmUpNanos, long turnNanos, int rounds) {

  /** What the figures of the documentation are measured with. */
  static Effort standard() {
    return new Effort(3_000_000_000L, 500_000_000L, 5);
  }

  /** For curves of many points. */
  static Effort quick() {
    return new Effort(1_500_000_000L, 300_000_000L, 3);
  }

  /** Everything once, for tests. */
  static Effort least() {
    return new Effort(1, 1, 1);
  }
}
