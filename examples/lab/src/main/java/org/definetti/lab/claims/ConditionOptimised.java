package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.random.Seed;
import org.definetti.transfer.KeyShift;
import org.definetti.transfer.LatentTarget;
import org.definetti.transfer.PosteriorLaw;
import org.definetti.transfer.Transfer;
import org.ejml.simple.SimpleMatrix;

/**
 * X2: optimising the condition number: how many tokens to mask, and which keys to learn at.
 *
 * <pre>{@code
 * V_m = tr(GJ ((M_m J)ᵀ S_m⁺ M_m J)⁺ (GJ)ᵀ)          least variance of an unbiased readout, ~ 1/m
 * total(m) = 3 V_m / n + E Var(y*_L | X_{L-m})       what n samples cost, and what hiding costs
 * min over S_pre of trace t of κ_shift = tr(S_down) / t,   at S_pre ∝ S_down
 * }</pre>
 *
 * <ul>
 *   <li>Model: the dice of E6 at ε = 1/4, L = 6, m = 1..5 masked tokens, G = (-1, 0, 1), n =
 *       10,000; S_m under the prior.
 *   <li>{@code decreasing}: V_m falls with m, by the power {@code falls} measured from the formula.
 *       κ_task of the outer product grows, since its entries shrink: raw condition numbers of
 *       different targets do not compare.
 *   <li>{@code total}: the best unbiased readout of m masked tokens as a label, regressed on the
 *       posterior coordinates of the L - m visible ones; its error against y* of all L tokens over
 *       the formula, at every m. The least total is at an m between 1 and 5; with fewer samples it
 *       would pay to hide more, with many more to hide one.
 *   <li>{@code key-design}: random designs of one trace against S_pre ∝ S_down.
 *   <li>{@link TransferLevers}: the ridge of least squares, and heads, width and weight decay of
 *       trained attention; what each does to both errors.
 *   <li>Controls: κ_task; the readout of least norm, whose variance rises again at ε = 1; the cost
 *       of hiding left out; a design that is best for another S_down.
 *   <li>Source: this project's own design [derived] (section 8, X2, of its notes).
 * </ul>
 */
public final class ConditionOptimised implements Claim {

  private static final String ID = "X2";
  private static final String ERROR = "downstream-error";
  private static final String MASKS = "masks";
  private static final double EPSILON = 0.25;
  private static final int LENGTH = 6;
  private static final int MOST = 5;
  private static final int SAMPLES = 10_000;
  private static final int COEFFICIENTS = 3;
  private static final DownstreamTask TASK = DownstreamTask.ORDER;

  /** Returns the claim. */
  public ConditionOptimised() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "condition-optimised";
  }

  @Override
  public String statement() {
    return "Masking more tokens lowers the variance with which a task is read from them about as"
        + " 1/m, at the price of the tokens hidden, so that the best number of masks lies between;"
        + " regression keys are best spread as they will be asked.";
  }

  @Override
  public Source source() {
    return Source.derived("check X2: this project's own design");
  }

  @Override
  public String prediction() {
    return "V_m decreasing for m = 1..5, ~ m^-1 ± 0.05; measured error / (3 V_m / n + lost) = 1 ±"
        + " 10 %, least at 1 < m < 5; kappa_shift least, d/trace, at isotropic keys";
  }

  @Override
  public List<String> tags() {
    return List.of("transfer", "masked");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 2 : budget == Budget.STANDARD ? 20 : 180);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(decreasing(EPSILON));
    parts.add(decreasing(1));
    parts.add(falls());
    Results measured = measure(budget, seed.child("masks"), runner.within("masks"));
    parts.addAll(totals(budget, measured));
    parts.add(interior(measured));
    parts.add(keyDesign(budget, seed.child("designs")));
    List<Results> levers =
        TransferLevers.measure(ID, budget, seed.child("levers"), runner.within("levers"));
    parts.addAll(TransferLevers.parts(levers));
    List<Results> results = new ArrayList<>(levers);
    results.add(0, measured);
    results.add(variances(runner.within("variances")));
    return ClaimResult.of(parts).withResults(results);
  }

  private static Transfer transfer(double epsilon, int masks) {
    return Transfer.of(target(epsilon, masks).means(), TASK.question());
  }

  private static LatentTarget target(double epsilon, int masks) {
    return LatentTarget.maskedTokens(TransferModels.dice(epsilon), masks);
  }

  /** The noise of the hidden tokens under the prior, when no token is seen. */
  private static SimpleMatrix noise(double epsilon, int masks) {
    PosteriorLaw prior = PosteriorLaw.enumerated(TransferModels.dice(epsilon), 0);
    return target(epsilon, masks).noise(prior);
  }

  private static double variance(double epsilon, int masks) {
    return transfer(epsilon, masks).unbiasedVariance(noise(epsilon, masks));
  }

  /** Returns the variance of the readout of least norm, W. */
  private static double leastNorm(double epsilon, int masks) {
    SimpleMatrix noise = noise(epsilon, masks);
    return transfer(epsilon, masks).kappaEff(noise) * noise.trace();
  }

  private static ClaimPart decreasing(double epsilon) {
    double largest = 0;
    double unweighted = 0;
    double kappa = 0;
    StringBuilder text = new StringBuilder("V_m");
    for (int m = 1; m <= MOST; m++) {
      text.append(String.format(Locale.ROOT, "%s %.4g", m == 1 ? "" : ",", variance(epsilon, m)));
      if (m < MOST) {
        largest = Math.max(largest, variance(epsilon, m + 1) / variance(epsilon, m));
        unweighted = Math.max(unweighted, leastNorm(epsilon, m + 1) / leastNorm(epsilon, m));
        double grows = transfer(epsilon, m + 1).kappaTask() / transfer(epsilon, m).kappaTask();
        kappa = Math.max(kappa, grows);
      }
    }
    Prediction prediction = Prediction.atMost(1);
    boolean alike = epsilon < 1;
    return ClaimPart.of(
            "decreasing:1/" + Math.round(1 / epsilon),
            Verdict.exact(largest, prediction).withReason(text.toString()))
        .withControl(
            Control.of(
                Verdict.exact(alike ? kappa : unweighted, prediction),
                alike
                    ? String.format(Locale.ROOT, "raw kappa_task: grows %.2f times a mask", kappa)
                    : String.format(
                        Locale.ROOT,
                        "readout of least norm: grows %.2f times at a mask",
                        unweighted)));
  }

  private static ClaimPart falls() {
    List<Double> masks = List.of(1.0, 2.0, 3.0, 4.0, 5.0);
    double slope = Judging.slope(m -> variance(EPSILON, (int) m), masks);
    double raw = Judging.slope(m -> transfer(EPSILON, (int) m).kappaTask(), masks);
    Prediction prediction = Prediction.near(-1, 0.05);
    return ClaimPart.of("falls", Verdict.exact(slope, prediction))
        .withControl(
            Control.of(
                Verdict.exact(raw, prediction),
                String.format(Locale.ROOT, "raw kappa_task: slope %.2f", raw)));
  }

  /** Returns E Var(y*_L | X_{L-m}), what is lost by seeing m tokens fewer. */
  private static double lost(double epsilon, int masks) {
    CategoricalConcepts dice = TransferModels.dice(epsilon);
    PosteriorLaw all = PosteriorLaw.enumerated(dice, LENGTH);
    PosteriorLaw fewer = PosteriorLaw.enumerated(dice, LENGTH - masks);
    return all.variance(TASK.exact(all)) - fewer.variance(TASK.exact(fewer));
  }

  private static double total(double epsilon, int masks) {
    return COEFFICIENTS * variance(epsilon, masks) / SAMPLES + lost(epsilon, masks);
  }

  private static Results measure(Budget budget, Seed seed, Runner runner) {
    int seeds = budget == Budget.SMOKE ? 6 : budget == Budget.STANDARD ? 10 : 20;
    int repetitions = budget == Budget.SMOKE ? 40 : budget == Budget.STANDARD ? 200 : 600;
    List<Cell> cells = new ArrayList<>();
    for (int s = 0; s < seeds; s++) {
      cells.add(
          Cell.of("model", "categorical-concepts")
              .with("claim", ID)
              .with("attention", "weighted readout")
              .with("origin", "trained")
              .with(Cell.SEED, String.valueOf(s)));
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("repetitions", String.valueOf(repetitions));
    configuration.put("seed", String.valueOf(seed.value()));
    Plan plan = Plan.of(Build.provenance().version(), configuration, MASKS, cells);
    return runner.execute(plan, cell -> errors(repetitions, seed, cell));
  }

  private static CellResult errors(int repetitions, Seed seed, Cell cell) {
    List<CellPoint> points = new ArrayList<>();
    for (int m = 1; m <= MOST; m++) {
      Seed own = seed.child(cell.axis(Cell.SEED)).child(m);
      points.add(new CellPoint(m, Map.of(ERROR, error(m, repetitions, own))));
    }
    return new CellResult(points);
  }

  /**
   * Returns the error of predictors trained on m masked tokens and L - m visible ones, against y*
   * of all L: that against y* of the visible ones, plus what they lack.
   */
  private static Estimate error(int masks, int repetitions, Seed seed) {
    PosteriorLaw law = PosteriorLaw.enumerated(TransferModels.dice(EPSILON), LENGTH - masks);
    LatentTarget target = target(EPSILON, masks);
    SimpleMatrix readout =
        transfer(EPSILON, masks).unbiasedReadout(noise(EPSILON, masks)).transpose();
    CoordinatePretraining pretraining = new CoordinatePretraining(law, target);
    double lost = lost(EPSILON, masks);
    double[] errors = new double[repetitions];
    for (int r = 0; r < repetitions; r++) {
      SimpleMatrix fit = pretraining.fit(SAMPLES, 0, seed.child(r).generator());
      errors[r] = pretraining.meanSquare(fit.minus(pretraining.exact()).mult(readout)) + lost;
    }
    return Estimate.of(errors);
  }

  private static Curve curve(Results measured) {
    return measured.curves().get(0);
  }

  private static List<ClaimPart> totals(Budget budget, Results measured) {
    Prediction one = Prediction.near(1, budget == Budget.SMOKE ? 0.3 : 0.1);
    List<ClaimPart> parts = new ArrayList<>();
    for (int m = 1; m <= MOST; m++) {
      double part = COEFFICIENTS * variance(EPSILON, m) / SAMPLES;
      // Where hiding costs little the other half is what must not be left out.
      boolean hiding = lost(EPSILON, m) > part;
      double without = hiding ? part : lost(EPSILON, m);
      parts.add(
          ClaimPart.of("total:" + m, Judging.share(curve(measured), m, total(EPSILON, m), one))
              .withControl(
                  Control.of(
                      Judging.share(curve(measured), m, without, one),
                      (hiding ? "what is hidden" : "what samples cost") + " left out")));
    }
    return parts;
  }

  /** The measured total at the best number of masks over those at the ends. */
  private static ClaimPart interior(Results measured) {
    List<CurvePoint> points = curve(measured).points();
    CurvePoint best = points.get(0);
    for (CurvePoint point : points) {
      best = point.mean() < best.mean() ? point : best;
    }
    CurvePoint last = points.get(MOST - 1);
    Verdict againstLast = Judging.below(best, last);
    Verdict againstFirst = Judging.below(best, points.get(0));
    Verdict closer = againstLast.measured() > againstFirst.measured() ? againstLast : againstFirst;
    double lostFirst = lost(EPSILON, 1);
    double lostBest = lost(EPSILON, (int) best.value());
    return ClaimPart.of(
            "best-between",
            closer.withReason(String.format(Locale.ROOT, "least at %.0f masks", best.value())))
        .withControl(
            Control.of(
                Verdict.exact(lostBest / lostFirst, Prediction.atMost(1)),
                "without what samples cost, one mask is best"));
  }

  private static ClaimPart keyDesign(Budget budget, Seed seed) {
    int d = 4;
    int designs = budget == Budget.SMOKE ? 50 : 1000;
    double trace = 2;
    SimpleMatrix isotropic = SimpleMatrix.identity(d);
    double best = KeyShift.of(KeyShift.bestDesign(isotropic, trace), isotropic).kappa();
    double largest = best / (d / trace);
    for (int i = 0; i < designs; i++) {
      SimpleMatrix root = KeyDesigns.draw(d, seed.child(i));
      SimpleMatrix design = root.mult(root.transpose());
      double kappa = KeyShift.of(design.scale(trace / design.trace()), isotropic).kappa();
      largest = Math.max(largest, best / kappa);
    }
    SimpleMatrix other = SimpleMatrix.diag(1, 1, 1, 5);
    double misled = KeyShift.of(KeyShift.bestDesign(other, trace), isotropic).kappa() / (d / trace);
    Prediction prediction = Prediction.atMost(1 + 1e-9);
    return ClaimPart.of("key-design", Verdict.exact(largest, prediction))
        .withControl(
            Control.of(
                Verdict.exact(misled, prediction),
                String.format(
                    Locale.ROOT, "keys spread for another question: kappa %.1f times", misled)));
  }

  private static Results variances(Runner runner) {
    return Tabulated.of(ID, "categorical-concepts", ERROR)
        .with("predicted", m -> total(EPSILON, (int) m))
        .with("what samples cost", m -> COEFFICIENTS * variance(EPSILON, (int) m) / SAMPLES)
        .with("what is hidden", m -> lost(EPSILON, (int) m))
        .over(MASKS, new double[] {1, 2, 3, 4, 5}, runner);
  }
}
