package org.definetti.train;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.layer.Layer;
import org.definetti.layer.Workspace;
import org.definetti.objective.Loss;
import org.jspecify.annotations.Nullable;

/**
 * Loss and gradient of one step, chunk of samples by chunk of samples.
 *
 * <pre>{@code  loss = 1/B Σ_b 1/R_b Σ_r loss(out_br, y_br)  }</pre>
 *
 * <p>Where: R_b the layer's output rows for the tokens of sample b that count; a sample without
 * rows adds nothing.
 *
 * <p>Free workers take the next chunk; which worker takes which does not matter, because each chunk
 * has its own sums and loss, added up in the chunks' order at the end. A chunk is run tile by tile
 * ({@link Layer#tile}), so that activations stay in cache. Where the layer allows it, samples that
 * already lie in memory are read there, one by one; all others are written to a tile first.
 *
 * <p>A helper without a chunk left may draw samples of the next step ahead. They follow from source
 * and step, so this changes no bit; it uses the time in which others finish their chunks and the
 * caller reduces and takes the step.
 */
final class ChunkRunner implements AutoCloseable {

  /** Numbers a worker sums over all chunks at a time: few enough for the nearest cache. */
  private static final int RANGE = 2048;

  /** Below so many numbers to add the caller sums alone: a hand-over would last longer. */
  private static final int SHARED_SUM = 1 << 16;

  /** Chunks drawn ahead per worker. Idle time is about one chunk each, whatever the batch. */
  static final int AHEAD = 2;

  private final Layer layer;
  private final DataSource data;
  private final Loss loss;
  private final int chunkSize;
  private final int tile;
  private final boolean inPlace; // whether samples are read where they lie
  private final Parameters[] sums; // one per chunk, of its samples
  private final Parameters total; // of the chunks
  private final double[] losses; // one per chunk: sum over its samples
  private final Worker[] workers;
  private final AtomicInteger next = new AtomicInteger();
  private final Chunk[][] ahead; // (2, chunks drawn ahead), for even and odd steps
  private volatile Ahead plan = new Ahead(0, new Chunk[0]);
  private final Team team;

  /**
   * Makes buffers and threads.
   *
   * @param drawAhead whether idle workers draw samples of the next step
   */
  ChunkRunner(Layer layer, DataSource data, Loss loss, TrainingOptions options, boolean drawAhead) {
    this.layer = layer;
    this.data = data;
    this.loss = loss;
    this.chunkSize = Math.min(options.chunkSize(), data.batchSize());
    boolean alone = layer.isSamplewise() || layer.tile(data.maxLength()) == 1;
    this.inPlace = alone && data.resident(0, 0) != null;
    this.tile = Math.min(chunkSize, layer.tile(data.maxLength()));
    int chunks = (data.batchSize() + chunkSize - 1) / chunkSize;
    this.losses = new double[chunks];
    this.sums = new Parameters[chunks];
    Arrays.setAll(sums, chunk -> Parameters.zeros(layer.sums()));
    this.total = Parameters.zeros(layer.sums());
    int threads = Math.min(options.threads(), chunks);
    this.workers = new Worker[threads];
    Arrays.setAll(workers, i -> new Worker());
    int few = threads == 1 || !drawAhead || inPlace ? 0 : Math.min(chunks, AHEAD * threads);
    this.ahead = new Chunk[2][few];
    for (Chunk[] parity : ahead) {
      Arrays.setAll(parity, chunk -> new Chunk(data, tile, chunkSize));
    }
    this.team = new Team(threads, () -> plan.drawOne());
  }

  /**
   * Returns the mean loss of the step's batch and writes its gradient.
   *
   * @param gradient receives the mean gradient. Modified.
   */
  double gradient(Parameters parameters, long step, Parameters gradient) {
    Chunk[] drawn = ahead[(int) (step & 1)];
    int length = data.length(step);
    next.set(0);
    plan = new Ahead(step + 1, ahead[(int) (step + 1 & 1)]);
    team.execute(member -> workers[member].work(parameters, step, length, drawn, true));
    addUp(total.data());
    layer.finish(parameters, total, gradient);
    return meanLoss();
  }

  /** Returns the mean loss of the first step's batch, without gradients and drawing ahead. */
  double loss(Parameters parameters) {
    next.set(0);
    int length = data.length(0);
    team.execute(member -> workers[member].work(parameters, 0, length, new Chunk[0], false));
    return meanLoss();
  }

  private double meanLoss() {
    double sum = 0.0;
    for (double part : losses) {
      sum += part;
    }
    return sum / data.batchSize();
  }

  private void addUp(float[] sum) {
    if (team.size() == 1 || (long) sum.length * sums.length < SHARED_SUM) {
      sumRange(sum, 0, sum.length);
      return;
    }
    AtomicInteger range = new AtomicInteger();
    team.execute(
        member -> {
          int from;
          while ((from = RANGE * range.getAndIncrement()) < sum.length) {
            sumRange(sum, from, Math.min(sum.length, from + RANGE));
          }
        });
  }

  /** Sums in the chunks' order, so that neither ranges nor threads show. */
  private void sumRange(float[] sum, int from, int to) {
    Arrays.fill(sum, from, to, 0f);
    for (Parameters chunk : sums) {
      float[] part = chunk.data();
      for (int i = from; i < to; i++) {
        sum[i] += part[i];
      }
    }
  }

  @Override
  public void close() {
    team.close();
  }

  /** The chunks of one step that are drawn before it begins. */
  private final class Ahead {

    private final long step;
    private final Chunk[] chunks;
    private final AtomicInteger next = new AtomicInteger();

    Ahead(long step, Chunk[] chunks) {
      this.step = step;
      this.chunks = chunks;
    }

    /** Draws one chunk; false if all are drawn or being drawn. */
    boolean drawOne() {
      if (next.get() >= chunks.length) {
        return false;
      }
      int chunk = next.getAndIncrement();
      if (chunk >= chunks.length) {
        return false;
      }
      int from = chunk * chunkSize;
      int to = Math.min(from + chunkSize, data.batchSize());
      try {
        chunks[chunk].fillAhead(step, data.length(step), from, to);
      } catch (RuntimeException e) {
        // The step may never come. If it does, it draws the chunk itself and fails the same way.
        return true;
      }
      return true;
    }
  }

  private final class Worker {

    private final Workspace workspace = layer.workspace(tile, data.maxLength());
    private final Chunk own = new Chunk(data, tile, chunkSize);

    void work(Parameters parameters, long step, int length, Chunk[] drawn, boolean withGradient) {
      boolean prepared = false;
      int chunk;
      while ((chunk = next.getAndIncrement()) < sums.length) {
        if (!prepared) {
          layer.prepare(parameters, workspace);
          prepared = true;
        }
        boolean filled = chunk < drawn.length && drawn[chunk].isFilledFor(step);
        if (withGradient) {
          sums[chunk].clear();
        }
        losses[chunk] = 0.0;
        int start = chunk * chunkSize;
        int end = Math.min(start + chunkSize, data.batchSize());
        for (int first = start; first < end; first += tile) {
          int size = Math.min(tile, end - first);
          Parameters added = withGradient ? sums[chunk] : null;
          if (inPlace) {
            losses[chunk] += runInPlace(parameters, step, first, size, added);
          } else {
            int index = (first - start) / tile;
            Batch samples =
                filled ? drawn[chunk].tile(index) : own.fill(index, step, length, first, size);
            losses[chunk] += run(parameters, samples, added);
          }
        }
      }
    }

    /** The same sums in the same order as of the samples in one tile. */
    private double runInPlace(
        Parameters parameters, long step, int first, int size, @Nullable Parameters added) {
      double sum = 0.0;
      for (int i = first; i < first + size; i++) {
        sum += run(parameters, Objects.requireNonNull(data.resident(step, i)), added);
      }
      return sum;
    }

    private double run(Parameters parameters, Batch samples, @Nullable Parameters added) {
      layer.forward(parameters, samples, 0, samples.size(), workspace);
      double sum = 0.0;
      for (int b = 0; b < samples.size(); b++) {
        sum += lossOf(samples, b);
      }
      if (added != null) {
        layer.backward(parameters, samples, 0, samples.size(), workspace, added);
      }
      return sum;
    }

    /** Mean loss over a sample's rows; writes its gradient, zero for rows of padding. */
    private double lossOf(Batch samples, int b) {
      int p = data.widths().target();
      int rows = samples.rows();
      int counted = Math.min(rows, layer.outputs(samples.length(b)));
      float scale = 1f / (data.batchSize() * (float) counted);
      float[] output = workspace.output();
      float[] outputGradient = workspace.outputGradient();
      double sum = 0.0;
      int at = b * rows * p;
      for (int r = 0; r < counted; r++, at += p) {
        sum += loss.value(output, at, samples.targets(), at, p);
        loss.gradient(output, at, samples.targets(), at, p, scale, outputGradient);
      }
      Arrays.fill(outputGradient, at, (b + 1) * rows * p, 0f);
      return counted == 0 ? 0.0 : sum / counted;
    }
  }
}
