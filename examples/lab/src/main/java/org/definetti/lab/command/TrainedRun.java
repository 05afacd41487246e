package org.definetti.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.definetti.attention.Attention;
import org.definetti.engine.Parameters;
import org.definetti.experiment.Training;
import org.definetti.lab.run.Manifest;
import org.definetti.latent.LatentModel;
import org.definetti.layer.Layer;
import org.definetti.objective.DistributionHead;
import org.definetti.objective.Objective;
import org.definetti.train.Checkpoint;
import org.definetti.train.Trainer;
import org.jspecify.annotations.Nullable;

/**
 * An attention that {@code definetti train} left in a directory.
 *
 * @param layer what was trained
 * @param parameters what training found
 * @param objective what it was trained for
 * @param head what its output means, or null for a mean
 * @param lengths how many tokens it was trained on, {@code 4} or {@code 4..64}
 */
record TrainedRun(
    Layer layer,
    Parameters parameters,
    Objective objective,
    @Nullable DistributionHead head,
    String lengths) {

  /** Returns it in double precision. */
  Attention attention() {
    return layer.toAttention(parameters);
  }

  /**
   * Reads a directory.
   *
   * @throws IllegalArgumentException if it is not that of a training of this model
   */
  static TrainedRun read(Path directory, String named, LatentModel<?> model) {
    JsonNode configuration = configuration(directory);
    String of = configuration.path("model").asText("");
    if (!of.equals(named)) {
      throw new IllegalArgumentException(
          "trained: expected a training of " + named + ", got one of " + of);
    }
    Objective objective = Objective.ofLabel(configuration.path("objective").asText(""));
    String text = configuration.path("head").asText("");
    DistributionHead head =
        text.isEmpty() ? null : HeadOption.parse(text, objective.widths(model).target());
    TrainingOption training = new TrainingOption();
    training.identityValues = configuration.path("identity-values").asBoolean();
    training.transformer.depth = configuration.path("depth").asInt();
    training.transformer.width = configuration.path("width").asInt();
    training.transformer.heads = configuration.path("heads").asInt();
    Checkpoint checkpoint = Checkpoint.read(directory.resolve(Trainer.CHECKPOINT_FILE));
    Training described = Training.of(training.layer(configuration.path("attention").asText("")));
    described = head == null ? described : described.withHead(head);
    return new TrainedRun(
        described.layer(model, objective),
        checkpoint.solution(),
        objective,
        head,
        configuration.path("train-length").asText("?"));
  }

  /** Returns what the training in a directory was asked for. */
  static JsonNode configuration(Path directory) {
    Path file = directory.resolve(Manifest.FILE);
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "trained: expected the directory of a training, got " + directory);
    }
    try {
      JsonNode manifest = new ObjectMapper().readTree(Files.readAllBytes(file));
      if (!manifest.path("verb").asText("").equals("train")) {
        throw new IllegalArgumentException(
            "trained: expected the directory of a training, got that of "
                + manifest.path("verb").asText("something else"));
      }
      return manifest.path("configuration");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
