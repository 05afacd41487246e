package org.definetti.lab.claims;

import static org.definetti.lab.compare.Architectures.ATTENTION;
import static org.definetti.lab.compare.Architectures.ATTENTION_POSITIONS;
import static org.definetti.lab.compare.Architectures.CONVOLUTION;
import static org.definetti.lab.compare.Architectures.GRU;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Verdict;
import org.definetti.lab.compare.Architecture;
import org.definetti.lab.compare.Comparison;
import org.definetti.lab.compare.Design;
import org.definetti.lab.compare.FilteringTask;
import org.definetti.lab.compare.Influence;
import org.definetti.lab.compare.MeanTask;
import org.definetti.lab.compare.Network;
import org.definetti.lab.compare.Sight;
import org.definetti.lab.compare.Task;
import org.definetti.lab.run.Build;
import org.definetti.layer.Layer;
import org.definetti.random.Seed;
import org.jspecify.annotations.Nullable;

/**
 * XS13: how much the token k places back counts, for the exact posterior and for trained networks,
 * where order matters and where it does not.
 *
 * <pre>{@code  influence(k) = E ‖f(X) - f(X with that token drawn anew)‖²  }</pre>
 *
 * <ul>
 *   <li>Parts: the exact posterior's profile of a mean is flat and that of filtering fades; a
 *       convolution's is zero beyond its reach; that of attention without positions is flat where
 *       tokens are exchangeable, whatever its weights; which of recurrence and attention comes
 *       nearer to the exact profile.
 *   <li>Controls: each question asked of the other task, of tokens within the reach, of a
 *       convolution; the best of a window and of unordered tokens the wrong way round.
 *   <li>Reported, not gated: the distance of every profile from the exact one, as a share of it.
 *   <li>Source: [derived]; the protocol is pre-registered.
 * </ul>
 */
public final class InfluenceProfiles extends ComparedClaim {

  private static final int TOKENS = 8;
  private static final int REACH = 4;
  private static final int STEPS = 600;
  private static final int SEEDS = 3;
  private static final double RATE = 3e-3;
  private static final double FLAT = 0.8;
  private static final double FADED = 0.1;
  private static final double NONE = 1e-12;
  private static final String INFLUENCE = "influence";

  private static final Task MEAN = new MeanTask(8, 4);
  private static final Task FILTERING = new FilteringTask(0.9, 1.5);
  private static final Map<Task, Integer> ITEMS = items();

  private static Map<Task, Integer> items() {
    Map<Task, Integer> items = new LinkedHashMap<>();
    items.put(MEAN, TOKENS);
    items.put(FILTERING, TOKENS + 1);
    return items;
  }

  /** Returns the claim. */
  public InfluenceProfiles() {
    super("XS13", 20, 60);
  }

  @Override
  public String slug() {
    return "influence-profiles";
  }

  @Override
  public String statement() {
    return "The influence of a token on the exact answer is the same at every place where order"
        + " carries nothing and fades with distance in filtering; of trained networks a gated"
        + " recurrence comes nearer to the profile that fades, attention without positions to the"
        + " flat one.";
  }

  @Override
  public String prediction() {
    return "least over largest influence >= 0.8 of the mean, for attention too; at 8 at most 0.1"
        + " of that at 1 in filtering; a convolution's <= 1e-12 beyond 4; the nearer profile as"
        + " stated";
  }

  /** What is asked of a budget. */
  private record Size(List<Architecture> architectures, int seeds, int tests) {

    static Size of(Budget budget) {
      return budget == Budget.SMOKE
          ? new Size(List.of(CONVOLUTION), SEEDS, 500)
          : new Size(List.of(ATTENTION, ATTENTION_POSITIONS, CONVOLUTION, GRU), SEEDS, 1000);
    }
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = Size.of(budget);
    Profiles profiles = new Profiles(run(budget, size, seed, runner), size.seeds);
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(flat(profiles));
    parts.add(fades(profiles));
    parts.add(reach(profiles));
    if (budget != Budget.SMOKE) {
      parts.add(attentionIsFlat(profiles));
      parts.add(
          nearer(profiles, "recurrence-nearer-in-filtering", FILTERING, GRU, ATTENTION)
              .withControl(swapped(profiles, FILTERING, ATTENTION.sight(), CONVOLUTION.sight())));
      parts.add(
          nearer(profiles, "attention-nearer-at-the-mean", MEAN, ATTENTION, GRU)
              .withControl(swapped(profiles, MEAN, CONVOLUTION.sight(), ATTENTION.sight())));
      parts.addAll(reported(profiles, size));
    }
    return ClaimResult.of(parts).withResults(List.of(profiles.results));
  }

  /** Profiles by task and name, seed by seed. */
  private record Profiles(Results results, int seeds) {

    double at(Task task, String name, int seed, int k) {
      for (int i = 0; i < results.cells().size(); i++) {
        Cell cell = results.plan().cells().get(i);
        if (cell.axis("model").equals(task.name())
            && cell.axis("attention").equals(name)
            && cell.axis(Cell.SEED).equals(String.valueOf(seed))) {
          Estimate estimate = results.cells().get(i).points().get(k - 1).metrics().get(INFLUENCE);
          if (estimate != null) {
            return estimate.mean();
          }
        }
      }
      throw new IllegalArgumentException("name: expected one that was run, got " + name);
    }

    /** The least influence over the largest. */
    double flatness(Task task, String name, int seed) {
      double least = Double.POSITIVE_INFINITY;
      double largest = 0;
      for (int k = 1; k <= TOKENS; k++) {
        least = Math.min(least, at(task, name, seed, k));
        largest = Math.max(largest, at(task, name, seed, k));
      }
      return least / largest;
    }

    /** The sum of differences from the exact profile over the sum of that. */
    double distance(Task task, String name, int seed) {
      double sum = 0;
      double all = 0;
      for (int k = 1; k <= TOKENS; k++) {
        double exact = at(task, Comparison.EXACT, seed, k);
        sum += Math.abs(at(task, name, seed, k) - exact);
        all += exact;
      }
      return sum / all;
    }

    double faded(Task task, int seed) {
      return at(task, Comparison.EXACT, seed, TOKENS) / at(task, Comparison.EXACT, seed, 1);
    }
  }

  private static Results run(Budget budget, Size size, Seed seed, Runner runner) {
    Map<String, Design> designs = new LinkedHashMap<>();
    Map<String, Layer> layers = new LinkedHashMap<>();
    List<Cell> cells = new ArrayList<>();
    Map<String, String> configuration = new LinkedHashMap<>();
    ITEMS.forEach(
        (task, items) -> {
          int steps = budget == Budget.FULL ? STEPS : STEPS / 2;
          Design design = design(budget, task, size.architectures, items, steps);
          designs.put(task.name(), design);
          configuration.put("task " + task.name(), task + " " + design.schooling());
          design
              .layers(design.matched())
              .forEach(
                  (model, layer) -> {
                    layers.put(task.name() + model.name(), layer);
                    configuration.put(task.name() + " " + model.name(), layer.toString());
                    cells.addAll(cells(task, model.name(), "trained", size.seeds));
                  });
          for (String name : bounds().keySet()) {
            cells.addAll(cells(task, name, "derived", size.seeds));
          }
        });
    configuration.put("rate", String.valueOf(RATE));
    configuration.put("tests", String.valueOf(size.tests));
    configuration.put("seed", seed.toString());
    return runner.execute(
        Plan.of(Build.provenance().version(), configuration, "distance", cells),
        cell -> {
          Design design = designs.get(cell.axis("model"));
          if (design == null) {
            throw new IllegalArgumentException("cell: expected a task of the plan, got " + cell);
          }
          Layer layer = layers.get(cell.axis("model") + cell.axis("attention"));
          return profile(design, layer, size, seed.child(cell.axis("model")), cell);
        });
  }

  private static Map<String, Sight> bounds() {
    Map<String, Sight> bounds = new LinkedHashMap<>();
    bounds.put(Comparison.EXACT, Sight.everything());
    for (Architecture model : List.of(ATTENTION, CONVOLUTION)) {
      bounds.put(Comparison.bound(model.sight()), model.sight());
    }
    return bounds;
  }

  private static List<Cell> cells(Task task, String name, String origin, int seeds) {
    List<Cell> cells = new ArrayList<>();
    for (int s = 0; s < seeds; s++) {
      cells.add(
          Cell.of("model", task.name())
              .with("claim", "XS13")
              .with("attention", name)
              .with("origin", origin)
              .with(Cell.SEED, String.valueOf(s)));
    }
    return cells;
  }

  /** Trains a network, if there is a layer, and measures it on the sequences of its seed. */
  private static CellResult profile(
      Design design, @Nullable Layer layer, Size size, Seed seed, Cell cell) {
    Seed own = seed.child(Long.parseLong(cell.axis(Cell.SEED)));
    Seed tests = own.child("influence");
    String name = cell.axis("attention");
    List<Estimate> profile;
    if (layer == null) {
      Sight sight = bounds().getOrDefault(name, Sight.everything());
      profile = Influence.of(design.task(), sight, design.items(), size.tests, tests);
    } else {
      Seed initial = own.child("initial").child(name);
      Network network =
          Network.train(
              design.task(),
              design.schooling(),
              RATE,
              own,
              layer,
              layer.initial(initial.generator()));
      profile = Influence.of(network, design.items(), size.tests, tests);
    }
    List<CellPoint> points = new ArrayList<>();
    for (int k = 1; k <= profile.size(); k++) {
      points.add(new CellPoint(k, Map.of(INFLUENCE, profile.get(k - 1))));
    }
    return new CellResult(points);
  }

  private static ClaimPart flat(Profiles all) {
    Prediction flat = Prediction.atLeast(FLAT);
    Verdict fading =
        Compared.overSeeds(all.seeds, s -> all.flatness(FILTERING, Comparison.EXACT, s), flat);
    return ClaimPart.of(
            "exact-flat-at-the-mean",
            Compared.overSeeds(all.seeds, s -> all.flatness(MEAN, Comparison.EXACT, s), flat))
        .withControl(Judging.control(fading, "filtering: %.2g"));
  }

  private static ClaimPart fades(Profiles all) {
    Prediction faded = Prediction.atMost(FADED);
    Verdict flat = Compared.overSeeds(all.seeds, s -> all.faded(MEAN, s), faded);
    return ClaimPart.of(
            "exact-fades-in-filtering",
            Compared.overSeeds(all.seeds, s -> all.faded(FILTERING, s), faded))
        .withControl(Judging.control(flat, "the mean: %.2g"));
  }

  private static ClaimPart reach(Profiles all) {
    double beyond = 0;
    double within = 0;
    for (Task task : ITEMS.keySet()) {
      for (int s = 0; s < all.seeds; s++) {
        for (int k = 1; k <= TOKENS; k++) {
          double influence = all.at(task, CONVOLUTION.name(), s, k);
          beyond = k > REACH ? Math.max(beyond, influence) : beyond;
          within = k > REACH ? within : Math.max(within, influence);
        }
      }
    }
    Prediction none = Prediction.atMost(NONE);
    return ClaimPart.of("convolution-beyond-reach", Verdict.exact(beyond, none))
        .withControl(Judging.control(Verdict.exact(within, none), "within its reach: %.2g"));
  }

  private static ClaimPart attentionIsFlat(Profiles all) {
    Prediction flat = Prediction.atLeast(FLAT);
    Verdict local =
        Compared.overSeeds(all.seeds, s -> all.flatness(MEAN, CONVOLUTION.name(), s), flat);
    return ClaimPart.of(
            "attention-flat-at-the-mean",
            Compared.overSeeds(all.seeds, s -> all.flatness(MEAN, ATTENTION.name(), s), flat))
        .withControl(Judging.control(local, "a convolution: %.2g"));
  }

  private static Verdict difference(
      Profiles all, Task task, String one, String other, Prediction prediction) {
    return Compared.overSeeds(
        all.seeds, s -> all.distance(task, one, s) - all.distance(task, other, s), prediction);
  }

  private static ClaimPart nearer(
      Profiles all, String name, Task task, Architecture one, Architecture other) {
    return ClaimPart.of(
        name, difference(all, task, one.name(), other.name(), Prediction.atMost(0)));
  }

  private static Control swapped(Profiles all, Task task, Sight worse, Sight better) {
    String one = Comparison.bound(worse);
    String other = Comparison.bound(better);
    Verdict wrong = difference(all, task, one, other, Prediction.atMost(0));
    return Judging.control(wrong, one + " less " + other + ": %.2g");
  }

  private static List<ClaimPart> reported(Profiles all, Size size) {
    List<ClaimPart> parts = new ArrayList<>();
    for (Task task : ITEMS.keySet()) {
      for (Architecture model : size.architectures) {
        Verdict verdict =
            Compared.overSeeds(
                all.seeds, s -> all.distance(task, model.name(), s), Prediction.atMost(1));
        parts.add(
            Judging.reported(
                ClaimPart.of("distance-" + task.name() + "-" + model.name(), verdict)));
      }
    }
    return parts;
  }
}
