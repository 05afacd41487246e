package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Widths;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.CurvePoint;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.layer.ConceptDictionaryLayer;
import org.definetti.layer.Layer;
import org.definetti.layer.MultiHeadLayer;
import org.definetti.layer.TransformerLayer;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.optimise.Adam;
import org.definetti.optimise.Optimiser;
import org.definetti.random.Seed;
import org.definetti.train.FreshSamples;
import org.definetti.train.Lengths;
import org.definetti.train.Trainer;
import org.definetti.train.TrainingOptions;
import org.definetti.transfer.LatentTarget;
import org.definetti.transfer.LinearReadout;
import org.definetti.transfer.LogisticReadout;
import org.definetti.transfer.PosteriorLaw;
import org.definetti.transfer.Transfer;
import org.ejml.simple.SimpleMatrix;

/**
 * The trained parts of E6: attention trained on masked tokens as the pretrained predictor, read by
 * the readout of the exact predictor.
 *
 * <ul>
 *   <li>Layers: four softmax heads with null tokens, log biases by face and a class query; one
 *       transformer block of width 16; a dictionary of three concepts, which has the form of the
 *       exact posterior (B3) and nothing else to learn. Squared error on the one-hot masked face,
 *       fresh samples.
 *   <li>Both errors are averages over the exact law of the posterior. {@code own-kappa-eff} is tr(W
 *       S Wᵀ)/tr(S) with S the second moments of the layer's error on 4,000 sequences of its own,
 *       so that the ratio is not compared with itself.
 *   <li>{@code probe-error} and {@code logistic-kl}: a least-squares readout of G and a logistic
 *       one of the die, each fitted to 3,000 labels: their error, and the mean divergence of the
 *       exact posterior from the probabilities read.
 * </ul>
 */
final class TrainedErrors {

  private static final String OWN = "own-kappa-eff";
  private static final String NOISE = "noise-kappa-eff";
  private static final String LOGISTIC = "logistic-kl";
  private static final String HEADS = "multi-head";
  private static final String TRANSFORMER = "transformer";
  private static final String DICTIONARY = "concept-dictionary";
  private static final double ROUNDING = 1e-9;
  private static final double LOGISTIC_RIDGE = 1e-4;
  private static final int SEQUENCES = 4000;
  private static final int CONCEPTS = 3;
  private static final DownstreamTask TASK = DownstreamTask.ORDER;

  private record Size(
      List<Double> epsilons, int heads, int dictionaries, int transformers, int steps) {}

  private TrainedErrors() {}

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(List.of(1.0, 0.25), 3, 0, 0, 200);
      case STANDARD -> new Size(List.of(1.0, 0.5, 0.25, 0.125), 3, 3, 0, 1000);
      case FULL -> new Size(List.of(1.0, 0.5, 0.25, 0.125), 5, 5, 3, 2000);
    };
  }

  static Results measure(String claim, Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    List<Cell> cells = new ArrayList<>();
    for (int s = 0; s < size.heads; s++) {
      cells.add(cell(claim, HEADS, s));
    }
    for (int s = 0; s < size.dictionaries; s++) {
      cells.add(cell(claim, DICTIONARY, s));
    }
    for (int s = 0; s < size.transformers; s++) {
      cells.add(cell(claim, TRANSFORMER, s));
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("epsilons", size.epsilons.toString());
    configuration.put("steps", String.valueOf(size.steps));
    configuration.put("seed", String.valueOf(seed.value()));
    Plan plan = Plan.of(Build.provenance().version(), configuration, AmplifiedErrors.KAPPA, cells);
    return runner.execute(plan, cell -> train(size, seed, cell));
  }

  private static Cell cell(String claim, String layer, int s) {
    return Cell.of("model", "categorical-concepts")
        .with("claim", claim)
        .with("attention", layer)
        .with("origin", "trained")
        .with(Cell.SEED, String.valueOf(s));
  }

  private static Layer layer(String name, Widths widths) {
    return switch (name) {
      case HEADS -> MultiHeadLayer.of(widths, 4).withNullToken().withLogBias().withClassQuery();
      case DICTIONARY -> ConceptDictionaryLayer.of(widths, CONCEPTS);
      default ->
          TransformerLayer.of(widths).withBlock(BlockShape.of(16, 4).withPreNorm()).withDepth(1);
    };
  }

  private static CellResult train(Size size, Seed seed, Cell cell) {
    String name = cell.axis("attention");
    List<CellPoint> points = new ArrayList<>();
    for (double epsilon : size.epsilons) {
      Seed own = seed.child(name).child(cell.axis(Cell.SEED)).child(String.valueOf(epsilon));
      CategoricalConcepts dice = TransferModels.dice(epsilon);
      Layer layer = layer(name, Objective.MASKED.widths(dice));
      points.add(measure(dice, trained(layer, dice, 1, size.steps, Adam.withDefaults(), own), own));
    }
    return new CellResult(points);
  }

  /**
   * Trains on fresh sequences of six visible faces and a hidden one.
   *
   * @param masks how many faces of a sequence are hidden in turn, each a sample of its own
   */
  static Attention trained(
      Layer layer, CategoricalConcepts dice, int masks, int steps, Optimiser optimiser, Seed seed) {
    FreshSamples data =
        FreshSamples.of(
                dice, Objective.MASKED, Lengths.fixed(AmplifiedErrors.LENGTH), seed.child("data"))
            .withBatchSize(128)
            .withGroupSize(masks);
    TrainingOptions options =
        TrainingOptions.withDefaults().withSteps(steps).withLearningRate(0.01);
    return Trainer.of(layer, data, Loss.squaredError())
        .withOptions(options)
        .withOptimiser(optimiser)
        .fit(seed.child("fit"))
        .attention();
  }

  /** Returns what an attention predicts for every cell of a law, shape (S, d). */
  static SimpleMatrix outputs(Attention attention, CategoricalConcepts dice, PosteriorLaw law) {
    SimpleMatrix query = dice.tokenSpace().emptyQuery();
    double[][] rows = new double[law.size()][];
    for (int s = 0; s < rows.length; s++) {
      Context context = Context.of(dice, law.sequences().get(s));
      rows[s] = attention.attend(query, context).getDDRM().data;
    }
    return new SimpleMatrix(rows);
  }

  private static CellPoint measure(CategoricalConcepts dice, Attention attention, Seed seed) {
    LatentTarget target = LatentTarget.maskedToken(dice);
    Transfer transfer = TASK.transfer(dice);
    PosteriorLaw law = PosteriorLaw.enumerated(dice, AmplifiedErrors.LENGTH);
    SimpleMatrix out = outputs(attention, dice, law);
    SimpleMatrix error = law.secondMoments(out.minus(target.predictions(law)));
    double ratio = transfer.kappaEff(error);
    SimpleMatrix own = ownErrors(law, out.minus(target.predictions(law)), seed.child("own"));
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    put(metrics, AmplifiedErrors.PRETRAINING, error.trace());
    put(metrics, AmplifiedErrors.DOWNSTREAM, ratio * error.trace());
    put(metrics, AmplifiedErrors.RATIO, ratio);
    put(metrics, AmplifiedErrors.SHARE, ratio / transfer.kappaTask());
    put(metrics, OWN, transfer.kappaEff(own));
    put(metrics, NOISE, transfer.kappaEff(target.noise(law)));
    probe(metrics, out, law, seed.child("labels").generator());
    return new CellPoint(transfer.kappaTask(), metrics);
  }

  /** Returns the second moments of the error over sequences drawn for this alone. */
  private static SimpleMatrix ownErrors(PosteriorLaw law, SimpleMatrix errors, Seed seed) {
    SimpleMatrix drawn = LabelledCells.draw(law, SEQUENCES, seed.generator()).rows(errors);
    return drawn.transpose().mult(drawn).divide(SEQUENCES);
  }

  private static void put(Map<String, Estimate> metrics, String name, double value) {
    metrics.put(name, Estimate.exact(value));
  }

  /** Fits readouts to labels and judges them over the exact law. */
  private static void probe(
      Map<String, Estimate> metrics, SimpleMatrix out, PosteriorLaw law, RandomGenerator rng) {
    LabelledCells labelled = LabelledCells.draw(law, AmplifiedErrors.SAMPLES, rng);
    SimpleMatrix labels = labelled.labels(TASK.question());
    SimpleMatrix read = LinearReadout.weighted(out, labels, labelled.weights(), 0).read(out);
    put(metrics, AmplifiedErrors.PROBE, law.secondMoments(read.minus(TASK.exact(law))).trace());
    SimpleMatrix p =
        LogisticReadout.fit(labelled.rows(out), labelled.latents(), LOGISTIC_RIDGE)
            .probabilities(out);
    double divergence = 0;
    for (int s = 0; s < law.size(); s++) {
      for (int k = 0; k < p.getNumCols(); k++) {
        double exact = law.posteriors().get(s, k);
        divergence += law.probabilities().get(0, s) * exact * Math.log(exact / p.get(s, k));
      }
    }
    put(metrics, LOGISTIC, divergence);
  }

  static List<ClaimPart> parts(Budget budget, Results measured) {
    List<ClaimPart> parts = new ArrayList<>();
    for (String layer : List.of(HEADS, DICTIONARY, TRANSFORMER)) {
      if (measured.curves().stream().anyMatch(c -> c.key().axis("attention").equals(layer))) {
        parts.add(neverAbove(layer, measured));
        parts.add(own(budget, layer, measured));
      }
    }
    return parts;
  }

  private static Curve curve(Results results, String layer, String metric) {
    return results.curves().stream()
        .filter(curve -> curve.key().metric().equals(metric))
        .filter(curve -> curve.key().axis("attention").equals(layer))
        .findFirst()
        .orElseThrow();
  }

  private static ClaimPart neverAbove(String layer, Results measured) {
    Curve share = curve(measured, layer, AmplifiedErrors.SHARE);
    double largest = 0;
    for (int s = 0; s < share.seeds().size(); s++) {
      for (int j = 0; j < share.values().size(); j++) {
        largest = Math.max(largest, share.mean(s, j));
      }
    }
    Prediction prediction = Prediction.atMost(1 + ROUNDING);
    return ClaimPart.of("never-above:" + layer, Verdict.exact(largest, prediction))
        .withControl(
            Control.of(
                Verdict.exact(4 * largest, prediction),
                String.format(
                    Locale.ROOT, "kappa of twice the epsilon: exceeded %.2f times", 4 * largest)));
  }

  /** The ratio beside the κ_eff of the layer's own errors, and of the noise it was trained on. */
  private static ClaimPart own(Budget budget, String layer, Results measured) {
    Curve ratio = curve(measured, layer, AmplifiedErrors.RATIO);
    Prediction one = Prediction.near(1, budget == Budget.SMOKE ? 0.3 : 0.1);
    Verdict bound = Judging.againstFormula(ratio, 0, kappa -> kappa, one);
    return ClaimPart.of(
            "own-kappa-eff:" + layer,
            Judging.ratio(ratio, curve(measured, layer, OWN), 0, one)
                .withReason(table(layer, measured)))
        .withControl(Judging.control(bound, "over kappa_task: %.2f"));
  }

  private static String table(String layer, Results measured) {
    StringBuilder text = new StringBuilder("E_down / E_pre, own and noise kappa_eff, kappa:");
    List<CurvePoint> ratio = curve(measured, layer, AmplifiedErrors.RATIO).points();
    List<CurvePoint> own = curve(measured, layer, OWN).points();
    List<CurvePoint> noise = curve(measured, layer, NOISE).points();
    for (int j = 0; j < ratio.size(); j++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s %.4g, %.4g, %.4g, %.4g",
              j == 0 ? "" : ";",
              ratio.get(j).mean(),
              own.get(j).mean(),
              noise.get(j).mean(),
              ratio.get(j).value()));
    }
    return text.toString();
  }
}
