package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.definetti.attention.Attention;
import org.definetti.audit.Predictors;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Training;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.latent.Tokens;
import org.definetti.layer.CausalNullHeadLayer;
import org.definetti.layer.Layer;
import org.definetti.layer.TransformerLayer;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.optimise.Adam;
import org.definetti.optimise.ClippedGradient;
import org.definetti.random.Seed;
import org.definetti.train.FreshSamples;
import org.definetti.train.Lengths;
import org.definetti.train.Trainer;
import org.definetti.train.TrainingOptions;
import org.ejml.simple.SimpleMatrix;

/**
 * NT2: what of exchangeability a predictor of the next token keeps, by form and by training.
 *
 * <pre>{@code
 * past         P(b | X_π) = P(b | X)
 * martingale   Σ_a P(a|X) P(b|X,a) = P(b|X)                      (A2)
 * two-step     P(a|X) P(b|X,a) = P(b|X) P(a|X,b)                 (A3)
 * }</pre>
 *
 * <ul>
 *   <li>The causal null head with equal logits is the urn of Pólya whatever its null token says:
 *       {@code (n_w + c v_w) / (t + c)}, read as a law by dividing by its sum. So it is coherent
 *       after any number of steps, right or not; logits that start at zero maps have no gradient
 *       and stay equal.
 *   <li>A causal transformer is coherent only as far as it has learned to be. The curves show its
 *       violations against steps, trained on the next token at every position and trained on one
 *       masked token of a random length with as many sequences: to be measured.
 *   <li>Controls: the transformer where nothing may be violated; the exact predictor where
 *       something must be.
 *   <li>Source: [derived]; A2 [source: Falck-2024, Def 1, Fact 2]; A3 [recalled:
 *       Fortini-Ladelli-Regazzini 2000]; the urn [recalled: Blackwell-MacQueen]. E5 is the same
 *       audit of masked training.
 * </ul>
 */
public final class NextTokenCoherence implements Claim {

  private static final String ID = "NT2";
  private static final int BATCH = 64;
  private static final String STEPS = "steps";
  private static final String EXACT = "exact";
  private static final String NULL_HEAD = "causal-null-head";
  private static final String CAUSAL = "causal-transformer";
  private static final String POSITIONS = "causal-transformer-positions";

  /** Returns the claim. */
  public NextTokenCoherence() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "next-token-coherence";
  }

  @Override
  public String statement() {
    return "A causal null head with equal logits is a coherent predictor of exchangeable tokens"
        + " whatever next-token training has made of its null token; a causal transformer so trained"
        + " violates past symmetry, martingale and two-step symmetry.";
  }

  @Override
  public Source source() {
    return Source.derived("checks X1, A2 and A3, after Falck-2024");
  }

  @Override
  public String prediction() {
    return "null head <= 1e-9 after any number of steps; transformers > 1e-4 in all three";
  }

  @Override
  public List<String> tags() {
    return List.of("next-token", "trained", "audit", "causal");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 4;
          case STANDARD -> 20;
          case FULL -> 90;
        });
  }

  private static List<Integer> steps(Budget budget) {
    return switch (budget) {
      case SMOKE -> List.of(20);
      case STANDARD -> List.of(50, 200);
      case FULL -> List.of(100, 400, 1200);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<Integer> steps = steps(budget);
    int seeds = budget == Budget.SMOKE ? 1 : 3;
    int audited = budget == Budget.SMOKE ? 4 : 8;
    Results results =
        runner.execute(
            plan(steps, seeds, audited, seed), cell -> measure(steps, audited, seed, cell));
    List<ClaimPart> parts = new ArrayList<>();
    for (String metric : CoherenceCurves.METRICS) {
      parts.add(coherent(results, metric));
    }
    for (String metric : CoherenceCurves.METRICS) {
      for (String network : List.of(CAUSAL, POSITIONS)) {
        parts.add(violates(results, metric, network));
      }
    }
    return ClaimResult.of(parts).withResults(List.of(results));
  }

  private static ClaimPart coherent(Results results, String metric) {
    Prediction none = Prediction.atMost(CoherenceCurves.ROUNDING);
    double wrong = smallest(results, CAUSAL, metric);
    return ClaimPart.of(
            metric + ":" + NULL_HEAD, Verdict.exact(largest(results, NULL_HEAD, metric), none))
        .withControl(
            Control.of(
                Verdict.exact(wrong, none),
                String.format(Locale.ROOT, "causal transformer: off by %.2g", wrong)));
  }

  private static ClaimPart violates(Results results, String metric, String network) {
    Prediction some = Prediction.atLeast(CoherenceCurves.SEEN);
    double exact = largest(results, EXACT, metric);
    return ClaimPart.of(
            metric + ":" + network,
            Verdict.exact(smallest(results, network, metric), some)
                .withReason(againstMasked(results, metric, network)))
        .withControl(
            Control.of(
                Verdict.exact(exact, some),
                String.format(Locale.ROOT, "the exact predictor: off by %.2g", exact)));
  }

  /** Where training ended: violations by the two objectives. */
  private static String againstMasked(Results results, String metric, String network) {
    return String.format(
        Locale.ROOT,
        "after the most steps %.2g, trained on masked tokens %.2g",
        last(Judging.curve(results, network, Objective.NEXT_TOKEN, metric)),
        last(Judging.curve(results, network, Objective.MASKED, metric)));
  }

  private static double last(Curve curve) {
    return curve.points().get(curve.points().size() - 1).mean();
  }

  private static double largest(Results results, String name, String metric) {
    return gaps(results, name, metric).stream().mapToDouble(gap -> gap).max().orElseThrow();
  }

  private static double smallest(Results results, String name, String metric) {
    return gaps(results, name, metric).stream().mapToDouble(gap -> gap).min().orElseThrow();
  }

  private static List<Double> gaps(Results results, String name, String metric) {
    Curve curve = Judging.curve(results, name, Objective.NEXT_TOKEN, metric);
    List<Double> gaps = new ArrayList<>();
    for (int s = 0; s < curve.seeds().size(); s++) {
      for (int j = 0; j < curve.values().size(); j++) {
        gaps.add(curve.mean(s, j));
      }
    }
    return gaps;
  }

  private static Plan plan(List<Integer> steps, int seeds, int audited, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (int s = 0; s < seeds; s++) {
      cells.add(cell(EXACT, Objective.NEXT_TOKEN, s));
      cells.add(cell(NULL_HEAD, Objective.NEXT_TOKEN, s));
      for (String network : List.of(CAUSAL, POSITIONS)) {
        cells.add(cell(network, Objective.NEXT_TOKEN, s));
        cells.add(cell(network, Objective.MASKED, s));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("steps", steps.toString());
    configuration.put("audited", String.valueOf(audited));
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, STEPS, cells);
  }

  private static Cell cell(String name, Objective objective, int s) {
    return Cell.of("model", "dirichlet-categorical")
        .with("claim", ID)
        .with("attention", name)
        .with("origin", name.equals(EXACT) ? "derived" : "trained")
        .with("objective", objective.label())
        .with(Cell.SEED, String.valueOf(s));
  }

  private static CellResult measure(List<Integer> steps, int audited, Seed seed, Cell cell) {
    String name = cell.axis("attention");
    Objective objective = Objective.ofLabel(cell.axis("objective"));
    Seed own = seed.child(name).child(objective.label()).child(cell.axis(Cell.SEED));
    return CoherenceCurves.measure(
        steps, audited, seed.child("orders"), count -> predictor(name, objective, count, own));
  }

  private static Function<Tokens, SimpleMatrix> predictor(
      String name, Objective objective, int steps, Seed seed) {
    if (name.equals(EXACT)) {
      return Predictors.categories(CoherenceCurves.MODEL);
    }
    if (name.equals(NULL_HEAD)) {
      Attention attention = nullHead(steps, seed);
      return tokens -> law(CoherenceCurves.attend(attention, tokens));
    }
    Attention attention =
        Training.of(widths -> transformer(widths, name.equals(POSITIONS)))
            .withHead(CoherenceCurves.HEAD)
            .withLengths(
                objective == Objective.MASKED
                    ? Lengths.uniform(0, CoherenceCurves.LONGEST)
                    : Lengths.fixed(CoherenceCurves.LONGEST))
            .withMixedLengths()
            .withBatchSize(BATCH)
            .withOptimiser(new ClippedGradient(Adam.withDefaults(), 1))
            .withOptions(TrainingOptions.withDefaults().withSteps(steps).withLearningRate(0.003))
            .trainer(CoherenceCurves.MODEL, objective, CoherenceCurves.LONGEST, seed.child("data"))
            .fit(seed.child("fit"))
            .attention();
    return tokens -> CoherenceCurves.law(attention, tokens);
  }

  private static Layer transformer(Widths widths, boolean positions) {
    TransformerLayer layer =
        TransformerLayer.of(widths).withBlock(BlockShape.of(16, 2).withPreNorm().withCausalMask());
    return positions ? layer.withLearnedPositions(CoherenceCurves.LONGEST) : layer;
  }

  /** Trains logit and value of the null token from zero maps, which stay zero. */
  private static Attention nullHead(int steps, Seed seed) {
    Layer layer = CausalNullHeadLayer.of(Objective.NEXT_TOKEN.widths(CoherenceCurves.MODEL));
    SimpleMatrix uniform = new SimpleMatrix(1, 3).plus(1.0 / 3);
    Parameters initial = Parameters.zeros(layer.shapes()).with("null.value", uniform);
    FreshSamples data =
        FreshSamples.of(
                CoherenceCurves.MODEL,
                Objective.NEXT_TOKEN,
                Lengths.fixed(CoherenceCurves.LONGEST),
                seed.child("data"))
            .withBatchSize(BATCH);
    return Trainer.of(layer, data, Loss.crossEntropy())
        .withOptions(TrainingOptions.withDefaults().withSteps(steps).withLearningRate(0.03))
        .fit(initial)
        .attention();
  }

  /** A null value need not add up to one; divided by its sum an output is that of an urn again. */
  private static SimpleMatrix law(SimpleMatrix output) {
    return output.divide(output.elementSum());
  }
}
