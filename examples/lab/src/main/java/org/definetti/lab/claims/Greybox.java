package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.definetti.attention.Attention;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.CurvePoint;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.random.Seed;

/**
 * X4: what does a derivation buy? Sequences: a derived form needs none, or few to learn its
 * parameters, where a transformer needs many; a wrong prior costs what no sequences mend.
 *
 * <pre>{@code
 * share(arm, n, L) = (risk of arm after n sequences of L tokens - Bayes risk) / Bayes risk
 * }</pre>
 *
 * <ul>
 *   <li>Arms and worlds: {@link GreyboxWorld}; the process: {@link AmortisedProcess}.
 *   <li>Parts a world: {@code true-prior}, exact; {@code reaches}, the learned derived form's share
 *       with the most sequences is at most 0.1 at every length; {@code buys}, the transformer needs
 *       at least three times as many sequences to get there. Of M1 also {@code wrong-prior},
 *       measured over the closed form.
 *   <li>How many sequences it takes to reach 1.1 times the Bayes risk is drawn against the length
 *       ({@code sequences-needed}), found by interpolating log share on log n; where the most
 *       sequences do not suffice, that most stands for it, so the curve is a lower bound.
 *   <li>Controls: the wrong prior for {@code true-prior} and {@code reaches}. No slope in n is
 *       judged: one or three parameters leave too little to average; that is D2.
 *   <li>Source: [derived] (D2, D3); amortised prediction [source: Mueller-2021] (check X4).
 * </ul>
 */
public final class Greybox implements Claim {

  private static final String ID = "X4";
  private static final String SAMPLES = "samples";
  private static final String LENGTH = "length";
  private static final String SHARE = "excess-over-bayes";
  private static final String NEEDED = "sequences-needed";
  private static final double ENOUGH = 0.1;
  private static final double ROUNDING = 1e-12;
  private static final double BOUGHT = 3;
  private static final int DERIVED = 20;

  /** How much work a budget does. */
  private record Size(
      List<Integer> lengths, List<Integer> counts, int seeds, int sequences, int steps) {

    static Size of(Budget budget) {
      return switch (budget) {
        case SMOKE -> new Size(List.of(4), List.of(50, 200), 2, 150, 100);
        case STANDARD -> new Size(List.of(4), List.of(50, 200, 800), 3, 200, 300);
        case FULL -> new Size(List.of(4, 16), List.of(50, 200, 800, 3200), 3, 400, 500);
      };
    }

    int most() {
      return counts.get(counts.size() - 1);
    }
  }

  /** Returns the claim. */
  public Greybox() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "greybox";
  }

  @Override
  public String statement() {
    return "What a derivation buys is data: attention of the derived form learns its few parameters"
        + " from few sequences, a transformer needs many times as many for the same risk, and a"
        + " prior variance that is wrong by a factor of three costs what no data mend.";
  }

  @Override
  public Source source() {
    return Source.derived("checks D2, D3 and X4; amortised prediction is that of Mueller-2021");
  }

  @Override
  public String prediction() {
    return "true prior: no excess; derived form learned: excess at most a tenth of the Bayes risk;"
        + " the transformer needs at least 3 times as many sequences for that; wrong prior of M1"
        + " as its closed form ± 10 %; a transformer trained on masked tokens of a Gaussian"
        + " process within a quarter of the divergence that ignoring the tokens costs";
  }

  @Override
  public List<String> tags() {
    return List.of("samples", "length", "trained", "transformer");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 6;
          case STANDARD -> 40;
          case FULL -> 300;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = Size.of(budget);
    List<ClaimPart> parts = new ArrayList<>();
    List<Results> results = new ArrayList<>();
    for (GreyboxWorld<?> world : worlds(budget)) {
      Seed own = seed.child(world.name());
      Results shares = measure(world, size, own, runner.within(world.name()));
      results.add(shares);
      results.add(shares.sweptOver(LENGTH));
      Results needed = needed(world, shares, size, own, runner.within(world.name() + "-needed"));
      results.add(needed);
      parts.add(truePrior(world, shares, size));
      parts.add(reaches(world, shares, size));
      parts.add(buys(budget, world, needed, size));
    }
    parts.add(wrongPrior(results.get(0), size));
    AmortisedProcess process = AmortisedProcess.measure(ID, budget, seed.child("process"), runner);
    results.add(process.results());
    parts.addAll(process.parts(budget));
    return ClaimResult.of(parts).withResults(results);
  }

  private static List<GreyboxWorld<?>> worlds(Budget budget) {
    GreyboxWorld<?> first = GreyboxWorld.gaussianMean();
    return budget == Budget.SMOKE ? List.of(first) : List.of(first, GreyboxWorld.regression());
  }

  private static Results measure(GreyboxWorld<?> world, Size size, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (String arm : GreyboxWorld.ARMS) {
      for (int length : size.lengths) {
        for (int s = 0; s < size.seeds; s++) {
          cells.add(
              cell(world, arm)
                  .with(LENGTH, String.valueOf(length))
                  .with(Cell.SEED, String.valueOf(s)));
        }
      }
    }
    return runner.execute(
        plan(SAMPLES, world, size, seed, cells), cell -> shares(world, size, seed, cell));
  }

  private static Cell cell(GreyboxWorld<?> world, String arm) {
    boolean learns = arm.equals(GreyboxWorld.LEARNED) || arm.equals(GreyboxWorld.TRANSFORMER);
    return Cell.of("model", world.name())
        .with("claim", ID)
        .with("attention", arm)
        .with("origin", learns ? "trained" : "derived");
  }

  private static Plan plan(
      String axis, GreyboxWorld<?> world, Size size, Seed seed, List<Cell> cells) {
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("model", world.model().description().text());
    configuration.put("size", size.toString());
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, axis, cells);
  }

  private static CellResult shares(GreyboxWorld<?> world, Size size, Seed seed, Cell cell) {
    int length = Integer.parseInt(cell.axis(LENGTH));
    Seed own = seed.child(length).child(cell.axis(Cell.SEED));
    // What does not learn is the same for all n, costs little, and is held against a formula.
    boolean derived = cell.axis("origin").equals("derived");
    int sequences = derived ? DERIVED * size.sequences : size.sequences;
    List<Attention> attentions = new ArrayList<>();
    for (int n : derived ? List.of(0) : size.counts) {
      attentions.add(world.attention(cell.axis("attention"), n, length, size.steps, own));
    }
    double[] shares = world.shares(attentions, length, sequences, own.child("evaluation"));
    List<CellPoint> points = new ArrayList<>();
    for (int i = 0; i < size.counts.size(); i++) {
      double share = shares[derived ? 0 : i];
      points.add(new CellPoint(size.counts.get(i), Map.of(SHARE, Estimate.exact(share))));
    }
    return new CellResult(points);
  }

  private static Curve curve(Results results, String arm, int length) {
    return results.curves().stream()
        .filter(curve -> curve.key().axis("attention").equals(arm))
        .filter(curve -> curve.key().axis(LENGTH).equals(String.valueOf(length)))
        .findFirst()
        .orElseThrow();
  }

  /** The sequences that each seed of a learned arm needs, against the length. */
  private static Results needed(
      GreyboxWorld<?> world, Results shares, Size size, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (String arm : List.of(GreyboxWorld.LEARNED, GreyboxWorld.TRANSFORMER)) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(cell(world, arm).with(Cell.SEED, String.valueOf(s)));
      }
    }
    return runner.execute(
        plan(LENGTH, world, size, seed, cells),
        cell -> {
          List<CellPoint> points = new ArrayList<>();
          for (int length : size.lengths) {
            Curve curve = curve(shares, cell.axis("attention"), length);
            double count = needed(curve, Integer.parseInt(cell.axis(Cell.SEED)));
            points.add(new CellPoint(length, Map.of(NEEDED, Estimate.exact(count))));
          }
          return new CellResult(points);
        });
  }

  /**
   * Returns the n from which a share stays at most 0.1; the least or most n if it always or never
   * does.
   */
  static double needed(Curve curve, int seed) {
    List<Double> counts = curve.values();
    int last = counts.size() - 1;
    if (curve.mean(seed, last) > ENOUGH) {
      return counts.get(last);
    }
    int i = last;
    while (i > 0 && curve.mean(seed, i - 1) <= ENOUGH) {
      i--;
    }
    if (i == 0) {
      return counts.get(0);
    }
    double above = Math.log(curve.mean(seed, i - 1) / ENOUGH);
    double below = Math.log(ENOUGH / curve.mean(seed, i));
    double step = Math.log(counts.get(i) / counts.get(i - 1));
    return counts.get(i - 1) * Math.exp(step * above / (above + below));
  }

  private static ClaimPart truePrior(GreyboxWorld<?> world, Results shares, Size size) {
    Prediction rounding = Prediction.atMost(ROUNDING);
    Verdict wrong = largest(shares, GreyboxWorld.WRONG_PRIOR, size, rounding);
    return ClaimPart.of(
            world.name() + ":true-prior", largest(shares, GreyboxWorld.TRUE_PRIOR, size, rounding))
        .withControl(
            Control.of(
                Verdict.exact(wrong.measured(), wrong.prediction()),
                String.format(
                    Locale.ROOT, "prior wrong by 3: share up to %.3g", wrong.measured())));
  }

  /** The largest share over lengths with the most sequences, by the upper end of its interval. */
  private static Verdict largest(Results shares, String arm, Size size, Prediction prediction) {
    Verdict worst = Verdict.inconclusive(prediction, "no length");
    double highest = Double.NEGATIVE_INFINITY;
    for (int length : size.lengths) {
      List<CurvePoint> points = curve(shares, arm, length).points();
      CurvePoint last = points.get(points.size() - 1);
      if (last.interval().high() > highest) {
        highest = last.interval().high();
        worst =
            Verdict.of(last.mean(), last.interval(), prediction)
                .withReason("largest at length " + length);
      }
    }
    return worst;
  }

  private static ClaimPart reaches(GreyboxWorld<?> world, Results shares, Size size) {
    Prediction enough = Prediction.atMost(ENOUGH);
    Verdict wrong = largest(shares, GreyboxWorld.WRONG_PRIOR, size, enough);
    return ClaimPart.of(
            world.name() + ":reaches", largest(shares, GreyboxWorld.LEARNED, size, enough))
        .withControl(
            Control.of(
                Verdict.exact(wrong.measured(), wrong.prediction()),
                String.format(
                    Locale.ROOT, "prior wrong by 3: share %.3g whatever n", wrong.measured())));
  }

  /** How many times as many sequences the transformer needs, on average over lengths. */
  private static ClaimPart buys(Budget budget, GreyboxWorld<?> world, Results needed, Size size) {
    Prediction bought = Prediction.atLeast(BOUGHT);
    Curve transformer = neededBy(needed, GreyboxWorld.TRANSFORMER);
    Curve learned = neededBy(needed, GreyboxWorld.LEARNED);
    Verdict ratio =
        Judging.slope(budget, Judging.ratio(transformer, learned, 0, bought))
            .withReason(table(transformer, learned, size));
    return ClaimPart.of(world.name() + ":buys", ratio)
        .withControl(
            Control.of(Verdict.exact(1, bought), "the derived form against itself: ratio 1"));
  }

  private static Curve neededBy(Results needed, String arm) {
    return needed.curves().stream()
        .filter(curve -> curve.key().axis("attention").equals(arm))
        .findFirst()
        .orElseThrow();
  }

  private static String table(Curve transformer, Curve learned, Size size) {
    StringBuilder text = new StringBuilder("sequences to 1.1 times the Bayes risk");
    for (int i = 0; i < transformer.values().size(); i++) {
      text.append(
          String.format(
              Locale.ROOT,
              "; length %.0f: transformer %s, derived form %s",
              transformer.values().get(i),
              count(transformer.points().get(i).mean(), size),
              count(learned.points().get(i).mean(), size)));
    }
    return text.toString();
  }

  private static String count(double n, Size size) {
    String bound = n >= size.most() ? "more than " : n <= size.counts.get(0) ? "at most " : "";
    return bound + Math.round(n);
  }

  private static ClaimPart wrongPrior(Results shares, Size size) {
    Prediction one = Prediction.near(1, 0.1);
    Verdict worst = Verdict.inconclusive(one, "no length");
    double furthest = Double.NEGATIVE_INFINITY;
    for (int length : size.lengths) {
      Curve curve = curve(shares, GreyboxWorld.WRONG_PRIOR, length);
      CurvePoint point = curve.points().get(0);
      double predicted = GreyboxWorld.wrongPriorShare(length);
      Verdict verdict = Judging.share(curve, point.value(), predicted, one);
      double reach =
          Math.max(Math.abs(verdict.interval().low() - 1), Math.abs(verdict.interval().high() - 1));
      if (reach > furthest) {
        furthest = reach;
        worst = verdict.withReason("furthest at length " + length);
      }
    }
    return ClaimPart.of("gaussian-mean:wrong-prior", worst);
  }
}
