package org.definetti.train;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Consumer;
import org.definetti.engine.Batch;
import org.definetti.engine.Kernels;
import org.definetti.engine.Parameters;
import org.definetti.layer.Layer;
import org.definetti.objective.Loss;
import org.definetti.optimise.Optimiser;
import org.definetti.optimise.Schedule;
import org.jspecify.annotations.Nullable;

/**
 * All of a {@link Trainer}: what is fitted, by what method, both of which fix the bits of the
 * result, and how it is carried out, which does not.
 */
record TrainingSetup(Task task, Method method, Conduct conduct) {

  /** What is fitted to what. */
  record Task(Layer layer, DataSource data, Loss loss) {
    Task {
      Objects.requireNonNull(layer, "layer");
      Objects.requireNonNull(data, "data");
      Objects.requireNonNull(loss, "loss");
    }
  }

  /**
   * How the loss is lowered, and until when.
   *
   * @param chosenSchedule null for warm-up and cosine from the options
   * @param stopping null for all steps
   */
  record Method(
      TrainingOptions options,
      Optimiser optimiser,
      @Nullable Schedule chosenSchedule,
      @Nullable Stopping stopping) {
    Method {
      Objects.requireNonNull(options, "options");
      Objects.requireNonNull(optimiser, "optimiser");
    }

    Schedule schedule() {
      if (chosenSchedule != null) {
        return chosenSchedule;
      }
      int warmup = Math.min(options.warmup(), options.steps());
      return Schedule.warmupCosine(options.learningRate(), warmup, options.steps());
    }
  }

  /** Early stopping, on the first batch of a source. */
  record Stopping(EarlyStopping rule, DataSource validation) {
    Stopping {
      Objects.requireNonNull(rule, "rule");
      Objects.requireNonNull(validation, "validation");
    }
  }

  /** What changes no bit. */
  record Conduct(
      @Nullable Path directory,
      Consumer<LossPoint> progress,
      TrainingLimits limits,
      boolean drawAhead) {
    Conduct {
      Objects.requireNonNull(progress, "progress");
      Objects.requireNonNull(limits, "limits");
    }
  }

  TrainingSetup with(Method other) {
    return new TrainingSetup(task, other, conduct);
  }

  TrainingSetup with(Conduct other) {
    return new TrainingSetup(task, method, other);
  }

  /**
   * Hashes all that fixes the bits of the result: the texts of the parts, the learning rate of
   * every step, the kernels, the initial parameters, and the first batch, which tells apart models
   * that describe themselves alike.
   */
  String configuration(Parameters initial) {
    MessageDigest digest = sha256();
    String text =
        String.join(
            "\n",
            task.layer() + "",
            task.data() + "",
            task.loss() + "",
            method.optimiser() + "",
            method.options().identity(),
            method.stopping() + "",
            Kernels.inUse().label());
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    ByteBuffer rate = ByteBuffer.allocate(Double.BYTES);
    Schedule schedule = method.schedule();
    for (long step = 0; step < method.options().steps(); step++) {
      digest.update(rate.putDouble(0, schedule.learningRate(step)).array());
    }
    update(digest, initial.data());
    update(digest, task.data().batch(0));
    if (method.stopping() != null) {
      update(digest, method.stopping().validation().batch(0));
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, Batch batch) {
    update(digest, batch.queries());
    update(digest, batch.targets());
    for (float[] coordinate : batch.keys()) {
      update(digest, coordinate);
    }
    for (float[] coordinate : batch.values()) {
      update(digest, coordinate);
    }
  }

  private static void update(MessageDigest digest, float[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES);
    bytes.asFloatBuffer().put(numbers);
    digest.update(bytes);
  }
}
