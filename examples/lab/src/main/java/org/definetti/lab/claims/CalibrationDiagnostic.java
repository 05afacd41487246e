package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.definetti.calibration.ClassifierTwoSample;
import org.definetti.calibration.Contraction;
import org.definetti.calibration.Diagnostic;
import org.definetti.calibration.EntropyError;
import org.definetti.calibration.ExpectedCoverage;
import org.definetti.calibration.ExpectedDivergence;
import org.definetti.calibration.JudgedPosterior;
import org.definetti.calibration.PlantedError;
import org.definetti.calibration.PosteriorEstimator;
import org.definetti.calibration.SimulationBasedCalibration;
import org.definetti.calibration.Simulations;
import org.definetti.calibration.Tarp;
import org.definetti.calibration.TotalVariation;
import org.definetti.calibration.ZScore;
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
 * CAL1 to CAL10: a diagnostic of posteriors passes the exact one and detects planted errors.
 *
 * <pre>{@code
 * CAL1 sbc       CAL2 coverage     CAL3 tarp           CAL4 tarp-posterior   CAL5 z-score
 * CAL6 contraction   CAL7 c2st     CAL8 expected-kl    CAL9 total-variation  CAL10 entropy-error
 * }</pre>
 *
 * <ul>
 *   <li>Model: Gaussian mean in the plane, prior and noise variance one, four tokens; 99 draws of
 *       the judged posterior for each simulation; level 5 %.
 *   <li>Parts: {@code level-n} the share of false alarms on the exact posterior at n simulations,
 *       not above the 99.9 % point of the binomial law at the level; {@code sees:error} the share
 *       of repetitions in which a planted error is detected at the most simulations of the budget,
 *       at least 0.8; {@code blind:error}, for errors that the diagnostic cannot see on paper, that
 *       this share is not above the level either.
 *   <li>Controls: of {@code level} and {@code blind}, the posterior over-confident by two; of
 *       {@code sees}, the exact posterior.
 *   <li>The power table, every error at every number of simulations, is in the curves. An error
 *       that is neither seen for certain nor invisible on paper stands there alone.
 *   <li>Source: [derived]; the diagnostics' own sources are named in their classes.
 * </ul>
 */
public final class CalibrationDiagnostic implements Claim {

  /** All of them, in the order of their ids. */
  public static final List<CalibrationDiagnostic> ALL = all();

  private static final double LEVEL = 0.05;
  private static final double SURELY = 0.999;
  private static final double POWER = 0.8;
  private static final int LENGTH = 4;
  private static final int DRAWS = 99;
  private static final String EXACT = "exact";
  private static final String RATE = "detected";
  private static final String SIMULATIONS = "simulations";

  private final String id;
  private final Diagnostic diagnostic;
  private final List<PlantedError> blind;
  private final List<PlantedError> partly;
  private final String what;

  private CalibrationDiagnostic(
      String id,
      Diagnostic diagnostic,
      List<PlantedError> blind,
      List<PlantedError> partly,
      String what) {
    this.id = id;
    this.diagnostic = diagnostic;
    this.blind = blind;
    this.partly = partly;
    this.what = what;
  }

  private static List<CalibrationDiagnostic> all() {
    PlantedError bias = PlantedError.BIASED;
    PlantedError prior = PlantedError.PRIOR_ONLY;
    return List.of(
        new CalibrationDiagnostic(
            "CAL1",
            new SimulationBasedCalibration(),
            List.of(prior),
            List.of(),
            "Ranks of the truth among draws, coordinate by coordinate,"),
        new CalibrationDiagnostic(
            "CAL2",
            new ExpectedCoverage(),
            List.of(prior),
            List.of(bias),
            "Coverage of the regions of highest density"),
        new CalibrationDiagnostic(
            "CAL3",
            Tarp.of(Tarp.Reference.PRIOR),
            List.of(prior),
            List.of(bias),
            "Distances from random points of the prior"),
        new CalibrationDiagnostic(
            "CAL4",
            Tarp.of(Tarp.Reference.POSTERIOR),
            List.of(),
            List.of(bias),
            "Distances from random points of the exact posterior"),
        new CalibrationDiagnostic(
            "CAL5", new ZScore(), List.of(prior), List.of(), "Posterior z-scores"),
        new CalibrationDiagnostic(
            "CAL6",
            new Contraction(),
            List.of(bias),
            List.of(),
            "Contraction of the prior variance"),
        new CalibrationDiagnostic(
            "CAL7",
            new ClassifierTwoSample(),
            List.of(),
            List.of(),
            "A classifier of exact and judged draws"),
        new CalibrationDiagnostic(
            "CAL8", new ExpectedDivergence(), List.of(), List.of(), "The expected divergence"),
        new CalibrationDiagnostic(
            "CAL9", new TotalVariation(), List.of(), List.of(), "The expected total variation"),
        new CalibrationDiagnostic(
            "CAL10", new EntropyError(), List.of(bias), List.of(), "The entropy error"));
  }

  /** Returns the claim about the diagnostic of this name. */
  public static CalibrationDiagnostic of(String name) {
    return ALL.stream()
        .filter(claim -> claim.diagnostic.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("name: expected a diagnostic, got " + name));
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String slug() {
    return "calibration-" + diagnostic.name();
  }

  @Override
  public String statement() {
    List<String> unseen = blind.stream().map(PlantedError::label).toList();
    return what
        + " pass the exact posterior at their level and detect planted errors"
        + (unseen.isEmpty() ? "." : ", but not " + String.join(" or ", unseen) + ".");
  }

  @Override
  public Source source() {
    return Source.derived("planted errors; the diagnostic's own source is in its class");
  }

  @Override
  public String prediction() {
    return "false alarms 5 % at 300 and 3,000 simulations; power >= 0.8 at 3,000";
  }

  @Override
  public List<String> tags() {
    return List.of("calibration");
  }

  private boolean isSlow() {
    return diagnostic instanceof ClassifierTwoSample;
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> isSlow() ? 4 : 1;
          case STANDARD -> isSlow() ? 30 : 10;
          case FULL -> isSlow() ? 300 : 60;
        });
  }

  /**
   * How much a budget does.
   *
   * @param sizes numbers of simulations, ascending
   * @param blocks cells of each posterior
   * @param exact repetitions on the exact posterior at each size, of a block
   * @param planted repetitions on each planted error at each size, of a block
   */
  private record Size(List<Integer> sizes, int blocks, List<Integer> exact, List<Integer> planted) {

    int repetitions(String posterior, int at) {
      return (posterior.equals(EXACT) ? exact : planted).get(at);
    }
  }

  private Size size(Budget budget) {
    if (isSlow()) {
      return switch (budget) {
        case SMOKE -> new Size(List.of(300), 4, List.of(2), List.of(1));
        case STANDARD -> new Size(List.of(300), 5, List.of(8), List.of(4));
        case FULL -> new Size(List.of(300, 3000), 10, List.of(20, 2), List.of(4, 2));
      };
    }
    return switch (budget) {
      case SMOKE -> new Size(List.of(300, 1000), 4, List.of(5, 2), List.of(1, 1));
      case STANDARD -> new Size(List.of(300, 3000), 5, List.of(20, 5), List.of(5, 5));
      case FULL -> new Size(List.of(300, 3000), 10, List.of(20, 20), List.of(10, 10));
    };
  }

  private List<PlantedError> judged(Budget budget) {
    List<PlantedError> errors = new ArrayList<>(List.of(PlantedError.values()));
    errors.removeAll(partly);
    if (isSlow() && budget != Budget.FULL) { // 300 draws tell only gross errors for certain
      errors.retainAll(List.of(PlantedError.OVER_CONFIDENT_2, PlantedError.PRIOR_ONLY));
    }
    return errors;
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results results =
        runner.execute(
            plan(size, seed), cell -> measure(size, seed.child(diagnostic.name()), cell));
    List<ClaimPart> parts = new ArrayList<>();
    for (int at = 0; at < size.sizes.size(); at++) {
      parts.add(level("level-" + size.sizes.get(at), results, size, EXACT, at));
    }
    int last = size.sizes.size() - 1;
    for (PlantedError error : judged(budget)) {
      parts.add(
          blind.contains(error)
              ? level("blind:" + error.label(), results, size, error.label(), last)
              : sees(results, size, error, last));
    }
    return ClaimResult.of(parts).withResults(List.of(results));
  }

  private ClaimPart level(String name, Results results, Size size, String posterior, int at) {
    Detections found = detections(results, size, posterior, at);
    Detections gross = detections(results, size, PlantedError.OVER_CONFIDENT_2.label(), at);
    Verdict verdict =
        Verdict.exact(found.rate(), Prediction.atMost(found.mostAt(LEVEL, SURELY)))
            .withReason(found.toString());
    Verdict wrong = Verdict.exact(gross.rate(), Prediction.atMost(gross.mostAt(LEVEL, SURELY)));
    return ClaimPart.of(name, verdict)
        .withControl(Control.of(wrong, "sd halved: detected in " + gross));
  }

  private static ClaimPart sees(Results results, Size size, PlantedError error, int at) {
    Prediction prediction = Prediction.atLeast(POWER);
    Detections found = detections(results, size, error.label(), at);
    Detections exact = detections(results, size, EXACT, at);
    return ClaimPart.of(
            "sees:" + error.label(),
            Verdict.of(found.rate(), found.interval(), prediction).withReason(found.toString()))
        .withControl(
            Control.of(
                Verdict.of(exact.rate(), exact.interval(), prediction),
                "the exact posterior: detected in " + exact));
  }

  private static Detections detections(Results results, Size size, String posterior, int at) {
    double count = 0;
    int trials = 0;
    for (int i = 0; i < results.cells().size(); i++) {
      if (results.plan().cells().get(i).axis("attention").equals(posterior)) {
        int repetitions = size.repetitions(posterior, at);
        CellPoint point = results.cells().get(i).points().get(at);
        count += Objects.requireNonNull(point.metrics().get(RATE)).mean() * repetitions;
        trials += repetitions;
      }
    }
    return new Detections((int) Math.round(count), trials);
  }

  private Plan plan(Size size, Seed seed) {
    List<String> posteriors = new ArrayList<>(List.of(EXACT));
    for (PlantedError error : PlantedError.values()) {
      posteriors.add(error.label());
    }
    List<Cell> cells = new ArrayList<>();
    for (String posterior : posteriors) {
      for (int block = 0; block < size.blocks; block++) {
        cells.add(
            Cell.of("model", "gaussian-mean")
                .with("claim", id)
                .with("attention", posterior)
                .with("origin", "derived")
                .with("diagnostic", diagnostic.name())
                .with(Cell.SEED, String.valueOf(block)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("size", size.toString());
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, SIMULATIONS, cells);
  }

  private CellResult measure(Size size, Seed seed, Cell cell) {
    LatentRows<?> latents = LatentRows.of(GaussianMean.of(2, 1, 1));
    String name = cell.axis("attention");
    PosteriorEstimator posterior = posterior(name, latents);
    Seed own = seed.child(name).child(cell.axis(Cell.SEED));
    List<CellPoint> points = new ArrayList<>();
    for (int at = 0; at < size.sizes.size(); at++) {
      int count = size.sizes.get(at);
      double[] detected = new double[size.repetitions(name, at)];
      for (int r = 0; r < detected.length; r++) {
        Seed repetition = own.child(count).child(r);
        Simulations simulations =
            Simulations.draw(latents, count, LENGTH, repetition.child("simulations"));
        int draws = isSlow() ? 1 : DRAWS;
        JudgedPosterior judged =
            JudgedPosterior.of(simulations, draws, repetition.child("judged"), posterior);
        detected[r] = diagnostic.judge(judged).detects(LEVEL) ? 1 : 0;
      }
      points.add(new CellPoint(count, Map.of(RATE, Estimate.of(detected))));
    }
    return new CellResult(points);
  }

  private static PosteriorEstimator posterior(String name, LatentRows<?> latents) {
    for (PlantedError error : PlantedError.values()) {
      if (error.label().equals(name)) {
        return error.planted(latents);
      }
    }
    return PosteriorEstimator.exact(latents);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "CalibrationDiagnostic[%s %s]", id, diagnostic.name());
  }
}
