package org.definetti.benchmarks.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process holds. */
final class Memory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long KIBIBYTE = 1024;

  private Memory() {}

  /**
   * Returns the bytes of the heap that are in use after a collection. A training allocates all it
   * needs when it starts, so that this is also its peak, short-lived objects aside.
   */
  static long live() {
    Runtime runtime = Runtime.getRuntime();
    runtime.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Returns the largest number of bytes that were resident at once, as Linux counts them. */
  static long residentPeak() {
    try {
      String line =
          Files.readAllLines(STATUS).stream()
              .filter(candidate -> candidate.startsWith("VmHWM:"))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("no VmHWM in " + STATUS));
      return Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
