package org.definetti.benchmarks.compare;

import java.util.concurrent.SynchronousQueue;
import org.definetti.engine.Batch;
import org.definetti.engine.Kernels;
import org.definetti.engine.Parameters;
import org.definetti.objective.Loss;
import org.definetti.optimise.Adam;
import org.definetti.random.Seed;
import org.definetti.train.FixedDataSet;
import org.definetti.train.LossPoint;
import org.definetti.train.Trainer;
import org.definetti.train.TrainingInterruptedException;
import org.definetti.train.TrainingOptions;

/**
 * Training as the library's users do it: a {@link Trainer} that never ends, held between two steps
 * while the other side has its turn.
 */
final class OurTraining implements Side {

  private final Thread fit;
  private final SynchronousQueue<Integer> asked = new SynchronousQueue<>();
  private final SynchronousQueue<Block> done = new SynchronousQueue<>();

  // Of the training's thread.
  private Block block = new Block(COMPARED);
  private long last;

  OurTraining(Task task) {
    Problem problem = Problem.of(task);
    TrainingOptions options =
        TrainingOptions.withDefaults()
            .withSteps(Integer.MAX_VALUE)
            .withWarmup(0)
            .withLearningRate(Problem.LEARNING_RATE)
            .withThreads(task.threads())
            .withLogEvery(1)
            .withCheckpointEvery(0);
    Trainer trainer =
        Trainer.of(problem.layer(), fullBatch(problem.batch()), Loss.squaredError())
            .withOptimiser(Adam.withDefaults())
            .withOptions(options)
            .withProgress(this::tookStep);
    // The batch itself is not kept: the data set has copied it.
    Parameters initial = problem.initial();
    this.fit = new Thread(() -> run(trainer, initial), "fit");
    fit.setDaemon(true);
  }

  /** The whole batch at every step, its samples in an order that changes from step to step. */
  private static FixedDataSet fullBatch(Batch batch) {
    return FixedDataSet.of(batch, Seed.of(1)).withBatchSize(batch.size());
  }

  private void run(Trainer trainer, Parameters initial) {
    try {
      last = System.nanoTime();
      trainer.fit(initial);
    } catch (TrainingInterruptedException e) {
      return; // closed
    }
  }

  /** Called after every step, in the training's thread. */
  private void tookStep(LossPoint point) {
    long now = System.nanoTime();
    block.add(now - last, point.loss());
    last = now;
    if (block.isFull()) {
      try {
        done.put(block);
        block = new Block(asked.take());
        last = System.nanoTime();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // which ends the training
      }
    }
  }

  @Override
  public String description() {
    return "definetti, " + Kernels.inUse().label() + " kernels";
  }

  @Override
  public double[] losses() {
    fit.start();
    return await().losses;
  }

  @Override
  public long[] nanos(int steps) {
    try {
      asked.put(steps);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return await().nanos;
  }

  private Block await() {
    try {
      return done.take();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", cause);
  }

  @Override
  public long memory() {
    return Memory.live();
  }

  @Override
  public void close() {
    fit.interrupt();
  }

  /** Times and losses of steps taken without a pause. */
  private static final class Block {

    private final long[] nanos;
    private final double[] losses;
    private int count;

    Block(int size) {
      this.nanos = new long[size];
      this.losses = new double[size];
    }

    void add(long nano, double loss) {
      nanos[count] = nano;
      losses[count] = loss;
      count++;
    }

    boolean isFull() {
      return count == nanos.length;
    }
  }
}
