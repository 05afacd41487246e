package org.definetti.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.definetti.engine.Batch;
import org.definetti.engine.Kernels;
import org.definetti.engine.Parameters;
import org.definetti.layer.Layer;
import org.definetti.layer.Workspace;

/**
 * The forward pass of a batch: free threads take the next samples, a tile at a time, and copy the
 * outputs into one array.
 */
final class OurInference implements Side {

  // More than a layer's tile: without a backward pass to come, only the last sample is kept.
  private static final int TOGETHER = 8;

  private final Layer layer;
  private final Parameters parameters;
  private final Batch whole;
  private final float[] outputs; // (batch, rows, target width)
  private final int tile;
  private final List<Part> parts = new ArrayList<>();
  private final ExecutorService pool;

  OurInference(Task task) {
    Problem problem = Problem.of(task);
    this.layer = problem.layer();
    this.parameters = problem.initial();
    this.whole = problem.batch();
    this.outputs = new float[whole.targets().length];
    this.tile = Math.min(TOGETHER, whole.size());
    for (int i = 0; i < task.threads(); i++) {
      parts.add(new Part());
    }
    this.pool =
        Executors.newFixedThreadPool(
            task.threads(),
            runnable -> {
              Thread thread = new Thread(runnable, "inference");
              thread.setDaemon(true);
              return thread;
            });
  }

  private void infer() {
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (Part part : parts) {
      running.add(pool.submit(() -> part.work(next)));
    }
    try {
      for (Future<?> one : running) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public String description() {
    return "definetti, " + Kernels.inUse().label() + " kernels";
  }

  @Override
  public double[] losses() {
    infer();
    double sum = 0.0;
    for (int i = 0; i < outputs.length; i++) {
      double error = (double) outputs[i] - whole.targets()[i];
      sum += error * error;
    }
    return new double[] {sum * whole.widths().target() / outputs.length};
  }

  @Override
  public long[] nanos(int steps) {
    long[] nanos = new long[steps];
    for (int i = 0; i < steps; i++) {
      long start = System.nanoTime();
      infer();
      nanos[i] = System.nanoTime() - start;
    }
    return nanos;
  }

  @Override
  public long memory() {
    return Memory.live();
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }

  /** What one thread needs. */
  private final class Part {

    private final Workspace workspace = layer.workspace(tile, whole.length());
    private Batch samples = Batch.zeros(whole.widths(), tile, whole.length(), whole.rows());

    Part() {
      layer.prepare(parameters, workspace); // once: the parameters stay
    }

    void work(AtomicInteger next) {
      int width = whole.rows() * whole.widths().target();
      int from = next.getAndAdd(tile);
      while (from < whole.size()) {
        int count = Math.min(tile, whole.size() - from);
        if (samples.size() != count) {
          samples = Batch.zeros(whole.widths(), count, whole.length(), whole.rows());
        }
        for (int b = 0; b < count; b++) {
          samples.copySample(b, whole, from + b);
        }
        layer.forward(parameters, samples, 0, count, workspace);
        System.arraycopy(workspace.output(), 0, outputs, from * width, count * width);
        from = next.getAndAdd(tile);
      }
    }
  }
}
