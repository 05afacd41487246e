package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import org.definetti.layer.Layer;
import org.definetti.layer.MultiHeadLayer;
import org.definetti.layer.TransformerLayer;
import org.definetti.objective.Objective;
import org.definetti.optimise.Adam;
import org.definetti.optimise.AdamW;
import org.definetti.optimise.Optimiser;
import org.definetti.random.Seed;
import org.definetti.transfer.LatentTarget;
import org.definetti.transfer.PosteriorLaw;
import org.definetti.transfer.Transfer;
import org.ejml.simple.SimpleMatrix;

/**
 * What else moves the downstream error on the dice at ε = 1/4: the ridge of least squares; for
 * trained softmax heads their number, the width of their values, weight decay and how many tokens
 * of a sequence are masked in turn; for a trained transformer block its width and its heads.
 *
 * <p>Each lever is varied alone, the number of training samples never. Measured: the pretraining
 * error, the downstream error, and their ratio, which is the κ_eff of that predictor's own error.
 */
final class TransferLevers {

  private static final double EPSILON = 0.25;
  private static final double ROUNDING = 1e-9;
  private static final String SETTING = "setting";
  private static final DownstreamTask TASK = DownstreamTask.ORDER;

  private static final String RIDGE = "least squares";
  private static final String HEADS = "multi-head";
  private static final String BLOCK = "transformer";
  private static final int WIDTH = 16; // of a block whose heads are varied
  private static final int BLOCK_HEADS = 4;

  /**
   * One thing to vary.
   *
   * @param predictor what is pretrained
   */
  private record Lever(String name, List<Double> settings, String predictor) {

    boolean trained() {
      return !predictor.equals(RIDGE);
    }
  }

  private static final List<Lever> LEVERS =
      List.of(
          new Lever("ridge", List.of(0.0, 10.0, 30.0, 100.0, 300.0), RIDGE),
          new Lever("heads", List.of(1.0, 2.0, 4.0, 8.0), HEADS),
          new Lever("value-width", List.of(1.0, 2.0, 4.0, 8.0), HEADS),
          new Lever("weight-decay", List.of(0.0, 0.01, 0.1, 1.0), HEADS),
          new Lever("masks-in-turn", List.of(1.0, 2.0, 4.0, 7.0), HEADS),
          new Lever("transformer-width", List.of(4.0, 8.0, 16.0, 32.0), BLOCK),
          new Lever("transformer-heads", List.of(1.0, 2.0, 4.0, 8.0), BLOCK));

  private TransferLevers() {}

  static List<Results> measure(String claim, Budget budget, Seed seed, Runner runner) {
    List<Results> results = new ArrayList<>();
    for (Lever lever : LEVERS) {
      if (lever.trained() && budget == Budget.SMOKE) {
        continue;
      }
      int seeds = lever.trained() ? (budget == Budget.FULL ? 5 : 2) : 8;
      int work =
          lever.trained()
              ? (budget == Budget.FULL ? 1000 : 300)
              : (budget == Budget.SMOKE ? 30 : 200);
      results.add(measure(claim, lever, seeds, work, seed.child(lever.name), runner));
    }
    return results;
  }

  private static Results measure(
      String claim, Lever lever, int seeds, int work, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (int s = 0; s < seeds; s++) {
      cells.add(
          Cell.of("model", "categorical-concepts")
              .with("claim", claim)
              .with("attention", lever.predictor)
              .with("origin", "trained")
              .with("lever", lever.name)
              .with(Cell.SEED, String.valueOf(s)));
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("settings", lever.settings.toString());
    configuration.put("work", String.valueOf(work));
    configuration.put("seed", String.valueOf(seed.value()));
    Plan plan =
        Plan.of(Build.provenance().version(), configuration, lever.name + "-" + SETTING, cells);
    return runner.within(lever.name).execute(plan, cell -> cell(lever, work, seed, cell));
  }

  private static CellResult cell(Lever lever, int work, Seed seed, Cell cell) {
    List<CellPoint> points = new ArrayList<>();
    for (double setting : lever.settings) {
      // One seed for all settings of a lever: they see the same samples.
      Seed own = seed.child(cell.axis(Cell.SEED));
      points.add(lever.trained() ? trained(lever, setting, work, own) : ridge(setting, work, own));
    }
    return new CellResult(points);
  }

  private static CellPoint ridge(double ridge, int repetitions, Seed seed) {
    CategoricalConcepts dice = TransferModels.dice(EPSILON);
    PosteriorLaw law = PosteriorLaw.enumerated(dice, AmplifiedErrors.LENGTH);
    CoordinatePretraining pretraining =
        new CoordinatePretraining(law, LatentTarget.maskedToken(dice));
    SimpleMatrix error = new SimpleMatrix(4, 4);
    for (int r = 0; r < repetitions; r++) {
      SimpleMatrix fit = pretraining.fit(AmplifiedErrors.SAMPLES, ridge, seed.child(r).generator());
      error = error.plus(law.secondMoments(fit.minus(pretraining.exact())));
    }
    return point(ridge, dice, error.divide(repetitions));
  }

  private static CellPoint trained(Lever lever, double setting, int steps, Seed seed) {
    CategoricalConcepts dice = TransferModels.dice(EPSILON);
    PosteriorLaw law = PosteriorLaw.enumerated(dice, AmplifiedErrors.LENGTH);
    Layer layer = layer(lever, setting, Objective.MASKED.widths(dice));
    Optimiser optimiser =
        lever.name.equals("weight-decay")
            ? AdamW.withDefaults().withDecay(setting)
            : Adam.withDefaults();
    int masks = lever.name.equals("masks-in-turn") ? (int) setting : 1;
    SimpleMatrix out =
        TrainedErrors.outputs(
            TrainedErrors.trained(layer, dice, masks, steps, optimiser, seed), dice, law);
    SimpleMatrix exact = LatentTarget.maskedToken(dice).predictions(law);
    return point(setting, dice, law.secondMoments(out.minus(exact)));
  }

  private static Layer layer(Lever lever, double setting, Widths widths) {
    if (lever.predictor.equals(BLOCK)) {
      boolean heads = lever.name.equals("transformer-heads");
      BlockShape block =
          heads ? BlockShape.of(WIDTH, (int) setting) : BlockShape.of((int) setting, BLOCK_HEADS);
      return TransformerLayer.of(widths).withBlock(block.withPreNorm()).withDepth(1);
    }
    int heads = lever.name.equals("heads") ? (int) setting : 4;
    MultiHeadLayer layer =
        MultiHeadLayer.of(widths, heads).withNullToken().withLogBias().withClassQuery();
    return lever.name.equals("value-width") ? layer.withMapWidth((int) setting) : layer;
  }

  private static CellPoint point(double setting, CategoricalConcepts dice, SimpleMatrix error) {
    Transfer transfer = TASK.transfer(dice);
    double ratio = transfer.kappaEff(error);
    return new CellPoint(
        setting,
        Map.of(
            AmplifiedErrors.PRETRAINING, Estimate.exact(error.trace()),
            AmplifiedErrors.DOWNSTREAM, Estimate.exact(ratio * error.trace()),
            AmplifiedErrors.RATIO, Estimate.exact(ratio),
            AmplifiedErrors.SHARE, Estimate.exact(ratio / transfer.kappaTask())));
  }

  static List<ClaimPart> parts(List<Results> results) {
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(ridgeHelps(results.get(0)));
    for (Results lever : results) {
      parts.add(bounded(lever));
    }
    return parts;
  }

  private static Curve curve(Results results, String metric) {
    return results.curves().stream()
        .filter(curve -> curve.key().metric().equals(metric))
        .findFirst()
        .orElseThrow();
  }

  /** The downstream error at the best ridge over that of plain least squares. */
  private static ClaimPart ridgeHelps(Results results) {
    Curve down = curve(results, AmplifiedErrors.DOWNSTREAM);
    Curve ratio = curve(results, AmplifiedErrors.RATIO);
    double best = best(down);
    Prediction less = Prediction.atMost(0.7);
    Verdict amplified = Judging.share(ratio, best, ratio.points().get(0).mean(), less);
    return ClaimPart.of(
            "ridge",
            Judging.share(down, best, down.points().get(0).mean(), less)
                .withReason(String.format(Locale.ROOT, "best ridge %.0f", best)))
        .withControl(
            Judging.control(
                amplified,
                "the ratio in its place: a ridge lowers errors, not their amplification, %.2f"));
  }

  private static double best(Curve down) {
    CurvePoint best = down.points().get(0);
    for (CurvePoint point : down.points()) {
      best = point.mean() < best.mean() ? point : best;
    }
    return best.value();
  }

  /** No setting is amplified beyond κ_task; what each does is the reason. */
  private static ClaimPart bounded(Results results) {
    Curve share = curve(results, AmplifiedErrors.SHARE);
    double largest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int s = 0; s < share.seeds().size(); s++) {
      for (int j = 0; j < share.values().size(); j++) {
        largest = Math.max(largest, share.mean(s, j));
        least = Math.min(least, share.mean(s, j));
      }
    }
    Prediction prediction = Prediction.atMost(1 + ROUNDING);
    return ClaimPart.of(
            "lever:" + share.key().axis("lever"),
            Verdict.exact(largest, prediction).withReason(table(results)))
        .withControl(
            Control.of(
                Verdict.exact(largest / least * (1 + 2 * ROUNDING), prediction),
                "the least share of kappa among the settings as the bound of all"));
  }

  private static String table(Results results) {
    StringBuilder text = new StringBuilder("E_pre, E_down, ratio at");
    List<CurvePoint> pre = curve(results, AmplifiedErrors.PRETRAINING).points();
    List<CurvePoint> down = curve(results, AmplifiedErrors.DOWNSTREAM).points();
    for (int j = 0; j < pre.size(); j++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s %s: %.2g, %.2g, %.0f",
              j == 0 ? "" : ";",
              pre.get(j).value(),
              pre.get(j).mean(),
              down.get(j).mean(),
              down.get(j).mean() / pre.get(j).mean()));
    }
    return text.toString();
  }
}
