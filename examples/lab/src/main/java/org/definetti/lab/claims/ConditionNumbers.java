package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.CurvePoint;
import org.definetti.experiment.Interval;
import org.definetti.experiment.JudgedRate;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Rate;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.random.Seed;
import org.definetti.transfer.LatentTarget;
import org.definetti.transfer.PosteriorLaw;
import org.definetti.transfer.Transfer;

/**
 * E6: the condition number says what masked-token pretraining is worth downstream; the pretraining
 * loss does not.
 *
 * <pre>{@code
 * P_z = base + ε D_z,   κ_task = ||GJ (MJ)⁺||² = κ(1) / ε²,   E_down / E_pre = κ_eff <= κ_task
 * κ_eff = tr(W S Wᵀ) / tr(S),   S = E Cov(x^m | X)
 * }</pre>
 *
 * <ul>
 *   <li>Model: three dice of four faces (M4a), ε = 1, 1/2, 1/4, 1/8 and on to 1/32, which is three
 *       decades of κ; six tokens, 3,000 samples, blocks of 300 repetitions; downstream G = (-1, 0,
 *       1), the indicator of the middle die, and the whole posterior. See {@link AmplifiedErrors}.
 *   <li>{@code ratio}: at each ε against κ_eff, and for each task over all ε. {@code never-above}:
 *       no single fit has a ratio above κ_task. {@code slope}: of log ratio on log κ, 1; κ itself
 *       goes as ε^-2 ({@code kappa-slope}), so this is 2 ± 0.02 on log(1/ε). {@code blind}: the
 *       pretraining error at ε = 1/8 over that at 1.
 *   <li>{@code own-labels}: where κ stops predicting. A readout fitted to 3,000 labels need not be
 *       the one of the exact predictor, and its error does not grow with κ.
 *   <li>{@link TrainedErrors}: the same with attention trained on masked tokens; its ratio beside
 *       the κ_eff of its own errors, never above κ_task.
 *   <li>Controls: κ_task in place of κ_eff; the κ of an ε twice as large as the bound; the
 *       downstream error in place of the pretraining error; the fixed readout in place of the
 *       fitted one.
 *   <li>Source: [derived] (sections 7.4, E6 of the project's notes); the three κ are this project's
 *       own definitions.
 * </ul>
 */
public final class ConditionNumbers implements Claim {

  private static final String ID = "E6";
  private static final List<Double> SPECIFIED = List.of(1.0, 0.5, 0.25, 0.125);
  private static final List<Double> THREE_DECADES = List.of(1.0, 0.5, 0.25, 0.125, 0.0625, 0.03125);
  private static final double ROUNDING = 1e-9;

  /** Returns the claim. */
  public ConditionNumbers() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "condition-number";
  }

  @Override
  public String statement() {
    return "The error of a task read from a predictor pretrained on masked tokens is kappa_eff times"
        + " the pretraining error and never more than kappa times, while the pretraining error"
        + " itself does not tell a well-conditioned model from a badly conditioned one.";
  }

  @Override
  public Source source() {
    return Source.derived("check E6: condition numbers are this project's own definitions");
  }

  @Override
  public String prediction() {
    return "ratio / kappa_eff = 1 ± 10 %; never above kappa; kappa ~ eps^-2, ratio slope 2 ± 0.02 in"
        + " log(1/eps); pretraining error the same within 5 %";
  }

  @Override
  public List<String> tags() {
    return List.of("transfer", "masked", "samples");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 4;
          case STANDARD -> 40;
          case FULL -> 240;
        });
  }

  private static AmplifiedErrors.Size size(Budget budget) {
    return switch (budget) {
      case SMOKE -> new AmplifiedErrors.Size(SPECIFIED, seeds(6, 4), 40);
      case STANDARD -> new AmplifiedErrors.Size(THREE_DECADES, seeds(10, 5), 300);
      case FULL -> new AmplifiedErrors.Size(THREE_DECADES, seeds(60, 30), 300);
    };
  }

  private static Map<DownstreamTask, Integer> seeds(int order, int others) {
    Map<DownstreamTask, Integer> seeds = new LinkedHashMap<>();
    DownstreamTask.ALL.forEach(
        task -> seeds.put(task, task.equals(DownstreamTask.ORDER) ? order : others));
    return seeds;
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    AmplifiedErrors.Size size = size(budget);
    AmplifiedErrors errors = new AmplifiedErrors(ID, size, seed.child("least-squares"));
    Results measured = errors.measure(runner.within("least-squares"));
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(numbersOfTheNotes());
    parts.add(kappaSlope());
    for (double epsilon : SPECIFIED) {
      parts.add(ratio(budget, epsilon, measured));
    }
    for (DownstreamTask task : DownstreamTask.ALL) {
      parts.add(ratios(budget, task, size.epsilons(), measured));
      parts.add(neverAbove(task, measured));
    }
    List<JudgedRate> rates = new ArrayList<>();
    for (DownstreamTask task : DownstreamTask.ALL) {
      parts.add(slope(budget, task, size.epsilons(), measured, rates));
    }
    parts.add(blind(budget, seed.child("blind"), runner.within("blind")));
    parts.add(ownLabels(measured));
    Results trained =
        TrainedErrors.measure(ID, budget, seed.child("trained"), runner.within("trained"));
    parts.addAll(TrainedErrors.parts(budget, trained));
    return ClaimResult.of(parts)
        .withResults(
            List.of(measured, trained, predicted(size.epsilons(), runner.within("predicted"))))
        .withRates(rates);
  }

  private static ClaimPart numbersOfTheNotes() {
    double[] known = {26.5, 106, 424, 1696};
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int i = 0; i < known.length; i++) {
      CategoricalConcepts dice = TransferModels.dice(SPECIFIED.get(i));
      Transfer transfer = DownstreamTask.ORDER.transfer(dice);
      right.add(transfer.kappaTask() / known[i], 1);
      wrong.add(transfer.kappaCond() / known[i], 1);
    }
    return ClaimPart.of("kappa", right.atMost(1e-3))
        .withControl(
            Control.of(
                wrong.atMost(1e-3),
                "kappa_cond, which does not change with epsilon, in place of kappa_task"));
  }

  private static double kappa(DownstreamTask task, double epsilon) {
    return task.transfer(TransferModels.dice(epsilon)).kappaTask();
  }

  private static double kappaEff(DownstreamTask task, double epsilon) {
    CategoricalConcepts dice = TransferModels.dice(epsilon);
    PosteriorLaw law = PosteriorLaw.enumerated(dice, AmplifiedErrors.LENGTH);
    return task.transfer(dice).kappaEff(LatentTarget.maskedToken(dice).noise(law));
  }

  private static ClaimPart kappaSlope() {
    double slope = Judging.slope(epsilon -> kappa(DownstreamTask.ORDER, epsilon), THREE_DECADES);
    double cond =
        Judging.slope(
            epsilon -> DownstreamTask.ORDER.transfer(TransferModels.dice(epsilon)).kappaCond(),
            THREE_DECADES);
    Prediction prediction = Prediction.near(-2, 0.02);
    return ClaimPart.of("kappa-slope", Verdict.exact(slope, prediction))
        .withControl(
            Control.of(
                Verdict.exact(cond, prediction),
                String.format(Locale.ROOT, "kappa_cond: slope %.2f", cond)));
  }

  private static double tolerance(Budget budget) {
    return budget == Budget.SMOKE ? 0.3 : 0.1;
  }

  private static ClaimPart ratio(Budget budget, double epsilon, Results measured) {
    DownstreamTask task = DownstreamTask.ORDER;
    Curve curve = AmplifiedErrors.curve(measured, task, AmplifiedErrors.RATIO);
    double kappa = kappa(task, epsilon);
    Prediction one = Prediction.near(1, tolerance(budget));
    Verdict bound = Judging.share(curve, kappa, kappa, one);
    return ClaimPart.of(
            "ratio:1/" + Math.round(1 / epsilon),
            Judging.share(curve, kappa, kappaEff(task, epsilon), one)
                .withReason(
                    String.format(
                        Locale.ROOT,
                        "E_down / E_pre = %.4g, kappa_eff %.4g, kappa %.4g",
                        bound.measured() * kappa,
                        kappaEff(task, epsilon),
                        kappa)))
        .withControl(Judging.control(bound, "over kappa_task: %.2f"));
  }

  private static ClaimPart ratios(
      Budget budget, DownstreamTask task, List<Double> epsilons, Results measured) {
    Curve curve = AmplifiedErrors.curve(measured, task, AmplifiedErrors.RATIO);
    Prediction one = Prediction.near(1, tolerance(budget));
    Map<Double, Double> effective = new LinkedHashMap<>();
    epsilons.forEach(epsilon -> effective.put(kappa(task, epsilon), kappaEff(task, epsilon)));
    Verdict bound = Judging.againstFormula(curve, 0, kappa -> kappa, one);
    return ClaimPart.of(
            "ratios:" + task.name(),
            Judging.againstFormula(curve, 0, kappa -> effective.getOrDefault(kappa, kappa), one))
        .withControl(Judging.control(bound, "over kappa_task: %.2f"));
  }

  private static ClaimPart neverAbove(DownstreamTask task, Results measured) {
    Curve curve = AmplifiedErrors.curve(measured, task, AmplifiedErrors.SHARE);
    double largest = 0;
    for (int s = 0; s < curve.seeds().size(); s++) {
      for (int j = 0; j < curve.values().size(); j++) {
        largest = Math.max(largest, curve.mean(s, j));
      }
    }
    Prediction prediction = Prediction.atMost(1 + ROUNDING);
    return ClaimPart.of("never-above:" + task.name(), Verdict.exact(largest, prediction))
        .withControl(
            Control.of(
                Verdict.exact(4 * largest, prediction),
                String.format(
                    Locale.ROOT, "kappa of twice the epsilon: exceeded %.2f times", 4 * largest)));
  }

  private static ClaimPart slope(
      Budget budget,
      DownstreamTask task,
      List<Double> epsilons,
      Results measured,
      List<JudgedRate> rates) {
    double from = kappa(task, epsilons.get(0)) * (1 - ROUNDING);
    double to = kappa(task, epsilons.get(epsilons.size() - 1)) * (1 + ROUNDING);
    // 2 ± 0.02 on log(1/ε).
    double tolerance = budget == Budget.FULL ? 0.01 : 0.03;
    Rate rate = AmplifiedErrors.curve(measured, task, AmplifiedErrors.RATIO).rate(from, to);
    Rate flat = AmplifiedErrors.curve(measured, task, AmplifiedErrors.PRETRAINING).rate(from, to);
    Prediction prediction = Prediction.near(1, tolerance);
    Verdict verdict = Judging.bentSlope(budget, rate, prediction);
    rates.add(new JudgedRate(rate, verdict));
    return ClaimPart.of("slope:" + task.name(), verdict)
        .withControl(
            Control.of(
                Verdict.of(flat.slope(), flat.interval(), prediction),
                String.format(
                    Locale.ROOT, "the pretraining error: slope %.3f on log kappa", flat.slope())));
  }

  /** Many more repetitions, because the two errors do differ by four per cent of five. */
  private static ClaimPart blind(Budget budget, Seed seed, Runner runner) {
    DownstreamTask task = DownstreamTask.ORDER;
    int blocks = budget == Budget.SMOKE ? 4 : budget == Budget.STANDARD ? 30 : 400;
    AmplifiedErrors.Size size =
        new AmplifiedErrors.Size(
            List.of(1.0, 0.125), Map.of(task, blocks), budget == Budget.SMOKE ? 100 : 300);
    Results measured = new AmplifiedErrors(ID, size, seed).measure(runner);
    Prediction same = Prediction.near(1, budget == Budget.FULL ? 0.05 : 0.2);
    Verdict wrong =
        quotient(AmplifiedErrors.curve(measured, task, AmplifiedErrors.DOWNSTREAM), same);
    return ClaimPart.of(
            "blind",
            quotient(AmplifiedErrors.curve(measured, task, AmplifiedErrors.PRETRAINING), same))
        .withControl(Judging.control(wrong, "the downstream error grows %.0f times"));
  }

  /** Returns the second point over the first, of independent draws, by the delta method. */
  private static Verdict quotient(Curve curve, Prediction prediction) {
    CurvePoint first = curve.points().get(0);
    CurvePoint second = curve.points().get(1);
    double ratio = second.mean() / first.mean();
    double relative =
        Math.hypot(first.standardError() / first.mean(), second.standardError() / second.mean());
    return Verdict.of(ratio, Interval.around(ratio, 1.96 * ratio * relative), prediction);
  }

  private static ClaimPart ownLabels(Results measured) {
    DownstreamTask task = DownstreamTask.ORDER;
    Curve probe = AmplifiedErrors.curve(measured, task, AmplifiedErrors.PROBE);
    Curve fixed = AmplifiedErrors.curve(measured, task, AmplifiedErrors.DOWNSTREAM);
    double last = probe.values().get(probe.values().size() - 1);
    double whole = fixed.points().get(fixed.values().indexOf(last)).mean();
    Prediction little = Prediction.atMost(0.05);
    return ClaimPart.of("own-labels", Judging.share(probe, last, whole, little))
        .withControl(
            Control.of(
                Judging.share(fixed, last, whole, little),
                "the fixed readout of the exact predictor in its place"));
  }

  private static Results predicted(List<Double> epsilons, Runner runner) {
    Tabulated table = Tabulated.of(ID, "categorical-concepts", AmplifiedErrors.RATIO);
    double[] kappas = epsilons.stream().mapToDouble(e -> kappa(DownstreamTask.ORDER, e)).toArray();
    Map<Double, Double> effective = new LinkedHashMap<>();
    for (int i = 0; i < kappas.length; i++) {
      effective.put(kappas[i], kappaEff(DownstreamTask.ORDER, epsilons.get(i)));
    }
    return table
        .with("predicted order", kappa -> effective.getOrDefault(kappa, Double.NaN))
        .with("bound", kappa -> kappa)
        .over(AmplifiedErrors.KAPPA, kappas, runner);
  }
}
