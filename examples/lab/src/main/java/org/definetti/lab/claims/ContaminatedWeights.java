package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.audit.PosteriorSpread;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Interval;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.Belief;
import org.definetti.latent.Tokens;
import org.definetti.latent.mixture.ContaminatedMean;
import org.definetti.random.Haar;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.ContaminatedForm;
import org.definetti.symmetry.EquivariantForm;
import org.definetti.symmetry.Gram;
import org.definetti.symmetry.PosteriorForm;
import org.definetti.symmetry.SequenceFunction;
import org.ejml.simple.SimpleMatrix;

/**
 * MS6: a point measured several times with outliers. The weights depend on the data: attention that
 * no equal weights can match.
 *
 * <pre>{@code
 * z ~ N(0, t2 I),  x | z ~ (1 - p) N(z, s1 I) + p N(z, s2 I)
 * E[z | X] = Σ_l a_l x_l,   a_l = E[v_c / s_c(l) | X];   Cov(z | X) = s(G) I + Xᵀ S(G) X
 * }</pre>
 *
 * <ul>
 *   <li>Parts: mean and covariance of the belief are those of {@link ContaminatedForm}; a joint
 *       Gaussian for each of the 2ⁿ assignments says the same; rotations, reflections, token order,
 *       span; covariance turns along and evidence stays (BS1); weights of one input differ; the
 *       Bayes risk is less than half of that of the best equal weights.
 *   <li>Controls: the best equal weights, another outlier variance, a fixed prior mean, a hidden
 *       Markov model, a covariance that is a multiple of I, a model without outliers.
 *   <li>Source: [derived].
 * </ul>
 */
public final class ContaminatedWeights implements Claim {

  private static final int LENGTH = 8;
  private static final int DIMENSION = 4;

  private static final NamedFunction POSTERIOR =
      ofModel("contaminated-mean", PosteriorFunctions::contaminated);

  private static final NamedFunction FORM =
      new NamedFunction(
          "form",
          plan -> ContaminatedForm.of(PosteriorFunctions.contaminated(plan.dimension())).mean());

  private static final NamedFunction EQUAL =
      new NamedFunction("the best equal weights", plan -> bestEqualWeights());

  private static final NamedFunction OTHER_OUTLIERS =
      ofModel("another outlier variance", d -> ContaminatedMean.of(d, 1, 0.1, 8));

  /** Returns the claim. */
  public ContaminatedWeights() {}

  @Override
  public String id() {
    return "MS6";
  }

  @Override
  public String slug() {
    return "contaminated-weights";
  }

  @Override
  public String statement() {
    return "The posterior mean of an isotropic point measured with isotropic noise and "
        + "outliers is a sum of the measurements whose weights are functions of inner "
        + "products and differ from token to token: it turns with them, their order does "
        + "not matter, and its risk is far below that of equal weights.";
  }

  @Override
  public Source source() {
    return Source.derived("model MS6: statements BS1, ES1 and P1");
  }

  @Override
  public String prediction() {
    return "belief = form = oracle, rotations, reflections, span within 1e-10; order "
        + "within 1e-12; weights of one input apart by 0.1 on average; risk below half of "
        + "that of the best equal weights";
  }

  @Override
  public List<String> tags() {
    return List.of("symmetry", "posterior", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 2;
          case STANDARD -> 6;
          case FULL -> 60;
        });
  }

  private interface Made {
    ContaminatedMean of(int dimension);
  }

  private static NamedFunction ofModel(String name, Made model) {
    return new NamedFunction(
        name,
        plan -> {
          ContaminatedMean made = model.of(plan.dimension());
          return SequenceFunction.ofPredictive(z -> made);
        });
  }

  /** Returns equal weights for tokens of the average noise variance: the best linear answer. */
  private static EquivariantForm bestEqualWeights() {
    ContaminatedMean model = PosteriorFunctions.contaminated(1);
    return PosteriorForm.gaussianMean(model.priorVariance(), averageNoise(model));
  }

  private static double averageNoise(ContaminatedMean model) {
    double p = model.outlierProbability();
    return (1 - p) * model.noiseVariance() + p * model.outlierVariance();
  }

  private static ContaminatedMean biased(AuditPlan plan) {
    return PosteriorFunctions.contaminated(plan.dimension())
        .withPriorMean(PosteriorFunctions.leaning(plan));
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    NamedFunction biased =
        new NamedFunction(
            "a fixed prior mean",
            plan -> {
              ContaminatedMean model = biased(plan);
              return SequenceFunction.ofPredictive(z -> model);
            });
    PosteriorParts parts =
        new PosteriorParts(POSTERIOR, FORM, budget, seed)
            .form(EQUAL)
            .oracle(
                "a joint Gaussian for each assignment",
                List.of(AuditPlan.of(4, 0, 3), AuditPlan.of(5, 0, 2)),
                ContaminatedWeights::bruteForce,
                OTHER_OUTLIERS)
            .rotations(biased)
            .reflections(biased)
            .tokenOrder(PosteriorFunctions.ORDERED)
            .span(biased);
    covariance(parts, budget, seed.child("covariance"));
    spread(parts, budget, seed.child("spread"));
    weights(parts, budget, seed.child("weights"));
    risk(parts, budget, seed.child("risk"));
    return ClaimResult.of(parts.parts());
  }

  private static SimpleMatrix bruteForce(AuditInput input) {
    return PosteriorBruteForce.contaminated(
        input.tokens(), 1, new double[] {0.1, 10}, new double[] {0.7, 0.3});
  }

  private static Belief<SimpleMatrix> belief(ContaminatedMean model, SimpleMatrix rows) {
    return model.prior().observe(PosteriorFunctions.tokens(model, rows));
  }

  /** Adds that the covariance is a multiple of I and a sum of products of tokens. */
  private static void covariance(PosteriorParts parts, Budget budget, Seed seed) {
    double right = 0;
    double wrong = 0;
    for (AuditPlan plan : PosteriorParts.plans(budget)) {
      RandomGenerator rng = seed.child(plan.toString()).generator();
      ContaminatedMean model = PosteriorFunctions.contaminated(plan.dimension());
      ContaminatedForm form = ContaminatedForm.of(model);
      for (int trial = 0; trial < PosteriorParts.trials(budget); trial++) {
        AuditInput input = plan.input(rng);
        SimpleMatrix x = input.tokens();
        SimpleMatrix exact = belief(model, x).covariance();
        ContaminatedForm.Posterior found = form.posterior(Gram.of(x, input.knowledge()));
        SimpleMatrix multiple = SimpleMatrix.identity(plan.dimension()).scale(found.multiple());
        SimpleMatrix products = x.transpose().mult(found.products()).mult(x);
        right = Math.max(right, PosteriorParts.distance(multiple.plus(products), exact));
        wrong = Math.max(wrong, PosteriorParts.distance(multiple, exact));
      }
    }
    parts.add(
        "covariance-form",
        Verdict.exact(right, Prediction.atMost(AuditParts.BOUND)),
        PosteriorParts.control("a multiple of I alone", wrong));
  }

  /** Adds that Cov(z | X Q) = Qᵀ Cov(z | X) Q and P(X Q) = P(X). */
  private static void spread(PosteriorParts parts, Budget budget, Seed seed) {
    double right = 0;
    double wrong = 0;
    for (AuditPlan plan : PosteriorParts.plans(budget)) {
      RandomGenerator rng = seed.child(plan.toString()).generator();
      ContaminatedMean model = PosteriorFunctions.contaminated(plan.dimension());
      for (int trial = 0; trial < PosteriorParts.trials(budget); trial++) {
        SimpleMatrix x = plan.input(rng).tokens();
        SimpleMatrix q = Haar.orthogonal(plan.dimension(), rng);
        right =
            Math.max(right, PosteriorParts.moved(belief(model, x), belief(model, x.mult(q)), q));
        ContaminatedMean biased = biased(plan);
        wrong =
            Math.max(wrong, PosteriorParts.moved(belief(biased, x), belief(biased, x.mult(q)), q));
      }
    }
    parts.add(
        "covariance-and-evidence",
        Verdict.exact(right, Prediction.atMost(AuditParts.BOUND)),
        PosteriorParts.control("a fixed prior mean", wrong));
  }

  /** Adds that the largest and the smallest weight of an input differ, on average. */
  private static void weights(PosteriorParts parts, Budget budget, Seed seed) {
    ContaminatedMean model = PosteriorFunctions.contaminated(DIMENSION);
    double right = range(model, model, budget, seed);
    double wrong = range(model, model.withOutlierProbability(0), budget, seed);
    parts.add(
        "weights-differ",
        Verdict.exact(right, Prediction.atLeast(0.1)),
        Control.of(wrong < 0.1, PosteriorParts.text("a model without outliers: apart by", wrong)));
  }

  private static double range(
      ContaminatedMean data, ContaminatedMean model, Budget budget, Seed seed) {
    RandomGenerator rng = seed.generator();
    double sum = 0;
    int trials = 10 * PosteriorParts.trials(budget);
    for (int trial = 0; trial < trials; trial++) {
      Tokens tokens = data.sample(LENGTH, rng).tokens();
      SimpleMatrix weights = model.tokenWeights(tokens);
      sum += weights.elementMax() - weights.elementMin();
    }
    return sum / trials;
  }

  /** Adds the Bayes risk as a share of the risk of the best equal weights, with its interval. */
  private static void risk(PosteriorParts parts, Budget budget, Seed seed) {
    ContaminatedMean model = PosteriorFunctions.contaminated(DIMENSION);
    Prediction half = Prediction.atMost(0.5);
    Verdict right = share(model, budget, seed, half);
    Verdict wrong = share(model.withOutlierProbability(0), budget, seed, half);
    String text = PosteriorParts.text("a model without outliers: share", wrong.measured());
    parts.add("risk", right, Control.of(wrong, text));
  }

  private static Verdict share(
      ContaminatedMean model, Budget budget, Seed seed, Prediction prediction) {
    int count =
        switch (budget) {
          case SMOKE -> 100;
          case STANDARD -> 1000;
          case FULL -> 4000;
        };
    double sum = 0;
    double squares = 0;
    for (PosteriorSpread.Trial trial :
        PosteriorSpread.trials(model, LENGTH, count, seed.generator())) {
      sum += trial.covarianceTrace();
      squares += trial.covarianceTrace() * trial.covarianceTrace();
    }
    double mean = sum / count;
    double error = Math.sqrt(Math.max(0, squares / count - mean * mean) / (count - 1));
    double noise = averageNoise(model) / LENGTH;
    double equal = DIMENSION / (1 / model.priorVariance() + 1 / noise);
    Interval interval = new Interval((mean - 3 * error) / equal, (mean + 3 * error) / equal);
    return Verdict.of(mean / equal, interval, prediction);
  }
}
