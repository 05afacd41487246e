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

    private final Workspace workspace = layer.workspace(chunkSize, data.maxLength());
    private Batch part = Batch.zeros(data.widths(), chunkSize, data.maxLength());

    void work(Parameters parameters, long step, AtomicInteger next) {
      int length = data.length(step);
      while (true) {
        int chunk = next.getAndIncrement();
        if (chunk >= gradients.length) {
          return;
        }
        int first = chunk * chunkSize;
        int size = Math.min(chunkSize, data.batchSize() - first);
        if (part.size() != size || part.length() != length) {
          part = Batch.zeros(data.widths(), size, length);
        }
        data.fill(step, first, part);
        losses[chunk] = run(parameters, gradients[chunk]);
      }
    }

    private double run(Parameters parameters, Parameters gradient) {
      int size = part.size();
      layer.forward(parameters, part, 0, size, workspace);
      float[] output = workspace.output();
      float[] target = part.targets();
      int p = data.widths().target();
      float scale = 1f / data.batchSize();
      double sum = 0.0;
      for (int i = 0; i < size; i++) {
        sum += loss.value(output, i * p, target, i * p, p);
        loss.gradient(output, i * p, target, i * p, p, scale, workspace.outputGradient());
      }
      gradient.clear();
      layer.backward(parameters, part, 0, size, workspace, gradient);
      return sum;
    }
  }
}
