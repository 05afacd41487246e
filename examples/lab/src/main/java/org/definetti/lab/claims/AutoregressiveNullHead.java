package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.commons.math3.special.Gamma;
import org.definetti.attention.Attention;
import org.definetti.attention.CausalNullHead;
import org.definetti.attention.CausalStack;
import org.definetti.attention.Context;
import org.definetti.attention.Head;
import org.definetti.attention.NullToken;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.audit.Coherence;
import org.definetti.audit.Exchangeability;
import org.definetti.audit.LogLoss;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.oracle.JointGaussian;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * X1: one null head, with the same parameter at every position, is the exact autoregressive
 * predictor of a conjugate model.
 *
 * <pre>{@code
 * out_t = (Σ_{l < t} T(x^l) + ν χ0) / (t + ν) = E[T(x^t) | x^1..x^(t-1)]     every t
 * }</pre>
 *
 * <ul>
 *   <li>Prefix-exact: against the joint Gaussian, and ratios of the moments of the prior, at every
 *       position of one sequence in one pass.
 *   <li>Coherent: blind to the order of its past, martingale (A2), symmetric in two steps (A3).
 *       Control: two causal layers of the same head, which see the order.
 *   <li>Order: one causal layer whose queries do not see positions is invariant at its last
 *       position to the order of the past, whatever its maps; two layers are not.
 *   <li>Chain rule and regret: losses add up to the evidence; the regret on the worst sequences of
 *       a fair-minded coin is {@code log(T+1)} at every T. Control: a head that sees the last 16
 *       tokens only.
 *   <li>Further parts: {@link MartingalePosterior}, {@link ExcessRisk}, {@link PromptConcepts}.
 *   <li>Source: [derived] (check X1); martingale posterior [source: Falck-2024, sec 2.3/B.1];
 *       excess risk [source: Ye-2024, abstract].
 * </ul>
 */
public final class AutoregressiveNullHead implements Claim {

  private static final String ID = "X1";
  private static final double BOUND = 1e-12;
  private static final double WRONG_COUNT_FACTOR = 1.1;
  private static final double PRIOR_VARIANCE = 0.3;
  private static final double NOISE_VARIANCE = 0.7;
  private static final GaussianMean GAUSSIAN =
      GaussianMean.of(2, PRIOR_VARIANCE, NOISE_VARIANCE)
          .withPriorMean(new SimpleMatrix(1, 2, true, 3.5, -1.25));
  private static final EnumerableModel BETA = EnumerableModel.betaBernoulli(1.3, 2.45);
  private static final EnumerableModel DIRICHLET =
      EnumerableModel.dirichletCategorical(0.7, 1.55, 2.3);
  // Products of so many probabilities are still far above the smallest double.
  private static final int LISTED = 200;

  /** Returns the claim. */
  public AutoregressiveNullHead() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String slug() {
    return "autoregressive-null-head";
  }

  @Override
  public String statement() {
    return "A causal null head with one parameter for all positions is the exact autoregressive"
        + " predictor of a conjugate model, so its continuations draw from the posterior and its"
        + " excess risk is O(log T / T); two causal layers in general see the order of the past, and"
        + " non-exchangeable pretraining still finds a prompt's concept if examples outweigh seams.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check X1; resampling: Falck-2024, sec 2.3/B.1; risk: Ye-2024, abstract;"
            + " prompt condition recalled: Xie-2021");
  }

  @Override
  public String prediction() {
    return "prefixes, coherence, chain rule and Polya pmf to 1e-12; worst T*regret log(T+1);"
        + " distance to the Beta posterior ~ m^-1; T * excess risk grows by 1/2 per log T;"
        + " prompt-concept bound never violated";
  }

  @Override
  public List<String> tags() {
    return List.of("exact", "causal", "regret");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 2;
          case STANDARD -> 5;
          case FULL -> 40;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(gaussianPrefixes(budget, seed.child("gaussian")));
    parts.add(categoryPrefixes(BETA, seed.child("beta")));
    parts.add(categoryPrefixes(DIRICHLET, seed.child("dirichlet")));
    parts.addAll(coherence(budget == Budget.SMOKE ? 3 : 5, seed.child("coherence")));
    parts.add(layers(seed.child("layers")));
    parts.add(chain(budget == Budget.SMOKE ? 200 : 2000, seed.child("chain")));
    parts.add(worstRegret(1000));
    parts.addAll(MartingalePosterior.check(budget));
    ExcessRisk.Outcome risk = ExcessRisk.check(ID, budget, seed.child("risk"), runner);
    parts.add(risk.part());
    parts.addAll(PromptConcepts.check(budget, seed.child("prompts")));
    return ClaimResult.of(parts).withResults(List.of(risk.results()));
  }

  private static CausalNullHead head(ConjugateModel<?> model, double factor) {
    double count = factor * model.priorCount();
    return new CausalNullHead(NullToken.ofCount(count, model.priorMean()));
  }

  /** Every prefix of a sequence against the joint Gaussian of that prefix. */
  private static ClaimPart gaussianPrefixes(Budget budget, Seed seed) {
    int length = budget == Budget.SMOKE ? 48 : budget == Budget.STANDARD ? 128 : 256;
    Tokens tokens = GAUSSIAN.sample(length, seed.generator()).tokens();
    Context context = Context.of(GAUSSIAN, tokens);
    SimpleMatrix right = head(GAUSSIAN, 1).prefixes(context);
    SimpleMatrix wrong = head(GAUSSIAN, WRONG_COUNT_FACTOR).prefixes(context);
    Deviation ofRight = new Deviation();
    Deviation ofWrong = new Deviation();
    for (int t = 0; t <= length; t++) {
      double[] exact = gaussian(tokens.prefix(t));
      ofRight.add(row(right, t), exact);
      ofWrong.add(row(wrong, t), exact);
    }
    return prefixes("gaussian-mean", ofRight, ofWrong);
  }

  private static double[] gaussian(Tokens tokens) {
    double[] mean = GAUSSIAN.priorMean().getDDRM().data.clone();
    int length = tokens.length();
    if (length == 0) {
      return mean;
    }
    double[] cross = new double[length];
    Arrays.fill(cross, PRIOR_VARIANCE);
    double[] weights =
        JointGaussian.observed(
                length, (i, j) -> i == j ? PRIOR_VARIANCE + NOISE_VARIANCE : PRIOR_VARIANCE)
            .weights(cross);
    for (int j = 0; j < mean.length; j++) {
      double prior = mean[j];
      for (int l = 0; l < length; l++) {
        mean[j] += weights[l] * (tokens.at(l, j) - prior);
      }
    }
    return mean;
  }

  /** Every prefix against P(X followed by w) / P(X) from the moments of the prior. */
  private static ClaimPart categoryPrefixes(EnumerableModel model, Seed seed) {
    Tokens tokens = model.model().sample(LISTED, seed.generator()).tokens();
    int[] categories = new int[LISTED];
    Arrays.setAll(categories, l -> (int) tokens.at(l, 0));
    Context context = Context.of(model.model(), tokens);
    SimpleMatrix right = head(model.model(), 1).prefixes(context);
    SimpleMatrix wrong = head(model.model(), WRONG_COUNT_FACTOR).prefixes(context);
    Deviation ofRight = new Deviation();
    Deviation ofWrong = new Deviation();
    for (int t = 0; t <= LISTED; t++) {
      double[] exact = next(model, Arrays.copyOf(categories, t));
      ofRight.add(row(right, t), exact);
      ofWrong.add(row(wrong, t), exact);
    }
    return prefixes(model.name(), ofRight, ofWrong);
  }

  private static double[] next(EnumerableModel model, int... categories) {
    double whole = Enumeration.probability(model.alpha(), categories);
    int[] longer = Arrays.copyOf(categories, categories.length + 1);
    double[] mean = new double[model.statistic(0).length];
    for (int w = 0; w < model.categories(); w++) {
      longer[categories.length] = w;
      double share = Enumeration.probability(model.alpha(), longer) / whole;
      double[] statistic = model.statistic(w);
      for (int j = 0; j < mean.length; j++) {
        mean[j] += share * statistic[j];
      }
    }
    return mean;
  }

  private static double[] row(SimpleMatrix matrix, int row) {
    return matrix.extractVector(true, row).getDDRM().data;
  }

  private static ClaimPart prefixes(String name, Deviation right, Deviation wrong) {
    return ClaimPart.of("prefix:" + name, right.atMost(BOUND))
        .withControl(
            Control.of(
                wrong.atMost(BOUND),
                text("null token 10 %% too heavy: off by up to %.3g", wrong.largest())));
  }

  /** Every past of up to so many tokens: blindness to its order, A2 and A3. */
  private static List<ClaimPart> coherence(int longest, Seed seed) {
    ConjugateModel<SimpleMatrix> model = DIRICHLET.model();
    Function<Tokens, SimpleMatrix> head =
        seen -> {
          SimpleMatrix all = head(model, 1).prefixes(Context.of(model, seen));
          return all.extractVector(true, seen.length());
        };
    Function<Tokens, SimpleMatrix> stacked = twoLayers(model);
    double[] right = new double[3];
    double[] wrong = new double[3];
    for (int length = 0; length <= longest; length++) {
      Enumeration.forEach(
          DIRICHLET.alpha(),
          length,
          (categories, probability) -> {
            Tokens seen = DIRICHLET.tokens(categories);
            Seed own = seed.child(Arrays.toString(categories));
            raise(right, violations(seen, own, head));
            raise(wrong, violations(seen, own, stacked));
          });
    }
    String[] names = {"past-symmetry", "martingale", "two-step-symmetry"};
    List<ClaimPart> parts = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      parts.add(
          ClaimPart.of(names[i], Verdict.exact(right[i], Prediction.atMost(BOUND)))
              .withControl(
                  Control.of(
                      Verdict.exact(wrong[i], Prediction.atMost(BOUND)),
                      text("two causal layers: violated by %.3g", wrong[i]))));
    }
    return parts;
  }

  /** Causal null heads on top of each other: the second averages the first's posterior means. */
  private static Function<Tokens, SimpleMatrix> twoLayers(ConjugateModel<?> model) {
    NullToken prior = NullToken.ofCount(model.priorCount(), model.priorMean());
    int width = model.priorMean().getNumCols();
    Attention layer =
        Head.of(SoftmaxAttention.of(1).withNullToken(prior))
            .withQueryMap(new SimpleMatrix(width, width));
    CausalStack stack = CausalStack.of(layer, layer);
    return seen ->
        seen.length() == 0
            ? model.priorMean()
            : stack.transform(model.statistic(seen)).extractVector(true, seen.length() - 1);
  }

  private static double[] violations(
      Tokens seen, Seed seed, Function<Tokens, SimpleMatrix> predictor) {
    double order =
        Exchangeability.largestGap(
            seen, 6, seed.generator(), tokens -> predictor.apply(tokens).get(0, 0));
    return new double[] {
      order, Coherence.martingaleGap(seen, predictor), Coherence.symmetryGap(seen, predictor)
    };
  }

  private static void raise(double[] largest, double[] values) {
    for (int i = 0; i < largest.length; i++) {
      largest[i] = Math.max(largest[i], values[i]);
    }
  }

  /** Stacks with random maps: the last row before and after the past is reordered. */
  private static ClaimPart layers(Seed seed) {
    double one = 0;
    double two = Double.POSITIVE_INFINITY;
    int width = 4;
    for (int n = 0; n < 20; n++) {
      Seed own = seed.child(n);
      Attention first = randomHead(width, own.child("first"));
      Attention second = randomHead(width, own.child("second"));
      int length = 6 + n;
      SimpleMatrix rows = normal(length, width, own.child("rows"));
      SimpleMatrix reordered = reversedPast(rows);
      one = Math.max(one, lastRowGap(CausalStack.of(first).withResidual(), rows, reordered));
      two =
          Math.min(two, lastRowGap(CausalStack.of(first, second).withResidual(), rows, reordered));
    }
    return ClaimPart.of("one-layer-order", Verdict.exact(one, Prediction.atMost(BOUND)))
        .withControl(
            Control.of(
                Verdict.exact(two, Prediction.atMost(BOUND)),
                text("two layers: last row moves by at least %.3g", two)));
  }

  private static Attention randomHead(int width, Seed seed) {
    NullToken token = NullToken.ofCount(1, normal(1, width, seed.child("null")));
    return Head.of(SoftmaxAttention.of(8).withNullToken(token))
        .withQueryMap(normal(width, width, seed.child("query")))
        .withKeyMap(normal(width, width, seed.child("key")));
  }

  private static SimpleMatrix normal(int rows, int columns, Seed seed) {
    double[] numbers = new double[rows * columns];
    Normal.fill(numbers, 0, numbers.length, seed.generator());
    return new SimpleMatrix(rows, columns, true, numbers);
  }

  private static SimpleMatrix reversedPast(SimpleMatrix rows) {
    int width = rows.getNumCols();
    int past = rows.getNumRows() - 1;
    double[] out = rows.getDDRM().data.clone();
    for (int i = 0; i < past; i++) {
      System.arraycopy(rows.getDDRM().data, (past - 1 - i) * width, out, i * width, width);
    }
    return new SimpleMatrix(past + 1, width, true, out);
  }

  private static double lastRowGap(CausalStack stack, SimpleMatrix rows, SimpleMatrix reordered) {
    int last = rows.getNumRows() - 1;
    SimpleMatrix before = stack.transform(rows).extractVector(true, last);
    return before.minus(stack.transform(reordered).extractVector(true, last)).elementMaxAbs();
  }

  /** Σ losses of the head = -log P(X), the evidence by gamma functions, relative. */
  private static ClaimPart chain(int length, Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (EnumerableModel model : List.of(BETA, DIRICHLET)) {
      Tokens tokens = model.model().sample(length, seed.child(model.name()).generator()).tokens();
      for (int t : new int[] {1, length / 4, length}) {
        Tokens prefix = tokens.prefix(t);
        double exact = -logEvidence(model.alpha(), prefix);
        right.add(LogLoss.total(losses(model.model(), head(model.model(), 1), prefix)), exact);
        CausalNullHead heavy = head(model.model(), WRONG_COUNT_FACTOR);
        wrong.add(LogLoss.total(losses(model.model(), heavy, prefix)), exact);
      }
    }
    return ClaimPart.of("chain-rule", right.atMost(BOUND))
        .withControl(
            Control.of(
                wrong.atMost(BOUND),
                text("null token 10 %% too heavy: off by up to %.3g", wrong.largest())));
  }

  private static double logEvidence(double[] alpha, Tokens tokens) {
    double[] counts = new double[alpha.length];
    for (int l = 0; l < tokens.length(); l++) {
      counts[(int) tokens.at(l, 0)]++;
    }
    double nu = Arrays.stream(alpha).sum();
    double log = Gamma.logGamma(nu) - Gamma.logGamma(nu + tokens.length());
    for (int w = 0; w < alpha.length; w++) {
      log += Gamma.logGamma(alpha[w] + counts[w]) - Gamma.logGamma(alpha[w]);
    }
    return log;
  }

  /** Returns -log p_t(x^t) of a causal attention, all positions in one pass. */
  static double[] losses(ConjugateModel<?> model, Attention causal, Tokens tokens) {
    SimpleMatrix queries = new SimpleMatrix(tokens.length(), tokens.space().keyWidth());
    SimpleMatrix out = causal.attend(queries, Context.of(model, tokens));
    double[] losses = new double[tokens.length()];
    for (int t = 0; t < losses.length; t++) {
      int category = (int) tokens.at(t, 0);
      double probability =
          out.getNumCols() > 1
              ? out.get(t, category)
              : category == 1 ? out.get(t, 0) : 1 - out.get(t, 0);
      losses[t] = -Math.log(probability);
    }
    return losses;
  }

  /** A sequence of ones is the worst for Beta(1, 1); the best coin in hindsight loses nothing. */
  private static ClaimPart worstRegret(int length) {
    EnumerableModel coin = EnumerableModel.betaBernoulli(1, 1);
    int[] ones = new int[length];
    Arrays.fill(ones, 1);
    Tokens tokens = coin.tokens(ones);
    double[] hindsight = new double[length];
    double[] regret =
        LogLoss.regret(losses(coin.model(), head(coin.model(), 1), tokens), hindsight);
    double[] windowed =
        LogLoss.regret(losses(coin.model(), ExcessRisk.windowed(coin.model()), tokens), hindsight);
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int t = 1; t <= length; t++) {
      right.add(regret[t - 1], Math.log(t + 1));
      wrong.add(windowed[t - 1], Math.log(t + 1));
    }
    return ClaimPart.of(
            "worst-regret",
            right
                .atMost(BOUND)
                .withReason(text("T*regret %.4f after 1000 tokens", regret[length - 1])))
        .withControl(
            Control.of(
                wrong.atMost(BOUND),
                text("the last 16 tokens only: T*regret %.1f", windowed[length - 1])));
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
