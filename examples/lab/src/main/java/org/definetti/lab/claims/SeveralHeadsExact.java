package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.EvidenceMixtureAttention;
import org.definetti.attention.KernelRidgeAttention;
import org.definetti.derivation.SeveralLatents;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
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
 * B5: how many heads several latents need.
 *
 * <pre>{@code
 * independent   E[v | q, X] = concat_h cme_h(q, K_h, V_h)        each with its own ridge
 * additive      one head, kernel Σ_h t2_h κ_h, ridge Σ_h s2_h
 * uncertain     Σ_c P(c | X) cme_c,   P(c | X) = softmax_c(log p_c + log evidence_c)
 * }</pre>
 *
 * <ul>
 *   <li>Exact side: joint Gaussians of the values written out and conditioned on; evidences by the
 *       chain rule of one-step predictions through the same covariances.
 *   <li>Models: the linear kernel and the radial one, of unlike prior variances.
 *   <li>Controls: the ridge of one head for both; the heads' outputs summed; the prior mixture.
 *   <li>Source: [derived] (check B5).
 * </ul>
 */
public final class SeveralHeadsExact implements Claim {

  private static final double BOUND = 1e-10;
  private static final double NOISE = 0.25;
  private static final double[] VARIANCES = {1.5, 0.4};
  private static final double SQUARED_SCALE = 0.5;
  private static final LinearRegression LINEAR =
      LinearRegression.of(3, 1, VARIANCES[0], NOISE).withKeys(KeyLaw.GAUSSIAN);
  private static final GaussianProcess RADIAL =
      GaussianProcess.of(new RbfKernel(SQUARED_SCALE), 3, VARIANCES[1], NOISE)
          .withKeys(KeyLaw.GAUSSIAN);
  private static final List<LinearGaussianModel<?>> BOTH = List.of(LINEAR, RADIAL);
  private static final SimpleMatrix PRIOR = new SimpleMatrix(1, 2, true, 0.3, 0.7);

  /** Returns the claim. */
  public SeveralHeadsExact() {}

  @Override
  public String id() {
    return "B5";
  }

  @Override
  public String slug() {
    return "several-heads-exact";
  }

  @Override
  public String statement() {
    return "Independent latents need a head each with its own ridge, a sum of latents one head with"
        + " the summed kernel, and an uncertain kernel heads mixed by their evidence: each the"
        + " exact posterior mean.";
  }

  @Override
  public Source source() {
    return Source.derived("check B5; Zhang-2022's own statement on heads is not known");
  }

  @Override
  public String prediction() {
    return "largest deviation <= 1e-10";
  }

  @Override
  public List<String> tags() {
    return List.of("exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.FULL ? 5 : 1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int longest = budget == Budget.SMOKE ? 32 : budget == Budget.STANDARD ? 64 : 128;
    Trio trio = new Trio();
    for (int trial = 0; trial < 4; trial++) {
      for (int length : Doubling.upTo(longest)) {
        Seed own = seed.child(trial).child(length);
        Tokens first = LINEAR.sample(length, own.child("linear").generator()).tokens();
        Tokens second = RADIAL.sample(length, own.child("radial").generator()).tokens();
        trio.independent(first, second, LINEAR.drawQuery(own.child("query").generator()));
        trio.additive(first, second, LINEAR.drawQuery(own.child("query").generator()));
        trio.uncertain(
            trial % 2 == 0 ? first : second, LINEAR.drawQuery(own.child("query").generator()));
      }
    }
    return ClaimResult.of(
        part("independent", trio.right[0], trio.wrong[0], "one shared ridge"),
        part("additive", trio.right[1], trio.wrong[1], "sum of separate heads"),
        part("uncertain", trio.right[2], trio.wrong[2], "mixture by the prior"));
  }

  /** Prior covariance of the function of model h (0 linear, 1 radial, 2 their sum) at two keys. */
  private static double covariance(int h, SimpleMatrix a, int i, SimpleMatrix b, int j) {
    double product = 0;
    double square = 0;
    for (int c = 0; c < 3; c++) {
      product += a.get(i, c) * b.get(j, c);
      square += Math.pow(a.get(i, c) - b.get(j, c), 2);
    }
    double linear = VARIANCES[0] * product;
    double radial = VARIANCES[1] * Math.exp(-square / (2 * SQUARED_SCALE));
    return h == 0 ? linear : h == 1 ? radial : linear + radial;
  }

  /** E[v | q, X] of model h from the first {@code n} tokens, and the variance of that value. */
  private static double[] condition(
      int h, double noise, SimpleMatrix keys, double[] values, int n, SimpleMatrix query) {
    JointGaussian observed =
        JointGaussian.observed(n, (i, j) -> covariance(h, keys, i, keys, j) + (i == j ? noise : 0));
    double[] cross = new double[n];
    for (int l = 0; l < n; l++) {
      cross[l] = covariance(h, query, 0, keys, l);
    }
    double[] weights = observed.weights(cross);
    double mean = 0;
    for (int l = 0; l < n; l++) {
      mean += weights[l] * values[l];
    }
    double variance = covariance(h, query, 0, query, 0) + noise - JointGaussian.dot(cross, weights);
    return new double[] {mean, variance};
  }

  private static double logEvidence(int h, SimpleMatrix keys, double[] values) {
    double sum = 0;
    for (int n = 0; n < values.length; n++) {
      double[] next =
          n == 0
              ? new double[] {0, covariance(h, keys, 0, keys, 0) + NOISE}
              : condition(h, NOISE, keys, values, n, keys.rows(n, n + 1));
      double gap = values[n] - next[0];
      sum -= (gap * gap / next[1] + Math.log(2 * Math.PI * next[1])) / 2;
    }
    return sum;
  }

  /** The deviations of the three cases and of their controls. */
  private static final class Trio {
    private final Deviation[] right = {new Deviation(), new Deviation(), new Deviation()};
    private final Deviation[] wrong = {new Deviation(), new Deviation(), new Deviation()};

    void independent(Tokens first, Tokens second, SimpleMatrix query) {
      SimpleMatrix both = query.concatColumns(query.scale(-0.5));
      Context context =
          Context.of(
              first.keys().concatColumns(second.keys()),
              first.values().concatColumns(second.values()));
      double[] exact = {mean(0, NOISE, first, query), mean(1, NOISE, second, query.scale(-0.5))};
      Attention heads = SeveralLatents.independent(BOTH).attention();
      right[0].add(heads.attend(both, context).getDDRM().data, exact);
      Attention shared = KernelRidgeAttention.of(RADIAL.kernel(), NOISE / VARIANCES[0]);
      Context own = Context.of(second.keys(), second.values());
      wrong[0].add(shared.attend(query.scale(-0.5), own).get(0), exact[1]);
    }

    void additive(Tokens first, Tokens second, SimpleMatrix query) {
      // Any values will do, so those of two sequences at the keys of one.
      SimpleMatrix values = first.values().plus(second.values());
      Context context = Context.of(first.keys(), values);
      double[] column = values.getDDRM().data;
      double exact = condition(2, 2 * NOISE, first.keys(), column, column.length, query)[0];
      right[1].add(SeveralLatents.additive(BOTH).attention().attend(query, context).get(0), exact);
      double separate = 0;
      for (LinearGaussianModel<?> model : BOTH) {
        double ridge = model.noiseVariance() / model.priorVariance();
        separate += KernelRidgeAttention.of(model.kernel(), ridge).attend(query, context).get(0);
      }
      wrong[1].add(separate, exact);
    }

    void uncertain(Tokens tokens, SimpleMatrix query) {
      double[] values = tokens.values().getDDRM().data;
      double odds =
          Math.exp(logEvidence(1, tokens.keys(), values) - logEvidence(0, tokens.keys(), values));
      double linear = PRIOR.get(0) / (PRIOR.get(0) + PRIOR.get(1) * odds);
      double[] means = {mean(0, NOISE, tokens, query), mean(1, NOISE, tokens, query)};
      double exact = linear * means[0] + (1 - linear) * means[1];
      EvidenceMixtureAttention mixture =
          (EvidenceMixtureAttention) SeveralLatents.uncertain(BOTH, PRIOR).attention();
      Context context = Context.of(tokens.keys(), tokens.values());
      right[2].add(mixture.posterior(context).get(0), linear);
      right[2].add(mixture.attend(query, context).get(0), exact);
      wrong[2].add(PRIOR.get(0) * means[0] + PRIOR.get(1) * means[1], exact);
    }

    private static double mean(int h, double noise, Tokens tokens, SimpleMatrix query) {
      double[] values = tokens.values().getDDRM().data;
      return condition(h, noise, tokens.keys(), values, values.length, query)[0];
    }
  }

  private static ClaimPart part(String name, Deviation right, Deviation wrong, String control) {
    String text =
        String.format(Locale.ROOT, "%s: largest deviation %.3g", control, wrong.largest());
    return ClaimPart.of(name, right.atMost(BOUND))
        .withControl(Control.of(wrong.atMost(BOUND), text));
  }
}
