package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.definetti.audit.Evidence;
import org.definetti.audit.LinearGaussianEvidence;
import org.definetti.audit.LogLoss;
import org.definetti.audit.TokenDivergence;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Results;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.kernel.MaternKernel;
import org.definetti.latent.Belief;
import org.definetti.latent.Cholesky;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.LatentModel;
import org.definetti.latent.MultivariateGaussian;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.FiniteBelief;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.latent.finite.RegressionConcepts;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.latent.regression.GaussianProcessBelief;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * B6: predictions, evidence and posterior are three views of one number, and the regret of
 * averaging over the posterior is bounded.
 *
 * <pre>{@code
 * Σ_t log P(x^t | x^<t) = log P(X)                                     chain rule
 * -log P(X) + log P(X | z) ≤ -log P(z)                                 pathwise, finite z
 * -log P(X) = E_π[-log P(X | z)] + KL(π ‖ prior)                       Gibbs
 * -log P(X) = min_z {…} + log det(I + ΦᵀΦ/λ)/2 + (L/2) log(2π s2)      linear-Gaussian
 * }</pre>
 *
 * <ul>
 *   <li>Bernoulli: the largest T·regret over all 2^T sequences is exactly {@code log(T+1)} under a
 *       uniform prior and at most {@code (log T)/2 + log 2} under Beta(1/2, 1/2). The regret
 *       depends on the number of ones only; up to T = 10 that is checked by listing all sequences.
 *   <li>The bound needs prior mass: {@link RegretGrowth} measures what a continuous z costs.
 *   <li>Controls: a wrong prior for each identity, the prior in place of the posterior for Gibbs.
 *   <li>Source: averaging over the posterior and its regret [source: Zhang-2023, Prop 4.1, Cor
 *       4.2]; the checks in this form [derived] (check B6).
 * </ul>
 */
public final class EvidenceIdentities implements Claim {

  private static final double BOUND = 1e-10;
  private static final double ROUNDING = 1e-12;
  private static final int COINS = 1000;
  private static final double NOISE = 0.4;
  private static final double PRIOR = 1.7;
  private static final double WRONG = 2;

  private static final CategoricalConcepts CONCEPTS =
      CategoricalConcepts.of(
          new SimpleMatrix(3, 3, true, 0.6, 0.3, 0.1, 0.2, 0.5, 0.3, 0.1, 0.1, 0.8));
  private static final SimpleMatrix SKEWED = new SimpleMatrix(1, 3, true, 0.001, 0.499, 0.5);
  private static final SimpleMatrix MEANS =
      new SimpleMatrix(3, 2, true, 0.0, 0.0, 1.0, 0.5, -1.0, 0.0);
  private static final List<SimpleMatrix> MAPS =
      List.of(
          new SimpleMatrix(1, 2, true, 1.0, 0.0),
          new SimpleMatrix(1, 2, true, 0.0, 1.0),
          new SimpleMatrix(1, 2, true, -1.0, 0.5));
  private static final MaternKernel KERNEL =
      new MaternKernel(MaternKernel.Smoothness.THREE_HALVES, 0.8);

  /** Returns the claim. */
  public EvidenceIdentities() {}

  @Override
  public String id() {
    return "B6";
  }

  @Override
  public String slug() {
    return "evidence-and-regret";
  }

  @Override
  public String statement() {
    return "Exact predictives multiply to the evidence, which is the least free energy; averaging"
        + " over the posterior never loses more than log 1/P(z) nats to any z, so T*regret is"
        + " bounded for finite z and grows as (d/2) log T for a continuous one.";
  }

  @Override
  public Source source() {
    return Source.derived("check B6; predicting by the posterior: Zhang-2023, Prop 4.1, Cor 4.2");
  }

  @Override
  public String prediction() {
    return "identities 1e-10; bound never violated; worst T*regret log(T+1) exactly and <= log(T)/2"
        + " + log 2; growth (d/2) per log T for continuous z";
  }

  @Override
  public List<String> tags() {
    return List.of("exact", "regret");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 2;
          case STANDARD -> 5;
          case FULL -> 30;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int longest = budget == Budget.SMOKE ? 16 : budget == Budget.STANDARD ? 64 : 256;
    RegretGrowth.Outcome growth = RegretGrowth.check(id(), budget, seed.child("growth"), runner);
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(chain(longest, seed.child("chain")));
    parts.add(pathwise(budget == Budget.SMOKE ? 5 : 8));
    parts.add(regretOfConcepts(budget == Budget.FULL ? 2000 : 200, seed.child("regret")));
    parts.add(gibbs(seed.child("gibbs")));
    parts.add(linearGaussian(longest, seed.child("linear")));
    parts.add(uniformCoin());
    parts.add(jeffreysCoin());
    parts.addAll(growth.parts());
    List<Results> results = growth.results();
    return ClaimResult.of(parts).withResults(results);
  }

  /** A model and the same with a wrong prior. */
  private record Pair(LatentModel<?> model, LatentModel<?> wrong) {}

  private static List<Pair> pairs() {
    return List.of(
        new Pair(BetaBernoulli.of(1.3, 2.45), BetaBernoulli.of(1.3 * WRONG, 2.45)),
        new Pair(DirichletCategorical.of(0.7, 1.55, 2.3), DirichletCategorical.of(0.7, 1.55, 4.6)),
        new Pair(CONCEPTS, CONCEPTS.withPrior(SKEWED)),
        new Pair(
            GaussianConcepts.of(MEANS, 0.7), GaussianConcepts.of(MEANS, 0.7).withPrior(SKEWED)),
        new Pair(
            RegressionConcepts.of(MAPS, NOISE),
            RegressionConcepts.of(MAPS, NOISE).withPrior(SKEWED)),
        new Pair(
            LinearRegression.of(3, 2, PRIOR, NOISE),
            LinearRegression.of(3, 2, PRIOR * WRONG, NOISE)),
        new Pair(process(PRIOR), process(PRIOR * WRONG)));
  }

  private static GaussianProcess process(double priorVariance) {
    return GaussianProcess.of(KERNEL, 3, priorVariance, NOISE);
  }

  private static ClaimPart chain(int longest, Seed seed) {
    Deviation right = new Deviation();
    double least = Double.POSITIVE_INFINITY;
    for (Pair pair : pairs()) {
      double wrong = 0;
      for (int length : Doubling.upTo(longest)) {
        Tokens tokens =
            pair.model
                .sample(length, seed.child(pair.model.toString()).child(length).generator())
                .tokens();
        double evidence = pair.model.prior().observe(tokens).logEvidence();
        right.add(-LogLoss.total(LogLoss.ofModel(pair.model, tokens)), evidence);
        double other = -LogLoss.total(LogLoss.ofModel(pair.wrong, tokens));
        wrong = Math.max(wrong, Math.abs(other - evidence) / Math.max(1, Math.abs(evidence)));
      }
      least = Math.min(least, wrong);
    }
    coins(right);
    return ClaimPart.of("chain-rule", right.atMost(BOUND))
        .withControl(
            Control.of(
                Verdict.exact(least, Prediction.atMost(BOUND)),
                String.format(
                    Locale.ROOT,
                    "predictions of a wrong prior: off by at least %.3g in each model",
                    least)));
  }

  /** Every short sequence of two and of three categories, by the moments of the prior. */
  private static void coins(Deviation right) {
    for (EnumerableModel model :
        List.of(
            EnumerableModel.betaBernoulli(1.3, 2.45),
            EnumerableModel.dirichletCategorical(0.7, 1.55, 2.3))) {
      Enumeration.forEach(
          model.alpha(),
          5,
          (categories, probability) -> {
            Tokens tokens = model.tokens(categories);
            right.add(
                -LogLoss.total(LogLoss.ofModel(model.model(), tokens)), Math.log(probability));
          });
    }
  }

  /** Every sequence and every concept; the loss is that of predicting token by token. */
  private static ClaimPart pathwise(int longest) {
    FiniteLatentModel<Integer> wrong = CONCEPTS.withPrior(SKEWED);
    double right = Double.NEGATIVE_INFINITY;
    double control = Double.NEGATIVE_INFINITY;
    for (int length = 1; length <= longest; length++) {
      int count = (int) Math.pow(3, length);
      for (int code = 0; code < count; code++) {
        Tokens tokens = digits(CONCEPTS, code, length, 3);
        right = Math.max(right, excess(CONCEPTS, CONCEPTS, tokens));
        control = Math.max(control, excess(CONCEPTS, wrong, tokens));
      }
    }
    return ClaimPart.of("pathwise", Verdict.exact(right, Prediction.atMost(ROUNDING)))
        .withControl(
            Control.of(
                Verdict.exact(control, Prediction.atMost(ROUNDING)),
                String.format(
                    Locale.ROOT,
                    "predictions of a prior that all but excludes a concept: bound exceeded by %.2f"
                        + " nats",
                    control)));
  }

  private static double excess(
      CategoricalConcepts bound, FiniteLatentModel<Integer> predictor, Tokens tokens) {
    double loss = LogLoss.total(LogLoss.ofModel(predictor, tokens));
    return Evidence.pathwiseExcess(bound, tokens, loss);
  }

  private static Tokens digits(LatentModel<?> model, int code, int length, int base) {
    double[] rows = new double[length];
    for (int l = 0, rest = code; l < length; l++, rest /= base) {
      rows[l] = rest % base;
    }
    return Tokens.owning(model.tokenSpace(), rows);
  }

  /** The largest regret after any number of tokens of long sequences of every concept. */
  private static ClaimPart regretOfConcepts(int length, Seed seed) {
    double right = 0;
    double wrong = 0;
    for (int z = 0; z < CONCEPTS.concepts(); z++) {
      Tokens tokens = CONCEPTS.drawTokens(z, length, seed.child(z).generator());
      double[] known = LogLoss.ofLatent(CONCEPTS, z, tokens);
      double[] uninformed = LogLoss.of(tokens, (seen, next) -> Math.log(1.0 / 3));
      right = Math.max(right, largest(LogLoss.regret(LogLoss.ofModel(CONCEPTS, tokens), known)));
      wrong = Math.max(wrong, largest(LogLoss.regret(uninformed, known)));
    }
    Prediction prediction = Prediction.atMost(Math.log(CONCEPTS.concepts()) + ROUNDING);
    return ClaimPart.of("finite-regret", Verdict.exact(right, prediction))
        .withControl(
            Control.of(
                Verdict.exact(wrong, prediction),
                String.format(
                    Locale.ROOT, "a predictor that learns nothing: T*regret %.1f", wrong)));
  }

  private static double largest(double... numbers) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double number : numbers) {
      largest = Math.max(largest, number);
    }
    return largest;
  }

  private static ClaimPart gibbs(Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int length : new int[] {1, 6, 40}) {
      Seed own = seed.child(length);
      gibbsOfConcepts(CONCEPTS, length, own.child("categorical"), right, wrong);
      gibbsOfConcepts(GaussianConcepts.of(MEANS, 0.7), length, own.child("gaussian"), right, wrong);
      gibbsOfConcepts(
          RegressionConcepts.of(MAPS, NOISE), length, own.child("regression"), right, wrong);
      gibbsOfCoin(BetaBernoulli.of(1.3, 2.45), length, own.child("coin"), right, wrong);
      gibbsOfRegression(length, own.child("linear"), right, wrong);
      gibbsOfProcess(length, own.child("process"), right, wrong);
    }
    return ClaimPart.of("gibbs", right.atMost(BOUND))
        .withControl(
            Control.of(
                wrong.atMost(BOUND),
                String.format(
                    Locale.ROOT,
                    "prior in place of posterior: free energy off by up to %.3g",
                    wrong.largest())));
  }

  private static void gibbsOfConcepts(
      FiniteLatentModel<Integer> model, int length, Seed seed, Deviation right, Deviation wrong) {
    Tokens tokens = model.sample(length, seed.generator()).tokens();
    FiniteBelief<Integer> posterior = FiniteBelief.prior(model).observe(tokens);
    double[] q = posterior.probabilities().getDDRM().data;
    double exact = -posterior.logEvidence();
    right.add(Evidence.freeEnergy(model, tokens, q), exact);
    double[] p = model.priorProbabilities().getDDRM().data;
    wrong.add(Evidence.freeEnergy(model, tokens, p), exact);
  }

  /** The expected loss of a coin by the trapezoid rule over the log odds of z. */
  private static void gibbsOfCoin(
      BetaBernoulli model, int length, Seed seed, Deviation right, Deviation wrong) {
    Tokens tokens = model.sample(length, seed.generator()).tokens();
    double ones = model.statistic(tokens).elementSum();
    Belief<SimpleMatrix> posterior = model.prior().observe(tokens);
    double exact = -posterior.logEvidence();
    double a = model.a();
    double b = model.b();
    double loss = CoinIntegral.loss(a + ones, b + length - ones, ones, length - ones);
    right.add(Evidence.freeEnergy(posterior, model.prior(), loss), exact);
    wrong.add(CoinIntegral.loss(a, b, ones, length - ones), exact);
  }

  /** E||V - K zᵀ||² = ||V - K E zᵀ||² + tr(K Cov Kᵀ) a row of z. */
  private static void gibbsOfRegression(int length, Seed seed, Deviation right, Deviation wrong) {
    LinearRegression model = LinearRegression.of(3, 2, PRIOR, NOISE);
    Tokens tokens = model.sample(length, seed.generator()).tokens();
    Belief<SimpleMatrix> posterior = model.prior().observe(tokens);
    double exact = -posterior.logEvidence();
    SimpleMatrix keys = tokens.keys();
    right.add(
        Evidence.freeEnergy(posterior, model.prior(), regressionLoss(posterior, keys, tokens)),
        exact);
    wrong.add(regressionLoss(model.prior(), keys, tokens), exact);
  }

  private static double regressionLoss(
      Belief<SimpleMatrix> belief, SimpleMatrix keys, Tokens tokens) {
    double residual = tokens.values().minus(keys.mult(belief.mean().transpose())).normF();
    int width = keys.getNumCols();
    SimpleMatrix covariance = belief.covariance();
    double spread = 0;
    for (int from = 0; from < covariance.getNumRows(); from += width) {
      SimpleMatrix row = covariance.extractMatrix(from, from + width, from, from + width);
      spread += keys.mult(row).mult(keys.transpose()).trace();
    }
    return gaussianLoss(residual * residual + spread, tokens.values().getNumElements());
  }

  private static double gaussianLoss(double square, int numbers) {
    return square / (2 * NOISE) + 0.5 * numbers * Math.log(2 * Math.PI * NOISE);
  }

  /** The latent function enters through its values at the keys, two Gaussians. */
  private static void gibbsOfProcess(int length, Seed seed, Deviation right, Deviation wrong) {
    GaussianProcess model = process(PRIOR);
    Tokens tokens = model.sample(length, seed.generator()).tokens();
    GaussianProcessBelief posterior = model.prior().observe(tokens);
    SimpleMatrix keys = tokens.keys();
    double exact = -posterior.logEvidence();
    double loss = processLoss(posterior, tokens);
    double divergence =
        TokenDivergence.gaussianKl(
            values(posterior, keys, length), values(model.prior(), keys, length));
    right.add(loss + divergence, exact);
    wrong.add(processLoss(model.prior(), tokens), exact);
  }

  private static MultivariateGaussian values(
      GaussianProcessBelief belief, SimpleMatrix keys, int length) {
    SimpleMatrix mean = belief.meanAt(keys);
    return MultivariateGaussian.of(
        new SimpleMatrix(1, length, true, mean.getDDRM().data.clone()), belief.covarianceAt(keys));
  }

  private static double processLoss(GaussianProcessBelief belief, Tokens tokens) {
    SimpleMatrix keys = tokens.keys();
    double residual = tokens.values().minus(belief.meanAt(keys)).normF();
    double spread = belief.covarianceAt(keys).trace();
    return gaussianLoss(residual * residual + spread, tokens.length());
  }

  private static ClaimPart linearGaussian(int longest, Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    LinearRegression regression = LinearRegression.of(3, 2, PRIOR, NOISE);
    GaussianProcess process = process(PRIOR);
    for (int length : Doubling.upTo(longest)) {
      Tokens tokens = regression.sample(length, seed.child(length).generator()).tokens();
      double exact = -regression.prior().observe(tokens).logEvidence();
      SimpleMatrix keys = tokens.keys();
      right.add(total(keys, tokens, PRIOR), exact);
      wrong.add(total(keys, tokens, PRIOR * WRONG), exact);
      Tokens values =
          process.sample(length, seed.child("process").child(length).generator()).tokens();
      SimpleMatrix gram = KERNEL.gram(values.keys(), values.keys());
      SimpleMatrix features = Cholesky.of("gram", gram).factor();
      right.add(total(features, values, PRIOR), -process.prior().observe(values).logEvidence());
    }
    return ClaimPart.of("linear-gaussian", right.atMost(BOUND))
        .withControl(
            Control.of(
                wrong.atMost(BOUND),
                String.format(
                    Locale.ROOT, "twice the prior variance: off by up to %.3g", wrong.largest())));
  }

  private static double total(SimpleMatrix features, Tokens tokens, double priorVariance) {
    return LinearGaussianEvidence.of(features, tokens.values(), NOISE, priorVariance).total();
  }

  private static ClaimPart uniformCoin() {
    Deviation right = new Deviation();
    for (int length = 1; length <= 10; length++) {
      right.add(worstByListing(BetaBernoulli.of(1, 1), length), Math.log(length + 1));
    }
    for (int length : new int[] {10, 100, COINS}) {
      right.add(worstByCounts(BetaBernoulli.of(1, 1), length), Math.log(length + 1));
    }
    double wrong = worstByCounts(BetaBernoulli.of(3, 3), COINS);
    return ClaimPart.of(
            "coin-uniform",
            right
                .atMost(BOUND)
                .withReason(
                    String.format(
                        Locale.ROOT,
                        "T = %d: largest T*regret %.4f",
                        COINS,
                        worstByCounts(BetaBernoulli.of(1, 1), COINS))))
        .withControl(
            Control.of(
                Verdict.exact(wrong, Prediction.near(Math.log(COINS + 1), BOUND)),
                String.format(Locale.ROOT, "prior Beta(3, 3): largest T*regret %.2f", wrong)));
  }

  private static ClaimPart jeffreysCoin() {
    double excess = Double.NEGATIVE_INFINITY;
    for (int length = 1; length <= COINS; length = length < 10 ? length + 1 : length * 10) {
      BetaBernoulli coin = BetaBernoulli.of(0.5, 0.5);
      excess = Math.max(excess, worstByCounts(coin, length) - jeffreysBound(length));
    }
    double wrong = worstByCounts(BetaBernoulli.of(1, 1), COINS) - jeffreysBound(COINS);
    return ClaimPart.of(
            "coin-jeffreys",
            Verdict.exact(excess, Prediction.atMost(ROUNDING))
                .withReason(
                    String.format(
                        Locale.ROOT,
                        "T = %d: largest T*regret %.4f, bound %.4f",
                        COINS,
                        worstByCounts(BetaBernoulli.of(0.5, 0.5), COINS),
                        jeffreysBound(COINS))))
        .withControl(
            Control.of(
                Verdict.exact(wrong, Prediction.atMost(ROUNDING)),
                String.format(Locale.ROOT, "prior Beta(1, 1): bound exceeded by %.2f", wrong)));
  }

  private static double jeffreysBound(int length) {
    return 0.5 * Math.log(length) + Math.log(2);
  }

  /** Returns max over the number of ones of log (best probability in hindsight / evidence). */
  private static double worstByCounts(BetaBernoulli coin, int length) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int ones = 0; ones <= length; ones++) {
      double evidence =
          coin.posterior(length, new SimpleMatrix(1, 1, true, (double) ones)).logEvidence();
      largest = Math.max(largest, hindsight(ones, length) - evidence);
    }
    return largest;
  }

  private static double worstByListing(BetaBernoulli coin, int length) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int code = 0; code < 1 << length; code++) {
      Tokens tokens = digits(coin, code, length, 2);
      double loss = LogLoss.total(LogLoss.ofModel(coin, tokens));
      largest = Math.max(largest, loss + hindsight(Integer.bitCount(code), length));
    }
    return largest;
  }

  /** Returns log of (s/T)^s (1 - s/T)^(T-s), the likelihood of the best fixed coin. */
  private static double hindsight(int ones, int length) {
    int zeros = length - ones;
    double log = ones == 0 ? 0 : ones * Math.log((double) ones / length);
    return log + (zeros == 0 ? 0 : zeros * Math.log((double) zeros / length));
  }
}
