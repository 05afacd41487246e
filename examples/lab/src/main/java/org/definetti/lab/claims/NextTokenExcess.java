package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.audit.LogLoss;
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
import org.definetti.experiment.Interval;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.claims.NextTokenTask.Learner;
import org.definetti.lab.run.Build;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.layer.Layer;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;

/**
 * NT1: attention trained to predict the next token at every position, against the exact predictive
 * at every position.
 *
 * <pre>{@code
 * regret_T = Σ_{t ≤ T} E KL(P(x^(t+1) | x^1..x^t) ‖ p_t),    Σ exact losses = -log P(x^1..x^(T+1))
 * }</pre>
 *
 * <ul>
 *   <li>Models: beta-bernoulli, dirichlet-categorical (M3), gaussian-mean (M1), linear-regression
 *       (M5). Comparators, with one parameter set for all positions: the causal null head, and for
 *       M5 linear kernel ridge at every prefix, each derived and trained. Beside them a transformer
 *       of two causal blocks.
 *   <li>Parts, per model: the derived comparator reaches the evidence to float precision, position
 *       by position and drawn sequence by sequence; the trained one costs at most 0.02 nats over
 *       all positions together; the transformer costs more than the comparator.
 *   <li>Part {@code never-below}: no honest predictor beats the evidence on average.
 *   <li>Controls: prior count or ridge 10 % too large; the same head trained without null token
 *       (for M5 linear attention); the transformer in the comparator's place; rows that have seen
 *       one token too many.
 *   <li>Losses of vectors are those of a normal law with the exact predictive's variance, so that
 *       only the mean is judged.
 *   <li>Source: [derived] (checks X1, B6); what training reaches is measured.
 * </ul>
 */
public final class NextTokenExcess implements Claim {

  private static final String ID = "NT1";
  private static final double BOUND = 0.02;
  private static final double FLOAT_ROUNDING = 1e-5;
  private static final double IDENTITY = 1e-10;
  private static final double WRONG = 1.1;
  private static final String POSITION = "position";
  private static final String COMPARATOR = "one-parameter-comparator";
  private static final String WITHOUT = "without-null-token";
  private static final String TRANSFORMER = "causal-transformer";
  private static final String REGRET = "regret-nats";

  private static final List<NextTokenTask> TASKS = NextTokenTask.all();

  private record Size(int length, int seeds, int steps, int transformerSteps, int sequences) {}

  /** Returns the claim. */
  public NextTokenExcess() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "next-token-excess";
  }

  @Override
  public String statement() {
    return "Trained on the next token at every position, attention with one derived form for all"
        + " positions reaches the exact predictive of conjugate models and of in-context regression,"
        + " so its losses add up to the log evidence; a generic causal transformer pays more.";
  }

  @Override
  public Source source() {
    return Source.derived("checks X1 and B6; what training reaches is measured");
  }

  @Override
  public String prediction() {
    return "derived: regret against the evidence 0 to float rounding; trained: <= 0.02 nats over all"
        + " positions and at most half of what the transformer costs; nobody below the evidence";
  }

  @Override
  public List<String> tags() {
    return List.of("next-token", "trained", "causal", "regret");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 3;
          case STANDARD -> 25;
          case FULL -> 120;
        });
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(6, 4, 80, 5, 30);
      case STANDARD -> new Size(16, 3, 400, 200, 200);
      case FULL -> new Size(32, 3, 600, 800, 300);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results results = runner.execute(plan(size, seed), cell -> measure(size, seed, cell));
    List<ClaimPart> parts = new ArrayList<>();
    for (NextTokenTask task : TASKS) {
      parts.add(evidence(task, size, seed.child("evidence").child(task.name())));
      parts.add(derived(task, size, seed.child("derived").child(task.name())));
      parts.add(trained(task, size, results));
      parts.add(transformer(task, size, results));
    }
    parts.add(neverBelow(size, seed.child("never-below")));
    return ClaimResult.of(parts).withResults(List.of(results));
  }

  /** Σ exact losses = -log evidence, the evidence by gamma functions or one large Gaussian. */
  private static ClaimPart evidence(NextTokenTask task, Size size, Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int i = 0; i < 5; i++) {
      Tokens tokens = task.model().sample(size.length + 1, seed.child(i).generator()).tokens();
      double exact = -task.evidence().applyAsDouble(tokens);
      double[] losses = LogLoss.ofModel(task.model(), tokens);
      right.add(LogLoss.total(losses), exact);
      losses[size.length] = losses[size.length - 1];
      wrong.add(LogLoss.total(losses), exact);
    }
    return ClaimPart.of("evidence:" + task.name(), right.atMost(IDENTITY))
        .withControl(
            Control.of(
                wrong.atMost(IDENTITY),
                text("the last loss counted for another: off by %.3g", wrong.largest())));
  }

  /** Derived parameters in float32: the largest regret of a position, expected or drawn. */
  private static ClaimPart derived(NextTokenTask task, Size size, Seed seed) {
    Prediction rounding = Prediction.atMost(FLOAT_ROUNDING);
    double wrong = largestRegret(task, WRONG, size, seed);
    return ClaimPart.of(
            "derived:" + task.name(), Verdict.exact(largestRegret(task, 1, size, seed), rounding))
        .withControl(
            Control.of(
                Verdict.exact(wrong, rounding),
                text("prior count or ridge 10 %% too large: %.3g nats", wrong)));
  }

  private static double largestRegret(NextTokenTask task, double factor, Size size, Seed seed) {
    NextTokenScores scores =
        scores(task.model(), task.comparator(), task.derived(factor), size, 0, seed);
    double largest = 0;
    for (int t = 0; t < scores.positions(); t++) {
      largest = Math.max(largest, Math.abs(scores.drawnRegret(t).mean()));
      largest = Math.max(largest, Math.abs(scores.regret(t).mean()));
    }
    return largest;
  }

  private static NextTokenScores scores(
      LatentModel<?> model,
      Learner learner,
      Parameters parameters,
      Size size,
      int ahead,
      Seed seed) {
    Layer layer = learner.layer(model);
    NextTokenScores.Size many = new NextTokenScores.Size(size.length, size.sequences);
    return NextTokenScores.of(model, layer, parameters, learner.reading(), many, ahead, seed);
  }

  private static ClaimPart trained(NextTokenTask task, Size size, Results results) {
    Prediction little = Prediction.atMost(BOUND);
    Verdict wrong = total(results, task, WITHOUT, size, little);
    return ClaimPart.of("trained:" + task.name(), total(results, task, COMPARATOR, size, little))
        .withControl(Control.of(wrong, text("without null token: %.3g nats", wrong.measured())));
  }

  private static Verdict total(
      Results results, NextTokenTask task, String attention, Size size, Prediction prediction) {
    Curve curve = curve(results, task, attention);
    return Judging.share(curve, size.length + 1, 1, prediction);
  }

  private static Curve curve(Results results, NextTokenTask task, String attention) {
    return results.curves().stream()
        .filter(curve -> curve.key().metric().equals(REGRET))
        .filter(curve -> curve.key().axis("model").equals(task.name()))
        .filter(curve -> curve.key().axis("attention").equals(attention))
        .findFirst()
        .orElseThrow();
  }

  private static ClaimPart transformer(NextTokenTask task, Size size, Results results) {
    Prediction half = Prediction.atMost(0.5);
    Curve exact = curve(results, task, COMPARATOR);
    Curve generic = curve(results, task, TRANSFORMER);
    return ClaimPart.of(
            "beside-transformer:" + task.name(),
            Judging.ratio(exact, generic, size.length + 1, half)
                .withReason(text("%.3g nats against %.3g", last(exact), last(generic))))
        .withControl(
            Control.of(
                Judging.ratio(generic, generic, size.length + 1, half),
                "the transformer in the comparator's place"));
  }

  private static double last(Curve curve) {
    return curve.points().get(curve.points().size() - 1).mean();
  }

  /** The mean drawn regret of the derived head 10 % off, and of one that sees its targets. */
  private static ClaimPart neverBelow(Size size, Seed seed) {
    NextTokenTask task = TASKS.get(0);
    int last = size.length;
    int count = 20 * size.sequences;
    Size many = new Size(size.length, size.seeds, size.steps, size.transformerSteps, count);
    Prediction above = Prediction.atLeast(-0.01);
    Estimate honest =
        scores(task.model(), task.comparator(), task.derived(WRONG), many, 0, seed)
            .drawnRegret(last);
    Estimate leaking =
        scores(task.model(), task.comparator(), task.derived(1), many, 1, seed).drawnRegret(last);
    return ClaimPart.of("never-below", verdict(honest, above))
        .withControl(
            Control.of(
                verdict(leaking, above),
                text(
                    "rows that saw one token too many: %.3g nats below the evidence",
                    -leaking.mean())));
  }

  private static Verdict verdict(Estimate estimate, Prediction prediction) {
    Interval interval = Interval.around(estimate.mean(), 3 * estimate.standardError());
    return Verdict.of(estimate.mean(), interval, prediction);
  }

  private static Plan plan(Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (NextTokenTask task : TASKS) {
      for (String attention : List.of(COMPARATOR, WITHOUT, TRANSFORMER)) {
        for (int s = 0; s < size.seeds; s++) {
          cells.add(
              Cell.of("model", task.name())
                  .with("claim", ID)
                  .with("attention", attention)
                  .with("origin", "trained")
                  .with("objective", Objective.NEXT_TOKEN.label())
                  .with(Cell.SEED, String.valueOf(s)));
        }
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("size", size.toString());
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, POSITION, cells);
  }

  private static CellResult measure(Size size, Seed seed, Cell cell) {
    NextTokenTask task =
        TASKS.stream().filter(t -> t.name().equals(cell.axis("model"))).findFirst().orElseThrow();
    Learner learner =
        switch (cell.axis("attention")) {
          case COMPARATOR -> task.comparator();
          case WITHOUT -> task.wrong();
          default -> task.transformer();
        };
    boolean generic = cell.axis("attention").equals(TRANSFORMER);
    Seed own = seed.child(cell.axis(Cell.SEED)).child(task.name());
    int steps = generic ? size.transformerSteps : size.steps;
    Parameters found =
        learner.fit(task.model(), size.length, steps, own.child(cell.axis("attention")));
    // The same sequences for every attention: their difference is then all that differs.
    NextTokenScores scores = scores(task.model(), learner, found, size, 0, own.child("evaluation"));
    List<CellPoint> points = new ArrayList<>();
    for (int t = 0; t < scores.positions(); t++) {
      Map<String, Estimate> metrics = new LinkedHashMap<>(scores.metrics(t));
      metrics.put("exact-loss-nats", scores.exact(t));
      points.add(new CellPoint(t + 1, metrics));
    }
    return new CellResult(points);
  }

  private static String text(String format, Object... numbers) {
    return String.format(Locale.ROOT, format, numbers);
  }
}
