package org.definetti.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The engine's inner loops, one process each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class KernelBenchmark {

  /** Which loop; {@link KernelTable} sets it to each of {@link KernelSize#NAMES}. */
  @Param("PRODUCT 64 64 64")
  public String kernel = "PRODUCT 64 64 64";

  private MicroKernel work = () -> {};

  /** Makes the kernel and its data. */
  @Setup
  public void make() {
    work = MicroKernel.of(KernelSize.of(kernel));
  }

  /** Runs it once. */
  @Benchmark
  public void run() {
    work.run();
  }
}
