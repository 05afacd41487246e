package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
import org.definetti.experiment.Training;
import org.definetti.experiment.Verdict;
import org.definetti.lab.run.Build;
import org.definetti.layer.KernelRidgeLayer;
import org.definetti.layer.SoftmaxHeadLayer;
import org.definetti.objective.Objective;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * The part {@code recovery} of E2: does training find the derived parameter, up to what the output
 * cannot tell?
 *
 * <pre>{@code
 * kernel ridge, values unchanged    λ                             s2 / t2
 * softmax head                      M = W_Qᵀ W_K / sqrt(h)        ± I / γ,  γ the best temperature
 * }</pre>
 *
 * <ul>
 *   <li>A head sees W_Q and W_K through M alone, and M and -M serve alike, since keys are symmetric
 *       and the readout may change its sign. Measured: |tr M| / d times γ, and how far M is from a
 *       multiple of the identity, as a share of its norm.
 *   <li>Control: the head before its first step; the ridge 1 that training starts from.
 *   <li>Source: [derived] (checks B1, E2).
 * </ul>
 */
final class FormRecovery {

  private static final String RIDGE = "ridge-over-derived";
  private static final String SHARPNESS = "sharpness-over-derived";
  private static final String ANISOTROPY = "anisotropy";
  private static final String LAYER = "attention";
  private static final String KERNEL = "linear-cme";
  private static final String HEAD = "softmax";
  private static final String START = "softmax-untrained";
  private static final int RIDGE_LENGTH = 16;
  // One parameter that starts a factor of ten away, on short sequences: many cheap steps.
  private static final int RIDGE_STEPS = 3;

  private final Results results;
  private final Size size;

  private record Size(int length, int seeds, int steps, double tolerance) {

    static Size of(Budget budget) {
      return switch (budget) {
        case SMOKE -> new Size(64, 3, 200, 0.5);
        case STANDARD -> new Size(256, 3, 1000, 0.2);
        case FULL -> new Size(1024, 5, 2000, 0.2);
      };
    }
  }

  private FormRecovery(Results results, Size size) {
    this.results = results;
    this.size = size;
  }

  static FormRecovery measure(String claim, Budget budget, Seed seed, Runner runner) {
    Size size = Size.of(budget);
    List<Cell> cells = new ArrayList<>();
    for (String layer : List.of(KERNEL, HEAD, START)) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(
            Cell.of("model", SphereRegression.MODEL.description().name())
                .with("claim", claim)
                .with(LAYER, layer)
                .with("origin", layer.equals(START) ? "untrained" : "trained")
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("size", size.toString());
    configuration.put("seed", String.valueOf(seed.value()));
    Plan plan = Plan.of(Build.provenance().version(), configuration, "train-length", cells);
    return new FormRecovery(
        runner.within("recovery").execute(plan, cell -> fit(size, seed, cell)), size);
  }

  Results results() {
    return results;
  }

  private static CellResult fit(Size size, Seed seed, Cell cell) {
    Seed own = seed.child(cell.axis(LAYER)).child(cell.axis(Cell.SEED));
    if (cell.axis(LAYER).equals(KERNEL)) {
      Training training =
          ApproximationByForm.training(
              widths -> KernelRidgeLayer.linear(widths).withIdentityValues(),
              RIDGE_STEPS * size.steps);
      SimpleMatrix log = matrices(training, RIDGE_LENGTH, own).get("log.ridge");
      double derived =
          SphereRegression.MODEL.noiseVariance() / SphereRegression.MODEL.priorVariance();
      double ratio = Math.exp(Objects.requireNonNull(log).get(0, 0)) / derived;
      return CellResult.of(new CellPoint(RIDGE_LENGTH, Map.of(RIDGE, Estimate.exact(ratio))));
    }
    if (cell.axis(LAYER).equals(START)) {
      SoftmaxHeadLayer layer = SoftmaxHeadLayer.of(Objective.MASKED.widths(SphereRegression.MODEL));
      return ofHead(size, layer.initial(own.generator()).matrices());
    }
    Training training = ApproximationByForm.training(SoftmaxHeadLayer::of, size.steps);
    return ofHead(size, matrices(training, size.length, own));
  }

  private static Map<String, SimpleMatrix> matrices(Training training, int length, Seed seed) {
    return training
        .trainer(SphereRegression.MODEL, Objective.MASKED, length, seed.child("data"))
        .fit(seed.child("fit"))
        .parameters()
        .matrices();
  }

  private static CellResult ofHead(Size size, Map<String, SimpleMatrix> matrices) {
    SimpleMatrix query = Objects.requireNonNull(matrices.get("query.map"));
    SimpleMatrix key = Objects.requireNonNull(matrices.get("key.map"));
    int d = SphereRegression.KEY_WIDTH;
    SimpleMatrix product = query.transpose().mult(key).divide(Math.sqrt(query.getNumRows()));
    double mean = product.trace() / d;
    double rest = product.minus(SimpleMatrix.identity(d).scale(mean)).normF();
    double sharpness = Math.abs(mean) * BestSoftmaxHead.temperature();
    return CellResult.of(
        new CellPoint(
            size.length,
            Map.of(
                SHARPNESS,
                Estimate.exact(sharpness),
                ANISOTROPY,
                Estimate.exact(rest / product.normF()))));
  }

  List<ClaimPart> parts() {
    Prediction ridge = Prediction.near(1, size.tolerance / 2);
    Prediction sharp = Prediction.near(1, size.tolerance);
    Verdict start = share(START, SHARPNESS, sharp);
    double first = SphereRegression.MODEL.priorVariance() / SphereRegression.MODEL.noiseVariance();
    return List.of(
        ClaimPart.of("recovery:ridge", share(KERNEL, RIDGE, ridge))
            .withControl(
                Control.of(
                    Verdict.exact(first, ridge),
                    String.format(
                        Locale.ROOT, "the ridge before training: %.1f times derived", first))),
        ClaimPart.of(
                "recovery:temperature",
                share(HEAD, SHARPNESS, sharp)
                    .withReason(
                        String.format(
                            Locale.ROOT,
                            "the rest of M is %.2f of its norm",
                            curve(HEAD, ANISOTROPY).points().get(0).mean())))
            .withControl(Judging.control(start, "before the first step: %.2f times")));
  }

  private Verdict share(String layer, String metric, Prediction prediction) {
    Curve curve = curve(layer, metric);
    return Judging.share(curve, curve.values().get(0), 1, prediction);
  }

  private Curve curve(String layer, String metric) {
    return results.curves().stream()
        .filter(curve -> curve.key().axis(LAYER).equals(layer))
        .filter(curve -> curve.key().metric().equals(metric))
        .findFirst()
        .orElseThrow();
  }
}
