package org.definetti.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
 * <p>A chunk is run tile by tile ({@link Layer#tile}), so that activations stay in cache.
 *
 * <p>Free workers take the next chunk; which worker takes which does not matter, because each chunk
 * has its own gradient buffer and loss, summed in the chunks' order at the end.
 */
final class ChunkRunner implements AutoCloseable {

  private final Layer layer;
  private final DataSource data;
  private final Loss loss;
  private final int chunkSize;
  private final Parameters[] gradients; // one per chunk
  private final double[] losses; // one per chunk: sum over its samples
  private final List<Worker> workers = new ArrayList<>();
  private final @Nullable ExecutorService pool; // none for one worker

  ChunkRunner(Layer layer, DataSource data, Loss loss, TrainingOptions options) {
    this.layer = layer;
    this.data = data;
    this.loss = loss;
    this.chunkSize = Math.min(options.chunkSize(), data.batchSize());
    int chunks = (data.batchSize() + chunkSize - 1) / chunkSize;
    this.losses = new double[chunks];
    this.gradients = new Parameters[chunks];
    Arrays.setAll(gradients, chunk -> Parameters.zeros(layer.shapes()));
    int threads = Math.min(options.threads(), chunks);
    for (int i = 0; i < threads; i++) {
      workers.add(new Worker());
    }
    this.pool = threads == 1 ? null : Executors.newFixedThreadPool(threads, ChunkRunner::thread);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "training");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Returns the mean loss of the step's batch and writes its gradient.
   *
   * @param gradient receives the mean gradient. Modified.
   */
  double gradient(Parameters parameters, long step, Parameters gradient) {
    AtomicInteger next = new AtomicInteger();
    if (pool == null) {
      workers.get(0).work(parameters, step, next);
    } else {
      List<Future<?>> running = new ArrayList<>();
      for (Worker worker : workers) {
        running.add(
            pool.submit(
                () -> {
                  worker.work(parameters, step, next);
                }));
      }
      running.forEach(ChunkRunner::await);
    }
    gradient.clear();
    double sum = 0.0;
    for (int chunk = 0; chunk < gradients.length; chunk++) {
      gradient.add(gradients[chunk]);
      sum += losses[chunk];
    }
    return sum / data.batchSize();
  }

  /** Waits to the end of the step even when interrupted, so that no worker is left behind. */
  private static void await(Future<?> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrow(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrow(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof RuntimeException exception) {
      return exception;
    }
    return new IllegalStateException(cause);
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.shutdownNow();
    }
  }

  private final class Worker {

    private final int tile = Math.min(chunkSize, layer.tile(data.maxLength()));
    private final Workspace workspace = layer.workspace(tile, data.maxLength());
    private @Nullable Batch part;

    void work(Parameters parameters, long step, AtomicInteger next) {
      int length = data.length(step);
      boolean prepared = false;
      while (true) {
        int chunk = next.getAndIncrement();
        if (chunk >= gradients.length) {
          return;
        }
        if (!prepared) {
          layer.prepare(parameters, workspace);
          prepared = true;
        }
        gradients[chunk].clear();
        losses[chunk] = 0.0;
        int end = Math.min((chunk + 1) * chunkSize, data.batchSize());
        for (int first = chunk * chunkSize; first < end; first += tile) {
          Batch samples = part(Math.min(tile, end - first), length);
          data.fill(step, first, samples);
          losses[chunk] += run(parameters, samples, gradients[chunk]);
        }
      }
    }

    private Batch part(int size, int length) {
      Batch found = part;
      if (found == null || found.size() != size || found.length() != length) {
        found = Batch.zeros(data.widths(), size, length, data.rows(length));
        part = found;
      }
      return found;
    }

    private double run(Parameters parameters, Batch samples, Parameters gradient) {
      layer.forward(parameters, samples, 0, samples.size(), workspace);
      double sum = 0.0;
      for (int b = 0; b < samples.size(); b++) {
        sum += lossOf(samples, b);
      }
      layer.backward(parameters, samples, 0, samples.size(), workspace, gradient);
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
