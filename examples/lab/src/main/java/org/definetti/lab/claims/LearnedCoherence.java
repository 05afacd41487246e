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
import org.definetti.engine.Widths;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Training;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.latent.Tokens;
import org.definetti.layer.Layer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.layer.TransformerLayer;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.optimise.Adam;
import org.definetti.optimise.ClippedGradient;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;
import org.definetti.train.TrainingOptions;
import org.ejml.simple.SimpleMatrix;

/**
 * E5: what of exchangeability a predictor keeps that learned to predict masked tokens.
 *
 * <pre>{@code
 * past         P(b | X_π) = P(b | X)                                    kept without positions and mask
 * martingale   Σ_a P(a|X) P(b|X,a) = P(b|X)                      (A2)   learned at best
 * two-step     P(a|X) P(b|X,a) = P(b|X) P(a|X,b)                 (A3)   learned at best
 * }</pre>
 *
 * <ul>
 *   <li>Model: three categories with a Dirichlet prior. Networks: transformers of two blocks, with
 *       and without learned positions, with full and causal mask, trained on masked tokens at
 *       lengths 0 to 12; and the null-token head, the exact form.
 *   <li>Parts: the largest violation of the order of the past, exactly zero but for rounding
 *       without positions and mask and in the null head, above 1e-4 with either; the largest
 *       violations of A2 and A3 of every transformer, above 1e-4. Those of the null head are in the
 *       curves: with one logit for all tokens it would keep A3 whatever its null token, but it
 *       learned a logit for each category too.
 *   <li>Controls: the network without positions and mask where there should be a violation, the one
 *       with positions where there should be none; for A2 and A3 the exact predictor.
 *   <li>Curves: violations against the number of training steps, to be measured.
 *   <li>Source: A2 [source: Falck-2024, Def 1, Fact 2]; A3 [recalled: Fortini-Ladelli-Regazzini
 *       2000]; some architectures miss it [source: Mittal-2025, abstract]; positions break it
 *       [source: Chlon-2025, abstract]; the null head [derived].
 * </ul>
 */
public final class LearnedCoherence implements Claim {

  private static final String ID = "E5";
  private static final int AUDITED = 8;
  private static final String STEPS = "steps";
  private static final String EXACT = "exact";
  private static final String NULL_HEAD = "null-token-head";

  /** A transformer by what breaks the symmetry of its past. */
  private record Network(String name, boolean positions, boolean causal) {

    Layer layer(Widths widths) {
      BlockShape block = BlockShape.of(16, 2).withPreNorm();
      TransformerLayer layer =
          TransformerLayer.of(widths).withBlock(causal ? block.withCausalMask() : block);
      return positions ? layer.withLearnedPositions(CoherenceCurves.LONGEST + 2) : layer;
    }

    boolean keepsOrder() {
      return !positions && !causal;
    }
  }

  private static final List<Network> NETWORKS =
      List.of(
          new Network("full", false, false),
          new Network("full-positions", true, false),
          new Network("causal", false, true),
          new Network("causal-positions", true, true));

  /** Returns the claim. */
  public LearnedCoherence() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "learned-coherence";
  }

  @Override
  public String statement() {
    return "A transformer trained on masked tokens ignores the order of the past exactly if it has"
        + " neither positions nor a causal mask, and its predictions of the next two tokens are"
        + " never exactly coherent.";
  }

  @Override
  public Source source() {
    return Source.derived("check E5, after Falck-2024, Mittal-2025 and Chlon-2025");
  }

  @Override
  public String prediction() {
    return "order of the past <= 1e-9 without positions and mask, else > 1e-4; A2 and A3 of"
        + " transformers > 1e-4";
  }

  @Override
  public List<String> tags() {
    return List.of("calibration", "trained", "audit");
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
      case SMOKE -> List.of(30);
      case STANDARD -> List.of(100, 400);
      case FULL -> List.of(100, 400, 1600);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<Integer> steps = steps(budget);
    int seeds = budget == Budget.SMOKE ? 1 : 3;
    Results results = runner.execute(plan(steps, seeds, seed), cell -> measure(steps, seed, cell));
    List<ClaimPart> parts = new ArrayList<>();
    for (Network network : NETWORKS) {
      parts.add(past(results, network));
    }
    parts.add(blind(results, NULL_HEAD));
    for (String metric : List.of("martingale", "two-step")) {
      double exact = largest(results, EXACT, metric);
      for (Network network : NETWORKS) {
        parts.add(
            atLeast(metric + ":" + network.name, smallest(results, network.name, metric))
                .withControl(
                    control(
                        "the exact predictor", exact, Prediction.atLeast(CoherenceCurves.SEEN))));
      }
    }
    return ClaimResult.of(parts).withResults(List.of(results));
  }

  private static ClaimPart past(Results results, Network network) {
    if (!network.keepsOrder()) {
      double blind = largest(results, "full", "past");
      return atLeast("past:" + network.name, smallest(results, network.name, "past"))
          .withControl(
              control(
                  "without positions and mask", blind, Prediction.atLeast(CoherenceCurves.SEEN)));
    }
    return blind(results, network.name);
  }

  /** The part that a predictor ignores the order of its past. */
  private static ClaimPart blind(Results results, String name) {
    Prediction rounding = Prediction.atMost(CoherenceCurves.ROUNDING);
    return ClaimPart.of("past:" + name, Verdict.exact(largest(results, name, "past"), rounding))
        .withControl(
            control("with positions", smallest(results, "full-positions", "past"), rounding));
  }

  private static ClaimPart atLeast(String name, double gap) {
    return ClaimPart.of(name, Verdict.exact(gap, Prediction.atLeast(CoherenceCurves.SEEN)));
  }

  private static Control control(String what, double gap, Prediction prediction) {
    return Control.of(
        Verdict.exact(gap, prediction), String.format(Locale.ROOT, "%s: off by %.2g", what, gap));
  }

  private static double largest(Results results, String name, String metric) {
    return gaps(results, name, metric).stream().mapToDouble(gap -> gap).max().orElseThrow();
  }

  private static double smallest(Results results, String name, String metric) {
    return gaps(results, name, metric).stream().mapToDouble(gap -> gap).min().orElseThrow();
  }

  private static List<Double> gaps(Results results, String name, String metric) {
    List<Double> gaps = new ArrayList<>();
    for (int i = 0; i < results.cells().size(); i++) {
      if (results.plan().cells().get(i).axis("attention").equals(name)) {
        for (CellPoint point : results.cells().get(i).points()) {
          Estimate gap = point.metrics().get(metric);
          if (gap != null) {
            gaps.add(gap.mean());
          }
        }
      }
    }
    return gaps;
  }

  private static Plan plan(List<Integer> steps, int seeds, Seed seed) {
    List<String> names = new ArrayList<>();
    NETWORKS.forEach(network -> names.add(network.name));
    names.add(NULL_HEAD);
    names.add(EXACT);
    List<Cell> cells = new ArrayList<>();
    for (String name : names) {
      for (int s = 0; s < seeds; s++) {
        cells.add(
            Cell.of("model", "dirichlet-categorical")
                .with("claim", ID)
                .with("attention", name)
                .with("origin", name.equals(EXACT) ? "derived" : "trained")
                .with("objective", Objective.MASKED.label())
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("steps", steps.toString());
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, STEPS, cells);
  }

  private static CellResult measure(List<Integer> steps, Seed seed, Cell cell) {
    String name = cell.axis("attention");
    Seed own = seed.child(name).child(cell.axis(Cell.SEED));
    return CoherenceCurves.measure(
        steps, AUDITED, own.child("orders"), count -> predictor(name, count, own));
  }

  private static Function<Tokens, SimpleMatrix> predictor(String name, int steps, Seed seed) {
    if (name.equals(EXACT)) {
      return Predictors.categories(CoherenceCurves.MODEL);
    }
    for (Network network : NETWORKS) {
      if (network.name.equals(name)) {
        Attention attention =
            fit(Training.of(network::layer).withHead(CoherenceCurves.HEAD), steps, 0.003, seed);
        return tokens -> CoherenceCurves.law(attention, tokens);
      }
    }
    Attention attention =
        fit(
            Training.of(w -> SoftmaxHeadLayer.of(w).withNullToken().withIdentityValues())
                .withLoss(Loss.crossEntropy()),
            steps,
            0.03,
            seed);
    return tokens -> CoherenceCurves.attend(attention, tokens);
  }

  private static Attention fit(Training training, int steps, double rate, Seed seed) {
    return training
        .withLengths(Lengths.uniform(0, CoherenceCurves.LONGEST))
        .withMixedLengths()
        .withBatchSize(64)
        .withOptimiser(new ClippedGradient(Adam.withDefaults(), 1))
        .withOptions(TrainingOptions.withDefaults().withSteps(steps).withLearningRate(rate))
        .trainer(
            CoherenceCurves.MODEL, Objective.MASKED, CoherenceCurves.LONGEST, seed.child("data"))
        .fit(seed.child("fit"))
        .attention();
  }
}
