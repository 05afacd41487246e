package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.MeanPooling;
import org.definetti.attention.NullToken;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.attention.WeightedAttention;
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
import org.definetti.lab.oracle.ChineseRestaurant;
import org.definetti.lab.oracle.JointGaussian;
import org.definetti.lab.oracle.MeanVarianceQuadrature;
import org.definetti.lab.oracle.RateQuadrature;
import org.definetti.lab.oracle.SimplexQuadrature;
import org.definetti.latent.ConjugateModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.conjugate.GammaPoisson;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.latent.conjugate.NormalInverseWishart;
import org.definetti.latent.mixture.DirichletProcess;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * B2: a softmax head with a null token is the exact posterior mean of a conjugate model.
 *
 * <pre>{@code
 * out = (Σ T(x^l) + ν χ0) / (L + ν) = E[E(T|z) | X],   w0 = ν / (L + ν)
 * L = ν (1/w0 - 1),   Σ T = ν out / w0 - ν χ0
 * }</pre>
 *
 * <ul>
 *   <li>Exact side: for {@code gaussian-mean} the joint Gaussian of z and all tokens, conditioned
 *       through its full covariance (coordinates are independent, so each has a covariance of its
 *       own); for {@code dirichlet-categorical} and {@code beta-bernoulli} quadrature over the
 *       simplex, for {@code gamma-poisson} over the rate, for {@code normal-inverse-wishart} over
 *       mean and variance; for {@code dirichlet-process} the Chinese restaurant, table by table.
 *       None shares code with the head.
 *   <li>Lengths: powers of two; at full budget every one from 1 to 1000, then up to 4096.
 *   <li>Control: mean pooling, which has no null token; for what is read out of the head, a null
 *       token that weighs 10 % too much.
 *   <li>Noise: none that matters; the deviations are rounding, whatever the seed.
 *   <li>Source: [derived] (check B2).
 * </ul>
 */
public final class NullTokenExact implements Claim {

  private static final double BOUND = 1e-12;
  private static final double INVERSION_BOUND = 1e-9;
  // A divergence is quadratic in the deviation, so only the rounding of its own logs is left.
  private static final double DIVERGENCE_BOUND = 1e-9;
  private static final int EVERY_LENGTH = 1000; // at most this long, no length is left out
  private static final int SEQUENCES = 2;
  private static final double WRONG_COUNT_FACTOR = 1.1;

  private static final double PRIOR_VARIANCE = 0.3;
  private static final double NOISE_VARIANCE = 0.7;
  private static final GaussianMean GAUSSIAN =
      GaussianMean.of(2, PRIOR_VARIANCE, NOISE_VARIANCE)
          .withPriorMean(new SimpleMatrix(1, 2, true, 3.5, -1.25));
  private static final DirichletCategorical DIRICHLET = DirichletCategorical.of(0.7, 1.55, 2.3);
  private static final BetaBernoulli BETA = BetaBernoulli.of(1.3, 2.45);
  private static final GammaPoisson COUNTS = GammaPoisson.of(2.6, 0.8);
  private static final NormalInverseWishart NORMAL =
      NormalInverseWishart.of(
          new SimpleMatrix(1, 1, true, -0.75), 1.6, new SimpleMatrix(1, 1, true, 2.2), 4.5);
  private static final DirichletProcess PROCESS =
      DirichletProcess.of(2, 3.4, 1.3).withBaseMean(new SimpleMatrix(1, 2, true, 0.6, -2));
  private static final List<ConjugateModel<?>> MODELS =
      List.of(GAUSSIAN, DIRICHLET, BETA, COUNTS, NORMAL, PROCESS);
  // Of the others no density is known from a count and a sum.
  private static final List<ConjugateModel<?>> WITH_DIVERGENCE =
      List.of(GAUSSIAN, DIRICHLET, BETA, COUNTS);

  /** Returns the claim. */
  public NullTokenExact() {}

  @Override
  public String id() {
    return "B2";
  }

  @Override
  public String slug() {
    return "null-token-exact";
  }

  @Override
  public String statement() {
    return "A softmax head with all logits 0 and a null token of logit log nu and value chi0 is the"
        + " exact posterior mean of a conjugate model at every length, and its output and null"
        + " weight together determine the posterior.";
  }

  @Override
  public Source source() {
    return Source.derived("check B2; linear posterior mean recalled: Diaconis-Ylvisaker");
  }

  @Override
  public String prediction() {
    return "largest deviation <= 1e-12 over lengths 1..4096; "
        + "(L, sum of T) read back within 1e-9 for L = 1..1000; posterior-kl <= 1e-9";
  }

  @Override
  public List<String> tags() {
    return List.of("length", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 2;
          case STANDARD -> 2;
          case FULL -> 100;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int[] lengths = lengths(budget);
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(exactness(GAUSSIAN, NullTokenExact::gaussian, lengths, seed));
    parts.add(exactness(DIRICHLET, n -> tokens -> simplex(tokens, 0.7, 1.55, 2.3), lengths, seed));
    // Category 1 is the success, whose pseudo-count is a; quadrature lists category 0 first.
    parts.add(
        exactness(
            BETA, n -> tokens -> new double[] {simplex(tokens, 2.45, 1.3)[1]}, lengths, seed));
    parts.add(exactness(COUNTS, n -> NullTokenExact::meanRate, lengths, seed));
    parts.add(exactness(NORMAL, n -> NullTokenExact::meanOfMean, lengths, seed));
    parts.add(exactness(PROCESS, n -> NullTokenExact::nextGuest, lengths, seed));
    parts.add(inversion(seed));
    parts.add(divergence(lengths, seed));
    return ClaimResult.of(parts);
  }

  private static int[] lengths(Budget budget) {
    return switch (budget) {
      case SMOKE -> Doubling.upTo(256);
      case STANDARD -> Doubling.upTo(1024);
      case FULL ->
          IntStream.concat(IntStream.rangeClosed(1, EVERY_LENGTH), IntStream.of(1024, 2048, 4096))
              .toArray();
    };
  }

  /**
   * Holds the derived head, and mean pooling as its control, against the exact posterior mean.
   *
   * @param exact length to the posterior mean of E(T|z) given so many tokens
   */
  private static ClaimPart exactness(
      ConjugateModel<?> model,
      IntFunction<Function<Tokens, double[]>> exact,
      int[] lengths,
      Seed seed) {
    Attention head = Derivation.of(model).attention();
    Attention pooling = new MeanPooling();
    Deviation ofHead = new Deviation();
    Deviation ofPooling = new Deviation();
    List<Tokens> sequences = sequences(model, lengths[lengths.length - 1], seed);
    for (int length : lengths) {
      Function<Tokens, double[]> posteriorMean = exact.apply(length);
      for (Tokens sequence : sequences) {
        Tokens tokens = sequence.prefix(length);
        double[] expected = posteriorMean.apply(tokens);
        ofHead.add(attend(model, head, tokens), expected);
        ofPooling.add(attend(model, pooling, tokens), expected);
      }
    }
    Control control =
        Control.of(
            ofPooling.atMost(BOUND),
            text("no null token (mean pooling): largest deviation %.3g", ofPooling.largest()));
    return ClaimPart.of(name(model), ofHead.atMost(BOUND)).withControl(control);
  }

  private static List<Tokens> sequences(ConjugateModel<?> model, int length, Seed seed) {
    List<Tokens> sequences = new ArrayList<>();
    for (int s = 0; s < SEQUENCES; s++) {
      Seed own = seed.child(name(model)).child(s);
      sequences.add(model.sample(length, own.generator()).tokens());
    }
    return sequences;
  }

  private static double[] attend(ConjugateModel<?> model, Attention attention, Tokens tokens) {
    Context context = Context.of(model, tokens);
    return attention.attend(model.tokenSpace().emptyQuery(), context).getDDRM().data;
  }

  /** Cov(x_i, x_j) = t2 + s2 [i = j] in each coordinate, Cov(z, x_i) = t2. */
  static Function<Tokens, double[]> gaussian(int length) {
    double[] cross = new double[length];
    Arrays.fill(cross, PRIOR_VARIANCE);
    double[] weights =
        JointGaussian.observed(
                length, (i, j) -> i == j ? PRIOR_VARIANCE + NOISE_VARIANCE : PRIOR_VARIANCE)
            .weights(cross);
    return tokens -> {
      double[] mean = GAUSSIAN.priorMean().getDDRM().data.clone();
      for (int j = 0; j < mean.length; j++) {
        double prior = mean[j];
        for (int l = 0; l < length; l++) {
          mean[j] += weights[l] * (tokens.at(l, j) - prior);
        }
      }
      return mean;
    };
  }

  static double[] simplex(Tokens tokens, double... pseudoCounts) {
    double[] counts = new double[pseudoCounts.length];
    for (int l = 0; l < tokens.length(); l++) {
      counts[(int) tokens.at(l, 0)]++;
    }
    return SimplexQuadrature.posteriorMean(pseudoCounts, counts);
  }

  private static double[] meanRate(Tokens tokens) {
    double[] counts = tokens.values().getDDRM().data;
    return new double[] {RateQuadrature.posteriorMean(2.6, 0.8, counts)};
  }

  private static double[] meanOfMean(Tokens tokens) {
    double[] numbers = tokens.values().getDDRM().data;
    return new double[] {MeanVarianceQuadrature.posteriorMean(-0.75, 1.6, 2.2, 4.5, numbers)};
  }

  private static double[] nextGuest(Tokens tokens) {
    List<double[]> guests = new ArrayList<>();
    for (int l = 0; l < tokens.length(); l++) {
      guests.add(tokens.get(l).coordinates());
    }
    return ChineseRestaurant.predictiveMean(3.4, new double[] {0.6, -2}, guests);
  }

  /** Reads (L, Σ T) back out of output and null weight, at every length up to 1000. */
  private static ClaimPart inversion(Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (ConjugateModel<?> model : MODELS) {
      Tokens sequence = sequences(model, EVERY_LENGTH, seed).get(0);
      double[] sum = new double[model.priorMean().getNumCols()];
      for (int length = 1; length <= EVERY_LENGTH; length++) {
        addStatistic(model, sequence, length - 1, sum);
        Context context = Context.of(model, sequence.prefix(length));
        addInversion(model, head(model, 1), context, sum, right);
        addInversion(model, head(model, WRONG_COUNT_FACTOR), context, sum, wrong);
      }
    }
    Control control =
        Control.of(
            wrong.atMost(INVERSION_BOUND),
            text("null token 10 %% too heavy: largest deviation %.3g", wrong.largest()));
    return ClaimPart.of("inversion", right.atMost(INVERSION_BOUND)).withControl(control);
  }

  private static void addStatistic(
      ConjugateModel<?> model, Tokens tokens, int index, double[] sum) {
    double[] statistic = model.statistic(tokens.slice(index, index + 1)).getDDRM().data;
    for (int j = 0; j < sum.length; j++) {
      sum[j] += statistic[j];
    }
  }

  private static void addInversion(
      ConjugateModel<?> model,
      WeightedAttention head,
      Context context,
      double[] sum,
      Deviation deviation) {
    SimpleMatrix query = model.tokenSpace().emptyQuery();
    double[] out = head.attend(query, context).getDDRM().data;
    double nullWeight = head.nullWeight(query, context).get(0);
    double count = model.priorCount();
    deviation.add(count * (1 / nullWeight - 1), context.length());
    for (int j = 0; j < sum.length; j++) {
      double prior = model.priorMean().get(0, j);
      deviation.add(count * out[j] / nullWeight - count * prior, sum[j]);
    }
  }

  private static WeightedAttention head(ConjugateModel<?> model, double countFactor) {
    return SoftmaxAttention.of(1)
        .withNullToken(NullToken.ofCount(model.priorCount() * countFactor, model.priorMean()));
  }

  /** KL of the exact P(z | X) from the belief read out of the head. */
  private static ClaimPart divergence(int[] lengths, Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (ConjugateModel<?> model : WITH_DIVERGENCE) {
      Tokens sequence = sequences(model, lengths[lengths.length - 1], seed).get(0);
      for (int length : lengths) {
        Tokens tokens = sequence.prefix(length);
        right.add(klNats(model, head(model, 1), tokens), 0);
        wrong.add(klNats(model, head(model, WRONG_COUNT_FACTOR), tokens), 0);
      }
    }
    Verdict verdict = right.atMost(DIVERGENCE_BOUND).withReason(whyMeanPoolingHasNone());
    Control control =
        Control.of(
            wrong.atMost(DIVERGENCE_BOUND),
            text("null token 10 %% too heavy: largest posterior-kl %.3g nats", wrong.largest()));
    return ClaimPart.of("posterior-kl", verdict).withControl(control);
  }

  private static <Z> double klNats(ConjugateModel<Z> model, Attention attention, Tokens tokens) {
    return model
        .prior()
        .observe(tokens)
        .klNats(BeliefReadout.of(model, attention, Context.of(model, tokens)));
  }

  private static String whyMeanPoolingHasNone() {
    Tokens tokens = sequences(GAUSSIAN, 1, Seed.of(0)).get(0);
    try {
      BeliefReadout.of(GAUSSIAN, new MeanPooling(), Context.of(GAUSSIAN, tokens));
      return "";
    } catch (UnsupportedOperationException e) {
      return "mean pooling has none: " + e.getMessage();
    }
  }

  private static String name(ConjugateModel<?> model) {
    return model.description().name();
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
