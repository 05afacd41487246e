package org.definetti.benchmarks;

import java.io.PrintStream;
import java.util.Locale;
import org.definetti.benchmarks.compare.MachineLimits;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures the inner loops in both implementations, with the machine's limits in between. */
final class KernelTable {

  private static final double GIGA = 1e9;
  private static final double HUNDRED = 100;

  private KernelTable() {}

  static void print(PrintStream out) throws RunnerException {
    out.println("| Kernel | Vector, ns | GFLOP/s | Of the limit | Limit | Plain, ns | Times |");
    out.println("|---|---:|---:|---:|---|---:|---:|");
    try (MachineLimits limits = MachineLimits.start()) {
      for (String name : KernelSize.NAMES) {
        KernelSize size = KernelSize.of(name);
        double peak = limits.operationsPerSecond(1);
        double bandwidth = limits.bytesPerSecond(1, (long) size.bytes());
        double vector = nanos(name, "--add-modules=jdk.incubator.vector");
        double plain = nanos(name);
        double floor = GIGA * Math.max(size.operations() / peak, size.bytes() / bandwidth);
        boolean operations = size.operations() / peak >= size.bytes() / bandwidth;
        out.printf(
            Locale.ROOT,
            "| %s | %.0f | %.1f | %.0f %% | %s | %.0f | %.1f |%n",
            name.toLowerCase(Locale.ROOT).replace('_', '-'),
            vector,
            size.operations() / vector,
            HUNDRED * floor / vector,
            operations ? "operations" : "bytes",
            plain,
            plain / vector);
      }
    }
  }

  private static double nanos(String kernel, String... virtualMachineOptions)
      throws RunnerException {
    RunResult result =
        new Runner(
                new OptionsBuilder()
                    .include(KernelBenchmark.class.getName())
                    .param("kernel", kernel)
                    .jvmArgsAppend(virtualMachineOptions)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .runSingle();
    return result.getPrimaryResult().getStatistics().getPercentile(50);
  }
}
