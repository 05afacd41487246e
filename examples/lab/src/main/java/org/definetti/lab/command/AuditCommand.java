package org.definetti.lab.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.definetti.derivation.Derivation;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.lab.model.Models;
import org.definetti.lab.report.HeatMap;
import org.definetti.lab.report.PlotFiles;
import org.definetti.latent.LatentModel;
import org.definetti.latent.RealTokens;
import org.definetti.latent.TokenSpace;
import org.definetti.layer.Layer;
import org.definetti.layer.Layers;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.GramAttention;
import org.definetti.symmetry.Influence;
import org.definetti.symmetry.ReportCard;
import org.definetti.symmetry.SequenceFunction;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Prints the symmetries of a layer, as tokens that look at themselves and at knowledge, and draws
 * which output depends on which token.
 */
@Command(
    name = "audit",
    description = {
      "Prints which symmetries a layer has, with random or trained weights, and draws what",
      "depends on what.",
      "Tokens are queries; tokens and knowledge are the context. A form ending in -form has no",
      "weights: its scores are inner products, and it passes what orthogonal symmetry asks."
    })
public final class AuditCommand implements Callable<Integer> {

  private static final Map<String, IntFunction<SequenceFunction>> FORMS = forms();
  private static final String POSTERIOR = "posterior";
  private static final int TRIALS = 20;
  private static final double NOISE = 0.1;

  /** One of the two. */
  static final class Audited {

    @Option(
        names = "--trained",
        required = true,
        paramLabel = "DIR",
        description = {
          "Audit what 'train' learned in this directory, on the tokens of its model; also says",
          "how much of its risk a missing symmetry costs."
        })
    @Nullable Path trained;

    @Option(
        names = "--layer",
        required = true,
        paramLabel = "NAME",
        description = {
          "A trainable layer as 'train' names it, such as null-token-softmax; or softmax-form,",
          "gaussian-form, knowledge-form; or, with --model, an attention as 'derive' names it,",
          "or posterior for the exact predictive mean of the model."
        })
    String layer = "";
  }

  @ArgGroup(exclusive = true, multiplicity = "1")
  Audited audited = new Audited();

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = {
        "Audit what is derived from this model, whose keys are as wide as its values: what is",
        "asked is whether both can be turned together."
      })
  @Nullable String model;

  @Mixin ClassPathOption own = new ClassPathOption();

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "6",
      description = "Tokens; default ${DEFAULT-VALUE}.")
  int tokens;

  @Option(
      names = "--knowledge",
      paramLabel = "K",
      defaultValue = "2",
      description = "Knowledge rows, 0 for none, as with --trained; default ${DEFAULT-VALUE}.")
  int knowledge;

  @Option(
      names = "--width",
      paramLabel = "D",
      defaultValue = "12",
      description = {
        "Width of tokens, more than N + K to ask for the span; default ${DEFAULT-VALUE}, or",
        "what a model says."
      })
  int width;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Same seed, same bits; default ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write card.txt and the influence as .svg, .png and .csv there.")
  @Nullable Path out;

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Options.atLeast("tokens", 1, tokens);
    Options.atLeast("knowledge", 0, knowledge);
    Options.atLeast("width", 1, width);
    Seed root = Seed.of(seed).child("audit");
    TrainedFunction trained = trained();
    SequenceFunction function =
        trained != null ? trained : model != null ? derived(model) : function(root);
    AuditPlan plan = AuditPlan.of(tokens, knowledge, width);
    StringBuilder page = new StringBuilder();
    page.append(ReportCard.of(plan, root.child("card"), function));
    page.append(AuditPage.algebra(plan, root.child("algebra").generator(), function));
    if (trained != null) {
      page.append(trained.risks(tokens, root.child("risk").generator()));
    }
    SimpleMatrix influence =
        Influence.matrix(plan, TRIALS, root.child("influence").generator(), function);
    PrintWriter console = spec.commandLine().getOut();
    console.print(page);
    console.print(AuditPage.influence(influence));
    if (out != null) {
      Files.createDirectories(out);
      String name = trained != null ? trained.toString() : audited.layer;
      HeatMap map =
          new HeatMap("Influence of tokens in " + name, "output", "token replaced", influence);
      PlotFiles.write(out, "influence", map);
      Files.writeString(out.resolve("card.txt"), page);
      console.println("written to " + out);
    }
    console.flush();
    return 0;
  }

  /** Returns what was trained, if that is asked for, and takes its width; it has no knowledge. */
  private @Nullable TrainedFunction trained() {
    if (audited.trained == null) {
      return null;
    }
    if (model != null) {
      throw new IllegalArgumentException("model: expected none with --trained, got " + model);
    }
    TrainedFunction trained = TrainedFunction.read(audited.trained, own.classes());
    width = trained.width();
    knowledge = 0;
    return trained;
  }

  /** Returns what is derived from a model, and takes its width. */
  private SequenceFunction derived(String name) {
    LatentModel<?> prior = Models.of(name, own.classes());
    TokenSpace space = prior.tokenSpace();
    if (POSTERIOR.equals(audited.layer)) {
      return posterior(prior);
    }
    if (space.keyWidth() < 1 || space.keyWidth() != space.valueWidth()) {
      throw new IllegalArgumentException(
          "model: expected keys as wide as values, at least 1, got "
              + space.keyWidth()
              + " and "
              + space.valueWidth());
    }
    width = space.keyWidth();
    return SequenceFunction.ofAttention(Derivation.of(prior, audited.layer).attention());
  }

  /** Returns what a model's own belief expects; it has no knowledge but its hyperparameters. */
  private SequenceFunction posterior(LatentModel<?> prior) {
    if (!(prior.tokenSpace() instanceof RealTokens space)) {
      throw new IllegalArgumentException(
          "model: expected real vectors as tokens to audit its posterior, got "
              + prior.tokenSpace());
    }
    width = space.dimension();
    knowledge = 0;
    return SequenceFunction.ofPredictive(none -> prior);
  }

  private SequenceFunction function(Seed root) {
    IntFunction<SequenceFunction> form = FORMS.get(audited.layer);
    if (form != null) {
      return form.apply(width);
    }
    if (!Layers.names().contains(audited.layer)) {
      List<String> names = new ArrayList<>(Layers.names());
      names.addAll(FORMS.keySet());
      throw new IllegalArgumentException(
          "layer: expected one of " + names + ", got " + audited.layer);
    }
    Layer made = Layers.of(audited.layer, new Widths(width, width, width));
    return SequenceFunction.ofAttention(made.toAttention(weights(made, root.child("weights"))));
  }

  /** Returns initial parameters and noise on each, since no trained bias is exactly zero. */
  private static Parameters weights(Layer made, Seed root) {
    Parameters parameters = made.initial(root.child("initial").generator());
    RandomGenerator rng = root.child("noise").generator();
    float[] data = parameters.data();
    for (int i = 0; i < data.length; i++) {
      data[i] += (float) (NOISE * Normal.draw(rng));
    }
    return parameters;
  }

  private static Map<String, IntFunction<SequenceFunction>> forms() {
    Map<String, IntFunction<SequenceFunction>> forms = new LinkedHashMap<>();
    forms.put("softmax-form", GramAttention::softmax);
    forms.put("gaussian-form", GramAttention::gaussian);
    forms.put("knowledge-form", GramAttention::knowledge);
    return forms;
  }
}
