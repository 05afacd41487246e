package org.definetti.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * Processor time of the measuring thread, which a busy machine does not stretch as it does the
 * clock's. The garbage collector's threads are not in it.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Cpu {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Nanoseconds in this iteration. */
  public long cpuNanos;

  /** Calls in this iteration. */
  public long calls;

  void start() {
    cpuNanos -= THREADS.getCurrentThreadCpuTime();
    calls++;
  }

  void stop() {
    cpuNanos += THREADS.getCurrentThreadCpuTime();
  }

  /** Returns the median over iterations of the nanoseconds per call. */
  static double medianNanos(RunResult run) {
    List<Double> perCall = new ArrayList<>();
    for (BenchmarkResult result : run.getBenchmarkResults()) {
      for (IterationResult iteration : result.getIterationResults()) {
        Map<String, ? extends Result<?>> counters = secondary(iteration);
        double calls = score(counters, "calls");
        perCall.add(score(counters, "cpuNanos") / calls);
      }
    }
    Collections.sort(perCall);
    return perCall.get(perCall.size() / 2);
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // of the harness
  private static Map<String, ? extends Result<?>> secondary(IterationResult iteration) {
    return (Map) iteration.getSecondaryResults();
  }

  private static double score(Map<String, ? extends Result<?>> results, String name) {
    Result<?> result = results.get(name);
    if (result == null) {
      throw new IllegalStateException("counter " + name + ": expected one of " + results.keySet());
    }
    return result.getScore();
  }
}
