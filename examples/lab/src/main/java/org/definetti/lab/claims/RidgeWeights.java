package org.definetti.lab.claims;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.definetti.attention.Context;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.kernel.LinearKernel;
import org.definetti.kernel.RbfKernel;
import org.definetti.lab.oracle.GaussianTokens;
import org.definetti.lab.oracle.JointGaussian;
import org.definetti.latent.Belief;
import org.definetti.latent.LatentModel;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Tokens;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.Coefficients;
import org.definetti.symmetry.Gram;
import org.definetti.symmetry.PosteriorForm;
import org.ejml.simple.SimpleMatrix;

/**
 * MS4: an unknown function of keys. The predictive mean is kernel ridge, a sum of values with
 * weights that see inner products of query and keys.
 *
 * <pre>{@code
 * W_ab ~ N(0, t2),  v = W k + noise s2;   y(q) = q Kᵀ (K Kᵀ + λ I)⁻¹ V,   λ = s2 / t2
 * λ y(q) = q Kᵀ V + O(1 / λ)                                        linear attention
 * }</pre>
 *
 * <ul>
 *   <li>Parts: the beliefs of linear regression and of a Gaussian process with a Gaussian kernel
 *       are {@link PosteriorForm#ridge}; conditioning of the joint Gaussian says the same; primal
 *       and dual agree, errors over the condition number of the system; keys turn in O(dk) and
 *       values in O(dv); token order; linear attention is the leading term for a large ridge.
 *   <li>Controls: twice the ridge, keys mixed with values, a fixed prior covariance, positions in
 *       the ridge, softmax attention.
 *   <li>Source: [derived].
 * </ul>
 */
public final class RidgeWeights implements Claim {

  private static final double T2 = PosteriorFunctions.PRIOR_VARIANCE;
  private static final double S2 = PosteriorFunctions.NOISE_VARIANCE;
  private static final double BANDWIDTH = 1.3;

  private static final Coefficients LINEAR = PosteriorForm.ridge(S2 / T2, Gram::matrix);
  private static final Coefficients GAUSSIAN =
      PosteriorForm.ridge(S2 / T2, PosteriorForm.gaussianKernel(BANDWIDTH));

  /** Returns the claim. */
  public RidgeWeights() {}

  @Override
  public String id() {
    return "MS4";
  }

  @Override
  public String slug() {
    return "ridge-weights";
  }

  @Override
  public String statement() {
    return "The predictive mean of a linear map with an isotropic prior, or of a Gaussian "
        + "process whose kernel sees inner products, is kernel ridge attention: a sum of "
        + "values with weights that are Gram functions of query and keys. It turns with "
        + "keys in O(dk) and with values in O(dv), and for a large ridge it is linear "
        + "attention.";
  }

  @Override
  public Source source() {
    return Source.derived("model MS4: statements BS1 and ES1, check B1");
  }

  @Override
  public String prediction() {
    return "belief = form = oracle, primal = dual within 1e-10 (cond of K Kᵀ + λ I), O(dk) "
        + "x O(dv) within 1e-10; order within 1e-12; distance to linear attention ~ "
        + "ridge^-1 ± 0.02";
  }

  @Override
  public List<String> tags() {
    return List.of("symmetry", "posterior", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 3;
          case FULL -> 40;
        });
  }

  /** Rows (key, value) as tokens, rows (query, anything) as knowledge, rows (0, answer) out. */
  private static NamedFunction ofModel(String name, Widths widths) {
    return new NamedFunction(
        name,
        plan -> {
          int dk = BlockAudit.keyWidth(plan.dimension());
          LatentModel<?> model = widths.model(dk, plan.dimension() - dk);
          return (x, z) -> answers(model, x, z);
        });
  }

  private interface Widths {
    LatentModel<?> model(int keyWidth, int valueWidth);
  }

  private static SimpleMatrix answers(LatentModel<?> model, SimpleMatrix x, SimpleMatrix z) {
    Belief<?> belief = model.prior().observe(PosteriorFunctions.tokens(model, x));
    int dk = model.tokenSpace().keyWidth();
    double[] out = new double[z.getNumElements()];
    for (int i = 0; i < z.getNumRows(); i++) {
      double[] mean = belief.predictive(z.extractMatrix(i, i + 1, 0, dk)).mean().getDDRM().data;
      System.arraycopy(mean, 0, out, i * z.getNumCols() + dk, mean.length);
    }
    return new SimpleMatrix(z.getNumRows(), z.getNumCols(), true, out);
  }

  /** The same from coefficients that see the Gram matrix of queries and keys. */
  private static NamedFunction ofCoefficients(String name, Coefficients coefficients) {
    return new NamedFunction(
        name,
        plan ->
            (x, z) -> {
              int dk = BlockAudit.keyWidth(plan.dimension());
              int all = SimpleMatrix.END;
              SimpleMatrix keys = x.extractMatrix(0, all, 0, dk);
              SimpleMatrix queries = z.extractMatrix(0, all, 0, dk);
              SimpleMatrix values = x.extractMatrix(0, all, dk, all);
              SimpleMatrix out = coefficients.at(Gram.of(queries, keys)).mult(values);
              return new SimpleMatrix(z.getNumRows(), dk).concatColumns(out);
            });
  }

  private static LatentModel<?> linear(int keyWidth, int valueWidth) {
    return LinearRegression.of(keyWidth, valueWidth, T2, S2);
  }

  private static LatentModel<?> dual(int keyWidth, int valueWidth) {
    return GaussianProcess.of(new LinearKernel(), keyWidth, T2, S2).withValueWidth(valueWidth);
  }

  private static LatentModel<?> gaussian(int keyWidth, int valueWidth) {
    return GaussianProcess.of(new RbfKernel(BANDWIDTH), keyWidth, T2, S2)
        .withValueWidth(valueWidth);
  }

  /** A prior covariance with fixed axes. */
  private static LatentModel<?> stretched(int keyWidth, int valueWidth) {
    SimpleMatrix axes = NamedFunction.weight("axes", keyWidth, keyWidth);
    return LinearRegression.of(keyWidth, valueWidth, T2, S2)
        .withPriorCovariance(axes.mult(axes.transpose()));
  }

  private static LatentModel<?> noisier(int keyWidth, int valueWidth) {
    return LinearRegression.of(keyWidth, valueWidth, T2, 2 * S2);
  }

  /** Later tokens are noisier: a ridge that has positions. */
  private static SimpleMatrix positionedRidge(Gram gram) {
    double[] ridges = IntStream.rangeClosed(1, gram.knowledge()).mapToDouble(i -> i).toArray();
    SimpleMatrix system = gram.knowledgeBlock().plus(SimpleMatrix.diag(ridges));
    return system.solve(gram.crossBlock().transpose()).transpose();
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    NamedFunction linear = ofModel("linear-regression", RidgeWeights::linear);
    NamedFunction gaussian = ofModel("gaussian-process", RidgeWeights::gaussian);
    NamedFunction noisier = ofModel("twice the noise", RidgeWeights::noisier);
    List<AuditPlan> plans = PosteriorParts.plans(budget);
    PosteriorParts ofLinear =
        new PosteriorParts(linear, ofCoefficients("form", LINEAR), budget, seed)
            .named("linear:")
            .agree("gram-form", RidgeWeights::condition, noisier)
            .oracle(
                "conditioning of the joint Gaussian",
                small(),
                input -> bruteForce(input, JointGaussian::dot),
                noisier)
            .audit(
                "turns",
                new BlockAudit(false),
                plans,
                AuditParts.BOUND,
                ofModel("a fixed prior covariance", RidgeWeights::stretched))
            .tokenOrder(ofCoefficients("a ridge for each place", RidgeWeights::positionedRidge));
    NamedFunction dual = ofModel("gaussian-process", RidgeWeights::dual);
    PosteriorParts ofDual =
        new PosteriorParts(linear, dual, budget, seed)
            .named("linear:")
            .agree("primal-dual", RidgeWeights::condition, noisier);
    PosteriorParts ofGaussian =
        new PosteriorParts(gaussian, ofCoefficients("form", GAUSSIAN), budget, seed)
            .named("gaussian:")
            .form(linear)
            .oracle(
                "conditioning of the joint Gaussian", small(), RidgeWeights::bruteForce, linear);
    turns(ofGaussian, gaussian, plans, seed);
    ofGaussian.tokenOrder(ofCoefficients("a ridge for each place", RidgeWeights::positionedRidge));
    largeRidge(ofLinear, budget, seed.child("large-ridge"));
    return ClaimResult.of(PosteriorParts.all(ofLinear, ofDual, ofGaussian));
  }

  /** Returns the condition number of K Kᵀ + λ I. */
  private static double condition(AuditInput input) {
    int dk = BlockAudit.keyWidth(input.tokens().getNumCols());
    SimpleMatrix keys = input.tokens().extractMatrix(0, SimpleMatrix.END, 0, dk);
    SimpleMatrix ridge = SimpleMatrix.identity(keys.getNumRows()).scale(S2 / T2);
    return keys.mult(keys.transpose()).plus(ridge).conditionP2();
  }

  /** Adds that keys and values turn; turned into each other they are no answer. */
  private static void turns(
      PosteriorParts parts, NamedFunction function, List<AuditPlan> plans, Seed seed) {
    AuditParts own = AuditParts.of(new BlockAudit(false), plans, AuditParts.BOUND, seed);
    AuditParts mixed = AuditParts.of(new BlockAudit(true), plans, AuditParts.BOUND, seed);
    parts.add(
        "turns",
        own.part(function).verdict(),
        mixed.control(function.named("keys mixed with values")));
  }

  private static List<AuditPlan> small() {
    return List.of(AuditPlan.of(4, 2, 5), AuditPlan.of(5, 3, 4));
  }

  private static SimpleMatrix bruteForce(AuditInput input) {
    return bruteForce(
        input,
        (p, q) -> {
          double square = 0;
          for (int i = 0; i < p.length; i++) {
            square += (p[i] - q[i]) * (p[i] - q[i]);
          }
          return Math.exp(-square / (2 * BANDWIDTH));
        });
  }

  private static SimpleMatrix bruteForce(
      AuditInput input, ToDoubleBiFunction<double[], double[]> kernel) {
    SimpleMatrix z = input.knowledge();
    int dk = BlockAudit.keyWidth(z.getNumCols());
    int dv = z.getNumCols() - dk;
    GaussianTokens oracle =
        new GaussianTokens(
            0,
            dv,
            (i, p, a, j, q, b) -> a == b ? T2 * kernel.applyAsDouble(p, q) + (i == j ? S2 : 0) : 0);
    Tokens tokens = Tokens.ofRows(new PairTokens(dk, dv), input.tokens().getDDRM().data);
    double[] out = new double[z.getNumElements()];
    for (int i = 0; i < z.getNumRows(); i++) {
      double[] row = z.extractVector(true, i).getDDRM().data;
      double[] mean = oracle.predictiveMean(tokens, Arrays.copyOf(row, dk));
      System.arraycopy(mean, 0, out, i * z.getNumCols() + dk, dv);
    }
    return new SimpleMatrix(z.getNumRows(), z.getNumCols(), true, out);
  }

  /** Adds how fast λ y approaches linear attention: the slope of the log distance on log λ. */
  private static void largeRidge(PosteriorParts parts, Budget budget, Seed seed) {
    double slope = 0;
    double wrong = 0;
    int trials = PosteriorParts.trials(budget);
    for (int trial = 0; trial < trials; trial++) {
      RandomGenerator rng = seed.child(trial).generator();
      AuditInput input = AuditPlan.of(6, 4, 3).input(rng);
      slope += slope(input, linearAttention(input)) / trials;
      SimpleMatrix softmax =
          SoftmaxAttention.of(1)
              .attend(input.knowledge(), Context.of(input.tokens(), input.tokens()));
      wrong += slope(input, softmax) / trials;
    }
    Verdict verdict = Verdict.exact(slope, Prediction.near(-1, 0.02));
    parts.add(
        "leading-term",
        verdict,
        PosteriorParts.control("softmax attention, slope apart from -1", wrong + 1));
  }

  private static SimpleMatrix linearAttention(AuditInput input) {
    return input.knowledge().mult(input.tokens().transpose()).mult(input.tokens());
  }

  private static double slope(AuditInput input, SimpleMatrix limit) {
    double near = distanceAt(1e3, input, limit);
    double far = distanceAt(1e5, input, limit);
    return Math.log(far / near) / Math.log(1e5 / 1e3);
  }

  private static double distanceAt(double ridge, AuditInput input, SimpleMatrix limit) {
    SimpleMatrix queries = input.knowledge();
    SimpleMatrix pairs = input.tokens(); // keys are their own values here
    SimpleMatrix answer =
        PosteriorForm.ridge(ridge, Gram::matrix).at(Gram.of(queries, pairs)).mult(pairs);
    return PosteriorParts.distance(answer.scale(ridge), limit);
  }
}
