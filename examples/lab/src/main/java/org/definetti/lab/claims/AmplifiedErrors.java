package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.lab.run.Build;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.random.Seed;
import org.definetti.transfer.LatentTarget;
import org.definetti.transfer.LinearReadout;
import org.definetti.transfer.PosteriorLaw;
import org.definetti.transfer.Transfer;
import org.ejml.simple.SimpleMatrix;

/**
 * The pretraining by least squares of E6, repeated, with its errors before and after the readout
 * against the condition number.
 *
 * <p>One cell is a block of repetitions; both errors of a fit are averages over the exact law of
 * the posterior. {@code ratio} is the ratio of the block's mean errors, {@code share-of-kappa} the
 * largest ratio of a single fit over κ_task, {@code probe-error} that of a readout fitted to as
 * many labels as there were samples, once a block.
 */
final class AmplifiedErrors {

  static final String PRETRAINING = "pretraining-error";
  static final String DOWNSTREAM = "downstream-error";
  static final String RATIO = "ratio";
  static final String SHARE = "share-of-kappa";
  static final String PROBE = "probe-error";
  static final String KAPPA = "kappa";
  static final int LENGTH = 6;
  static final int SAMPLES = 3000;

  /**
   * How much is measured.
   *
   * @param epsilons falling, so that κ rises
   * @param seeds blocks by task
   * @param repetitions fits a block
   */
  record Size(List<Double> epsilons, Map<DownstreamTask, Integer> seeds, int repetitions) {}

  private final String claim;
  private final Size size;
  private final Seed seed;

  AmplifiedErrors(String claim, Size size, Seed seed) {
    this.claim = claim;
    this.size = size;
    this.seed = seed;
  }

  Results measure(Runner runner) {
    List<Cell> cells = new ArrayList<>();
    size.seeds.forEach(
        (task, seeds) -> {
          for (int s = 0; s < seeds; s++) {
            cells.add(
                Cell.of("model", "categorical-concepts")
                    .with("claim", claim)
                    .with("attention", task.name())
                    .with("origin", "trained")
                    .with(Cell.SEED, String.valueOf(s)));
          }
        });
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("epsilons", size.epsilons.toString());
    configuration.put("repetitions", String.valueOf(size.repetitions));
    configuration.put("seed", String.valueOf(seed.value()));
    Plan plan = Plan.of(Build.provenance().version(), configuration, KAPPA, cells);
    return runner.execute(plan, this::block);
  }

  static Curve curve(Results results, DownstreamTask task, String metric) {
    return results.curves().stream()
        .filter(curve -> curve.key().metric().equals(metric))
        .filter(curve -> curve.key().axis("attention").equals(task.name()))
        .findFirst()
        .orElseThrow();
  }

  private CellResult block(Cell cell) {
    DownstreamTask task = DownstreamTask.named(cell.axis("attention"));
    Seed own = seed.child(cell.axis(Cell.SEED));
    List<CellPoint> points = new ArrayList<>();
    for (double epsilon : size.epsilons) {
      CategoricalConcepts dice = TransferModels.dice(epsilon);
      points.add(point(task, dice, own.child(String.valueOf(epsilon))));
    }
    return new CellResult(points);
  }

  private CellPoint point(DownstreamTask task, CategoricalConcepts dice, Seed own) {
    PosteriorLaw law = PosteriorLaw.enumerated(dice, LENGTH);
    Transfer transfer = task.transfer(dice);
    CoordinatePretraining pretraining =
        new CoordinatePretraining(law, LatentTarget.maskedToken(dice));
    double[] before = new double[size.repetitions];
    double[] after = new double[size.repetitions];
    double largest = 0;
    SimpleMatrix predictor = pretraining.exact();
    for (int r = 0; r < size.repetitions; r++) {
      predictor = pretraining.fit(SAMPLES, 0, own.child(r).generator());
      SimpleMatrix error = predictor.minus(pretraining.exact());
      before[r] = pretraining.meanSquare(error);
      after[r] = pretraining.meanSquare(error.mult(transfer.readout().transpose()));
      largest = Math.max(largest, after[r] / before[r] / transfer.kappaTask());
    }
    Estimate pre = Estimate.of(before);
    Estimate down = Estimate.of(after);
    double probe = probe(task, law, predictor, own.child("labels").generator());
    return new CellPoint(
        transfer.kappaTask(),
        Map.of(
            PRETRAINING, pre,
            DOWNSTREAM, down,
            RATIO, Estimate.exact(down.mean() / pre.mean()),
            SHARE, Estimate.exact(largest),
            PROBE, Estimate.exact(probe)));
  }

  /** Returns the error of a least-squares readout of the predictor, fitted to labels g(z). */
  private static double probe(
      DownstreamTask task, PosteriorLaw law, SimpleMatrix predictor, RandomGenerator rng) {
    LabelledCells labelled = LabelledCells.draw(law, SAMPLES, rng);
    LinearReadout readout =
        LinearReadout.weighted(predictor, labelled.labels(task.question()), labelled.weights(), 0);
    SimpleMatrix error = readout.read(predictor).minus(task.exact(law));
    return law.secondMoments(error).trace();
  }
}
