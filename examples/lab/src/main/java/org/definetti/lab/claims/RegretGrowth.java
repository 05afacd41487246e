package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.audit.LogLoss;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.Sample;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * The part {@code growth} of B6: T·regret against the latent that drew the sequence.
 *
 * <pre>{@code
 * gaussian-mean, d numbers    E T·regret = I(z; X) = (d/2) log(1 + T/ν)
 * two concepts                E T·regret = I(z; X) → log 2, and stays
 * }</pre>
 *
 * <p>The slope of the continuous one on {@code log(1 + T/ν)} is d/2; a regret of O(1) in all, which
 * is what O(1/T) a token means, would have slope 0. Control: that slope 0. Source: [derived: mutual
 * information of a Gaussian mean] (check B6).
 */
final class RegretGrowth {

  private static final String REGRET = "regret-nats";
  private static final String LENGTH = "length";
  private static final String CONTINUOUS = "gaussian-mean";
  private static final String FINITE = "gaussian-concepts";
  private static final int DIMENSION = 3;
  private static final double NOISE = 2;
  private static final GaussianMean MODEL = GaussianMean.of(DIMENSION, 1, NOISE);
  private static final GaussianConcepts CONCEPTS =
      GaussianConcepts.of(
          new SimpleMatrix(2, DIMENSION, true, 0.5, 0.0, 0.0, -0.5, 0.0, 0.0), NOISE);

  /** What was measured. */
  record Outcome(List<ClaimPart> parts, List<Results> results) {}

  private record Size(int longest, int seeds, int sequences, double tolerance) {}

  private RegretGrowth() {}

  static Outcome check(String claim, Budget budget, Seed seed, Runner runner) {
    Size size =
        switch (budget) {
          case SMOKE -> new Size(128, 8, 60, 0.25);
          case STANDARD -> new Size(1024, 10, 100, 0.1);
          case FULL -> new Size(4096, 20, 200, 0.05);
        };
    Results results = runner.execute(plan(claim, size, seed), cell -> measure(size, seed, cell));
    Curve continuous = curve(results, CONTINUOUS);
    Curve finite = curve(results, FINITE);
    Prediction prediction = Prediction.near(1, size.tolerance);
    // As a share of d/2 per unit of log(1 + T/ν).
    Verdict slope =
        Judging.slopeOn(continuous, RegretGrowth::logCount, DIMENSION / 2.0, prediction);
    Verdict flat =
        Judging.slopeOn(continuous, RegretGrowth::logCount, 1, Prediction.near(0, size.tolerance));
    ClaimPart growth =
        ClaimPart.of("growth-continuous", slope)
            .withControl(
                Judging.control(flat, "O(1/T) regret for a continuous latent: slope %.2f, not 0"));
    Prediction spent = Prediction.near(Math.log(2), 0.01);
    Verdict bounded = Judging.share(finite, size.longest, 1, spent);
    Verdict unbounded = Judging.share(continuous, size.longest, 1, spent);
    ClaimPart concepts =
        ClaimPart.of("growth-finite", bounded)
            .withControl(
                Control.of(
                    unbounded,
                    String.format(
                        Locale.ROOT,
                        "a continuous latent: T*regret %.2f, not log 2, at T = %d",
                        unbounded.measured(),
                        size.longest)));
    return new Outcome(List.of(growth, concepts), List.of(results));
  }

  private static double logCount(double length) {
    return Math.log1p(length / NOISE); // prior variance 1: ν is the noise variance
  }

  private static Curve curve(Results results, String model) {
    return results.curves().stream()
        .filter(curve -> curve.key().axis("model").equals(model))
        .findFirst()
        .orElseThrow();
  }

  private static Plan plan(String claim, Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (String model : List.of(CONTINUOUS, FINITE)) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(
            Cell.of("model", model)
                .with("claim", claim)
                .with("attention", "posterior")
                .with("origin", "derived")
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("sequences", String.valueOf(size.sequences));
    configuration.put("longest", String.valueOf(size.longest));
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, LENGTH, cells);
  }

  private static CellResult measure(Size size, Seed seed, Cell cell) {
    boolean continuous = cell.axis("model").equals(CONTINUOUS);
    Seed own = seed.child(cell.axis("model")).child(cell.axis(Cell.SEED));
    int[] lengths = Doubling.upTo(size.longest);
    double[][] regrets = new double[lengths.length][size.sequences];
    for (int n = 0; n < size.sequences; n++) {
      Seed one = own.child(n);
      double[] regret = continuous ? continuous(size.longest, one) : finite(size.longest, one);
      for (int j = 0; j < lengths.length; j++) {
        regrets[j][n] = regret[lengths[j] - 1];
      }
    }
    List<CellPoint> points = new ArrayList<>();
    for (int j = 0; j < lengths.length; j++) {
      points.add(new CellPoint(lengths[j], Map.of(REGRET, Estimate.of(regrets[j]))));
    }
    return new CellResult(points);
  }

  private static double[] continuous(int length, Seed seed) {
    Sample<SimpleMatrix> sample = MODEL.sample(length, seed.generator());
    IsotropicGaussian law = new IsotropicGaussian(sample.latent(), NOISE);
    double[] known =
        LogLoss.of(sample.tokens(), (seen, next) -> law.logProbability(next.coordinates()));
    return LogLoss.regret(LogLoss.ofModel(MODEL, sample.tokens()), known);
  }

  private static double[] finite(int length, Seed seed) {
    Sample<Integer> sample = CONCEPTS.sample(length, seed.generator());
    double[] known = LogLoss.ofLatent(CONCEPTS, sample.latent(), sample.tokens());
    return LogLoss.regret(LogLoss.ofModel(CONCEPTS, sample.tokens()), known);
  }
}
