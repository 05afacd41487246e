package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.derivation.SphereSpectrum;
import org.definetti.derivation.SphericalTarget;
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
import org.definetti.experiment.Verdict;
import org.definetti.kernel.RbfKernel;
import org.definetti.lab.run.Build;
import org.definetti.random.Seed;
import org.definetti.random.Sphere;
import org.ejml.simple.SimpleMatrix;

/**
 * C3: by which factor attention multiplies each degree of the conditional mean.
 *
 * <pre>{@code
 * softmax   μ_j / μ_0              below 1 at any length
 * CME       μ_j / (μ_j + λ/L)      towards 1 as λ/L falls
 * }</pre>
 *
 * <ul>
 *   <li>Measured: {@code Σ out·m(q) / Σ |m(q)|²} over functions of a single degree, fresh keys and
 *       queries: the regression of the output on the truth.
 *   <li>Parts: the eigenvalues against quadrature and their sum rule; the softmax filter at degrees
 *       1 and 3; the CME filter of degree 1 on the sphere of R^3 at γ = 0.5 and four settings of
 *       (L, λ).
 *   <li>Controls: the kernel without its normalisation; the filter of the other attention.
 *   <li>The curves over degree: measured on the circle, predicted on both.
 *   <li>Source: [derived: Funk-Hecke].
 * </ul>
 */
public final class SpectralFilters implements Claim {

  private static final String ID = "C3";
  private static final String FILTER = "filter";
  private static final String DEGREE = "degree";
  private static final double TEMPERATURE = 0.5;
  private static final double ROUNDING = 1e-10;
  private static final double TOLERANCE = 0.02;
  private static final int VALUE_WIDTH = 4;
  private static final int QUERIES = 64;
  private static final int SOFTMAX_LENGTH = 4096;

  /** One attention at one length; a ridge of zero stands for softmax. */
  private record Setting(int dimension, int length, double ridge, List<Integer> degrees) {

    String attention() {
      return ridge == 0 ? "softmax" : "cme";
    }

    double predicted(int degree) {
      return ridge == 0 ? softmax(degree) : cme(degree);
    }

    double other(int degree) {
      return ridge == 0
          ? SphereSpectrum.ridgeFilter(dimension, TEMPERATURE, degree, 0.05)
          : softmax(degree);
    }

    private double softmax(int degree) {
      return SphereSpectrum.eigenvalueRatio(dimension, TEMPERATURE, degree);
    }

    private double cme(int degree) {
      return SphereSpectrum.ridgeFilter(dimension, TEMPERATURE, degree, ridge / length);
    }
  }

  private static final List<Setting> SPHERE =
      List.of(
          new Setting(3, SOFTMAX_LENGTH, 0, List.of(1, 3)),
          new Setting(3, 800, 40, List.of(1)),
          new Setting(3, 200, 50, List.of(1)),
          new Setting(3, 800, 150.4, List.of(1)),
          new Setting(3, 1600, 253, List.of(1)));

  private static final List<Setting> CIRCLE =
      List.of(
          new Setting(2, SOFTMAX_LENGTH, 0, List.of(1, 2, 3, 4, 5)),
          new Setting(2, 800, 40, List.of(1, 2, 3, 4, 5)),
          new Setting(2, 800, 4, List.of(1, 2, 3, 4, 5)));

  /** Returns the claim. */
  public SpectralFilters() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "spectral-filters";
  }

  @Override
  public String statement() {
    return "On the sphere softmax attention multiplies the degree-j part of the conditional mean by"
        + " mu_j/mu_0 at any length, CME attention by mu_j/(mu_j + lambda/L).";
  }

  @Override
  public Source source() {
    return Source.derived("check C3: Funk-Hecke");
  }

  @Override
  public String prediction() {
    return "eigenvalues to 1e-10; measured / predicted filters = 1 ± 2 %";
  }

  @Override
  public List<String> tags() {
    return List.of("softmax", "cme");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 3;
          case STANDARD -> 30;
          case FULL -> 150;
        });
  }

  private static int sequences(Budget budget) {
    return switch (budget) {
      case SMOKE -> 1;
      case STANDARD -> 1;
      case FULL -> 8;
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<Setting> sphere = budget == Budget.SMOKE ? SPHERE.subList(0, 3) : SPHERE;
    List<Setting> settings = new ArrayList<>(sphere);
    settings.addAll(budget == Budget.SMOKE ? List.of() : CIRCLE);
    int seeds = budget == Budget.SMOKE ? 4 : 8;
    Results results =
        runner.execute(
            plan(settings, seeds, sequences(budget), seed),
            cell -> measure(settings, sequences(budget), seed, cell));
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(eigenvalues());
    for (Setting setting : sphere) {
      for (int degree : setting.degrees) {
        parts.add(part(budget, setting, degree, curve(results, setting)));
      }
    }
    return ClaimResult.of(parts)
        .withResults(
            List.of(
                results,
                predicted("circle", CIRCLE, runner.within("circle")),
                predicted("sphere", SPHERE, runner.within("sphere"))));
  }

  /** The filters themselves, drawn beside what is measured of them. */
  private static Results predicted(String model, List<Setting> settings, Runner runner) {
    Tabulated table = Tabulated.of(ID, model, FILTER);
    for (Setting setting : settings) {
      String name =
          setting.ridge == 0
              ? "predicted softmax"
              : String.format(
                  Locale.ROOT, "predicted cme %d ridge %.1f", setting.length, setting.ridge);
      table = table.with(name, degree -> setting.predicted((int) degree));
    }
    return table.over(DEGREE, new double[] {1, 2, 3, 4, 5, 6}, runner);
  }

  private static ClaimPart eigenvalues() {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int dimension : new int[] {2, 3, 5}) {
      double sum = 0;
      for (int degree = 0; degree < 60; degree++) {
        sum +=
            SphereSpectrum.multiplicity(dimension, degree)
                * SphereSpectrum.eigenvalue(dimension, TEMPERATURE, degree);
      }
      right.add(sum, 1);
      wrong.add(sum * Math.exp(1 / TEMPERATURE), 1);
      for (int degree = 0; degree < 6; degree++) {
        right.add(
            SphereSpectrum.eigenvalue(dimension, TEMPERATURE, degree),
            ZonalQuadrature.eigenvalue(dimension, TEMPERATURE, degree));
      }
    }
    return ClaimPart.of("eigenvalues", right.atMost(ROUNDING))
        .withControl(
            Control.of(
                wrong.atMost(ROUNDING),
                String.format(
                    Locale.ROOT, "kernel without e^(-1/gamma): sum off by %.2f", wrong.largest())));
  }

  private static ClaimPart part(Budget budget, Setting setting, int degree, Curve curve) {
    double tolerance = budget == Budget.FULL ? TOLERANCE : budget == Budget.STANDARD ? 0.05 : 0.1;
    Prediction one = Prediction.near(1, tolerance);
    Verdict verdict = Judging.share(curve, degree, setting.predicted(degree), one);
    Verdict wrong = Judging.share(curve, degree, setting.other(degree), one);
    String name =
        setting.ridge == 0
            ? "softmax-degree-" + degree
            : String.format(Locale.ROOT, "cme-%d-%.0f", setting.length, setting.ridge);
    return ClaimPart.of(name, verdict)
        .withControl(Judging.control(wrong, "the other attention's filter: ratio %.2f"));
  }

  private static Curve curve(Results results, Setting setting) {
    return results.curves().stream()
        .filter(curve -> curve.key().axis("setting").equals(name(setting)))
        .findFirst()
        .orElseThrow();
  }

  private static String name(Setting setting) {
    return String.format(
        Locale.ROOT, "d=%d length %d ridge %.1f", setting.dimension, setting.length, setting.ridge);
  }

  private static Plan plan(List<Setting> settings, int seeds, int sequences, Seed seed) {
    List<Cell> cells = new ArrayList<>();
    for (Setting setting : settings) {
      for (int s = 0; s < seeds; s++) {
        cells.add(
            Cell.of("model", setting.dimension == 2 ? "circle" : "sphere")
                .with("claim", ID)
                .with("attention", setting.attention())
                .with("origin", "derived")
                .with("setting", name(setting))
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("sequences", String.valueOf(sequences));
    configuration.put("seed", String.valueOf(seed.value()));
    return Plan.of(Build.provenance().version(), configuration, DEGREE, cells);
  }

  private static CellResult measure(List<Setting> settings, int sequences, Seed seed, Cell cell) {
    Setting setting =
        settings.stream()
            .filter(one -> name(one).equals(cell.axis("setting")))
            .findFirst()
            .orElseThrow();
    Attention attention =
        setting.ridge == 0
            ? SoftmaxAttention.of(TEMPERATURE)
            : KernelRidgeAttention.of(new RbfKernel(TEMPERATURE), setting.ridge);
    Seed own = seed.child(name(setting)).child(cell.axis(Cell.SEED));
    List<CellPoint> points = new ArrayList<>();
    for (int degree : setting.degrees) {
      double filter = filter(setting, attention, degree, sequences, own.child(degree));
      points.add(new CellPoint(degree, Map.of(FILTER, Estimate.exact(filter))));
    }
    return new CellResult(points);
  }

  private static double filter(
      Setting setting, Attention attention, int degree, int sequences, Seed seed) {
    SphericalTarget target = SphericalTarget.of(setting.dimension, 0.1).withDegree(degree, 1);
    double product = 0;
    double square = 0;
    for (int s = 0; s < sequences; s++) {
      Seed own = seed.child(s);
      SphericalFunction function =
          SphericalFunction.draw(target, VALUE_WIDTH, own.child("function").generator());
      Context context = function.tokens(setting.length, own.child("tokens").generator());
      SimpleMatrix queries = queries(setting.dimension, own.child("queries"));
      SimpleMatrix out = attention.attend(queries, context);
      for (int i = 0; i < QUERIES; i++) {
        double[] mean = function.at(queries.extractVector(true, i).getDDRM().data);
        for (int c = 0; c < VALUE_WIDTH; c++) {
          product += out.get(i, c) * mean[c];
          square += mean[c] * mean[c];
        }
      }
    }
    return product / square;
  }

  private static SimpleMatrix queries(int dimension, Seed seed) {
    double[] numbers = new double[QUERIES * dimension];
    var rng = seed.generator();
    for (int i = 0; i < QUERIES; i++) {
      Sphere.fill(numbers, i * dimension, dimension, rng);
    }
    return new SimpleMatrix(QUERIES, dimension, true, numbers);
  }
}
