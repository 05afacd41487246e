package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Parameters;
import org.definetti.engine.Widths;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
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
import org.definetti.experiment.Verdict;
import org.definetti.lab.claims.NextTokenScores.Reading;
import org.definetti.lab.claims.NextTokenTask.Learner;
import org.definetti.lab.run.Build;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.layer.CausalNullHeadLayer;
import org.definetti.layer.Layer;
import org.definetti.layer.TransformerLayer;
import org.definetti.objective.DistributionHead;
import org.definetti.objective.Loss;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * NT4: next-token training where order matters, a hidden Markov coin, against the exact forward
 * filter.
 *
 * <pre>{@code
 * regret_T(p) = Σ_{t ≤ T} E KL(filter_t ‖ p_t)
 * regret of any function of the counts      ≥ Σ_t H(x^(t+1) | n) - H(x^(t+1) | x^1..x^t)
 * regret of any function of counts and last ≥ Σ_t H(x^(t+1) | n, x^t) - H(x^(t+1) | x^1..x^t)
 * }</pre>
 *
 * <ul>
 *   <li>The null head sees counts alone: it is stuck at its floor, which {@link OrderFloors}
 *       computes, above that of every order-blind predictor.
 *   <li>One causal block without positions sees the multiset of the past and, in its own row, the
 *       last symbol. Two blocks see more: rows of the first know how many came before.
 *   <li>What transformers reach beyond the floors is measured.
 *   <li>Controls: the transformer with positions below what an order-blind predictor can reach; the
 *       null head where a transformer is to be below it.
 *   <li>Source: floors [derived: conditional entropies]; forward filter [recalled: Baum, Rabiner].
 * </ul>
 */
public final class NextTokenOrder implements Claim {

  private static final String ID = "NT4";
  private static final double[] INITIAL = {0.5, 0.5};
  private static final double[][] TRANSITION = {{0.9, 0.1}, {0.1, 0.9}};
  private static final double[][] EMISSION = {{0.9, 0.1}, {0.1, 0.9}};
  private static final HiddenMarkov MODEL =
      HiddenMarkov.of(
          new SimpleMatrix(1, 2, true, INITIAL),
          new SimpleMatrix(TRANSITION),
          new SimpleMatrix(EMISSION));
  private static final String POSITION = "position";
  private static final String REGRET = "regret-nats";
  private static final String HEAD = "causal-null-head";
  private static final String ONE_BLOCK = "one-causal-block";
  private static final String TWO_BLOCKS = "two-causal-blocks";
  private static final String POSITIONS = "two-causal-blocks-positions";

  private record Size(
      int length, int seeds, int headSteps, int steps, int sequences, double tolerance) {}

  /** Returns the claim. */
  public NextTokenOrder() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "next-token-order";
  }

  @Override
  public String statement() {
    return "On a hidden Markov coin next-token training leaves the causal null head at the floor of"
        + " its order-blind form, while causal transformers get below the floor of every order-blind"
        + " predictor, with positions and without.";
  }

  @Override
  public Source source() {
    return Source.derived("checks X1 and M11: floors are conditional entropies; the rest measured");
  }

  @Override
  public String prediction() {
    return "null head: its floor within 10 %, never below the order-blind one; one block without"
        + " positions: not below the floor of counts and last symbol; transformers: at most 0.8 of"
        + " the order-blind floor";
  }

  @Override
  public List<String> tags() {
    return List.of("next-token", "trained", "causal", "order");
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

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(8, 3, 60, 40, 100, 0.2);
      case STANDARD -> new Size(12, 3, 300, 300, 500, 0.15);
      case FULL -> new Size(16, 4, 600, 1000, 2000, 0.1);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results results = runner.execute(plan(size, seed), cell -> measure(size, seed, cell));
    OrderFloors floors = new OrderFloors(INITIAL, TRANSITION, EMISSION, size.length);
    double blind = floors.orderBlind();
    double last = floors.countsAndLast();
    double head = floors.nullHead();
    String reason =
        String.format(
            Locale.ROOT,
            "nats over all positions: null head's floor %.3f, order-blind %.3f, with last symbol %.3f",
            head,
            blind,
            last);
    Prediction above = Prediction.atLeast(1 - size.tolerance / 2);
    Prediction below = Prediction.atMost(0.8);
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(
        part(results, size, "head-at-floor", HEAD, head, Prediction.near(1, size.tolerance), reason)
            .withControl(
                control(results, size, POSITIONS, head, Prediction.near(1, size.tolerance))));
    parts.add(
        part(results, size, "head-above-blind", HEAD, blind, above, "")
            .withControl(control(results, size, POSITIONS, blind, above)));
    parts.add(
        part(results, size, "one-block-above-its-floor", ONE_BLOCK, last, above, "")
            .withControl(
                Control.of(
                    Verdict.exact(0, above), "the exact filter, which sees the order: 0 nats")));
    for (String network : List.of(ONE_BLOCK, TWO_BLOCKS, POSITIONS)) {
      parts.add(
          part(results, size, "below-blind:" + network, network, blind, below, "")
              .withControl(control(results, size, HEAD, blind, below)));
    }
    return ClaimResult.of(parts).withResults(List.of(results));
  }

  private static ClaimPart part(
      Results results,
      Size size,
      String name,
      String attention,
      double floor,
      Prediction prediction,
      String reason) {
    return ClaimPart.of(
        name, share(results, size, attention, floor, prediction).withReason(reason));
  }

  private static Control control(
      Results results, Size size, String attention, double floor, Prediction prediction) {
    Verdict wrong = share(results, size, attention, floor, prediction);
    return Control.of(
        wrong, String.format(Locale.ROOT, "%s: %.3f of the floor", attention, wrong.measured()));
  }

  /** The regret over all positions as a share of a floor. */
  private static Verdict share(
      Results results, Size size, String attention, double floor, Prediction prediction) {
    Curve curve = Judging.curve(results, attention, Objective.NEXT_TOKEN, REGRET);
    return Judging.share(curve, size.length + 1, floor, prediction);
  }

  private static Plan plan(Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (String attention : List.of(HEAD, ONE_BLOCK, TWO_BLOCKS, POSITIONS)) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(
            Cell.of("model", "hidden-markov")
                .with("claim", ID)
                .with("attention", attention)
                .with("origin", "trained")
                .with("objective", Objective.NEXT_TOKEN.label())
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("size", size.toString());
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, POSITION, cells);
  }

  private static Learner transformer(String name, int length) {
    DistributionHead head = DistributionHead.categorical(2);
    Function<Widths, Layer> layer =
        widths -> {
          TransformerLayer made =
              TransformerLayer.of(widths)
                  .withBlock(BlockShape.of(32, 4).withPreNorm())
                  .withDepth(name.equals(ONE_BLOCK) ? 1 : 2);
          return name.equals(POSITIONS) ? made.withLearnedPositions(length) : made;
        };
    return new Learner(layer, head.loss(), head, Reading.LOGITS, 0.003);
  }

  private static CellResult measure(Size size, Seed seed, Cell cell) {
    String name = cell.axis("attention");
    Seed own = seed.child(cell.axis(Cell.SEED));
    boolean isHead = name.equals(HEAD);
    Learner learner =
        isHead
            ? new Learner(
                CausalNullHeadLayer::of, Loss.crossEntropy(), null, Reading.PROBABILITIES, 0.03)
            : transformer(name, size.length);
    Layer layer = learner.layer(MODEL);
    Parameters found =
        isHead
            ? learner.fit(MODEL, size.length, size.headSteps, equalLogits(layer), own.child(name))
            : learner.fit(MODEL, size.length, size.steps, own.child(name));
    // The same sequences for every attention: their difference is then all that differs.
    NextTokenScores scores =
        NextTokenScores.of(
            MODEL,
            layer,
            found,
            learner.reading(),
            new NextTokenScores.Size(size.length, size.sequences),
            own.child("evaluation"));
    List<CellPoint> points = new ArrayList<>();
    for (int t = 0; t < scores.positions(); t++) {
      points.add(new CellPoint(t + 1, scores.metrics(t)));
    }
    return new CellResult(points);
  }

  /** Zero maps, which have no gradient, and a uniform null value. */
  private static Parameters equalLogits(Layer layer) {
    return Parameters.zeros(layer.shapes()).with("null.value", new SimpleMatrix(1, 2).plus(0.5));
  }
}
