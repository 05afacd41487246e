package org.definetti.benchmarks;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.definetti.lab.model.BuiltInModel;
import org.definetti.lab.model.Models;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks and prints their tables: {@code observe}, {@code prefixes}, {@code kernels},
 * or all.
 *
 * <p>Medians over iterations, one process each, of processor time and of the clock. The naive
 * recomputation of prefixes grows with the square of the length; it is left out at 100,000 tokens,
 * where it would take about an hour.
 */
public final class Benchmarks {

  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private Benchmarks() {}

  /** Runs what the arguments name, or everything. */
  public static void main(String[] arguments) throws RunnerException {
    List<String> asked =
        arguments.length == 0
            ? List.of("observe", "prefixes", "kernels")
            : Arrays.asList(arguments);
    if (asked.contains("observe")) {
      observe();
    }
    if (asked.contains("prefixes")) {
      prefixes();
    }
    if (asked.contains("kernels")) {
      KernelTable.print(OUT);
    }
  }

  private static ChainedOptionsBuilder options(Class<?> benchmark, String method) {
    return new OptionsBuilder().include(benchmark.getName() + "[.]" + method);
  }

  private static void observe() throws RunnerException {
    String[] models = Models.ALL.stream().map(BuiltInModel::name).toArray(String[]::new);
    var results =
        new Runner(options(ObserveBenchmark.class, "observe").param("model", models).build()).run();
    OUT.println("| Model | Tokens observed | ns per token | Tokens per second | ns on the clock |");
    OUT.println("|---|---:|---:|---:|---:|");
    for (RunResult result : results) {
      String model = result.getParams().getParam("model");
      int length = Workload.of(model, ObserveBenchmark.LENGTH).tokens().length();
      double nanos = Cpu.medianNanos(result) / length;
      OUT.printf(
          Locale.ROOT,
          "| `%s` | %,d | %.3g | %.2g | %.3g |%n",
          model,
          length,
          nanos,
          1e9 / nanos,
          median(result) / length);
    }
  }

  private static void prefixes() throws RunnerException {
    List<RunResult> results = new ArrayList<>();
    results.addAll(
        new Runner(options(PrefixesBenchmark.class, "(onePass|stepByStep)").build()).run());
    results.addAll(
        new Runner(
                options(PrefixesBenchmark.class, "recomputed")
                    .param("length", "1000", "10000")
                    .warmupIterations(1)
                    .measurementIterations(3)
                    .build())
            .run());
    OUT.println("| Way | Length | µs per token | µs on the clock |");
    OUT.println("|---|---:|---:|---:|");
    for (RunResult result : results) {
      String method = result.getParams().getBenchmark().replaceFirst(".*[.]", "");
      int length = Integer.parseInt(result.getParams().getParam("length"));
      OUT.printf(
          Locale.ROOT,
          "| %s | %,d | %.2f | %.2f |%n",
          method,
          length,
          Cpu.medianNanos(result) / length / 1000,
          median(result) / length / 1000);
    }
  }

  private static double median(RunResult result) {
    return result.getPrimaryResult().getStatistics().getPercentile(50);
  }
}
