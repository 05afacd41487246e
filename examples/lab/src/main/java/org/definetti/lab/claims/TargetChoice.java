package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
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
import org.definetti.latent.Sample;
import org.definetti.latent.finite.EqualMeanClusters;
import org.definetti.latent.finite.FiniteBelief;
import org.definetti.random.Seed;
import org.definetti.transfer.LatentTarget;
import org.definetti.transfer.LinearReadout;
import org.definetti.transfer.PosteriorLaw;
import org.definetti.transfer.Transfer;
import org.ejml.simple.SimpleMatrix;

/**
 * E8: what the hidden token is asked for decides what pretraining can learn.
 *
 * <pre>{@code
 * x | z ~ N(0, d_z²), d = (1/2, 1, 2):   E[x | z] = 0,  E[x² | z] = d_z²,  E[cos x | z] = exp(-d_z²/2)
 * rank MJ = 0 for x,  1 for (x, x²),  2 = K - 1 for (x, x², cos x)
 * }</pre>
 *
 * <ul>
 *   <li>{@code singular-values}: of the centred M from numerical moments against the closed forms.
 *   <li>{@code variance}: the least variance of an unbiased readout of the downstream target G =
 *       (-1, 0, 1) from one hidden token, for several choices of two features; a feature by itself
 *       is not good or bad.
 *   <li>Measured: least squares of the features on exact posterior coordinates, read downstream;
 *       the share of the variance of E[G | X] that is missed.
 *   <li>Controls: fewer features where more are needed.
 *   <li>Source: [derived] (sections M10, 7.4, E8 of the project's notes).
 * </ul>
 */
public final class TargetChoice implements Claim {

  private static final String ID = "E8";
  private static final String SHARE = "share-of-variance";
  private static final String SAMPLES = "samples";
  private static final double ROUNDING = 1e-10;
  private static final int LENGTH = 8;
  private static final double[] DEVIATIONS = {0.5, 1, 2};
  private static final EqualMeanClusters MODEL = EqualMeanClusters.of(DEVIATIONS);
  private static final LatentTarget DOWNSTREAM =
      LatentTarget.function(MODEL, z -> new double[] {z - 1});
  private static final SimpleMatrix QUESTION = DOWNSTREAM.means();

  /** Features of a hidden number, by name. */
  private record Choice(String name, DoubleFunction<double[]> features) {

    LatentTarget target() {
      return ClusterFeatures.of(MODEL, features);
    }
  }

  private static final Choice ONE = new Choice("x", x -> new double[] {x});
  private static final Choice TWO = new Choice("x, x^2", x -> new double[] {x, x * x});
  private static final Choice THREE =
      new Choice("x, x^2, cos x", x -> new double[] {x, x * x, Math.cos(x)});

  private static final List<Choice> PAIRS =
      List.of(
          new Choice("x^2, cos x", x -> new double[] {x * x, Math.cos(x)}),
          new Choice("x^2, |x|", x -> new double[] {x * x, Math.abs(x)}),
          new Choice("cos x, cos 2x", x -> new double[] {Math.cos(x), Math.cos(2 * x)}),
          new Choice(
              "two bell curves", x -> new double[] {Math.exp(-x * x / 2), Math.exp(-2 * x * x)}),
          new Choice(
              "|x| < 0.7, |x| < 1.7",
              x -> new double[] {Math.abs(x) < 0.7 ? 1 : 0, Math.abs(x) < 1.7 ? 1 : 0}));

  /** Returns the claim. */
  public TargetChoice() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "target-choice";
  }

  @Override
  public String statement() {
    return "Where concepts differ in spread alone, predicting a hidden number teaches nothing about"
        + " them, predicting its square one direction, and a third feature all of them, at a"
        + " condition number that the choice of features decides.";
  }

  @Override
  public Source source() {
    return Source.derived("check E8: rank of the centred targets");
  }

  @Override
  public String prediction() {
    return "ranks 0, 1, 2; singular values as in closed form to 1e-10; missed share of variance 1"
        + " for x, a floor for (x, x^2), none for three features as the samples grow";
  }

  @Override
  public List<String> tags() {
    return List.of("transfer", "masked");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.SMOKE ? 2 : budget == Budget.STANDARD ? 6 : 40);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(rank(ONE, 0, TWO));
    parts.add(rank(TWO, 1, THREE));
    parts.add(rank(THREE, 2, TWO));
    parts.add(singularValues());
    parts.add(readable());
    parts.add(condition());
    parts.add(variances());
    Results measured = measure(budget, seed, runner);
    parts.addAll(judged(budget, seed, measured));
    return ClaimResult.of(parts).withResults(List.of(measured));
  }

  private static ClaimPart rank(Choice choice, int predicted, Choice other) {
    Prediction prediction = Prediction.near(predicted, 0);
    return ClaimPart.of(
            "rank:" + choice.name.replace(", ", "+"), Verdict.exact(rankOf(choice), prediction))
        .withControl(
            Control.of(
                Verdict.exact(rankOf(other), prediction),
                other.name + " instead: rank " + rankOf(other)));
  }

  private static int rankOf(Choice choice) {
    return Transfer.of(choice.target(), DOWNSTREAM).rank();
  }

  private static ClaimPart singularValues() {
    double[][] rows = new double[3][3];
    for (int k = 0; k < 3; k++) {
      double square = DEVIATIONS[k] * DEVIATIONS[k];
      rows[1][k] = square;
      rows[2][k] = Math.exp(-square / 2);
    }
    double[] exact = centred(new SimpleMatrix(rows)).svd(true).getSingularValues();
    double[] found = centred(THREE.target().means()).svd(true).getSingularValues();
    double[] uncentred = THREE.target().means().svd(true).getSingularValues();
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int i = 0; i < 3; i++) {
      right.add(found[i], exact[i]);
      wrong.add(uncentred[i], exact[i]);
    }
    return ClaimPart.of("singular-values", right.atMost(ROUNDING))
        .withControl(
            Control.of(
                wrong.atMost(ROUNDING),
                String.format(
                    Locale.ROOT,
                    "M not centred: %.3f, %.3f in place of %.3f, %.3f",
                    uncentred[0],
                    uncentred[1],
                    exact[0],
                    exact[1])));
  }

  private static SimpleMatrix centred(SimpleMatrix matrix) {
    int width = matrix.getNumCols();
    SimpleMatrix centre =
        SimpleMatrix.identity(width).minus(new SimpleMatrix(width, width).plus(1.0 / width));
    return matrix.mult(centre);
  }

  private static ClaimPart readable() {
    Prediction prediction = Prediction.atMost(ROUNDING);
    double two = Transfer.of(TWO.target(), DOWNSTREAM).residual();
    double three = Transfer.of(THREE.target(), DOWNSTREAM).residual();
    return ClaimPart.of("all-readable", Verdict.exact(three, prediction))
        .withControl(
            Control.of(
                Verdict.exact(two, prediction),
                String.format(Locale.ROOT, "(x, x^2): residual %.3f, kappa infinite", two)));
  }

  /** Sufficient but badly conditioned, against a better choice of two features. */
  private static ClaimPart condition() {
    Prediction prediction = Prediction.atLeast(500);
    double three = kappaCond(THREE);
    double densities = kappaCond(PAIRS.get(3));
    return ClaimPart.of("badly-conditioned", Verdict.exact(three, prediction))
        .withControl(
            Control.of(
                Verdict.exact(densities, prediction),
                String.format(Locale.ROOT, "two bell curves: kappa cond %.1f", densities)));
  }

  private static double kappaCond(Choice choice) {
    return Transfer.of(choice.target(), DOWNSTREAM).kappaCond();
  }

  /** Returns the least variance of an unbiased readout from one hidden token. */
  private static double variance(Choice choice) {
    LatentTarget target = choice.target();
    PosteriorLaw prior =
        PosteriorLaw.drawn(MODEL, 0, 1, Seed.of(0).generator()); // no token: the prior itself
    return Transfer.of(target, DOWNSTREAM).unbiasedVariance(target.noise(prior));
  }

  private static ClaimPart variances() {
    double best = Double.POSITIVE_INFINITY;
    String name = "";
    for (Choice choice : PAIRS) {
      double variance = variance(choice);
      if (variance < best) {
        best = variance;
        name = choice.name;
      }
    }
    double squares = variance(PAIRS.get(0));
    Prediction prediction = Prediction.atMost(0.9);
    return ClaimPart.of(
            "better-features",
            Verdict.exact(best / squares, prediction)
                .withReason(
                    String.format(
                        Locale.ROOT, "%s: %.2f, x^2 and cos x: %.2f", name, best, squares)))
        .withControl(
            Control.of(
                Verdict.exact(variance(THREE) / squares, prediction),
                "x beside x^2 and cos x tells nothing more"));
  }

  private static Results measure(Budget budget, Seed seed, Runner runner) {
    int seeds = budget == Budget.SMOKE ? 4 : 8;
    int[] counts =
        switch (budget) {
          case SMOKE -> new int[] {1000, 20_000};
          case STANDARD -> new int[] {1000, 10_000, 30_000};
          case FULL -> new int[] {1000, 3000, 10_000, 30_000, 100_000};
        };
    List<Cell> cells = new ArrayList<>();
    for (Choice choice : List.of(ONE, TWO, THREE, PAIRS.get(3))) {
      for (int s = 0; s < seeds; s++) {
        cells.add(
            Cell.of("model", "equal-mean-clusters")
                .with("claim", ID)
                .with("attention", choice.name)
                .with("origin", "trained")
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("samples", Arrays.toString(counts));
    configuration.put("seed", String.valueOf(seed.value()));
    Plan plan = Plan.of(Build.provenance().version(), configuration, SAMPLES, cells);
    return runner.execute(plan, cell -> errors(counts, seed, cell));
  }

  /** The law of the posterior at eight tokens, by draws: the errors are averages over it. */
  private static PosteriorLaw law(Seed seed) {
    return PosteriorLaw.drawn(MODEL, LENGTH, 4000, seed.child("law").generator());
  }

  private static CellResult errors(int[] counts, Seed seed, Cell cell) {
    Choice choice =
        List.of(ONE, TWO, THREE, PAIRS.get(3)).stream()
            .filter(one -> one.name.equals(cell.axis("attention")))
            .findFirst()
            .orElseThrow();
    PosteriorLaw law = law(seed);
    SimpleMatrix exact = law.posteriors().mult(QUESTION.transpose());
    LinearReadout best = best(choice, law, exact);
    Seed own = seed.child("samples").child(cell.axis(Cell.SEED));
    List<CellPoint> points = new ArrayList<>();
    for (int count : counts) {
      LinearReadout pretrained = pretrain(choice, count, own.child(count).generator());
      SimpleMatrix features = pretrained.read(law.posteriors().cols(0, 2));
      double share = share(law, best.read(features), exact);
      points.add(new CellPoint(count, Map.of(SHARE, Estimate.exact(share))));
    }
    return new CellResult(points);
  }

  private static LinearReadout best(Choice choice, PosteriorLaw law, SimpleMatrix exact) {
    SimpleMatrix features = choice.target().predictions(law);
    return LinearReadout.weighted(features, exact, law.probabilities(), 0);
  }

  private static double share(PosteriorLaw law, SimpleMatrix read, SimpleMatrix exact) {
    SimpleMatrix error = read.minus(exact);
    return error.dot(error) / law.size() / law.variance(exact);
  }

  /** Least squares of the features of a hidden number on (1, π_1, π_2). */
  private static LinearReadout pretrain(Choice choice, int count, RandomGenerator rng) {
    double[][] coordinates = new double[count][];
    double[][] features = new double[count][];
    FiniteBelief<Integer> prior = FiniteBelief.prior(MODEL);
    for (int i = 0; i < count; i++) {
      Sample<Integer> sample = MODEL.sample(LENGTH + 1, rng);
      SimpleMatrix posterior = prior.observe(sample.tokens().slice(0, LENGTH)).probabilities();
      coordinates[i] = new double[] {posterior.get(0, 0), posterior.get(0, 1)};
      features[i] = choice.features.apply(sample.tokens().at(LENGTH, 0));
    }
    return LinearReadout.ridge(new SimpleMatrix(coordinates), new SimpleMatrix(features), 0);
  }

  private static List<ClaimPart> judged(Budget budget, Seed seed, Results measured) {
    Curve one = curve(measured, ONE);
    Curve two = curve(measured, TWO);
    Curve three = curve(measured, THREE);
    double last = one.values().get(one.values().size() - 1);
    PosteriorLaw law = law(seed);
    SimpleMatrix exact = law.posteriors().mult(QUESTION.transpose());
    double floor = share(law, best(TWO, law, exact).read(TWO.target().predictions(law)), exact);
    Prediction all = Prediction.near(1, 0.02);
    Prediction little = Prediction.atMost(budget == Budget.FULL ? floor / 4 : floor);
    Prediction stays = Prediction.near(1, budget == Budget.SMOKE ? 0.2 : 0.1);
    return List.of(
        ClaimPart.of("learns-nothing:x", Judging.share(one, last, 1, all))
            .withControl(Control.of(Judging.share(two, last, 1, all), "(x, x^2) learns something")),
        ClaimPart.of("floor:x+x^2", Judging.share(two, last, floor, stays))
            .withControl(
                Control.of(Judging.share(one, last, floor, stays), "x alone: not at that floor")),
        ClaimPart.of("repaired:x+x^2+cos x", Judging.share(three, last, 1, little))
            .withControl(
                Control.of(Judging.share(one, last, 1, little), "x alone: everything is missed")));
  }

  private static Curve curve(Results results, Choice choice) {
    return results.curves().stream()
        .filter(curve -> curve.key().axis("attention").equals(choice.name))
        .findFirst()
        .orElseThrow();
  }
}
