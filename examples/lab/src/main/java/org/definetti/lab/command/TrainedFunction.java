package org.definetti.lab.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.experiment.Training;
import org.definetti.lab.model.Models;
import org.definetti.lab.model.UserClasses;
import org.definetti.lab.run.Manifest;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.LatentModel;
import org.definetti.latent.TokenSpace;
import org.definetti.latent.Tokens;
import org.definetti.layer.Layer;
import org.definetti.objective.Objective;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.RemovableRisk;
import org.definetti.symmetry.SequenceFunction;
import org.definetti.symmetry.SymmetryGroup;
import org.definetti.train.Checkpoint;
import org.definetti.train.Trainer;
import org.ejml.simple.SimpleMatrix;

/**
 * What a run of {@code definetti train} learned, as a function of tokens; it has no knowledge.
 *
 * <ul>
 *   <li>Real vectors: one output row, the answer to the empty query, which is the one it was
 *       trained on. Pairs, as rows of key and value beside each other: an output row a token, the
 *       answer to its key.
 *   <li>Tokens are the context, as the model's batches show them to the network.
 * </ul>
 */
final class TrainedFunction implements SequenceFunction {

  private static final int SEQUENCES = 1000;

  private final String name;
  private final LatentModel<?> model;
  private final Attention attention;

  private TrainedFunction(String name, LatentModel<?> model, Attention attention) {
    this.name = name;
    this.model = model;
    this.attention = attention;
  }

  /**
   * Reads the run.
   *
   * @throws IllegalArgumentException if the directory holds no run of {@code train}, or tokens of
   *     its model are categories, which no change of basis moves
   */
  static TrainedFunction read(Path directory, UserClasses classes) {
    TrainedRun.configuration(directory); // refuses what no training wrote
    Map<String, String> run = Manifest.configuration(directory, "train");
    LatentModel<?> model = Models.of(option(run, "model"), classes);
    if (model.tokenSpace() instanceof CategoricalTokens) {
      throw new IllegalArgumentException(
          "trained: expected a model of real vectors or pairs, got one of categories");
    }
    String form = option(run, "attention");
    TrainingOption options = new TrainingOption();
    options.identityValues = Boolean.parseBoolean(option(run, "identity-values"));
    options.transformer.depth = Integer.parseInt(option(run, "depth"));
    options.transformer.width = Integer.parseInt(option(run, "width"));
    options.transformer.heads = Integer.parseInt(option(run, "heads"));
    Objective objective = Objective.ofLabel(option(run, "objective"));
    Layer layer = Training.of(options.layer(form)).layer(model, objective);
    Checkpoint checkpoint = Checkpoint.read(directory.resolve(Trainer.CHECKPOINT_FILE));
    return new TrainedFunction(
        form + " trained on " + option(run, "model"),
        model,
        layer.toAttention(checkpoint.solution()));
  }

  private static String option(Map<String, String> run, String name) {
    String value = run.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "trained: expected a manifest with " + name + ", got none");
    }
    return value;
  }

  /** Returns the width of a token's row. */
  int width() {
    return model.tokenSpace().width();
  }

  @Override
  public SimpleMatrix transform(SimpleMatrix tokens, SimpleMatrix knowledge) {
    TokenSpace space = model.tokenSpace();
    Tokens seen = Tokens.ofRows(space, tokens.getDDRM().data);
    SimpleMatrix queries = space.hasQueries() ? seen.keys() : space.emptyQuery();
    return attention.attend(queries, Context.of(model, seen));
  }

  /** Returns how much of the risk on the model's own sequences symmetrising would remove. */
  String risks(int length, RandomGenerator rng) {
    List<AuditInput> sequences = new ArrayList<>();
    for (int n = 0; n < SEQUENCES; n++) {
      Tokens tokens = model.sample(length, rng).tokens();
      sequences.add(new AuditInput(rows(tokens), new SimpleMatrix(0, width()), ""));
    }
    boolean rowPerToken = model.tokenSpace().hasQueries();
    StringBuilder text = new StringBuilder("\nrisk that a missing symmetry costs, on ");
    text.append(SEQUENCES).append(" sequences of the model\n");
    append(text, SymmetryGroup.tokenOrders(length, rowPerToken), sequences, rng, "");
    if (sequences.get(0).outputOf(this).getNumCols() == width()) {
      SymmetryGroup basis = SymmetryGroup.orthogonal(width());
      append(text, basis, sequences, rng, ", if the model looks the same in every direction");
    }
    return text.toString();
  }

  private void append(
      StringBuilder text,
      SymmetryGroup group,
      List<AuditInput> sequences,
      RandomGenerator rng,
      String condition) {
    RemovableRisk risk = RemovableRisk.estimate(group, sequences, rng, this);
    text.append(String.format(Locale.ROOT, "  %s: %s%s\n", group, risk, condition));
  }

  private SimpleMatrix rows(Tokens tokens) {
    return model.tokenSpace().hasQueries()
        ? tokens.keys().concatColumns(tokens.values())
        : tokens.values();
  }

  @Override
  public String toString() {
    return name;
  }
}
