package org.definetti.benchmarks;

import java.util.concurrent.TimeUnit;
import org.definetti.latent.Belief;
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

/** The posterior of one sequence from its prior, for every model of the catalogue. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 9, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ObserveBenchmark {

  static final int LENGTH = 10_000;

  /** The model's name; {@link Benchmarks} sets it to each of the catalogue. */
  @Param("gaussian-mean")
  public String model = "gaussian-mean";

  private Workload<?> workload = Workload.of("gaussian-mean", 1);

  /** Draws the sequence. */
  @Setup
  public void draw() {
    workload = Workload.of(model, LENGTH);
  }

  /** Returns the posterior after all tokens. */
  @Benchmark
  public Belief<?> observe() {
    return workload.observe();
  }
}
