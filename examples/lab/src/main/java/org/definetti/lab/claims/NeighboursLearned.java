package org.definetti.lab.claims;

import static org.definetti.lab.compare.Architectures.ATTENTION;
import static org.definetti.lab.compare.Architectures.ATTENTION_POSITIONS;
import static org.definetti.lab.compare.Architectures.GRU;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Verdict;
import org.definetti.lab.compare.Architecture;
import org.definetti.lab.compare.Comparison;
import org.definetti.lab.compare.Design;
import org.definetti.lab.compare.LocalArchitectures;
import org.definetti.lab.compare.NeighboursTask;
import org.definetti.lab.compare.Schooling;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;

/**
 * XS7: a target made of neighbours, on a chain and on an 8 × 8 grid, from few samples.
 *
 * <pre>{@code
 * target = Σ x_a x_b / √m over the m pairs of neighbours + noise
 * excess of the best of unordered signs = 1 - 2 m / (n (n - 1))
 * }</pre>
 *
 * <ul>
 *   <li>Parts, for each shape: {@code bounds}; that ceiling against its formula; local convolution
 *       below attention with positions at two sizes of the training set; the fresh samples either
 *       needs; attention without positions at its ceiling.
 *   <li>Controls: attention without positions in the place of the convolution, the exact answer in
 *       that of the ceiling.
 *   <li>Source: [derived]; the protocol is pre-registered.
 * </ul>
 */
public final class NeighboursLearned extends ComparedClaim {

  private static final int CHAIN = 16;
  private static final int COLUMNS = 8;
  private static final int STEPS = 600;
  private static final int SEEDS = 3;
  private static final int TESTS = 1000; // sequences
  private static final double NOISE = 0.5;
  private static final double FORMULA = 0.15; // tolerance, of a bound on some thousand sequences
  private static final double STUCK = 0.1;
  private static final int FRESH = 0;

  /** Returns the claim. */
  public NeighboursLearned() {
    super("XS7", 60, 900);
  }

  @Override
  public String slug() {
    return "neighbours-learned";
  }

  @Override
  public String statement() {
    return "A target made of neighbours is learned by a local convolution from fewer samples, of a"
        + " fixed set and of fresh ones, than by attention with positions, on a chain and on"
        + " a grid; attention without positions learns what a multiset says.";
  }

  @Override
  public String prediction() {
    return "excess of the convolution below that of attention with positions at 256 and 1024"
        + " sequences, and no more fresh samples to 1.1 Bayes; attention <= 0.1 above its bound";
  }

  private static List<Integer> sets(Budget budget) {
    return switch (budget) {
      case SMOKE -> List.of(64, FRESH);
      case STANDARD -> List.of(256, 1024, FRESH);
      case FULL -> List.of(64, 256, 1024, FRESH);
    };
  }

  private static List<Architecture> architectures(Budget budget, int columns) {
    Architecture local = LocalArchitectures.local(columns);
    return switch (budget) {
      case SMOKE -> List.of(ATTENTION, local);
      case STANDARD -> List.of(ATTENTION_POSITIONS, ATTENTION, local);
      case FULL -> List.of(ATTENTION_POSITIONS, ATTENTION, local, GRU);
    };
  }

  /** One shape of neighbourhood. */
  private record Shape(String name, int columns, int places, int pairs) {

    /** The excess of the best of unordered signs. */
    double unordered() {
      return 1 - 2.0 * pairs / ((double) places * (places - 1));
    }
  }

  private static List<Shape> shapes(Budget budget) {
    Shape chain = new Shape("chain", 0, CHAIN, CHAIN - 1);
    Shape grid = new Shape("grid", COLUMNS, COLUMNS * COLUMNS, 2 * COLUMNS * (COLUMNS - 1));
    return budget == Budget.FULL ? List.of(chain, grid) : List.of(chain);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<ClaimPart> parts = new ArrayList<>();
    List<Results> results = new ArrayList<>();
    List<Comparison> all = new ArrayList<>();
    List<ClaimPart> later = new ArrayList<>();
    for (Shape shape : shapes(budget)) {
      Map<Integer, Comparison> runs = new TreeMap<>();
      for (int sequences : sets(budget)) {
        String name = shape.name + "-" + (sequences == FRESH ? "fresh" : sequences);
        Design design = design(budget, shape, sequences);
        runs.put(sequences, Comparison.run(id(), design, seed.child(name), runner.within(name)));
      }
      all.addAll(runs.values());
      later.add(ceiling(shape, need(runs, FRESH)));
      if (budget != Budget.SMOKE) {
        later.addAll(learned(shape, runs));
      }
      Map<Double, Comparison> bySet = new TreeMap<>();
      runs.forEach(
          (sequences, run) -> {
            if (sequences != FRESH) {
              bySet.put((double) sequences, run);
            }
          });
      results.add(ComparedSweep.over("samples", bySet));
      results.addAll(need(runs, FRESH).results());
    }
    parts.add(Compared.bounds(all));
    parts.addAll(later);
    return ClaimResult.of(parts).withResults(results);
  }

  private static Design design(Budget budget, Shape shape, int sequences) {
    NeighboursTask task = new NeighboursTask(shape.columns, NOISE);
    Design plain = design(budget, task, architectures(budget, shape.columns), shape.places, STEPS);
    Schooling schooling =
        new Schooling(
            Lengths.fixed(shape.places),
            plain.schooling().batchSize(),
            plain.schooling().steps(),
            plain.schooling().checks(),
            plain.schooling().validation(),
            sequences);
    return Design.of(task, plain.architectures(), schooling, plain.goal())
        .withTuning(plain.rates(), 1)
        .withSeeds(Math.min(SEEDS, plain.seeds()))
        .withTests(plain.tested(), TESTS);
  }

  private static Comparison need(Map<Integer, Comparison> runs, int sequences) {
    Comparison run = runs.get(sequences);
    if (run == null) {
      throw new IllegalArgumentException(
          "sequences: expected one of " + runs.keySet() + ", got " + sequences);
    }
    return run;
  }

  private static ClaimPart ceiling(Shape shape, Comparison run) {
    Prediction formula = Prediction.near(shape.unordered(), FORMULA);
    String unordered = Comparison.bound(ATTENTION.sight());
    return ClaimPart.of(
            shape.name + "-ceiling-unordered",
            Compared.bound(run, unordered, Comparison.EXCESS, formula))
        .withControl(
            Control.of(
                Compared.bound(run, Comparison.EXACT, Comparison.EXCESS, formula),
                "the exact answer: excess 0"));
  }

  private static List<ClaimPart> learned(Shape shape, Map<Integer, Comparison> runs) {
    String local = LocalArchitectures.local(shape.columns).name();
    List<ClaimPart> parts = new ArrayList<>();
    for (int sequences : new int[] {256, 1024}) {
      String name = shape.name + "-convolution-at-" + sequences;
      parts.add(below(name, need(runs, sequences), local));
    }
    Comparison fresh = need(runs, FRESH);
    parts.add(sooner(shape.name + "-convolution-samples", fresh, local));
    Prediction stuck = Prediction.atMost(STUCK);
    Verdict overBayes = Compared.metric(fresh, ATTENTION.name(), Comparison.EXCESS, stuck);
    parts.add(
        ClaimPart.of(
                shape.name + "-attention-at-its-bound",
                Compared.metric(fresh, ATTENTION.name(), Comparison.ABOVE, stuck))
            .withControl(Judging.control(overBayes, "over the exact answer: %.2g")));
    return parts;
  }

  /** The convolution has no more excess than attention with positions has, seed by seed. */
  private static ClaimPart below(String name, Comparison run, String local) {
    Prediction less = Prediction.atMost(0);
    String excess = Comparison.EXCESS;
    Verdict wrong = Compared.difference(run, ATTENTION.name(), local, excess, less);
    return ClaimPart.of(
            name, Compared.difference(run, local, ATTENTION_POSITIONS.name(), excess, less))
        .withControl(
            Judging.control(wrong, "attention without positions above the convolution: %.3g"));
  }

  /**
   * The convolution needs no more samples than attention with positions needs, seed by seed. Its
   * control has a known answer: attention without positions cannot get there, the exact answer is
   * there from the start.
   */
  private static ClaimPart sooner(String name, Comparison run, String local) {
    Prediction less = Prediction.atMost(0);
    String samples = Comparison.SAMPLES;
    Verdict never = Compared.metric(run, ATTENTION.name(), samples, less);
    return ClaimPart.of(
            name, Compared.difference(run, local, ATTENTION_POSITIONS.name(), samples, less))
        .withControl(
            Judging.control(
                never,
                "attention without positions against the exact answer, which needs none: %.3g"));
  }
}
