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
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Interval;
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
import org.definetti.latent.Tokens;
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
 *       any covariance, fitted to 1,000 or 10,000 simulations, of which a tenth decides which step
 *       is kept.
 *   <li>Parts: for each of the benchmark's first two observations an attention is trained and
 *       judged by the benchmark's classifier, {@link ClassifierTwoSample}; {@code simulations-n}:
 *       its mean accuracy is at most the published one of neural posterior estimation, .694 and
 *       .552; the interval is that of the held-out answers. At full 10,000 draws of each law, as in
 *       the benchmark; fewer below, which makes the classifier weaker. {@code classifier}: on the
 *       prior it does about as well as the best classifier there is, {@code 1/2 + TV/2} from both
 *       densities.
 *   <li>Controls: the prior in place of the posterior; the attention's accuracy in place of the
 *       prior's.
 *   <li>Curves: the same estimator fitted to 10,000 simulations of 1 to 100 observations each,
 *       which the benchmark does not have: accuracy, best accuracy and expected divergence against
 *       the number N of observations.
 *   <li>Differs from the benchmark: two of its ten observations, since the classifier takes minutes
 *       for each; exact draws are our own; {@code Perceptron} names how the classifier differs.
 *   <li>Source: task, observations, metric and published figures [source: Lueckmann-2021 and its
 *       repository].
 * </ul>
 */
public final class GaussianLinearBenchmark implements Claim {

  private static final String ID = "CAL11";
  private static final int DIMENSION = 10;
  private static final double VARIANCE = 0.1;
  private static final int HEADS = 4;
  private static final int MOST = 100;
  private static final int EVERY = 50; // steps between looks at what is held out
  private static final int SIMULATED = 500; // for the expected divergence
  private static final String ACCURACY = "c2st";
  private static final String BEST = "best-classifier";
  private static final String DIVERGENCE = "expected-kl";
  private static final String MODEL_NAME = "gaussian-linear";
  private static final String SIMULATIONS = "simulations";
  private static final String PRIOR = "prior";
  private static final String ATTENTION = "attention";
  private static final String OBSERVATIONS = "observations";

  private static final GaussianMean MODEL = GaussianMean.of(DIMENSION, VARIANCE, VARIANCE);
  private static final LatentRows<?> LATENTS = LatentRows.of(MODEL);
  private static final DistributionHead HEAD = DistributionHead.gaussian(DIMENSION);

  /** Accuracy of neural posterior estimation by number of simulations. */
  private static final Map<Integer, Double> PUBLISHED = Map.of(1000, 0.694, 10_000, 0.552);

  /**
   * How much a budget does.
   *
   * @param simulations numbers of simulations to fit to
   * @param draws of each law that the classifier is shown
   * @param observations of the benchmark, with a training each
   * @param steps of training
   * @param lengths numbers of observations of the curve
   * @param fits trainings of the curve
   * @param curveSimulations to fit to along the curve
   * @param curveDraws of each law along the curve
   */
  private record Size(
      List<Integer> simulations,
      int draws,
      int observations,
      int steps,
      List<Integer> lengths,
      int fits,
      int curveSimulations,
      int curveDraws) {}

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
          case STANDARD -> 30;
          case FULL -> 800;
        });
  }

  private static Size size(Budget budget) {
    List<Integer> both = List.of(1000, 10_000);
    return switch (budget) {
      case SMOKE -> new Size(List.of(1000), 100, 2, 300, List.of(1, 10), 1, 500, 50);
      case STANDARD -> new Size(both, 500, 2, 2000, List.of(1, 10, 100), 1, 10_000, 200);
      case FULL -> new Size(both, 10_000, 2, 4000, List.of(1, 3, 10, 30, 100), 2, 10_000, 1000);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results single =
        runner
            .within("single")
            .execute(singles(size, seed), cell -> single(size, seed.child("single"), cell));
    Results curve =
        runner
            .within("curve")
            .execute(
                plan(cells(ATTENTION, size.fits), size, seed, OBSERVATIONS),
                cell -> curve(size, seed.child("curve"), cell));
    double[] values = size.simulations.stream().mapToDouble(Integer::doubleValue).toArray();
    Results published =
        Tabulated.of(ID, MODEL_NAME, ACCURACY)
            .with("published NPE", GaussianLinearBenchmark::published)
            .over(SIMULATIONS, values, runner.within("published"));
    List<ClaimPart> parts = new ArrayList<>();
    for (int simulations : size.simulations) {
      parts.add(beside(single, simulations, size));
    }
    parts.add(classifier(budget, single, size));
    return ClaimResult.of(parts).withResults(List.of(single, published, curve));
  }

  private static double published(double simulations) {
    return PUBLISHED.getOrDefault((int) simulations, Double.NaN);
  }

  private static ClaimPart beside(Results single, int simulations, Size size) {
    Prediction prediction = Prediction.atMost(published(simulations));
    Curve accuracy = curve(single, ATTENTION, ACCURACY);
    int at = accuracy.values().indexOf((double) simulations);
    Verdict verdict =
        answers(accuracy, at, size, 1, prediction)
            .withReason(
                String.format(
                    Locale.ROOT,
                    "best classifier %.3f, expected divergence %.4f nats",
                    curve(single, ATTENTION, BEST).points().get(at).mean(),
                    curve(single, ATTENTION, DIVERGENCE).points().get(at).mean()));
    Verdict wrong = answers(curve(single, PRIOR, ACCURACY), 0, size, 1, prediction);
    return ClaimPart.of("simulations-" + simulations, verdict)
        .withControl(Judging.control(wrong, "the prior: accuracy %.3f"));
  }

  /** The classifier on the prior, over the best there is. */
  private static ClaimPart classifier(Budget budget, Results single, Size size) {
    double tolerance = budget == Budget.FULL ? 0.05 : budget == Budget.STANDARD ? 0.1 : 0.15;
    Prediction one = Prediction.near(1, tolerance);
    double best = curve(single, PRIOR, BEST).points().get(0).mean();
    Verdict wrong = answers(curve(single, ATTENTION, ACCURACY), 0, size, best, one);
    return ClaimPart.of("classifier", answers(curve(single, PRIOR, ACCURACY), 0, size, best, one))
        .withControl(
            Judging.control(wrong, "the attention's accuracy over the prior's best: %.2f"));
  }

  /**
   * Judges the mean accuracy over observations as a share of {@code whole}; the interval is that of
   * as many independent held-out answers.
   */
  private static Verdict answers(
      Curve accuracy, int at, Size size, double whole, Prediction prediction) {
    double mean = accuracy.points().get(at).mean();
    double answers = 2.0 * size.draws * accuracy.seeds().size();
    double radius = 1.96 * Math.sqrt(mean * (1 - mean) / answers);
    return Verdict.of(mean / whole, Interval.around(mean / whole, radius / whole), prediction);
  }

  private static Curve curve(Results results, String name, String metric) {
    return results.curves().stream()
        .filter(one -> one.key().metric().equals(metric))
        .filter(one -> one.key().axis("attention").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Plan singles(Size size, Seed seed) {
    List<Cell> cells = new ArrayList<>(cells(ATTENTION, size.observations));
    cells.addAll(cells(PRIOR, 1));
    return plan(cells, size, seed, SIMULATIONS);
  }

  private static List<Cell> cells(String name, int seeds) {
    List<Cell> cells = new ArrayList<>();
    for (int s = 0; s < seeds; s++) {
      cells.add(
          Cell.of("model", MODEL_NAME)
              .with("claim", ID)
              .with("attention", name)
              .with("origin", name.equals(PRIOR) ? "derived" : "trained")
              .with(Cell.SEED, String.valueOf(s)));
    }
    return cells;
  }

  private static Plan plan(List<Cell> cells, Size size, Seed seed, String axis) {
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("size", size.toString());
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, axis, cells);
  }

  /** Fits the attention to so many simulations of sequences of these lengths. */
  private static PosteriorEstimator fit(int simulations, Lengths lengths, int steps, Seed seed) {
    // Many lengths are many scales of the answer, and ask for longer steps.
    double rate = lengths.least() == lengths.most() ? 0.01 : 0.03;
    int held = simulations / 10;
    Training training =
        Training.of(widths -> MultiHeadLayer.of(widths, HEADS).withNullToken())
            .withHead(HEAD)
            .withLengths(lengths)
            .withMixedLengths()
            .withSampleCount(simulations - held)
            .withBatchSize(100)
            .withOptimiser(new ClippedGradient(Adam.withDefaults(), 1))
            .withOptions(TrainingOptions.withDefaults().withSteps(steps).withLearningRate(rate))
            .withEarlyStopping(EarlyStopping.every(EVERY).withPatience(steps), held);
    return PosteriorEstimator.trained(
        MODEL,
        HEAD,
        training
            .trainer(MODEL, Objective.LATENT, lengths.most(), seed.child("data"))
            .fit(seed.child("fit"))
            .attention());
  }

  /** Trains for an observation of the benchmark and judges what is said after it. */
  private static CellResult single(Size size, Seed seed, Cell cell) {
    int observation = Integer.parseInt(cell.axis(Cell.SEED));
    Tokens seen = BenchmarkObservations.tokens(MODEL.tokenSpace(), observation);
    List<CellPoint> points = new ArrayList<>();
    if (cell.axis("attention").equals(PRIOR)) {
      Predictive prior = LATENTS.prior();
      Seed own = seed.child(PRIOR).child(observation);
      int first = size.simulations.get(0);
      return CellResult.of(new CellPoint(first, judge(tokens -> prior, seen, size.draws, own)));
    }
    for (int simulations : size.simulations) {
      Seed own = seed.child(observation).child(simulations);
      PosteriorEstimator posterior =
          fit(simulations, Lengths.fixed(1), size.steps, own.child("training"));
      points.add(
          new CellPoint(simulations, judge(posterior, seen, size.draws, own.child("judged"))));
    }
    return new CellResult(points);
  }

  private static CellResult curve(Size size, Seed seed, Cell cell) {
    Seed own = seed.child(cell.axis(Cell.SEED));
    PosteriorEstimator posterior =
        fit(size.curveSimulations, Lengths.uniform(1, MOST), size.steps, own.child("training"));
    List<CellPoint> points = new ArrayList<>();
    for (int length : size.lengths) {
      Seed at = own.child("length").child(length);
      Tokens seen = MODEL.sample(length, at.child("seen").generator()).tokens();
      points.add(new CellPoint(length, judge(posterior, seen, size.curveDraws, at)));
    }
    return new CellResult(points);
  }

  /** Judges a posterior after these tokens, and on average over as many tokens. */
  private static Map<String, Estimate> judge(
      PosteriorEstimator posterior, Tokens seen, int draws, Seed seed) {
    Predictive exact = PosteriorEstimator.exact(LATENTS).given(seen);
    Predictive own = posterior.given(seen);
    Simulations simulations =
        Simulations.draw(LATENTS, SIMULATED, seen.length(), seed.child("simulations"));
    JudgedPosterior judged =
        JudgedPosterior.of(simulations, 1, seed.child("divergence"), posterior);
    double accuracy =
        ClassifierTwoSample.accuracy(
            draws(exact, draws, seed.child("exact")),
            draws(own, draws, seed.child("own")),
            seed.child("classifier"));
    double best = ClassifierTwoSample.bestAccuracy(exact, own, draws, seed.child("best"));
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    metrics.put(ACCURACY, Estimate.exact(accuracy));
    metrics.put(BEST, Estimate.exact(best));
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
