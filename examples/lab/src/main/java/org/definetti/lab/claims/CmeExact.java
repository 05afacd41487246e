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
import org.definetti.lab.oracle.JointGaussian;
import org.definetti.latent.KeyLaw;
import org.definetti.latent.Tokens;
import org.definetti.latent.regression.LinearRegression;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * B1: kernel-ridge (CME) attention is the exact predictive mean and variance of linear regression
 * in context.
 *
 * <pre>{@code
 * E[v | q, X] = κ(q, K) (κ(K, K) + λ I)⁻¹ V,   λ = s2 / t2
 * Cov(v | q, X) = (s2 + t2 [κ(q, q) - κ(q, K) (κ(K, K) + λ I)⁻¹ κ(K, q)]) I
 * }</pre>
 *
 * <ul>
 *   <li>Exact side: the values of all tokens and of the masked one are jointly Gaussian with {@code
 *       Cov(v_i, v_j) = t2 k_i·k_j + s2 [i = j]}; that covariance is written out and conditioned
 *       on. No ridge, no features.
 *   <li>Both branches of the attention are met: the dual one up to L = 8 keys, the primal above.
 *   <li>Control: the ridge twice as large.
 *   <li>Source: the mean [source: Zhang-2023, sec 4.1]; the ridge as a ratio of variances and the
 *       covariance [derived] (check B1).
 * </ul>
 */
public final class CmeExact implements Claim {

  private static final double BOUND = 1e-10;
  private static final int KEY_WIDTH = 8;
  private static final int VALUE_WIDTH = 2;
  private static final double PRIOR_VARIANCE = 1.7;
  private static final double NOISE_VARIANCE = 0.35;
  private static final int SEQUENCES = 3;
  private static final int QUERIES = 4;
  private static final double WRONG_RIDGE_FACTOR = 2;
  private static final LinearRegression SPHERE =
      LinearRegression.of(KEY_WIDTH, VALUE_WIDTH, PRIOR_VARIANCE, NOISE_VARIANCE);

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
        + " predictive mean of linear regression in context at every length, and its predictive"
        + " variance is exact too.";
  }

  @Override
  public Source source() {
    return Source.derived("check B1: ridge and variance; the mean is that of Zhang-2023, sec 4.1");
  }

  @Override
  public String prediction() {
    return "largest deviation of mean and variance <= 1e-10 over lengths 1..1024;"
        + " posterior-kl <= 1e-10";
  }

  @Override
  public List<String> tags() {
    return List.of("length", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.FULL ? 5 : 1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int[] lengths = Doubling.upTo(longest(budget));
    List<ClaimPart> parts = new ArrayList<>();
    parts.addAll(exactness("sphere-keys", SPHERE, lengths, seed));
    parts.addAll(exactness("gaussian-keys", SPHERE.withKeys(KeyLaw.GAUSSIAN), lengths, seed));
    parts.add(divergence(SPHERE, lengths, seed.child("posterior-kl")));
    return ClaimResult.of(parts);
  }

  private static int longest(Budget budget) {
    return switch (budget) {
      case SMOKE -> 128;
      case STANDARD -> 512;
      case FULL -> 1024;
    };
  }

  private static List<ClaimPart> exactness(
      String name, LinearRegression model, int[] lengths, Seed seed) {
    KernelRidgeAttention right = (KernelRidgeAttention) Derivation.of(model, "cme").attention();
    Gaps gaps = new Gaps();
    Gaps ofControl = new Gaps();
    for (int s = 0; s < SEQUENCES; s++) {
      Seed own = seed.child(name).child(s);
      Tokens sequence =
          model.sample(lengths[lengths.length - 1], own.child("tokens").generator()).tokens();
      for (int length : lengths) {
        Tokens tokens = sequence.prefix(length);
        List<Question> questions = questions(model, tokens, own.child("queries").child(length));
        Context context = Context.of(model, tokens);
        gaps.add(right, context, questions);
        ofControl.add(doubled(right), context, questions);
      }
    }
    return List.of(
        part("mean:" + name, gaps.mean, ofControl.mean),
        part("variance:" + name, gaps.variance, ofControl.variance));
  }

  private static KernelRidgeAttention doubled(KernelRidgeAttention right) {
    return KernelRidgeAttention.of(right.kernel(), WRONG_RIDGE_FACTOR * right.ridge());
  }

  private static ClaimPart part(String name, Deviation right, Deviation wrong) {
    Control control =
        Control.of(
            wrong.atMost(BOUND),
            String.format(Locale.ROOT, "ridge times 2: largest deviation %.3g", wrong.largest()));
    return ClaimPart.of(name, right.atMost(BOUND)).withControl(control);
  }

  /** A query with the exact mean and variance of the masked value. */
  private record Question(SimpleMatrix query, SimpleMatrix mean, double variance) {}

  /** The largest deviations of one attention. */
  private static final class Gaps {
    private final Deviation mean = new Deviation();
    private final Deviation variance = new Deviation();

    void add(KernelRidgeAttention attention, Context context, List<Question> questions) {
      for (Question question : questions) {
        mean.add(
            attention.attend(question.query, context).getDDRM().data, question.mean.getDDRM().data);
        variance.add(
            attention.predictiveVariance(question.query, context, NOISE_VARIANCE).get(0),
            question.variance);
      }
    }
  }

  private static List<Question> questions(LinearRegression model, Tokens tokens, Seed seed) {
    JointGaussian observed =
        JointGaussian.observed(
            tokens.length(),
            (i, j) -> PRIOR_VARIANCE * keyProduct(tokens, i, j) + (i == j ? NOISE_VARIANCE : 0));
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < QUERIES; i++) {
      questions.add(ask(model.drawQuery(seed.child(i).generator()), tokens, observed));
    }
    return questions;
  }

  private static Question ask(SimpleMatrix query, Tokens tokens, JointGaussian observed) {
    double[] q = query.getDDRM().data;
    double[] cross = new double[tokens.length()];
    for (int l = 0; l < cross.length; l++) {
      for (int c = 0; c < KEY_WIDTH; c++) {
        cross[l] += PRIOR_VARIANCE * q[c] * tokens.at(l, c);
      }
    }
    double[] weights = observed.weights(cross);
    SimpleMatrix mean = new SimpleMatrix(1, VALUE_WIDTH);
    for (int l = 0; l < cross.length; l++) {
      for (int j = 0; j < VALUE_WIDTH; j++) {
        mean.getDDRM().data[j] += weights[l] * tokens.at(l, KEY_WIDTH + j);
      }
    }
    double prior = PRIOR_VARIANCE * JointGaussian.dot(q, q) + NOISE_VARIANCE;
    return new Question(query, mean, prior - JointGaussian.dot(cross, weights));
  }

  private static double keyProduct(Tokens tokens, int i, int j) {
    double product = 0;
    for (int c = 0; c < KEY_WIDTH; c++) {
      product += tokens.at(i, c) * tokens.at(j, c);
    }
    return product;
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
