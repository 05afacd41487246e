package org.definetti.benchmarks.compare;

/**
 * One side of a comparison: takes the same steps as the other on the same data.
 *
 * <p>Used by one thread. The losses are asked for once, before any time.
 */
interface Side extends AutoCloseable {

  /** Steps whose losses must agree. */
  int COMPARED = 5;

  /** Returns what computes: library, version, kernels. */
  String description();

  /**
   * Returns the losses of the first training steps from the initial weights; of inference, the loss
   * of its output.
   */
  double[] losses();

  /** Takes so many further steps and returns what each took, in nanoseconds. */
  long[] nanos(int steps);

  /**
   * Returns the most memory that the work itself has needed so far, its data included, in bytes.
   */
  long memory();

  @Override
  void close();
}
