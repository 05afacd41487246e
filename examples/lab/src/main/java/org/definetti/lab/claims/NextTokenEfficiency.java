package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.engine.Parameters;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.layer.Layer;
import org.definetti.layer.Layers;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.definetti.train.FixedDataSet;
import org.definetti.train.Trainer;
import org.definetti.train.TrainingOptions;
import org.ejml.simple.SimpleMatrix;

/**
 * NT3: what n sequences teach one null head by a label, by a masked token, and by the next token at
 * every position.
 *
 * <pre>{@code
 * f_t = (Σ_{l ≤ t} x_l + ν χ) / (t + ν),   θ = log ν,   both learned;   d coordinates
 * G_t = E (∂f_t/∂θ)² = τ² ν² t / (t + ν)³,    h_t = ∂f_t/∂χ = ν / (t + ν)
 * n E gap²_t → G_t Σ_s V_s G_s / (Σ_s G_s)²  +  d h_t² Σ_s V_s h_s² / (Σ_s h_s²)²
 * }</pre>
 *
 * <ul>
 *   <li>Where: s the rows that have a loss, s = L alone for label and masked token, s = 0..L for
 *       the next token; V_s the variance of a coordinate of the target given what is seen, σ²(1 +
 *       1/(s + ν)), or for a label its noise plus σ²/(s + ν); n the number of sequences, τ² prior
 *       and σ² noise variance, ν = σ²/τ².
 *   <li>Residuals of different rows are martingale differences, so their gradients are uncorrelated
 *       and the rows of one sequence count in full [derived: sandwich formula of an M-estimator].
 *   <li>What is gained: not L + 1 times the data only, but short prefixes, where the prior shows. A
 *       single question about a long context hardly depends on ν.
 *   <li>Maps start at zero and stay there (no gradient), so gaps follow in closed form from the
 *       learned null token, without noise of evaluation.
 *   <li>Controls: the law of another objective.
 * </ul>
 */
public final class NextTokenEfficiency implements Claim {

  private static final String ID = "NT3";
  private static final int DIMENSION = 2;
  private static final double PRIOR_VARIANCE = 1;
  private static final double NOISE_VARIANCE = 2;
  private static final double LABEL_VARIANCE = 0.5;
  private static final double NU = NOISE_VARIANCE / PRIOR_VARIANCE;
  private static final int LENGTH = 8;
  private static final int LONGEST = 64;
  private static final String GAP = "squared-gap";
  private static final String HEAD = "null-token-softmax";
  private static final String LAW = "law-of-large-samples";
  private static final GaussianMean MODEL =
      GaussianMean.of(DIMENSION, PRIOR_VARIANCE, NOISE_VARIANCE).withLabelVariance(LABEL_VARIANCE);
  private static final List<Objective> OBJECTIVES =
      List.of(Objective.SUPERVISED, Objective.MASKED, Objective.NEXT_TOKEN);

  private record Size(int samples, int steps, int seeds, double tolerance) {}

  /** Returns the claim. */
  public NextTokenEfficiency() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "next-token-efficiency";
  }

  @Override
  public String statement() {
    return "On as many sequences, next-token training of a null head comes nearer to the exact"
        + " posterior mean at every context length than training on a label or a masked token, by a"
        + " factor that follows from the information of its short prefixes.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "checks X1 and E4: sandwich formula, residuals as martingale differences");
  }

  @Override
  public String prediction() {
    return String.format(
        Locale.ROOT,
        "gap over the law of large samples 1 ± 0.3 for each objective; next-token over masked at the"
            + " training length %.3f",
        law(Objective.NEXT_TOKEN, LENGTH) / law(Objective.MASKED, LENGTH));
  }

  @Override
  public List<String> tags() {
    return List.of("next-token", "trained", "samples", "length");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 3;
          case STANDARD -> 20;
          case FULL -> 120;
        });
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(200, 80, 24, 0.6);
      case STANDARD -> new Size(500, 150, 100, 0.5);
      case FULL -> new Size(1000, 150, 300, 0.3);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results results = runner.execute(plan(size, seed), cell -> measure(size, seed, cell));
    List<ClaimPart> parts = new ArrayList<>();
    for (Objective objective : OBJECTIVES) {
      Objective other = objective == Objective.NEXT_TOKEN ? Objective.MASKED : Objective.NEXT_TOKEN;
      parts.add(follows(results, size, objective, other));
    }
    for (Objective objective : List.of(Objective.SUPERVISED, Objective.MASKED)) {
      parts.add(nearer(results, objective));
    }
    return ClaimResult.of(parts).withResults(List.of(results));
  }

  /** The mean over all lengths of measured over predicted. */
  private static ClaimPart follows(
      Results results, Size size, Objective objective, Objective other) {
    Curve gap = Judging.curve(results, HEAD, objective, GAP);
    Prediction one = Prediction.near(1, size.tolerance);
    Verdict wrong = Judging.againstFormula(gap, 0, t -> law(other, (int) t) / size.samples, one);
    return ClaimPart.of(
            "law:" + objective.label(),
            Judging.againstFormula(gap, 0, t -> law(objective, (int) t) / size.samples, one))
        .withControl(
            Control.of(
                wrong,
                String.format(
                    Locale.ROOT, "the law of %s: %.3g times it", other.label(), wrong.measured())));
  }

  /** Next-token below another objective at the length where the two are nearest. */
  private static ClaimPart nearer(Results results, Objective objective) {
    Curve gap = Judging.curve(results, HEAD, objective, GAP);
    Curve nextToken = Judging.curve(results, HEAD, Objective.NEXT_TOKEN, GAP);
    int nearest = 0;
    for (int j = 0; j < gap.values().size(); j++) {
      if (ratio(nextToken, gap, j) > ratio(nextToken, gap, nearest)) {
        nearest = j;
      }
    }
    return ClaimPart.of(
            "nearer-than:" + objective.label(),
            Judging.below(nextToken.points().get(nearest), gap.points().get(nearest))
                .withReason(
                    String.format(
                        Locale.ROOT,
                        "nearest at length %.0f; %.3g at the training length",
                        gap.values().get(nearest),
                        ratio(nextToken, gap, gap.values().indexOf((double) LENGTH)))))
        .withControl(
            Control.of(
                Judging.below(gap.points().get(nearest), nextToken.points().get(nearest)),
                "the two exchanged"));
  }

  private static double ratio(Curve above, Curve below, int j) {
    return above.points().get(j).mean() / below.points().get(j).mean();
  }

  /** Returns the limit of n E gap² at context length t, summed over coordinates. */
  static double law(Objective objective, int t) {
    double information = 0;
    double ofChi = 0;
    double noise = 0;
    double noiseOfChi = 0;
    for (int s = objective == Objective.NEXT_TOKEN ? 0 : LENGTH; s <= LENGTH; s++) {
      double variance =
          NOISE_VARIANCE / (s + NU)
              + (objective == Objective.SUPERVISED ? LABEL_VARIANCE : NOISE_VARIANCE);
      information += ofCount(s);
      noise += variance * ofCount(s);
      ofChi += ofMean(s) * ofMean(s);
      noiseOfChi += variance * ofMean(s) * ofMean(s);
    }
    return ofCount(t) * noise / (information * information)
        + DIMENSION * ofMean(t) * ofMean(t) * noiseOfChi / (ofChi * ofChi);
  }

  private static double ofCount(int t) {
    return PRIOR_VARIANCE * NU * NU * t / Math.pow(t + NU, 3);
  }

  private static double ofMean(int t) {
    return NU / (t + NU);
  }

  private static Plan plan(Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (Objective objective : OBJECTIVES) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(cell(HEAD, "trained", objective, s));
      }
      cells.add(cell(LAW, "derived", objective, 0));
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("size", size.toString());
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, "length", cells);
  }

  private static Cell cell(String attention, String origin, Objective objective, int s) {
    return Cell.of("model", "gaussian-mean")
        .with("claim", ID)
        .with("attention", attention)
        .with("origin", origin)
        .with("objective", objective.label())
        .with("train_length", String.valueOf(LENGTH))
        .with(Cell.SEED, String.valueOf(s));
  }

  private static CellResult measure(Size size, Seed seed, Cell cell) {
    Objective objective = Objective.ofLabel(cell.axis("objective"));
    boolean law = cell.axis("attention").equals(LAW);
    Parameters found =
        law
            ? null
            : fit(objective, size, seed.child(objective.label()).child(cell.axis(Cell.SEED)));
    List<CellPoint> points = new ArrayList<>();
    for (int t : Doubling.upTo(LONGEST)) {
      double gap = found == null ? law(objective, t) / size.samples : gap(found, t);
      points.add(new CellPoint(t, Map.of(GAP, Estimate.exact(gap))));
    }
    return new CellResult(points);
  }

  /** Full batches of n sequences, from zero maps and a null token that is wrong. */
  private static Parameters fit(Objective objective, Size size, Seed seed) {
    SoftmaxHeadLayer head =
        SoftmaxHeadLayer.of(objective.widths(MODEL)).withNullToken().withIdentityValues();
    Layer layer =
        objective == Objective.NEXT_TOKEN ? Layers.atEveryPrefix(head, MODEL.tokenSpace()) : head;
    FixedDataSet data =
        FixedDataSet.draw(
                MODEL, objective, new FixedDataSet.Size(size.samples, LENGTH), seed.child("data"))
            .withBatchSize(size.samples);
    return Trainer.of(layer, data, Loss.squaredError())
        .withOptions(TrainingOptions.withDefaults().withSteps(size.steps).withLearningRate(0.1))
        .fit(Parameters.zeros(layer.shapes()))
        .parameters();
  }

  /**
   * Returns E gap² at length t: with a = 1/(t+ν') - 1/(t+ν) a coordinate's gap is a Σx +
   * ν'χ'/(t+ν') - νχ/(t+ν), and χ = 0 here.
   */
  private static double gap(Parameters found, int t) {
    for (String map : List.of("query.map", "query.bias", "key.map")) {
      if (found.matrix(map).elementMaxAbs() != 0) {
        throw new IllegalStateException(map + ": expected to stay zero, got " + found);
      }
    }
    double count = Math.exp(found.matrix("null.logit").get(0, 0));
    SimpleMatrix value = found.matrix("null.value");
    double a = 1 / (t + count) - 1 / (t + NU);
    double sum = 0;
    for (int j = 0; j < DIMENSION; j++) {
      double shift = count * value.get(0, j) / (t + count);
      sum += shift * shift + a * a * t * (NOISE_VARIANCE + t * PRIOR_VARIANCE);
    }
    return sum;
  }
}
