package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.calibration.ClassifierTwoSample;
import org.definetti.calibration.ExpectedDivergence;
import org.definetti.calibration.JudgedPosterior;
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
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Training;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.latent.LatentRows;
import org.definetti.latent.Predictive;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.layer.MultiHeadLayer;
import org.definetti.objective.DistributionHead;
import org.definetti.objective.Objective;
import org.definetti.optimise.Adam;
import org.definetti.optimise.ClippedGradient;
import org.definetti.random.Seed;
import org.definetti.train.EarlyStopping;
import org.definetti.train.Lengths;
import org.definetti.train.TrainingOptions;

/**
 * CAL11: attention on sbibm's {@code gaussian_linear} task, beside the published estimator.
 *
 * <pre>{@code  θ ~ N(0, 0.1 I),   x | θ ~ N(θ, 0.1 I),   d = 10;   0.1 is a variance  }</pre>
 *
 * <ul>
 *   <li>Estimator: four softmax heads with null tokens and one linear readout to a normal law with
 *       any covariance, fitted to 1,000 or 10,000 simulations, of which a tenth decides when to
 *       stop.
 *   <li>Parts: the accuracy of the benchmark's classifier, {@link ClassifierTwoSample}, over the
 *       published one of neural posterior estimation, .694 and .552, is at most one. At full,
 *       10,000 draws of each law as in the benchmark; fewer below, which makes the classifier
 *       weaker.
 *   <li>Controls: the prior in place of the posterior.
 *   <li>Curves: the same estimator fitted to 10,000 simulations of 1 to 100 observations each,
 *       which the benchmark does not have: accuracy and expected divergence against the number N of
 *       observations.
 *   <li>Differs from the benchmark: observations are drawn from the model with our seeds and not
 *       the benchmark's ten; {@code Perceptron} names how the classifier differs.
 *   <li>Source: task, metric and published figures [source: Lueckmann-2021].
 * </ul>
 */
public final class GaussianLinearBenchmark implements Claim {

  private static final String ID = "CAL11";
  private static final int DIMENSION = 10;
  private static final double VARIANCE = 0.1;
  private static final int HEADS = 4;
  private static final int MOST = 100;
  private static final String ACCURACY = "c2st";
  private static final String DIVERGENCE = "expected-kl";
  private static final String PRIOR = "prior";
  private static final String ATTENTION = "attention";
  private static final String OBSERVATIONS = "observations";

  private static final GaussianMean MODEL = GaussianMean.of(DIMENSION, VARIANCE, VARIANCE);
  private static final LatentRows<?> LATENTS = LatentRows.of(MODEL);
  private static final DistributionHead HEAD = DistributionHead.gaussian(DIMENSION);

  /** Simulations with the published accuracy of neural posterior estimation. */
  private record Published(int simulations, double accuracy) {}

  private static final List<Published> PUBLISHED =
      List.of(new Published(1000, 0.694), new Published(10_000, 0.552));

  /**
   * How much a budget does.
   *
   * @param draws of each law that the classifier is shown
   * @param seeds trainings, each judged after one observation
   * @param steps of training, at most
   * @param lengths numbers of observations of the curve
   * @param curveDraws of each law along the curve
   */
  private record Size(int draws, int seeds, int steps, List<Integer> lengths, int curveDraws) {}

  /** Returns the claim. */
  public GaussianLinearBenchmark() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "gaussian-linear-benchmark";
  }

  @Override
  public String statement() {
    return "On sbibm's gaussian_linear task a softmax attention with null tokens, fitted to 1,000"
        + " or 10,000 simulations, is at least as hard to tell from the exact posterior as"
        + " the published neural posterior estimation.";
  }

  @Override
  public Source source() {
    return Source.paper("Lueckmann-2021: sbibm, task, metric and the published .694 and .552");
  }

  @Override
  public String prediction() {
    return "C2ST <= .694 at 1,000 and <= .552 at 10,000 simulations";
  }

  @Override
  public List<String> tags() {
    return List.of("calibration", "trained");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 5;
          case STANDARD -> 60;
          case FULL -> 400;
        });
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(200, 1, 300, List.of(10), 50);
      case STANDARD -> new Size(1000, 2, 2000, List.of(1, 10, 100), 500);
      case FULL -> new Size(10_000, 2, 4000, List.of(1, 2, 5, 10, 20, 50, 100), 2000);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    List<Published> published = budget == Budget.SMOKE ? PUBLISHED.subList(0, 1) : PUBLISHED;
    Results single =
        runner
            .within("single")
            .execute(
                plan(names(published), size, seed, "simulations"),
                cell -> single(size, seed.child("single"), cell));
    Results curve =
        runner
            .within("curve")
            .execute(
                plan(List.of(ATTENTION), size, seed, OBSERVATIONS),
                cell -> curve(size, seed.child("curve"), cell));
    List<ClaimPart> parts = new ArrayList<>();
    for (Published one : published) {
      Prediction prediction = Prediction.atMost(one.accuracy);
      Verdict verdict = largest(single, name(one), prediction);
      Verdict wrong = largest(single, PRIOR, prediction);
      parts.add(
          ClaimPart.of("simulations-" + one.simulations, verdict)
              .withControl(
                  Control.of(
                      wrong,
                      String.format(Locale.ROOT, "the prior: accuracy %.3f", wrong.measured()))));
    }
    return ClaimResult.of(parts).withResults(List.of(single, curve));
  }

  private static List<String> names(List<Published> published) {
    List<String> names = new ArrayList<>(List.of(PRIOR));
    published.forEach(one -> names.add(name(one)));
    return names;
  }

  private static String name(Published published) {
    return ATTENTION + " after " + published.simulations;
  }

  /** Judges the mean over seeds; two trainings say little of its noise, the draws say more. */
  private static Verdict largest(Results results, String name, Prediction prediction) {
    Curve curve =
        results.curves().stream()
            .filter(one -> one.key().metric().equals(ACCURACY))
            .filter(one -> one.key().axis("attention").equals(name))
            .findFirst()
            .orElseThrow();
    double sum = 0;
    for (int s = 0; s < curve.seeds().size(); s++) {
      sum += curve.mean(s, 0) / curve.seeds().size();
    }
    return Verdict.exact(sum, prediction);
  }

  private static Plan plan(List<String> names, Size size, Seed seed, String axis) {
    List<Cell> cells = new ArrayList<>();
    for (String name : names) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(
            Cell.of("model", "gaussian-linear")
                .with("claim", ID)
                .with("attention", name)
                .with("origin", name.equals(PRIOR) ? "derived" : "trained")
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("size", size.toString());
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, axis, cells);
  }

  /** Fits the attention to so many simulations of sequences of these lengths. */
  private static PosteriorEstimator fit(int simulations, Lengths lengths, int steps, Seed seed) {
    int held = simulations / 10;
    Training training =
        Training.of(widths -> MultiHeadLayer.of(widths, HEADS).withNullToken())
            .withHead(HEAD)
            .withLengths(lengths)
            .withMixedLengths()
            .withSampleCount(simulations - held)
            .withBatchSize(100)
            .withOptimiser(new ClippedGradient(Adam.withDefaults(), 1))
            .withOptions(TrainingOptions.withDefaults().withSteps(steps).withLearningRate(0.01))
            .withEarlyStopping(new EarlyStopping(50, 10, 0), held);
    return PosteriorEstimator.trained(
        MODEL,
        HEAD,
        training
            .trainer(MODEL, Objective.LATENT, lengths.most(), seed.child("data"))
            .fit(seed.child("fit"))
            .attention());
  }

  private static CellResult single(Size size, Seed seed, Cell cell) {
    String name = cell.axis("attention");
    Seed own = seed.child(cell.axis(Cell.SEED));
    int simulations =
        PUBLISHED.stream()
            .filter(one -> name(one).equals(name))
            .mapToInt(Published::simulations)
            .findFirst()
            .orElse(1);
    Predictive prior = LATENTS.prior();
    PosteriorEstimator posterior =
        name.equals(PRIOR)
            ? tokens -> prior
            : fit(simulations, Lengths.fixed(1), size.steps, own.child(name));
    Map<String, Estimate> metrics = judge(posterior, 1, size.draws, own.child("judged"));
    return CellResult.of(new CellPoint(simulations, metrics));
  }

  private static CellResult curve(Size size, Seed seed, Cell cell) {
    Seed own = seed.child(cell.axis(Cell.SEED));
    PosteriorEstimator posterior =
        fit(10_000, Lengths.uniform(1, MOST), size.steps, own.child("training"));
    List<CellPoint> points = new ArrayList<>();
    for (int length : size.lengths) {
      points.add(
          new CellPoint(
              length,
              judge(posterior, length, size.curveDraws, own.child("length").child(length))));
    }
    return new CellResult(points);
  }

  private static Map<String, Estimate> judge(
      PosteriorEstimator posterior, int length, int draws, Seed seed) {
    Simulations simulations = Simulations.draw(LATENTS, 500, length, seed.child("simulations"));
    JudgedPosterior judged =
        JudgedPosterior.of(simulations, 1, seed.child("divergence"), posterior);
    double accuracy =
        ClassifierTwoSample.accuracy(
            draws(simulations.exact(0), draws, seed.child("exact")),
            draws(judged.law(0), draws, seed.child("own")),
            seed.child("classifier"));
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    metrics.put(ACCURACY, Estimate.exact(accuracy));
    metrics.put(DIVERGENCE, Estimate.exact(new ExpectedDivergence().judge(judged).value()));
    return metrics;
  }

  private static double[][] draws(Predictive law, int count, Seed seed) {
    RandomGenerator rng = seed.generator();
    double[][] draws = new double[count][];
    for (int s = 0; s < count; s++) {
      draws[s] = law.draw(rng);
    }
    return draws;
  }
}
