package org.definetti.train;

import java.util.Locale;
import org.definetti.engine.Widths;
import org.definetti.layer.Layer;

/** About how many bytes a fit takes, from shapes alone. */
record MemoryEstimate(long gradients, long workspaces, long samples, long optimiser) {

  private static final double MEBI = 1024.0 * 1024.0;

  /**
   * Adds up what {@link ChunkRunner} and the optimiser allocate.
   *
   * @param states vectors as long as the parameters, apart from the chunks' gradients
   */
  static MemoryEstimate of(Layer layer, DataSource data, TrainingOptions options, int states) {
    long parameters = layer.shapes().stream().mapToLong(shape -> shape.size()).sum();
    long sums = layer.sums().stream().mapToLong(shape -> shape.size()).sum();
    int chunkSize = Math.min(options.chunkSize(), data.batchSize());
    long chunks = (data.batchSize() + chunkSize - 1L) / chunkSize;
    long threads = Math.min(options.threads(), chunks);
    int length = data.maxLength();
    int tile = Math.min(chunkSize, layer.tile(length));
    Widths widths = data.widths();
    long ofSample =
        (long) length * (widths.key() + widths.value())
            + widths.key()
            + (long) data.rows(length) * widths.target();
    long inFlight = threads == 1 ? 1 : threads + 2 * Math.min(chunks, ChunkRunner.AHEAD * threads);
    return new MemoryEstimate(
        Float.BYTES * (chunks + 1) * sums,
        threads * layer.workspaceBytes(tile, length),
        Float.BYTES * inFlight * chunkSize * ofSample,
        (long) Float.BYTES * states * parameters);
  }

  long total() {
    return gradients + workspaces + samples + optimiser;
  }

  /**
   * Throws if it is more than the limit.
   *
   * @throws IllegalArgumentException naming the limit and what takes the memory
   */
  void requireAtMost(long limit) {
    if (total() <= limit) {
      return;
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "memory: expected at most %.1f MiB (memory limit), got about %.1f MiB: gradients %.1f,"
                + " workspaces %.1f, samples %.1f, optimiser %.1f; fewer threads, a smaller batch or"
                + " another chunk size take less",
            limit / MEBI,
            total() / MEBI,
            gradients / MEBI,
            workspaces / MEBI,
            samples / MEBI,
            optimiser / MEBI));
  }
}
