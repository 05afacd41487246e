package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.engine.BlockShape;
import org.definetti.engine.Widths;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Cell;
import org.definetti.experiment.CellPoint;
import org.definetti.experiment.CellResult;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Curve;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Plan;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Training;
import org.definetti.experiment.Verdict;
import org.definetti.kernel.RbfKernel;
import org.definetti.lab.run.Build;
import org.definetti.latent.Belief;
import org.definetti.latent.Predictive;
import org.definetti.latent.Sample;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.latent.regression.LatentFunction;
import org.definetti.layer.Layer;
import org.definetti.layer.TransformerLayer;
import org.definetti.objective.DistributionHead;
import org.definetti.objective.Objective;
import org.definetti.objective.Question;
import org.definetti.optimise.Adam;
import org.definetti.optimise.ClippedGradient;
import org.definetti.random.Seed;
import org.definetti.train.Lengths;
import org.definetti.train.TrainingOptions;
import org.ejml.simple.SimpleMatrix;

/**
 * The amortised part of X4: a transformer trained on masked tokens of a Gaussian process answers
 * with a mean and a variance, and is compared with the exact predictive law.
 *
 * <pre>{@code
 * E KL(N(m, s²) ‖ N(m', s'²)) = E [log(s'/s) + (s² + (m - m')²) / (2 s'²) - 1/2]   nats
 * }</pre>
 *
 * <ul>
 *   <li>Where: m, s² exact; m', s'² the transformer's, from one forward pass. Its training loss,
 *       the masked negative log likelihood, is this divergence plus a constant (D4).
 *   <li>World: keys on the circle, RBF kernel of length scale 1/2, prior variance 1, noise variance
 *       0.1; trained on 1..24 tokens.
 *   <li>Judged: the divergence over that of the prior predictive, which ignores the tokens, at the
 *       worst length drawn. Control: the process with three times the length scale's square, exact
 *       otherwise.
 *   <li>Source: [source: Mueller-2021] for the training and the claim; the bound is what was
 *       measured.
 * </ul>
 */
final class AmortisedProcess {

  private static final String KL = "expected-kl";
  private static final String TRANSFORMER = "transformer";
  private static final String PRIOR = "prior-predictive";
  private static final String WRONG = "wrong-length-scale";
  private static final double BANDWIDTH = 0.25;
  private static final GaussianProcess MODEL = process(BANDWIDTH);
  private static final GaussianProcess WRONG_MODEL = process(GreyboxWorld.WRONG * BANDWIDTH);
  private static final DistributionHead HEAD = DistributionHead.gaussian(1);
  private static final int LONGEST = 24;
  private static final double BOUND = 0.25;

  private final Results results;

  private record Size(List<Integer> lengths, int seeds, int sequences, int steps) {

    static Size of(Budget budget) {
      return switch (budget) {
        case SMOKE -> new Size(List.of(8), 2, 50, 120);
        case STANDARD -> new Size(List.of(2, 8, 24), 3, 200, 300);
        case FULL -> new Size(List.of(1, 2, 4, 8, 16, 24), 3, 400, 1000);
      };
    }
  }

  private AmortisedProcess(Results results) {
    this.results = results;
  }

  private static GaussianProcess process(double bandwidth) {
    return GaussianProcess.of(new RbfKernel(bandwidth), 2, 1, 0.1);
  }

  static AmortisedProcess measure(String claim, Budget budget, Seed seed, Runner runner) {
    Size size = Size.of(budget);
    List<Cell> cells = new ArrayList<>();
    for (String attention : List.of(TRANSFORMER, PRIOR, WRONG)) {
      for (int s = 0; s < size.seeds; s++) {
        cells.add(
            Cell.of("model", MODEL.description().name())
                .with("claim", claim)
                .with("attention", attention)
                .with("origin", attention.equals(TRANSFORMER) ? "trained" : "derived")
                .with("objective", Objective.MASKED.label())
                .with(Cell.SEED, String.valueOf(s)));
      }
    }
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("size", size.toString());
    configuration.put("model", MODEL.description().text());
    configuration.put("seed", String.valueOf(seed.value()));
    Plan plan = Plan.of(Build.provenance().version(), configuration, "length", cells);
    return new AmortisedProcess(
        runner.within("process").execute(plan, cell -> measure(size, seed, cell)));
  }

  Results results() {
    return results;
  }

  private static CellResult measure(Size size, Seed seed, Cell cell) {
    Seed own = seed.child(cell.axis(Cell.SEED));
    Answer answer =
        switch (cell.axis("attention")) {
          case PRIOR -> (tokens, query) -> MODEL.prior().predictive(query);
          case WRONG ->
              (tokens, query) -> WRONG_MODEL.prior().observe(tokens.tokens()).predictive(query);
          default -> trained(size.steps, own.child("training"));
        };
    List<CellPoint> points = new ArrayList<>();
    for (int length : size.lengths) {
      double[] divergences = new double[size.sequences];
      for (int s = 0; s < size.sequences; s++) {
        Seed drawn = own.child("evaluation").child(length).child(s);
        Sample<LatentFunction> sample = MODEL.sample(length, drawn.generator());
        Question question =
            Objective.MASKED.ask(MODEL, sample.latent(), drawn.child("question").generator());
        Belief<LatentFunction> exact = MODEL.prior().observe(sample.tokens());
        divergences[s] =
            divergence(
                exact.predictive(question.query()), answer.predictive(sample, question.query()));
      }
      points.add(new CellPoint(length, Map.of(KL, Estimate.of(divergences))));
    }
    return new CellResult(points);
  }

  /** Whoever answers a query after a sequence with a normal law. */
  private interface Answer {
    Predictive predictive(Sample<LatentFunction> sample, SimpleMatrix query);
  }

  private static Answer trained(int steps, Seed seed) {
    Training training =
        Training.of(AmortisedProcess::layer)
            .withHead(HEAD)
            .withLengths(Lengths.uniform(1, LONGEST))
            .withBatchSize(64)
            .withOptimiser(new ClippedGradient(Adam.withDefaults(), 1))
            .withOptions(TrainingOptions.withDefaults().withSteps(steps).withLearningRate(0.003));
    Attention attention =
        training
            .trainer(MODEL, Objective.MASKED, LONGEST, seed.child("data"))
            .fit(seed.child("fit"))
            .attention();
    return (sample, query) ->
        HEAD.law(attention.attend(query, Context.of(MODEL, sample.tokens())).getDDRM().data);
  }

  private static Layer layer(Widths widths) {
    return TransformerLayer.of(widths).withBlock(BlockShape.of(32, 4).withPreNorm()).withDepth(2);
  }

  /** Returns KL(exact ‖ other) in nats of two normal laws of one number. */
  static double divergence(Predictive exact, Predictive other) {
    double distance = exact.mean().get(0, 0) - other.mean().get(0, 0);
    double ratio = exact.covariance().get(0, 0) / other.covariance().get(0, 0);
    double shift = distance * distance / other.covariance().get(0, 0);
    return 0.5 * (ratio + shift - 1 - Math.log(ratio));
  }

  /** The divergence at the worst length, as a share of what ignoring the tokens costs there. */
  List<ClaimPart> parts(Budget budget) {
    Prediction bound = Prediction.atMost(budget == Budget.FULL ? BOUND : 1);
    Verdict worst = worst(curve(TRANSFORMER), bound);
    Verdict wrong = Verdict.exact(worst(curve(WRONG), bound).measured(), Prediction.atMost(BOUND));
    return List.of(
        ClaimPart.of("gaussian-process:amortised", worst)
            .withControl(
                Judging.control(
                    wrong, "exact, but of three times the bandwidth: %.3g of that divergence")));
  }

  private Verdict worst(Curve curve, Prediction bound) {
    Curve prior = curve(PRIOR);
    Verdict worst = Verdict.inconclusive(bound, "no length");
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < curve.values().size(); i++) {
      double whole = prior.points().get(i).mean();
      Verdict verdict = Judging.share(curve, curve.values().get(i), whole, bound);
      if (verdict.interval().high() > highest) {
        highest = verdict.interval().high();
        worst =
            verdict.withReason(
                String.format(
                    Locale.ROOT,
                    "worst at length %.0f: %.3g nats of %.3g",
                    curve.values().get(i),
                    curve.points().get(i).mean(),
                    whole));
      }
    }
    return worst;
  }

  private Curve curve(String attention) {
    return results.curves().stream()
        .filter(curve -> curve.key().axis("attention").equals(attention))
        .findFirst()
        .orElseThrow();
  }
}
