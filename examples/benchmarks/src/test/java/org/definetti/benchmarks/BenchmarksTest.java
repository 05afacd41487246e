package org.definetti.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.lab.model.BuiltInModel;
import org.definetti.lab.model.Models;
import org.junit.jupiter.api.Test;

/** Every benchmark does its work once. */
class BenchmarksTest {

  @Test
  void everyModelObserves() {
    for (BuiltInModel model : Models.ALL) {
      Workload<?> workload = Workload.of(model.name(), 100);
      assertTrue(workload.tokens().length() >= 10, model.name());
      assertEquals(workload.tokens().length(), workload.observe().count(), model.name());
    }
  }

  @Test
  void allPrefixesAreThere() {
    PrefixesBenchmark benchmark = new PrefixesBenchmark();
    benchmark.length = 30;
    benchmark.draw();
    var beliefs = benchmark.onePass(new Cpu());
    assertEquals(30, beliefs.size());
    assertEquals(30, beliefs.get(29).count());
  }

  @Test
  void everyKernelRuns() {
    for (String name : KernelSize.NAMES) {
      KernelBenchmark benchmark = new KernelBenchmark();
      benchmark.kernel = name;
      benchmark.make();
      benchmark.run();
    }
    assertEquals(2.0 * 64 * 16 * 48, KernelSize.of("PRODUCT 64 16 48").operations());
    assertEquals(4.0 * (64 * 16 + 16 * 48 + 64 * 48), KernelSize.of("PRODUCT 64 16 48").bytes());
  }
}
