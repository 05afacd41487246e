package org.definetti.lab.command;

import java.util.Map;
import java.util.function.Function;
import org.definetti.engine.Widths;
import org.definetti.experiment.Training;
import org.definetti.layer.Layer;
import org.definetti.layer.Layers;
import org.definetti.train.Lengths;
import org.definetti.train.TrainingOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of training an attention. */
final class TrainingOption {

  private static final TrainingOptions DEFAULTS = TrainingOptions.withDefaults();

  @Option(
      names = "--train-length",
      paramLabel = "L",
      defaultValue = Training.EACH_LENGTH,
      description = {
        "Lengths seen in training: 'each' (an attention for each evaluated length),",
        "one length, or a range 4..64; default ${DEFAULT-VALUE}."
      })
  String trainLength = Training.EACH_LENGTH;

  @Option(
      names = "--sample-count",
      paramLabel = "N",
      defaultValue = "0",
      description = "Train on a fixed set of N sequences; default 0: fresh ones every step.")
  int sampleCount;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Optimiser steps; default ${DEFAULT-VALUE}.")
  int steps = DEFAULTS.steps();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Sequences per step; default ${DEFAULT-VALUE}.")
  int batchSize = 128;

  @Option(
      names = "--learning-rate",
      paramLabel = "R",
      description = "Peak learning rate; default ${DEFAULT-VALUE}.")
  double learningRate = DEFAULTS.learningRate();

  @Option(
      names = "--group-size",
      paramLabel = "N",
      description = {
        "Samples that ask about each sequence drawn; default ${DEFAULT-VALUE}. Long sequences",
        "train several times faster with 8, at the cost of correlated samples."
      })
  int groupSize = 1;

  @Option(
      names = "--identity-values",
      description = "Fix the value map and the readout to the identity.")
  boolean identityValues;

  @Option(
      names = "--mixed-lengths",
      description = "Every sequence of a batch has a length of its own.")
  boolean mixedLengths;

  @Mixin MethodOption method = new MethodOption();

  @Mixin TransformerOption transformer = new TransformerOption();

  /**
   * Returns how the layer of a form is made.
   *
   * @throws IllegalArgumentException if there is no such form
   */
  Function<Widths, Layer> layer(String form) {
    if (!Layers.names().contains(form)) {
      throw new IllegalArgumentException(
          "attention: expected one of " + Layers.names() + " to train, got " + form);
    }
    transformer.check();
    if (identityValues) {
      return widths -> Layers.withIdentityValues(form, widths);
    }
    return form.equals(TransformerOption.FORM)
        ? transformer::layer
        : widths -> Layers.of(form, widths);
  }

  /**
   * Returns the training of a form.
   *
   * @throws IllegalArgumentException if there is no such form
   */
  Training of(String form) {
    Function<Widths, Layer> layer = layer(form);
    Training training =
        method
            .apply(Training.of(layer), DEFAULTS.withSteps(steps).withLearningRate(learningRate))
            .withBatchSize(batchSize)
            .withSampleCount(sampleCount)
            .withGroupSize(groupSize);
    if (mixedLengths) {
      training = training.withMixedLengths();
    }
    return trainLength.equals(Training.EACH_LENGTH)
        ? training
        : training.withLengths(lengths(trainLength));
  }

  /** Returns a share in (0, 1] of the training of a form, to see how long all of it takes. */
  Training of(String form, double share) {
    Training whole = of(form);
    int fewer = (int) Math.max(1, Math.round(share * steps));
    // A set is drawn before the first step: no more of it than the steps will see.
    int drawn = (int) Math.max(Math.round(share * sampleCount), Math.min(sampleCount, batchSize));
    return share == 1
        ? whole
        : whole.withOptions(whole.options().withSteps(fewer)).withSampleCount(drawn);
  }

  private static Lengths lengths(String text) {
    String[] ends = text.split("\\.\\.", -1);
    try {
      int least = Integer.parseInt(ends[0]);
      if (ends.length == 1) {
        return Lengths.fixed(least);
      }
      if (ends.length == 2) {
        return Lengths.uniform(least, Integer.parseInt(ends[1]));
      }
    } catch (NumberFormatException e) {
      // falls through to the one message
    }
    throw new IllegalArgumentException(
        "train-length: expected 'each', a length or a range 4..64, got " + text);
  }

  void describe(Map<String, Object> configuration) {
    configuration.put("train-length", trainLength);
    configuration.put("sample-count", sampleCount);
    configuration.put("steps", steps);
    configuration.put("batch-size", batchSize);
    configuration.put("learning-rate", learningRate);
    configuration.put("group-size", groupSize);
    configuration.put("identity-values", identityValues);
    configuration.put("mixed-lengths", mixedLengths);
    method.describe(configuration);
    transformer.describe(configuration);
  }
}
