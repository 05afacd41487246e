package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.definetti.attention.Context;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.derivation.BeliefReadout;
import org.definetti.derivation.Derivation;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.kernel.Kernel;
import org.definetti.kernel.LinearKernel;
import org.definetti.kernel.RbfKernel;
import org.definetti.lab.oracle.JointGaussian;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.LinearGaussianModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.regression.GaussianProcess;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * B1: kernel-ridge (CME) attention is the exact predictive mean and variance of linear regression
 * in context and of Gaussian-process regression, in each of its forms.
 *
 * <pre>{@code
 * primal     φ(q)ᵀ (Φᵀ Φ + λ I)⁻¹ Φᵀ V              s2 (1 + φ(q)ᵀ (Φᵀ Φ + λ I)⁻¹ φ(q))
 * dual       κ(q, K) (κ(K, K) + λ I)⁻¹ V            s2 + t2 [κ(q, q) - κ(q, K) (κ(K, K) + λ I)⁻¹ κ(K, q)]
 * operator   Ĉ_VK (Ĉ_KK + λ/L I)⁻¹ φ(q)             s2 (1 + φ(q)ᵀ (Ĉ_KK + λ/L I)⁻¹ φ(q) / L)
 * λ = s2 / t2
 * }</pre>
 *
 * <ul>
 *   <li>Exact side: the values of all tokens and of the masked one are jointly Gaussian with {@code
 *       Cov(v_i, v_j) = t2 κ(k_i, k_j) + s2 [i = j]}; that covariance is written out and
 *       conditioned on. No ridge, no features.
 *   <li>Models: linear regression of several widths and ridges, keys on the sphere and Gaussian; a
 *       Gaussian process with radial basis kernel, which has no finite features and so no primal
 *       form.
 *   <li>Each form at each length: the attention takes the cheaper one, so the primal form is met
 *       with tokens of zero key and zero value appended, which say nothing, and the dual form with
 *       a kernel that does not tell its features.
 *   <li>Control: for the primal form the ridge inverted, t2 / s2; for the dual one twice the ridge;
 *       for the operators λ in place of λ / L.
 *   <li>Source: the mean [source: Zhang-2023, sec 4.1]; the ridge as a ratio of variances and the
 *       covariance [derived] (check B1).
 * </ul>
 */
public final class CmeExact implements Claim {

  private static final double BOUND = 1e-10;
  private static final int QUERIES = 3;
  private static final double WRONG_RIDGE_FACTOR = 2;
  private static final double PRIOR_VARIANCE = 1.7;
  private static final double BANDWIDTH = 0.4;
  private static final LinearRegression SPHERE =
      LinearRegression.of(8, 2, PRIOR_VARIANCE, 0.2 * PRIOR_VARIANCE);

  /** Returns the claim. */
  public CmeExact() {}

  @Override
  public String id() {
    return "B1";
  }

  @Override
  public String slug() {
    return "cme-exact";
  }

  @Override
  public String statement() {
    return "Kernel-ridge (CME) attention with ridge = noise variance / prior variance is the exact"
        + " predictive mean of linear and of Gaussian-process regression in context at every"
        + " length, and its predictive variance is exact too; so it is in primal, dual and operator"
        + " form.";
  }

  @Override
  public Source source() {
    return Source.derived("check B1: ridge and variance; the mean is that of Zhang-2023, sec 4.1");
  }

  @Override
  public String prediction() {
    return "largest deviation of mean and variance <= 1e-10 in each form over lengths 1..1024;"
        + " posterior-kl <= 1e-10";
  }

  @Override
  public List<String> tags() {
    return List.of("length", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 4;
          case FULL -> 20;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int[] lengths = Doubling.upTo(longest(budget));
    List<ClaimPart> parts = new ArrayList<>();
    parts.addAll(exactness("linear-regression", linear(), true, lengths, seed));
    parts.addAll(exactness("gaussian-process", processes(), false, lengths, seed));
    parts.add(divergence(SPHERE, lengths, seed.child("posterior-kl")));
    return ClaimResult.of(parts);
  }

  private static int longest(Budget budget) {
    return switch (budget) {
      case SMOKE -> 64;
      case STANDARD -> 512;
      case FULL -> 1024;
    };
  }

  private static List<LinearGaussianModel<?>> linear() {
    return List.of(
        SPHERE,
        SPHERE.withKeys(KeyLaw.GAUSSIAN),
        LinearRegression.of(1, 1, PRIOR_VARIANCE, 5 * PRIOR_VARIANCE).withKeys(KeyLaw.GAUSSIAN),
        LinearRegression.of(3, 5, PRIOR_VARIANCE, 0.01 * PRIOR_VARIANCE),
        LinearRegression.of(16, 1, PRIOR_VARIANCE, 0.03 * PRIOR_VARIANCE));
  }

  private static List<LinearGaussianModel<?>> processes() {
    RbfKernel kernel = new RbfKernel(BANDWIDTH);
    return List.of(
        GaussianProcess.of(kernel, 1, PRIOR_VARIANCE, 0.2 * PRIOR_VARIANCE)
            .withKeys(KeyLaw.GAUSSIAN),
        GaussianProcess.of(kernel, 3, PRIOR_VARIANCE, 0.01 * PRIOR_VARIANCE).withValueWidth(2),
        GaussianProcess.of(kernel, 8, PRIOR_VARIANCE, 5 * PRIOR_VARIANCE).withValueWidth(3));
  }

  private static List<ClaimPart> exactness(
      String name,
      List<LinearGaussianModel<?>> models,
      boolean hasFeatures,
      int[] lengths,
      Seed seed) {
    Gaps primal = new Gaps();
    Gaps inverted = new Gaps();
    Gaps dual = new Gaps();
    Gaps doubled = new Gaps();
    Gaps operator = new Gaps();
    Gaps undivided = new Gaps();
    for (int m = 0; m < models.size(); m++) {
      LinearGaussianModel<?> model = models.get(m);
      KernelRidgeAttention cme = (KernelRidgeAttention) Derivation.of(model, "cme").attention();
      double ridge = cme.ridge();
      double noise = model.noiseVariance();
      Kernel silent = new WithoutFeatures(cme.kernel());
      Seed own = seed.child(name).child(m);
      Tokens sequence = sample(model, lengths[lengths.length - 1], own.child("tokens"));
      for (int length : lengths) {
        Tokens tokens = sequence.prefix(length);
        Context context = Context.of(model, tokens);
        Questions questions = ask(model, tokens, own.child("queries").child(length));
        if (hasFeatures) {
          Context longer = padded(context);
          primal.add(cme, longer, questions, noise);
          inverted.add(KernelRidgeAttention.of(cme.kernel(), 1 / ridge), longer, questions, noise);
        }
        KernelRidgeAttention byGram = KernelRidgeAttention.of(silent, ridge);
        dual.add(byGram, context, questions, noise);
        doubled.add(doubled(byGram), context, questions, noise);
        operator.add(cme.kernel(), ridge / length, context, questions, noise);
        undivided.add(cme.kernel(), ridge, context, questions, noise);
      }
    }
    List<ClaimPart> parts = new ArrayList<>();
    if (hasFeatures) {
      parts.addAll(parts("primal:" + name, primal, "ridge inverted", inverted));
    }
    parts.addAll(parts("dual:" + name, dual, "ridge times 2", doubled));
    parts.addAll(parts("operator:" + name, operator, "ridge not divided by L", undivided));
    return parts;
  }

  private static Tokens sample(LinearGaussianModel<?> model, int length, Seed seed) {
    return model.sample(length, seed.generator()).tokens();
  }

  /** Appends tokens of zero key and value until there are more than features. */
  private static Context padded(Context context) {
    int width = context.keys().getNumCols();
    int missing = Math.max(0, width + 1 - context.length());
    return Context.of(
        context.keys().concatRows(new SimpleMatrix(missing, width)),
        context.values().concatRows(new SimpleMatrix(missing, context.values().getNumCols())));
  }

  private static EmpiricalEmbedding embedding(
      Kernel kernel, Context context, SimpleMatrix query, double ridge) {
    SimpleMatrix keys = context.keys();
    return kernel.equals(new LinearKernel())
        ? EmpiricalEmbedding.ofMoments(keys, context.values(), query, ridge)
        : EmpiricalEmbedding.ofOperators(kernel, keys, context.values(), query, ridge);
  }

  private static KernelRidgeAttention doubled(KernelRidgeAttention right) {
    return KernelRidgeAttention.of(right.kernel(), WRONG_RIDGE_FACTOR * right.ridge());
  }

  private static List<ClaimPart> parts(String name, Gaps right, String error, Gaps wrong) {
    return List.of(
        part("mean:" + name, right.mean, error, wrong.mean),
        part("variance:" + name, right.variance, error, wrong.variance));
  }

  private static ClaimPart part(String name, Deviation right, String error, Deviation wrong) {
    Control control =
        Control.of(
            wrong.atMost(BOUND),
            String.format(Locale.ROOT, "%s: largest deviation %.3g", error, wrong.largest()));
    return ClaimPart.of(name, right.atMost(BOUND)).withControl(control);
  }

  /** A kernel that does not tell its features, so that the attention goes by the Gram matrix. */
  private record WithoutFeatures(Kernel kernel) implements Kernel {
    @Override
    public SimpleMatrix gram(SimpleMatrix a, SimpleMatrix b) {
      return kernel.gram(a, b);
    }

    @Override
    public SimpleMatrix diagonal(SimpleMatrix a) {
      return kernel.diagonal(a);
    }
  }

  /** Queries, a row each, with the exact means and variances of the masked value. */
  private record Questions(SimpleMatrix queries, SimpleMatrix means, SimpleMatrix variances) {}

  /** The largest deviations of one form. */
  private static final class Gaps {
    private final Deviation mean = new Deviation();
    private final Deviation variance = new Deviation();

    void add(KernelRidgeAttention attention, Context context, Questions asked, double noise) {
      mean.add(numbers(attention.attend(asked.queries, context)), numbers(asked.means));
      variance.add(
          numbers(attention.predictiveVariance(asked.queries, context, noise)),
          numbers(asked.variances));
    }

    void add(Kernel kernel, double ridge, Context context, Questions asked, double noise) {
      for (int i = 0; i < QUERIES; i++) {
        SimpleMatrix query = asked.queries.extractVector(true, i);
        EmpiricalEmbedding embedding = embedding(kernel, context, query, ridge);
        mean.add(numbers(embedding.mean()), numbers(asked.means.extractVector(true, i)));
        variance.add(noise * (1 + embedding.leverage()), asked.variances.get(i));
      }
    }

    private static double[] numbers(SimpleMatrix matrix) {
      return matrix.getDDRM().data;
    }
  }

  private static Questions ask(LinearGaussianModel<?> model, Tokens tokens, Seed seed) {
    double noise = model.noiseVariance();
    boolean radial = model instanceof GaussianProcess;
    double[][] keys = new double[tokens.length()][model.tokenSpace().keyWidth()];
    for (int l = 0; l < keys.length; l++) {
      for (int c = 0; c < keys[l].length; c++) {
        keys[l][c] = tokens.at(l, c);
      }
    }
    JointGaussian observed =
        JointGaussian.observed(
            keys.length, (i, j) -> covariance(radial, keys[i], keys[j]) + (i == j ? noise : 0));
    SimpleMatrix queries = new SimpleMatrix(0, model.tokenSpace().keyWidth());
    SimpleMatrix means = new SimpleMatrix(0, model.tokenSpace().valueWidth());
    SimpleMatrix variances = new SimpleMatrix(0, 1);
    for (int i = 0; i < QUERIES; i++) {
      SimpleMatrix query = model.drawQuery(seed.child(i).generator());
      double[] q = query.getDDRM().data;
      double[] cross = new double[keys.length];
      for (int l = 0; l < cross.length; l++) {
        cross[l] = covariance(radial, q, keys[l]);
      }
      double[] weights = observed.weights(cross);
      double variance = covariance(radial, q, q) + noise - JointGaussian.dot(cross, weights);
      queries = queries.concatRows(query);
      means = means.concatRows(weighted(weights, tokens));
      variances = variances.concatRows(new SimpleMatrix(1, 1, true, variance));
    }
    return new Questions(queries, means, variances);
  }

  private static SimpleMatrix weighted(double[] weights, Tokens tokens) {
    return new SimpleMatrix(1, weights.length, true, weights).mult(tokens.values());
  }

  /** Cov(z(a), z(b)) of one output: t2 a·b, or t2 exp(-|a - b|² / (2 γ)). */
  private static double covariance(boolean radial, double[] a, double[] b) {
    double product = 0;
    double distance = 0;
    for (int c = 0; c < a.length; c++) {
      product += a[c] * b[c];
      distance += (a[c] - b[c]) * (a[c] - b[c]);
    }
    return PRIOR_VARIANCE * (radial ? Math.exp(-distance / (2 * BANDWIDTH)) : product);
  }

  /** KL of the exact P(z | X) from the belief read out of the attention. */
  private static ClaimPart divergence(LinearRegression model, int[] lengths, Seed seed) {
    KernelRidgeAttention right = (KernelRidgeAttention) Derivation.of(model, "cme").attention();
    Deviation ofRight = new Deviation();
    Deviation ofWrong = new Deviation();
    Tokens sequence = model.sample(lengths[lengths.length - 1], seed.generator()).tokens();
    for (int length : lengths) {
      Tokens tokens = sequence.prefix(length);
      ofRight.add(klNats(model, right, tokens), 0);
      ofWrong.add(klNats(model, doubled(right), tokens), 0);
    }
    Verdict verdict = ofRight.atMost(BOUND).withReason(whySoftmaxHasNone(model, sequence));
    Control control =
        Control.of(
            ofWrong.atMost(BOUND),
            String.format(
                Locale.ROOT, "ridge times 2: largest posterior-kl %.3g nats", ofWrong.largest()));
    return ClaimPart.of("posterior-kl", verdict).withControl(control);
  }

  private static double klNats(
      LinearRegression model, KernelRidgeAttention attention, Tokens tokens) {
    return model
        .prior()
        .observe(tokens)
        .klNats(BeliefReadout.of(model, attention, Context.of(model, tokens)));
  }

  private static String whySoftmaxHasNone(LinearRegression model, Tokens tokens) {
    try {
      BeliefReadout.of(
          model, Derivation.of(model, "corrected-softmax").attention(), Context.of(model, tokens));
      return "";
    } catch (UnsupportedOperationException e) {
      return "corrected softmax has none: " + e.getMessage();
    }
  }
}
