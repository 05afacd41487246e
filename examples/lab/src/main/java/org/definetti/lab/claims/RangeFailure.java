package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
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
import org.definetti.lab.run.Build;
import org.definetti.latent.finite.Topics;
import org.definetti.random.Seed;
import org.definetti.transfer.LatentTarget;
import org.definetti.transfer.LinearReadout;
import org.definetti.transfer.PosteriorLaw;
import org.definetti.transfer.Transfer;
import org.ejml.simple.SimpleMatrix;

/**
 * E7: one masked token cannot see a product of topic proportions, two can.
 *
 * <pre>{@code
 * M_1 = E[x | θ] = βᵀθ,   M_m = M_1 ⊗ ... ⊗ M_1,   rank M_m = C(m + 2, m)   (3, 6, 10)
 * G = θ_1:      GJ in the rows of M_1 J,   ε² κ_task constant
 * G = θ_1 θ_2:  a residual with one mask whatever the data, none with two
 * }</pre>
 *
 * <ul>
 *   <li>Model: topics (M8), three topics of four words, 15 proportions, ε = 1, 1/2, 1/4, 1/10. M
 *       and G are centred together.
 *   <li>{@code floor}: what the best affine readout of the exact one-mask predictor leaves of the
 *       variance of E[θ_1 θ_2 | X], over the exact law of the posterior at six tokens.
 *   <li>Measured: predictors pretrained by least squares on n samples, read by that best readout;
 *       with one mask the error stays at the floor, with two it falls as 1/n. The repair has its
 *       price: κ_task of the product grows as ε^-4, and below some n one mask is still better.
 *   <li>Controls: a token paired with itself in place of two tokens; the product in place of the
 *       proportion; M left uncentred; one mask where two are needed.
 *   <li>Source: [derived] (sections 7.4, E7 of the project's notes).
 * </ul>
 */
public final class RangeFailure implements Claim {

  private static final String ID = "E7";
  private static final String SHARE = "share-of-variance";
  private static final String SAMPLES = "samples";
  private static final List<Double> EPSILONS = List.of(1.0, 0.5, 0.25, 0.1);
  private static final double ROUNDING = 1e-10;
  private static final double REPAIRED = 1e-12;
  private static final int LENGTH = 6;
  private static final double RANK = 1e-12;

  /** Returns the claim. */
  public RangeFailure() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "range-failure";
  }

  @Override
  public String statement() {
    return "Pretraining on one masked word of a topic model sees what is linear in the topic"
        + " proportions and never their product, whatever the data; two masked words see both.";
  }

  @Override
  public Source source() {
    return Source.derived("check E7: the range condition");
  }

  @Override
  public String prediction() {
    return "ranks 3, 6, 10 for 1, 2, 3 masks; theta_1 readable to 1e-10, eps^2 kappa constant;"
        + " theta_1 theta_2: residual > 0 with one mask, <= 1e-12 with two; error ~ n^-1 with two";
  }

  @Override
  public List<String> tags() {
    return List.of("transfer", "masked");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 2 : budget == Budget.STANDARD ? 5 : 40);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<ClaimPart> parts = new ArrayList<>();
    for (int masks = 1; masks <= 3; masks++) {
      parts.add(rank(masks));
    }
    parts.add(linear());
    parts.add(kappa());
    parts.add(residual());
    parts.add(floor());
    parts.add(repaired());
    Results measured = measure(budget, seed, runner);
    parts.addAll(judged(budget, measured));
    return ClaimResult.of(parts)
        .withResults(
            List.of(measured, kappas(runner.within("kappa")), floors(runner.within("floor"))));
  }

  private static LatentTarget product(Topics model) {
    return LatentTarget.function(model, theta -> new double[] {theta.get(0, 0) * theta.get(0, 1)});
  }

  private static LatentTarget proportion(Topics model) {
    return LatentTarget.function(model, theta -> new double[] {theta.get(0, 0)});
  }

  private static Transfer transfer(Topics model, int masks, LatentTarget downstream) {
    return Transfer.of(LatentTarget.maskedTokens(model, masks), downstream);
  }

  /** The rank of M itself, which is one more than that of MJ: the constant is readable too. */
  private static ClaimPart rank(int masks) {
    double predicted = (masks + 1) * (masks + 2) / 2.0;
    double worst = predicted;
    double repeated = predicted;
    for (double epsilon : EPSILONS) {
      Topics model = TransferModels.topics(epsilon);
      double rank = transfer(model, masks, proportion(model)).rank() + 1.0;
      worst = Math.abs(rank - predicted) > Math.abs(worst - predicted) ? rank : worst;
      // Each word shown masks times tells no more than once.
      repeated = rankOf(LatentTarget.maskedToken(model).means()) + (masks == 1 ? 1.0 : 0.0);
    }
    Prediction prediction = Prediction.near(predicted, 0);
    String control =
        masks == 1 ? "a column of ones beside M, counted as rank" : "one token, repeated";
    return ClaimPart.of("rank-" + masks, Verdict.exact(worst, prediction))
        .withControl(
            Control.of(
                Verdict.exact(repeated, prediction),
                String.format(Locale.ROOT, "%s: rank %.0f", control, repeated)));
  }

  private static int rankOf(SimpleMatrix means) {
    double[] values = means.svd(true).getSingularValues();
    int rank = 0;
    while (rank < values.length && values[rank] > RANK * values[0]) {
      rank++;
    }
    return rank;
  }

  private static ClaimPart linear() {
    double largest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (double epsilon : EPSILONS) {
      Topics model = TransferModels.topics(epsilon);
      largest = Math.max(largest, transfer(model, 1, proportion(model)).residual());
      least = Math.min(least, transfer(model, 1, product(model)).residual());
    }
    Prediction prediction = Prediction.atMost(ROUNDING);
    return ClaimPart.of("proportion-readable", Verdict.exact(largest, prediction))
        .withControl(
            Control.of(
                Verdict.exact(least, prediction),
                String.format(Locale.ROOT, "the product: residual %.4f at least", least)));
  }

  private static ClaimPart kappa() {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    double first = 0;
    double uncentred = 0;
    for (double epsilon : EPSILONS) {
      Topics model = TransferModels.topics(epsilon);
      double scaled = epsilon * epsilon * transfer(model, 1, proportion(model)).kappaTask();
      double raw = epsilon * epsilon * uncentredKappa(model);
      first = epsilon == 1 ? scaled : first;
      uncentred = epsilon == 1 ? raw : uncentred;
      right.add(scaled / first, 1);
      wrong.add(raw / uncentred, 1);
    }
    return ClaimPart.of("kappa-constant", right.atMost(ROUNDING))
        .withControl(
            Control.of(
                wrong.atMost(ROUNDING),
                String.format(
                    Locale.ROOT,
                    "M and G not centred: changes by %.1f %%",
                    100 * wrong.largest())));
  }

  private static double uncentredKappa(Topics model) {
    SimpleMatrix means = LatentTarget.maskedToken(model).means();
    // Three of the four rows of M span it, so M Mᵀ is inverted on the topics: M = βᵀ Θ.
    SimpleMatrix mixtures = model.mixtures().transpose();
    SimpleMatrix question = proportion(model).means();
    SimpleMatrix right = model.topics().mult(model.topics().transpose()).invert();
    SimpleMatrix onTopics =
        question.mult(mixtures.transpose()).mult(mixtures.mult(mixtures.transpose()).invert());
    SimpleMatrix readout = onTopics.mult(right).mult(model.topics());
    if (readout.mult(means).minus(question).normF() > ROUNDING) {
      throw new IllegalStateException("readout: expected to reproduce the proportion");
    }
    return readout.dot(readout);
  }

  private static ClaimPart residual() {
    double largest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (double epsilon : EPSILONS) {
      Topics model = TransferModels.topics(epsilon);
      largest = Math.max(largest, transfer(model, 2, product(model)).residual());
      least = Math.min(least, transfer(model, 1, product(model)).residual());
    }
    Prediction prediction = Prediction.atMost(REPAIRED);
    return ClaimPart.of("product-repaired", Verdict.exact(largest, prediction))
        .withControl(
            Control.of(
                Verdict.exact(least, prediction),
                String.format(Locale.ROOT, "one mask: residual %.4f, kappa infinite", least)));
  }

  /** Returns the share of the variance of E[θ_1 θ_2 | X] that the best affine readout leaves. */
  private static double floorOf(double epsilon, int masks) {
    Topics model = TransferModels.topics(epsilon);
    PosteriorLaw law = PosteriorLaw.enumerated(model, LENGTH);
    SimpleMatrix features = LatentTarget.maskedTokens(model, masks).predictions(law);
    SimpleMatrix exact = product(model).predictions(law);
    return unread(law, features, exact);
  }

  private static double unread(PosteriorLaw law, SimpleMatrix features, SimpleMatrix exact) {
    LinearReadout best = LinearReadout.weighted(features, exact, law.probabilities(), 0);
    return law.variance(best.read(features).minus(exact)) / law.variance(exact);
  }

  private static ClaimPart floor() {
    double least = Double.POSITIVE_INFINITY;
    double itself = 0;
    for (double epsilon : EPSILONS) {
      least = Math.min(least, floorOf(epsilon, 1));
      Topics model = TransferModels.topics(epsilon);
      PosteriorLaw law = PosteriorLaw.enumerated(model, LENGTH);
      SimpleMatrix features = LatentTarget.maskedToken(model).predictions(law);
      SimpleMatrix linear = proportion(model).predictions(law);
      itself = Math.max(itself, unread(law, features, linear));
    }
    Prediction prediction = Prediction.atLeast(1e-3);
    return ClaimPart.of("floor-of-one-mask", Verdict.exact(least, prediction))
        .withControl(
            Control.of(
                Verdict.exact(itself, prediction),
                String.format(Locale.ROOT, "the proportion in its place: %.1e", itself)));
  }

  private static ClaimPart repaired() {
    double largest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (double epsilon : EPSILONS) {
      largest = Math.max(largest, floorOf(epsilon, 2));
      least = Math.min(least, floorOf(epsilon, 1));
    }
    Prediction prediction = Prediction.atMost(REPAIRED);
    return ClaimPart.of("floor-of-two-masks", Verdict.exact(largest, prediction))
        .withControl(
            Control.of(
                Verdict.exact(least, prediction),
                String.format(Locale.ROOT, "one mask leaves %.2g at least", least)));
  }

  private static Results measure(Budget budget, Seed seed, Runner runner) {
    int seeds = budget == Budget.SMOKE ? 4 : budget == Budget.STANDARD ? 8 : 24;
    double[] counts =
        switch (budget) {
          case SMOKE -> new double[] {10_000, 1_000_000};
          case STANDARD -> new double[] {10_000, 100_000, 1_000_000};
          case FULL -> new double[] {1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000};
        };
    List<Cell> cells = new ArrayList<>();
    for (int masks = 1; masks <= 2; masks++) {
      for (int s = 0; s < seeds; s++) {
        cells.add(
            Cell.of("model", "topics")
                .with("claim", ID)
                .with("attention", name(masks))
                .with("origin", "trained")
                .with("masks", String.valueOf(masks))
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("samples", Arrays.toString(counts));
    configuration.put("seed", String.valueOf(seed.value()));
    Plan plan = Plan.of(Build.provenance().version(), configuration, SAMPLES, cells);
    return runner.within("samples").execute(plan, cell -> errors(counts, seed, cell));
  }

  private static String name(int masks) {
    return masks == 1 ? "one masked token" : "two masked tokens";
  }

  private static CellResult errors(double[] counts, Seed seed, Cell cell) {
    int masks = Integer.parseInt(cell.axis("masks"));
    Topics model = TransferModels.topics(1);
    PosteriorLaw law = PosteriorLaw.enumerated(model, LENGTH);
    SimpleMatrix exact = product(model).predictions(law);
    CoordinatePretraining pretraining =
        new CoordinatePretraining(law, LatentTarget.maskedTokens(model, masks));
    LinearReadout best = LinearReadout.weighted(pretraining.exact(), exact, law.probabilities(), 0);
    Seed own = seed.child(cell.axis("masks")).child(cell.axis(Cell.SEED));
    List<CellPoint> points = new ArrayList<>();
    for (double count : counts) {
      RandomGenerator rng = own.child((long) count).generator();
      SimpleMatrix read = best.read(pretraining.fit((int) count, 0, rng));
      double share = pretraining.meanSquare(read.minus(exact)) / law.variance(exact);
      points.add(new CellPoint(count, Map.of(SHARE, Estimate.exact(share))));
    }
    return new CellResult(points);
  }

  private static List<ClaimPart> judged(Budget budget, Results measured) {
    Curve one = curve(measured, 1);
    Curve two = curve(measured, 2);
    double last = one.values().get(one.values().size() - 1);
    double floor = floorOf(1, 1);
    Prediction stays = Prediction.near(1, 0.05);
    ClaimPart floorPart =
        ClaimPart.of("measured-floor", Judging.share(one, last, floor, stays))
            .withControl(
                Control.of(Judging.share(two, last, floor, stays), "two masks: not at the floor"));
    double first = one.values().get(0);
    double tolerance = budget == Budget.FULL ? 0.05 : 0.1;
    Verdict falls = Judging.slope(budget, two.rate(first, last).expect(-1, tolerance));
    Verdict flat = one.rate(first, last).expect(-1, tolerance);
    ClaimPart slope =
        ClaimPart.of("measured-repair", falls)
            .withControl(
                Control.of(
                    flat.measured() > -0.5,
                    String.format(Locale.ROOT, "one mask: slope %.2f in n", flat.measured())));
    return List.of(floorPart, slope);
  }

  private static Curve curve(Results results, int masks) {
    return results.curves().stream()
        .filter(curve -> curve.key().axis("attention").equals(name(masks)))
        .findFirst()
        .orElseThrow();
  }

  private static Results kappas(Runner runner) {
    return Tabulated.of(ID, "topics", "kappa-task")
        .with("proportion, one mask", inverse -> kappaAt(inverse, 1, true))
        .with("proportion, two masks", inverse -> kappaAt(inverse, 2, true))
        .with("product, two masks", inverse -> kappaAt(inverse, 2, false))
        .over("inverse-epsilon", new double[] {1, 2, 4, 10}, runner);
  }

  private static double kappaAt(double inverse, int masks, boolean linear) {
    Topics model = TransferModels.topics(1 / inverse);
    return transfer(model, masks, linear ? proportion(model) : product(model)).kappaTask();
  }

  private static Results floors(Runner runner) {
    return Tabulated.of(ID, "topics", "unread-share")
        .with("product, one mask", inverse -> floorOf(1 / inverse, 1))
        .over("inverse-epsilon", new double[] {1, 2, 4, 10}, runner);
  }
}
