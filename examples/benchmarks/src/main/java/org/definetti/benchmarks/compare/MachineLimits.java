package org.definetti.benchmarks.compare;

/** The limits of the machine, measured when asked by a process that does nothing else. */
public final class MachineLimits implements AutoCloseable {

  private final WorkerProcess process;

  private MachineLimits(WorkerProcess process) {
    this.process = process;
  }

  /** Starts the process. */
  public static MachineLimits start() {
    return new MachineLimits(WorkerProcess.limits());
  }

  /** Returns float32 operations per second of so many threads together. */
  public double operationsPerSecond(int threads) {
    return process.number("operations " + threads);
  }

  /** Returns bytes per second that so many threads together read from data of this size. */
  public double bytesPerSecond(int threads, long bytes) {
    return process.number("bytes " + threads + " " + bytes);
  }

  @Override
  public void close() {
    process.close();
  }
}
