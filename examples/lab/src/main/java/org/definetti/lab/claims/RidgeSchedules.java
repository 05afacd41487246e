package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.attention.Context;
import org.definetti.attention.KernelRidgeAttention;
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
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Rate;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.Verdict;
import org.definetti.kernel.LinearKernel;
import org.definetti.lab.run.Build;
import org.definetti.latent.Sample;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * C1: the exact error of CME attention on linear regression, for any ridge.
 *
 * <pre>{@code
 * E‖attn(q) - z q‖² = p [λ² t2 ‖S⁻¹ q‖² + s2 qᵀ S⁻¹ KᵀK S⁻¹ q],   S = KᵀK + λ I
 * least at λ = s2/t2, where it is p s2 qᵀ S⁻¹ q
 * }</pre>
 *
 * <ul>
 *   <li>Where: keys uniform on the sphere of R^4, p = 4 values a token; s2 = t2 = 1 for the
 *       schedules λ = 1, L^(1/2), L^(3/4), L, and s2 = 1/2, t2 = 2 for the minimum.
 *   <li>{@code exact-…}: the mean over sequences of measured error / formula, which is 1 at every
 *       length whatever the keys; the number judged is the largest distance from 1 in standard
 *       errors over all lengths. It may be 4, not 3: for 45 such numbers together the false alarm
 *       is then at most 45 · 6.3e-5 = 0.3 %, that of one number at 3 standard errors. How many lie
 *       beyond 3 is reported.
 *   <li>{@code slope-…}, {@code bias-…}, {@code floor-…}: the schedules against the closed forms of
 *       {@link RidgeSchedule}. At full, L^(3/4) also around a million tokens.
 *   <li>Exact side: S written out and solved by EJML; attention factors it by its own Cholesky.
 *   <li>Controls: prior and noise variance swapped in the ridge; one schedule's slope held against
 *       another's prediction.
 *   <li>Source: [derived] (check C1); λ = L^(3/4) is what the proof of Zhang-2023, App E.4, sets.
 * </ul>
 */
public final class RidgeSchedules implements Claim {

  private static final String ID = "C1";
  private static final String ERROR = "squared-error";
  private static final String RATIO = "error-over-formula";
  private static final String BIAS = "squared-bias";
  private static final int KEY_WIDTH = 4;
  private static final int VALUE_WIDTH = 4;
  private static final double MOST_STANDARD_ERRORS = 4;
  private static final double SLOPE_TOLERANCE = 0.02;
  private static final double LOCAL_TOLERANCE = 0.05;
  private static final double LEAST_LENGTH = 256;
  private static final LinearRegression UNIT = LinearRegression.of(KEY_WIDTH, VALUE_WIDTH, 1, 1);
  private static final LinearRegression UNEQUAL =
      LinearRegression.of(KEY_WIDTH, VALUE_WIDTH, 2, 0.5);

  private static final RidgeSchedule FIXED = RidgeSchedule.fixed(1);
  private static final RidgeSchedule ROOT = RidgeSchedule.power("L^1/2", 0.5);
  private static final RidgeSchedule THREE_QUARTERS = RidgeSchedule.power("L^3/4", 0.75);
  private static final RidgeSchedule PROPORTIONAL = RidgeSchedule.power("L", 1);

  /** A model, the ridge of the attention, and the ridge of the formula it is held against. */
  private record Setting(LinearRegression model, RidgeSchedule used, RidgeSchedule formula) {

    static Setting of(RidgeSchedule schedule) {
      return new Setting(UNIT, schedule, schedule);
    }

    String name() {
      return used.name();
    }

    String variances() {
      return String.format(
          Locale.ROOT, "t2=%.1f s2=%.1f", model.priorVariance(), model.noiseVariance());
    }
  }

  private static final RidgeSchedule BEST =
      RidgeSchedule.fixed(UNEQUAL.noiseVariance() / UNEQUAL.priorVariance());
  private static final Setting MINIMUM = new Setting(UNEQUAL, BEST, BEST);
  private static final Setting SWAPPED =
      new Setting(
          UNEQUAL, RidgeSchedule.fixed(UNEQUAL.priorVariance() / UNEQUAL.noiseVariance()), BEST);
  private static final List<Setting> SETTINGS =
      List.of(
          Setting.of(FIXED),
          Setting.of(ROOT),
          Setting.of(THREE_QUARTERS),
          Setting.of(PROPORTIONAL),
          MINIMUM,
          SWAPPED);

  /** How much work a budget does. */
  private record Size(List<Integer> lengths, int seeds, int sequences) {

    double from() {
      return Math.max(LEAST_LENGTH, lengths.get(0));
    }

    double to() {
      return lengths.get(lengths.size() - 1);
    }
  }

  private static final Size MILLION = new Size(List.of(1 << 19, 1 << 21), 8, 2);

  /** Returns the claim. */
  public RidgeSchedules() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "ridge-schedules";
  }

  @Override
  public String statement() {
    return "The error of CME attention on linear regression is known exactly for every ridge and"
        + " length: least at noise / prior variance, falling as 1/L at any fixed ridge, as L^-1/2"
        + " and slowly so at lambda = L^3/4, and not at all at lambda = L.";
  }

  @Override
  public Source source() {
    return Source.derived("check C1; lambda = L^3/4 is the choice of Zhang-2023, App E.4");
  }

  @Override
  public String prediction() {
    return "measured = formula within 3 standard errors, corrected for the number of lengths; slope"
        + " -1.00 ± 0.02 at lambda = 1; towards -1 at L^1/2 (-0.90 up to 8192); local slope"
        + " -0.5 L/(L + 4 lambda) ± 0.05 at L^3/4 (-0.29 at 1024, -0.44 at 1e6); floor 0.64 at L";
  }

  @Override
  public List<String> tags() {
    return List.of("length", "cme");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 2;
          case STANDARD -> 15;
          case FULL -> 120;
        });
  }

  private static Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new Size(Judging.octaves(6, 9, 1), 4, 50);
      case STANDARD -> new Size(Judging.octaves(6, 12, 1), 10, 150);
      case FULL -> new Size(Judging.octaves(6, 14, 1), 20, 250);
    };
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Size size = size(budget);
    Results results = run(SETTINGS, size, seed, runner);
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(exact("exact-fixed", FIXED, results));
    parts.add(exact("exact-root", ROOT, results));
    parts.add(exact("exact-three-quarters", THREE_QUARTERS, results));
    parts.add(exact("exact-proportional", PROPORTIONAL, results));
    parts.add(minimum(results));
    List<JudgedRate> rates = new ArrayList<>();
    addSlopes(budget, size, results, parts, rates);
    parts.add(bias(size, results));
    parts.add(floor(budget, size, results));
    List<Results> all = new ArrayList<>(List.of(results));
    if (budget == Budget.FULL) {
      Results million =
          run(
              List.of(Setting.of(THREE_QUARTERS)),
              MILLION,
              seed.child("million"),
              runner.within("million"));
      Rate rate = curve(million, Setting.of(THREE_QUARTERS), ERROR).rate(1 << 19, 1 << 21);
      addLocalSlope("local-slope-million", rate, 1 << 20, parts, rates);
      all.add(million);
    }
    return ClaimResult.of(parts).withResults(all).withRates(rates);
  }

  private static Curve curve(Results results, Setting setting, String metric) {
    return results.curves().stream()
        .filter(curve -> curve.key().metric().equals(metric))
        .filter(curve -> curve.key().axis("ridge").equals(setting.name()))
        .filter(curve -> curve.key().axis("variances").equals(setting.variances()))
        .findFirst()
        .orElseThrow();
  }

  private static ClaimPart exact(String name, RidgeSchedule schedule, Results results) {
    return ClaimPart.of(name, standardErrors(curve(results, Setting.of(schedule), RATIO)));
  }

  /** Judges the largest distance of a curve from one, in its standard errors over sequences. */
  private static Verdict standardErrors(Curve ratio) {
    double largest = 0;
    int beyond = 0;
    for (int j = 0; j < ratio.values().size(); j++) {
      double mean = 0;
      double variance = 0;
      int seeds = ratio.seeds().size();
      for (int s = 0; s < seeds; s++) {
        Estimate estimate = ratio.seeds().get(s).estimates().get(j);
        mean += estimate.mean() / seeds;
        variance += estimate.standardError() * estimate.standardError() / seeds / seeds;
      }
      double distance = Math.abs(mean - 1) / Math.sqrt(variance);
      largest = Math.max(largest, distance);
      beyond += distance > 3 ? 1 : 0;
    }
    return Verdict.exact(largest, Prediction.atMost(MOST_STANDARD_ERRORS))
        .withReason(
            String.format(
                Locale.ROOT,
                "standard errors; beyond 3 at %d of %d lengths",
                beyond,
                ratio.values().size()));
  }

  private static ClaimPart minimum(Results results) {
    Verdict wrong = standardErrors(curve(results, SWAPPED, RATIO));
    return ClaimPart.of("minimum", standardErrors(curve(results, MINIMUM, RATIO)))
        .withControl(
            Judging.control(
                wrong, "ridge t2/s2 for s2/t2: %.0f standard errors above the minimum"));
  }

  private static void addSlopes(
      Budget budget, Size size, Results results, List<ClaimPart> parts, List<JudgedRate> rates) {
    Rate fixed = curve(results, Setting.of(FIXED), ERROR).rate(size.from(), size.to());
    Curve threeQuarters = curve(results, Setting.of(THREE_QUARTERS), ERROR);
    Rate slow = threeQuarters.rate(size.from(), size.to());
    Verdict one = Judging.slope(budget, fixed.expect(-1, SLOPE_TOLERANCE));
    parts.add(
        ClaimPart.of("slope-fixed", one)
            .withControl(
                Control.of(
                    slow.expect(-1, SLOPE_TOLERANCE),
                    String.format(Locale.ROOT, "lambda = L^(3/4): slope %.3f", slow.slope()))));
    rates.add(new JudgedRate(fixed, one));
    double to = Math.min(size.to(), 8192);
    Rate root = curve(results, Setting.of(ROOT), ERROR).rate(size.from(), to);
    double predicted = Judging.slope(length -> ROOT.error(KEY_WIDTH, 1, 1, length), root.values());
    Prediction bent = Prediction.near(predicted, SLOPE_TOLERANCE);
    Verdict towards = Judging.bentSlope(budget, root, bent);
    parts.add(
        ClaimPart.of("slope-root", towards)
            .withControl(
                Control.of(
                    Verdict.of(root.slope(), root.interval(), Prediction.near(-1, SLOPE_TOLERANCE)),
                    "the asymptotic slope -1 taken for that of these lengths")));
    rates.add(new JudgedRate(root, towards));
    Rate flat = curve(results, Setting.of(PROPORTIONAL), ERROR).rate(size.from(), size.to());
    Verdict none = Judging.slope(budget, flat.expect(0, SLOPE_TOLERANCE));
    parts.add(ClaimPart.of("slope-proportional", none));
    rates.add(new JudgedRate(flat, none));
    if (budget == Budget.SMOKE) {
      rates.add(new JudgedRate(slow, null));
    } else {
      addLocalSlope("local-slope-1024", threeQuarters.rate(512, 2048), 1024, parts, rates);
    }
  }

  /** Judges the slope of λ = L^(3/4) around a length by {@code -L / (2 (L + λ d))}. */
  private static void addLocalSlope(
      String name, Rate rate, double length, List<ClaimPart> parts, List<JudgedRate> rates) {
    double predicted = -0.5 * length / (length + THREE_QUARTERS.at(length) * KEY_WIDTH);
    Verdict verdict = rate.expect(predicted, LOCAL_TOLERANCE);
    Verdict asymptotic = rate.expect(-0.5, LOCAL_TOLERANCE);
    ClaimPart part = ClaimPart.of(name, verdict);
    boolean far = Math.abs(predicted + 0.5) > 2 * LOCAL_TOLERANCE;
    parts.add(
        far
            ? part.withControl(
                Control.of(asymptotic, "the asymptotic slope -1/2 taken for that of this length"))
            : part);
    rates.add(new JudgedRate(rate, verdict));
  }

  private static ClaimPart bias(Size size, Results results) {
    Curve bias = curve(results, Setting.of(THREE_QUARTERS), BIAS);
    double from = Math.min(1024, size.to());
    Prediction one = Prediction.near(1, SLOPE_TOLERANCE);
    Verdict verdict =
        Judging.againstFormula(
            bias, from, length -> THREE_QUARTERS.squaredBias(KEY_WIDTH, 1, length), one);
    Verdict wrong =
        Judging.againstFormula(bias, from, length -> ROOT.squaredBias(KEY_WIDTH, 1, length), one);
    return ClaimPart.of("bias-three-quarters", verdict)
        .withControl(Judging.control(wrong, "the bias of lambda = L^(1/2): ratio %.1f"));
  }

  private static ClaimPart floor(Budget budget, Size size, Results results) {
    double floor = VALUE_WIDTH * PROPORTIONAL.squaredBias(KEY_WIDTH, 1, size.to());
    double tolerance = budget == Budget.FULL ? 0.05 : budget == Budget.STANDARD ? 0.1 : 0.3;
    Prediction one = Prediction.near(1, tolerance);
    Verdict verdict =
        Judging.share(curve(results, Setting.of(PROPORTIONAL), ERROR), size.to(), floor, one);
    Verdict wrong = Judging.share(curve(results, Setting.of(FIXED), ERROR), size.to(), floor, one);
    return ClaimPart.of("floor-proportional", verdict)
        .withControl(Judging.control(wrong, "lambda = 1: %.3f of that floor is left"));
  }

  private static Results run(List<Setting> settings, Size size, Seed seed, Runner runner) {
    List<Cell> cells = new ArrayList<>();
    for (Setting setting : settings) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(
            Cell.of("model", "linear-regression")
                .with("claim", ID)
                .with("attention", "cme")
                .with("origin", "derived")
                .with("ridge", setting.name())
                .with("variances", setting.variances())
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("sequences", String.valueOf(size.sequences));
    configuration.put("seed", String.valueOf(seed.value()));
    configuration.put("lengths", size.lengths.toString());
    Plan plan = Plan.of(Build.provenance().version(), configuration, Sweep.LENGTH, cells);
    return runner.execute(plan, cell -> measure(setting(settings, cell), size, seed, cell));
  }

  private static Setting setting(List<Setting> settings, Cell cell) {
    return settings.stream()
        .filter(one -> one.name().equals(cell.axis("ridge")))
        .filter(one -> one.variances().equals(cell.axis("variances")))
        .findFirst()
        .orElseThrow();
  }

  private static CellResult measure(Setting setting, Size size, Seed seed, Cell cell) {
    Seed own = seed.child(setting.variances()).child(Long.parseLong(cell.axis(Cell.SEED)));
    int count = size.lengths.size();
    double[][] errors = new double[count][size.sequences];
    double[][] ratios = new double[count][size.sequences];
    double[][] biases = new double[count][size.sequences];
    for (int s = 0; s < size.sequences; s++) {
      Seed sequence = own.child(s);
      Sample<SimpleMatrix> sample =
          setting.model.sample((int) size.to(), sequence.child("tokens").generator());
      Context context = Context.of(setting.model, sample.tokens());
      SimpleMatrix query = setting.model.drawQuery(sequence.child("query").generator());
      SimpleMatrix exact = query.mult(sample.latent().transpose());
      SimpleMatrix gram = new SimpleMatrix(KEY_WIDTH, KEY_WIDTH);
      int before = 0;
      for (int i = 0; i < count; i++) {
        int length = size.lengths.get(i);
        gram = gram.plus(gram(context.keys(), before, length));
        before = length;
        SimpleMatrix out =
            KernelRidgeAttention.of(new LinearKernel(), setting.used.at(length))
                .attend(query, context.prefix(length));
        double ridge = setting.formula.at(length);
        SimpleMatrix system = gram.plus(SimpleMatrix.identity(KEY_WIDTH).scale(ridge));
        SimpleMatrix solved = system.solve(query.transpose());
        double bias = ridge * ridge * setting.model.priorVariance() * solved.dot(solved);
        double noise = setting.model.noiseVariance() * solved.dot(gram.mult(solved));
        errors[i][s] = out.minus(exact).elementPower(2).elementSum();
        ratios[i][s] = errors[i][s] / (VALUE_WIDTH * (bias + noise));
        biases[i][s] = bias;
      }
    }
    List<CellPoint> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(
          new CellPoint(
              size.lengths.get(i),
              Map.of(
                  ERROR, Estimate.of(errors[i]),
                  RATIO, Estimate.of(ratios[i]),
                  BIAS, Estimate.of(biases[i]))));
    }
    return new CellResult(points);
  }

  /** Returns Σ k kᵀ over some of the keys. */
  private static SimpleMatrix gram(SimpleMatrix keys, int from, int to) {
    double[] sum = new double[KEY_WIDTH * KEY_WIDTH];
    for (int l = from; l < to; l++) {
      for (int i = 0; i < KEY_WIDTH; i++) {
        for (int j = 0; j < KEY_WIDTH; j++) {
          sum[i * KEY_WIDTH + j] += keys.get(l, i) * keys.get(l, j);
        }
      }
    }
    return new SimpleMatrix(KEY_WIDTH, KEY_WIDTH, true, sum);
  }
}
