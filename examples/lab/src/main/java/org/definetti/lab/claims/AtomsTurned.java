package org.definetti.lab.claims;

import static org.definetti.lab.compare.Architectures.ATTENTION;
import static org.definetti.lab.compare.Architectures.DEEP_SETS;
import static org.definetti.lab.compare.Architectures.EQUIVARIANT_ATTENTION;
import static org.definetti.lab.compare.Architectures.GRU;
import static org.definetti.lab.compare.Architectures.MEAN_POOLING;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Verdict;
import org.definetti.lab.compare.Architecture;
import org.definetti.lab.compare.AtomsTask;
import org.definetti.lab.compare.Comparison;
import org.definetti.lab.compare.Design;
import org.definetti.lab.compare.DoubleForm;
import org.definetti.lab.compare.Probe;
import org.definetti.lab.compare.TestSet;
import org.definetti.random.Seed;

/**
 * XS3: knowledge atoms in the sequence, re-embedded at test by an orthogonal matrix that training
 * never showed.
 *
 * <pre>{@code  f(X Q, Z Q) = f(X, Z) Q for every Q   or: what was learned by heart is lost  }</pre>
 *
 * <ul>
 *   <li>Networks are trained on atoms that are the same in every sequence, and again on atoms
 *       turned by a matrix of each sequence's own; all are tested on turned ones.
 *   <li>Parts: {@code bounds}; the answer of equivariant attention turns along, in double
 *       precision; generic attention degrades; training on turned atoms mends that in part;
 *       equivariant attention, which saw one embedding only, is below it.
 *   <li>Controls: the change of the answer of generic attention; equivariant attention in the place
 *       of one that degrades.
 *   <li>Source: [derived] (MS2, ES8); the protocol is pre-registered.
 * </ul>
 */
public final class AtomsTurned extends ComparedClaim {

  private static final String CHANGE = "change-with-turn";
  private static final String TURNED = "turned-excess-risk";
  private static final double ROUNDING = 1e-10;
  private static final double DEGRADED = 3;
  private static final double MENDED = 0.5;
  private static final int ITEMS = 4;
  private static final int STEPS = 1000;
  private static final AtomsTask FIXED = AtomsTask.of(8, 4, 8, Seed.of(3));

  /** Returns the claim. */
  public AtomsTurned() {
    super("XS3", 40, 240);
  }

  @Override
  public String slug() {
    return "atoms-turned";
  }

  @Override
  public String statement() {
    return "Where knowledge is re-embedded at test by an orthogonal matrix, attention that commutes"
        + " with such matrices answers as before, while generic attention, which learned the"
        + " knowledge by heart, degrades unless it was trained on turned knowledge.";
  }

  @Override
  public String prediction() {
    return "equivariant answer turns along to 1e-10; attention's excess on turned sequences >= 3"
        + " times that on fixed ones, and trained on turned ones at most half of it; equivariant"
        + " attention below attention trained on turned atoms; no model below its bound";
  }

  private static List<Architecture> architectures(Budget budget) {
    return switch (budget) {
      case SMOKE -> List.of(EQUIVARIANT_ATTENTION, ATTENTION, MEAN_POOLING);
      case STANDARD -> List.of(EQUIVARIANT_ATTENTION, ATTENTION, DEEP_SETS, MEAN_POOLING);
      case FULL -> List.of(EQUIVARIANT_ATTENTION, ATTENTION, DEEP_SETS, GRU, MEAN_POOLING);
    };
  }

  /** The excess on turned sequences, and how far the answer is from turning along. */
  private static Probe turned(int tests) {
    return (network, fixed, seed) -> {
      TestSet set = TestSet.draw(FIXED.turned(), ITEMS, tests, seed.child("turned"));
      double change =
          DoubleForm.of(network).turnChange(fixed, Math.min(20, tests), seed.child("turn"));
      return Map.of(TURNED, set.excess(set.of(network)), CHANGE, Estimate.exact(change));
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Design design = design(budget, FIXED, architectures(budget), ITEMS, STEPS);
    design = design.withProbe(turned(design.tests()));
    Comparison fixed = Comparison.run(id(), design, seed, runner.within("fixed"));
    List<Comparison> runs = new ArrayList<>(List.of(fixed));
    List<ClaimPart> parts = new ArrayList<>();
    if (budget != Budget.SMOKE) {
      Design other = design(budget, FIXED.turned(), architectures(budget), ITEMS, STEPS);
      Comparison turned = Comparison.run(id(), other, seed, runner.within("turned"));
      runs.add(turned);
      parts.add(degrades(fixed));
      parts.add(mended(fixed, turned));
      parts.add(equivariant(fixed, turned));
    }
    parts.add(0, Compared.bounds(runs));
    parts.add(1, turnsAlong(fixed));
    List<Results> results = runs.stream().flatMap(one -> one.results().stream()).toList();
    return ClaimResult.of(parts).withResults(results);
  }

  private static double number(Comparison run, String name, String metric, int seed) {
    return run.estimates(name, metric, run.design().items()).get(seed).mean();
  }

  private static ClaimPart turnsAlong(Comparison fixed) {
    Prediction none = Prediction.atMost(ROUNDING);
    double wrong = largest(fixed, ATTENTION.name());
    return ClaimPart.of(
            "turns-along", Verdict.exact(largest(fixed, EQUIVARIANT_ATTENTION.name()), none))
        .withControl(
            Control.of(
                Verdict.exact(wrong, none),
                String.format(Locale.ROOT, "generic attention: change of %.2g", wrong)));
  }

  private static double largest(Comparison run, String name) {
    return run.estimates(name, CHANGE, run.design().items()).stream()
        .mapToDouble(Estimate::mean)
        .max()
        .orElseThrow();
  }

  private static ClaimPart degrades(Comparison fixed) {
    Prediction worse = Prediction.atLeast(DEGRADED);
    int seeds = fixed.design().seeds();
    Verdict same = Compared.ratioOverSeeds(seeds, loss(fixed, EQUIVARIANT_ATTENTION.name()), worse);
    return ClaimPart.of(
            "attention-degrades",
            Compared.ratioOverSeeds(seeds, loss(fixed, ATTENTION.name()), worse))
        .withControl(Judging.control(same, "equivariant attention: factor %.2f"));
  }

  private static IntToDoubleFunction loss(Comparison run, String name) {
    return s -> number(run, name, TURNED, s) / number(run, name, Comparison.EXCESS, s);
  }

  private static ClaimPart mended(Comparison fixed, Comparison turned) {
    Prediction half = Prediction.atMost(MENDED);
    String attention = ATTENTION.name();
    String pooling = MEAN_POOLING.name();
    IntToDoubleFunction share =
        s -> number(turned, attention, Comparison.EXCESS, s) / number(fixed, attention, TURNED, s);
    IntToDoubleFunction wrong =
        s ->
            number(turned, pooling, Comparison.EXCESS, s)
                / number(turned, attention, Comparison.EXCESS, s);
    int seeds = fixed.design().seeds();
    Verdict control = Compared.ratioOverSeeds(seeds, wrong, half);
    return ClaimPart.of("augmented", Compared.ratioOverSeeds(seeds, share, half))
        .withControl(
            Judging.control(
                control, "mean pooling beside attention, both trained on turned atoms: %.2f"));
  }

  private static ClaimPart equivariant(Comparison fixed, Comparison turned) {
    Prediction less = Prediction.atMost(1);
    IntToDoubleFunction ratio =
        s ->
            number(fixed, EQUIVARIANT_ATTENTION.name(), TURNED, s)
                / number(turned, ATTENTION.name(), Comparison.EXCESS, s);
    IntToDoubleFunction wrong =
        s ->
            number(fixed, MEAN_POOLING.name(), TURNED, s)
                / number(turned, ATTENTION.name(), Comparison.EXCESS, s);
    int seeds = fixed.design().seeds();
    Verdict control = Compared.ratioOverSeeds(seeds, wrong, less);
    return ClaimPart.of("equivariant-below-augmented", Compared.ratioOverSeeds(seeds, ratio, less))
        .withControl(Judging.control(control, "mean pooling on fixed atoms: %.2f"));
  }
}
