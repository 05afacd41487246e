package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.definetti.calibration.ClassifierTwoSample;
import org.definetti.calibration.Diagnosis;
import org.definetti.calibration.Diagnostic;
import org.definetti.calibration.JudgedPosterior;
import org.definetti.calibration.PlantedError;
import org.definetti.calibration.PosteriorEstimator;
import org.definetti.calibration.Simulations;
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
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.latent.LatentRows;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.random.Seed;

/**
 * CAL12: the power table. Every diagnostic, every planted error, on the same simulations.
 *
 * <pre>{@code
 * entry(diagnostic, posterior, n) = share of repetitions with p <= 5 %
 * any of K                        = share of repetitions in which one p at least is <= 5 %
 * shared level                    = the same at 5 % / K, at most 5 % of exact posteriors
 * }</pre>
 *
 * <ul>
 *   <li>Model as in CAL1 to CAL10: Gaussian mean in the plane, four tokens, 99 draws. A repetition
 *       draws n simulations and asks all diagnostics about the exact posterior and about every
 *       error planted into it, so that entries of a column compare.
 *   <li>Parts: {@code false-alarms} of each diagnostic on the exact posterior, at the number of
 *       simulations where there are more; {@code found:error}, the error at the fewest simulations
 *       by the diagnostic that sees it best; {@code unaided:error}, the same by those that do not
 *       need the exact posterior, which cannot see the prior; {@code together}, false alarms of all
 *       at a shared level.
 *   <li>Controls: of {@code found} and {@code unaided}, the exact posterior; of what is not to be
 *       exceeded, a posterior that is over-confident.
 *   <li>Source: [derived]; the diagnostics' own sources are named in their classes.
 * </ul>
 */
public final class PowerTable implements Claim {

  /** The metric of the row for all diagnostics at their own level. */
  public static final String ANY = "any";

  /** The metric of the row for all diagnostics that share one level. */
  public static final String SHARED = "any-at-shared-level";

  /** What the exact posterior is called among the errors. */
  public static final String EXACT = "exact";

  private static final String ID = "CAL12";
  private static final List<String> UNAIDED = List.of("sbc", "coverage", "tarp", "z-score");
  private static final double LEVEL = 0.05;
  private static final double SURELY = 0.999;
  private static final double POWER = 0.8;
  private static final int LENGTH = 4;
  private static final int DRAWS = 99;

  /**
   * How much a budget does.
   *
   * @param sizes numbers of simulations, ascending
   * @param blocks cells of each posterior
   * @param exact repetitions on the exact posterior, of a block
   * @param planted repetitions on each planted error, of a block
   */
  private record Size(List<Integer> sizes, int blocks, int exact, int planted) {

    int repetitions(String posterior) {
      return posterior.equals(EXACT) ? exact : planted;
    }
  }

  /** Returns the claim. */
  public PowerTable() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "power-table";
  }

  @Override
  public String statement() {
    return "Every planted error is found from 300 simulations by one of the diagnostics at least,"
        + " and all but the prior by one that does not need the exact posterior; the exact"
        + " posterior is called wrong at the stated level.";
  }

  @Override
  public Source source() {
    return Source.derived("planted errors; the diagnostics' own sources are in their classes");
  }

  @Override
  public String prediction() {
    return "false alarms 5 % of 200 at 300 and at 3,000 simulations; power of the best diagnostic"
        + " >= 0.8 at 300";
  }

  @Override
  public List<String> tags() {
    return List.of("calibration");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 2;
          case STANDARD -> 25;
          case FULL -> 300;
        });
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(List.of(300), 2, 10, 4);
      case STANDARD -> new Size(List.of(300, 1000), 5, 8, 4);
      case FULL -> new Size(List.of(300, 3000), 10, 20, 4);
    };
  }

  /** The classifier costs more than all others together. */
  private static List<Diagnostic> asked(Budget budget) {
    return Diagnosis.diagnostics().stream()
        .filter(one -> budget != Budget.SMOKE || !(one instanceof ClassifierTwoSample))
        .toList();
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    List<Diagnostic> asked = asked(budget);
    Results results =
        runner.execute(plan(size, seed), cell -> measure(size, asked, seed.child("power"), cell));
    Entries entries = new Entries(results, size);
    List<String> names = asked.stream().map(Diagnostic::name).toList();
    List<ClaimPart> parts = new ArrayList<>();
    for (String name : names) {
      parts.add(alarms(entries, name));
    }
    for (PlantedError error : PlantedError.values()) {
      parts.add(found("found:", entries, error, names));
      parts.add(
          error == PlantedError.PRIOR_ONLY
              ? unseen(entries, error)
              : found("unaided:", entries, error, UNAIDED));
    }
    parts.add(together(entries));
    return ClaimResult.of(parts).withResults(List.of(results));
  }

  private static ClaimPart alarms(Entries entries, String name) {
    Detections most = entries.of(EXACT, name, 0);
    for (int at = 1; at < entries.size.sizes.size(); at++) {
      Detections other = entries.of(EXACT, name, at);
      most = other.count() > most.count() ? other : most;
    }
    Detections gross = entries.of(PlantedError.OVER_CONFIDENT_2.label(), name, 0);
    return notMore("false-alarms:" + name, most, gross, "sd halved: detected in " + gross);
  }

  private static ClaimPart notMore(String part, Detections found, Detections wrong, String text) {
    Verdict verdict =
        Verdict.exact(found.rate(), Prediction.atMost(found.mostAt(LEVEL, SURELY)))
            .withReason(found.toString());
    Prediction least = Prediction.atMost(wrong.mostAt(LEVEL, SURELY));
    return ClaimPart.of(part, verdict)
        .withControl(Control.of(Verdict.exact(wrong.rate(), least), text));
  }

  /** The error by that of these diagnostics that detects it most often. */
  private static ClaimPart found(
      String part, Entries entries, PlantedError error, List<String> names) {
    String best = best(entries, error, names);
    Detections found = entries.of(error.label(), best, 0);
    Detections exact = entries.of(EXACT, best, 0);
    Prediction prediction = Prediction.atLeast(POWER);
    Verdict verdict = Verdict.of(found.rate(), found.interval(), prediction);
    return ClaimPart.of(part + error.label(), verdict.withReason(best + ": " + found))
        .withControl(
            Control.of(
                Verdict.of(exact.rate(), exact.interval(), prediction),
                "the exact posterior: detected in " + exact));
  }

  private static String best(Entries entries, PlantedError error, List<String> names) {
    String best = names.get(0);
    for (String name : names) {
      boolean more =
          entries.of(error.label(), name, 0).count() > entries.of(error.label(), best, 0).count();
      best = more ? name : best;
    }
    return best;
  }

  /** What nobody can see without the exact posterior, not even the best. */
  private static ClaimPart unseen(Entries entries, PlantedError error) {
    String best = best(entries, error, UNAIDED);
    Detections found = entries.of(error.label(), best, 0);
    Detections aided = entries.of(error.label(), "contraction", 0);
    return notMore(
        "unaided:" + error.label(),
        found,
        aided,
        "contraction, which is shown the exact posterior: detected in " + aided);
  }

  private static ClaimPart together(Entries entries) {
    Detections alone = entries.of(EXACT, ANY, 0);
    Detections wrong = entries.of(PlantedError.OVER_CONFIDENT_2.label(), SHARED, 0);
    ClaimPart part =
        notMore("together", entries.of(EXACT, SHARED, 0), wrong, "sd halved: detected in " + wrong);
    return ClaimPart.of(
            part.name(),
            part.verdict()
                .withReason(
                    String.format(
                        Locale.ROOT, "each at its own level of 5 %%: one at least in %s", alone)))
        .withControl(Objects.requireNonNull(part.control()));
  }

  private static List<String> posteriors() {
    List<String> posteriors = new ArrayList<>(List.of(EXACT));
    Arrays.stream(PlantedError.values()).map(PlantedError::label).forEach(posteriors::add);
    return posteriors;
  }

  private static Plan plan(Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (String posterior : posteriors()) {
      for (int block = 0; block < size.blocks; block++) {
        cells.add(
            Cell.of("model", "gaussian-mean")
                .with("claim", ID)
                .with("attention", posterior)
                .with("origin", "derived")
                .with(Cell.SEED, String.valueOf(block)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("size", size.toString());
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, "simulations", cells);
  }

  private static CellResult measure(Size size, List<Diagnostic> asked, Seed seed, Cell cell) {
    LatentRows<?> latents = LatentRows.of(GaussianMean.of(2, 1, 1));
    String name = cell.axis("attention");
    PosteriorEstimator posterior = posterior(name, latents);
    List<CellPoint> points = new ArrayList<>();
    for (int count : size.sizes) {
      Map<String, double[]> detected = new LinkedHashMap<>();
      for (int r = 0; r < size.repetitions(name); r++) {
        // The same simulations for every posterior: their seed does not name it.
        Seed own = seed.child(cell.axis(Cell.SEED)).child(count).child(r);
        Simulations simulations =
            Simulations.draw(latents, count, LENGTH, own.child("simulations"));
        JudgedPosterior judged =
            JudgedPosterior.of(simulations, DRAWS, own.child("judged").child(name), posterior);
        double smallest = 1;
        for (Diagnostic diagnostic : asked) {
          double p = diagnostic.judge(judged).pValue();
          smallest = Math.min(smallest, p);
          put(detected, diagnostic.name(), size.repetitions(name), r, p <= LEVEL);
        }
        put(detected, ANY, size.repetitions(name), r, smallest <= LEVEL);
        put(detected, SHARED, size.repetitions(name), r, smallest <= LEVEL / asked.size());
      }
      Map<String, Estimate> metrics = new LinkedHashMap<>();
      detected.forEach((metric, found) -> metrics.put(metric, Estimate.of(found)));
      points.add(new CellPoint(count, metrics));
    }
    return new CellResult(points);
  }

  private static void put(
      Map<String, double[]> detected, String name, int repetitions, int r, boolean found) {
    detected.computeIfAbsent(name, metric -> new double[repetitions])[r] = found ? 1 : 0;
  }

  private static PosteriorEstimator posterior(String name, LatentRows<?> latents) {
    for (PlantedError error : PlantedError.values()) {
      if (error.label().equals(name)) {
        return error.planted(latents);
      }
    }
    return PosteriorEstimator.exact(latents);
  }

  /** The entries of the table as counts. */
  private record Entries(Results results, Size size) {

    /**
     * Returns in how many repetitions.
     *
     * @param at which number of simulations
     */
    Detections of(String posterior, String metric, int at) {
      double count = 0;
      int trials = 0;
      for (int i = 0; i < results.cells().size(); i++) {
        if (results.plan().cells().get(i).axis("attention").equals(posterior)) {
          CellPoint point = results.cells().get(i).points().get(at);
          Estimate share = Objects.requireNonNull(point.metrics().get(metric), metric);
          count += share.mean() * size.repetitions(posterior);
          trials += size.repetitions(posterior);
        }
      }
      return new Detections((int) Math.round(count), trials);
    }
  }
}
