package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.definetti.attention.Attention;
import org.definetti.derivation.Derivation;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.ExpectedOutcome;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.jspecify.annotations.Nullable;

/**
 * E9: one picture a model. Error against length of the exact posterior, of the attention derived
 * from the model, and of attention trained on labels and on masked tokens, for M1, M3, M5, M8 and a
 * Gaussian process.
 *
 * <ul>
 *   <li>What is measured, and how: {@link PicturedModel}. The exact posterior is the floor.
 *   <li>Parts a model: {@code derived}, the largest distance of the derived attention from the
 *       exact mean, exact up to rounding; {@code supervised} and {@code masked}, the largest
 *       squared gap over lengths as a share of the prior variance of the answer.
 *   <li>Null heads and kernel ridge have the exact answer in their class and are trained on a
 *       mixture of short lengths, then drawn at longer ones too. For topics four softmax heads are
 *       trained at each length: no such layer is exact there, and the bound is what was measured.
 *   <li>Controls: the derivation's own wrong attention where it has one; the layer before its first
 *       step.
 *   <li>Source: derived attentions [derived] (checks B1, B2, B3); both objectives [source:
 *       Zhang-2022, abstract]; the bounds are this library's.
 * </ul>
 */
public final class LearnedPosteriors implements Claim {

  private static final String ID = "E9";
  private static final String POSTERIOR = "posterior";
  private static final String EXACT = "exact";
  private static final String TRAINED = "trained";
  private static final String UNTRAINED = "untrained";
  private static final double ROUNDING = 1e-8;
  // What is left after training goes with one over the number of samples; here a tenth of them.
  private static final double SMOKE_FACTOR = 10;
  private static final int EXACT_SEQUENCES = 10;
  private static final List<Objective> OBJECTIVES = List.of(Objective.SUPERVISED, Objective.MASKED);

  /** How much work a budget does; lengths are so many octaves apart. */
  private record Size(int octaves, int seeds, int sequences, int steps, double factor) {

    static Size of(Budget budget) {
      return switch (budget) {
        case SMOKE -> new Size(5, 2, 20, 250, SMOKE_FACTOR);
        case STANDARD -> new Size(2, 3, 200, 800, 1);
        case FULL -> new Size(2, 4, 400, 2000, 1);
      };
    }
  }

  /** Returns the claim. */
  public LearnedPosteriors() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "learned-posteriors";
  }

  @Override
  public String statement() {
    return "For a Gaussian mean, Dirichlet categories, in-context regression, topics and a Gaussian"
        + " process, the attention derived from the model and attention trained on labels or on"
        + " masked tokens err nearly as little as the exact posterior does, at every length.";
  }

  @Override
  public Source source() {
    return Source.derived("checks B1, B2, B3 and D3; the objectives are those of Zhang-2022");
  }

  @Override
  public String prediction() {
    return "derived attention within 1e-8 of the exact mean; squared gap of trained attention at"
        + " most 1 % of the prior variance of the answer at every length, 5 % for topics";
  }

  @Override
  public List<String> tags() {
    return List.of("length", "trained", "pictures");
  }

  @Override
  public ExpectedOutcome expected() {
    return ExpectedOutcome.confirmed(
        "the exact answer is in the class that is trained, but for topics, where the bound is"
            + " wider");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 4;
          case STANDARD -> 40;
          case FULL -> 300;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = Size.of(budget);
    List<ClaimPart> parts = new ArrayList<>();
    List<Results> results = new ArrayList<>();
    for (PicturedModel<?> model :
        budget == Budget.SMOKE ? PicturedModel.few() : PicturedModel.all()) {
      Seed own = seed.child(model.name());
      Results measured = draw(model, size, own, runner.within(model.name()));
      results.add(measured);
      parts.add(derived(model, size, own.child("derived")));
      for (Objective objective : OBJECTIVES) {
        parts.add(trained(model, objective, measured, size));
      }
    }
    return ClaimResult.of(parts).withResults(results);
  }

  private static Results draw(PicturedModel<?> model, Size size, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (int s = 0; s < size.seeds; s++) {
      cells.add(cell(model, POSTERIOR, EXACT).with(Cell.SEED, String.valueOf(s)));
      cells.add(cell(model, model.form(), "derived").with(Cell.SEED, String.valueOf(s)));
      for (Objective objective : OBJECTIVES) {
        cells.add(
            cell(model, model.learned(), TRAINED)
                .with("objective", objective.label())
                .with("train_length", model.trainedOn())
                .with(Cell.SEED, String.valueOf(s)));
      }
      cells.add(cell(model, model.learned(), UNTRAINED).with(Cell.SEED, String.valueOf(s)));
    }
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("model", model.model().description().text());
    configuration.put("size", size.toString());
    configuration.put("seed", String.valueOf(seed.value()));
    Plan plan = Plan.of(Build.provenance().version(), configuration, "length", cells);
    return runner.execute(plan, cell -> measure(model, size, seed, cell));
  }

  private static Cell cell(PicturedModel<?> model, String attention, String origin) {
    return Cell.of("model", model.name())
        .with("claim", ID)
        .with("attention", attention)
        .with("origin", origin);
  }

  private static CellResult measure(PicturedModel<?> model, Size size, Seed seed, Cell cell) {
    int[] drawn = model.drawn(size.octaves);
    Seed own = seed.child(cell.axis(Cell.SEED));
    // The same sequences for all: what differs between two curves is the attention.
    return model.measure(
        attention(model, size, own, cell), drawn, size.sequences, own.child("evaluation"));
  }

  private static @Nullable IntFunction<Attention> attention(
      PicturedModel<?> model, Size size, Seed seed, Cell cell) {
    String origin = cell.axis("origin");
    if (origin.equals(TRAINED)) {
      Objective objective =
          OBJECTIVES.stream()
              .filter(one -> one.label().equals(cell.axis("objective")))
              .findFirst()
              .orElseThrow();
      return model.trained(
          objective, size.steps, model.drawn(size.octaves), seed.child(objective.label()));
    }
    if (origin.equals(EXACT)) {
      return null;
    }
    Attention fixed =
        origin.equals(UNTRAINED) ? model.untrained(seed.child(UNTRAINED)) : model.derived();
    return length -> fixed;
  }

  private static ClaimPart derived(PicturedModel<?> model, Size size, Seed seed) {
    int[] drawn = model.drawn(size.octaves);
    Prediction rounding = Prediction.atMost(ROUNDING);
    Derivation derivation = Derivation.of(model.model(), model.form());
    double right = model.derivedDeviation(derivation.attention(), drawn, EXACT_SEQUENCES, seed);
    ClaimPart part = ClaimPart.of(model.name() + ":derived", Verdict.exact(right, rounding));
    Derivation.Control wrong = derivation.control();
    if (wrong == null) {
      return part;
    }
    double off = model.derivedDeviation(wrong.attention(), drawn, EXACT_SEQUENCES, seed);
    return part.withControl(
        Control.of(
            Verdict.exact(off, rounding),
            String.format(Locale.ROOT, "%s: distance up to %.3g", wrong.words(), off)));
  }

  private static ClaimPart trained(
      PicturedModel<?> model, Objective objective, Results measured, Size size) {
    Prediction bound = Prediction.atMost(size.factor * model.bound());
    Verdict untrained = Judging.largestShare(gap(measured, UNTRAINED, ""), model.spread(), bound);
    return ClaimPart.of(
            model.name() + ":" + objective.label(),
            Judging.largestShare(gap(measured, TRAINED, objective.label()), model.spread(), bound))
        .withControl(
            Control.of(
                // Initial layers differ much from seed to seed: the mean has to be above.
                Verdict.exact(untrained.measured(), Prediction.atMost(model.bound())),
                String.format(
                    Locale.ROOT,
                    "before the first step: gap of %.3g prior variances",
                    untrained.measured())));
  }

  private static Curve gap(Results measured, String origin, String objective) {
    return measured.curves().stream()
        .filter(curve -> curve.key().metric().equals(PicturedModel.GAP))
        .filter(curve -> curve.key().axis("origin").equals(origin))
        .filter(curve -> curve.key().axis("objective").equals(objective))
        .findFirst()
        .orElseThrow();
  }
}
