package org.definetti.lab.compare;

import java.util.Objects;
import org.definetti.engine.Batch;
import org.definetti.engine.Parameters;
import org.definetti.layer.Layer;
import org.definetti.layer.Workspace;
import org.definetti.random.Seed;
import org.definetti.train.EarlyStopping;
import org.definetti.train.Trainer;
import org.definetti.train.TrainingOptions;
import org.definetti.train.TrainingResult;
import org.definetti.train.ValidationPoint;

/**
 * A network trained on a task.
 *
 * @param task what it was trained on
 * @param layer the layer
 * @param parameters those that were best on the validation data
 * @param validationExcess their validation loss above that of the exact answers to the same
 *     sequences
 * @param samples sequences seen until the validation loss first counted as solved ({@link
 *     Task#solved}); all that were seen, where it never did
 */
public record Network(
    Task task, Layer layer, Parameters parameters, double validationExcess, double samples) {

  private static final int AT_A_TIME = 64; // samples predicted together: memory of so many

  /** Checks that nothing is missing. */
  public Network {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(parameters, "parameters");
  }

  /**
   * Trains a layer.
   *
   * @param rate the peak learning rate
   * @param seed its child {@code data} gives the sequences, {@code validation} the validation data;
   *     give every architecture the same
   * @param initial the first parameters. Not modified.
   */
  public static Network train(
      Task task, Schooling schooling, double rate, Seed seed, Layer layer, Parameters initial) {
    TaskSamples validation =
        TaskSamples.of(task, schooling.items(), schooling.validation(), seed.child("validation"));
    Trainer trainer =
        Trainer.of(
                layer,
                TaskSamples.of(task, schooling.items(), schooling.batchSize(), seed.child("data"))
                    .withSequences(schooling.sequences()),
                task.scale().loss(task.widths().target()))
            .withOptions(
                TrainingOptions.withDefaults()
                    .withLearningRate(rate)
                    .withWarmup(Math.max(1, schooling.steps() / 10))
                    .withSteps(schooling.steps()))
            .withEarlyStopping(
                EarlyStopping.every(Math.max(1, schooling.steps() / schooling.checks()))
                    .withPatience(Integer.MAX_VALUE),
                validation);
    TrainingResult result = trainer.fit(initial);
    TestSet exact = TestSet.of(task, validation.batch(0));
    double bayes = exact.targetLoss();
    double solved = task.solved(exact.bayesRisk());
    double least = Double.POSITIVE_INFINITY;
    double samples = (double) result.steps() * schooling.batchSize();
    boolean reached = false;
    for (ValidationPoint point : result.validation()) {
      least = Math.min(least, point.loss());
      if (!reached && point.loss() - bayes <= solved) {
        samples = (double) point.step() * schooling.batchSize();
        reached = true;
      }
    }
    return new Network(task, layer, result.parameters(), least - bayes, samples);
  }

  /** Returns the means it predicts for the samples of a batch, (sample, target width). */
  double[][] predict(Batch batch) {
    int width = batch.widths().target();
    int size = Math.min(batch.size(), AT_A_TIME);
    Batch part = Batch.zeros(batch.widths(), size, batch.length());
    Workspace workspace = layer.workspace(size, batch.length());
    layer.prepare(parameters, workspace);
    double[][] means = new double[batch.size()][];
    double[] output = new double[width];
    for (int first = 0; first < means.length; first += size) {
      int count = Math.min(size, means.length - first);
      for (int b = 0; b < count; b++) {
        part.copySample(b, batch, first + b);
      }
      layer.forward(parameters, part, 0, count, workspace);
      float[] outputs = workspace.output();
      for (int b = 0; b < count; b++) {
        for (int j = 0; j < width; j++) {
          output[j] = outputs[b * width + j];
        }
        means[first + b] = task.scale().mean(output);
      }
    }
    return means;
  }
}
