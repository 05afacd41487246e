package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.definetti.audit.PosteriorSpread;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Interval;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.Belief;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * A9: on average the posterior is as wide as its mean is wrong, and its width falls as ν/(ν+L).
 *
 * <pre>{@code
 * E tr Cov(z | X) = E ||z - E[z|X]||² = tr Cov(z) · ν / (ν + L)
 * Beta-Bernoulli:   a b / ((a+b)(a+b+1)(a+b+L))
 * }</pre>
 *
 * <ul>
 *   <li>Discrete models: every sequence is listed with its probability from the moments of the
 *       prior alone. The error uses {@code E[z_w m_w(X)] = Σ_X P(X followed by w) m_w(X)}, so no
 *       covariance of the belief enters it.
 *   <li>{@code gaussian-mean}: the covariance does not depend on X and is compared as an identity;
 *       the error is a mean over draws with its interval of 3 standard errors.
 *   <li>Control: a prior count of one and a half times the right one.
 *   <li>Source: formula [derived]; equality of the two sides [source: Falck-2024, Fact 1] (check
 *       A9).
 * </ul>
 */
public final class PosteriorWidth implements Claim {

  private static final double BOUND = 1e-12;
  private static final double WRONG_FACTOR = 1.5;
  private static final double STANDARD_ERRORS = 3;
  private static final double[] BETA = {2.45, 1.3}; // pseudo-counts of 0 and 1
  private static final double[] DIRICHLET = {0.7, 1.55, 2.3};
  private static final GaussianMean GAUSSIAN =
      GaussianMean.of(3, 0.8, 2.4).withPriorMean(new SimpleMatrix(1, 3, true, 0.5, -1, 2));
  private static final GaussianMean WRONG_GAUSSIAN =
      GaussianMean.of(3, 0.8 / WRONG_FACTOR, 2.4).withPriorMean(GAUSSIAN.priorMean());

  /** Returns the claim. */
  public PosteriorWidth() {}

  @Override
  public String id() {
    return "A9";
  }

  @Override
  public String slug() {
    return "posterior-width";
  }

  @Override
  public String statement() {
    return "In a conjugate model with mean parameter z the mean posterior variance is"
        + " Var(z) nu/(nu + L) and equals the mean squared error of the posterior mean.";
  }

  @Override
  public Source source() {
    return Source.derived("check A9; equality of width and error: Falck-2024, Fact 1");
  }

  @Override
  public String prediction() {
    return "1e-12 over all sequences (two categories L = 0..12, three 0..7);"
        + " gaussian-mean error / formula = 1 within 3 s.e., L = 1..256";
  }

  @Override
  public List<String> tags() {
    return List.of("length", "exact", "posterior");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.FULL ? 20 : 2);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    boolean small = budget == Budget.SMOKE;
    EnumerableModel beta = EnumerableModel.betaBernoulli(BETA[1], BETA[0]);
    EnumerableModel dirichlet = EnumerableModel.dirichletCategorical(DIRICHLET);
    List<ClaimPart> parts = new ArrayList<>();
    parts.add(enumerated(beta, scaled(BETA), small ? 8 : 12));
    parts.add(enumerated(dirichlet, scaled(DIRICHLET), small ? 5 : 7));
    parts.add(gaussianWidth(seed));
    parts.add(gaussianError(budget, seed));
    return ClaimResult.of(parts);
  }

  private static double[] scaled(double... alpha) {
    return Arrays.stream(alpha).map(a -> a * WRONG_FACTOR).toArray();
  }

  private static ClaimPart enumerated(EnumerableModel model, double[] wrongAlpha, int longest) {
    EnumerableModel wrong =
        model.categories() == 2
            ? EnumerableModel.betaBernoulli(wrongAlpha[1], wrongAlpha[0])
            : EnumerableModel.dirichletCategorical(wrongAlpha);
    Deviation right = new Deviation();
    Deviation control = new Deviation();
    for (int length = 0; length <= longest; length++) {
      double formula = formula(model.alpha(), length);
      right.add(PosteriorSpread.conjugate(model.model(), length), formula);
      right.add(width(model, model, length), formula);
      right.add(error(model, model, length), formula);
      control.add(width(model, wrong, length), error(model, wrong, length));
    }
    return ClaimPart.of(model.name(), right.atMost(BOUND))
        .withControl(
            Control.of(
                control.atMost(BOUND),
                String.format(
                    Locale.ROOT,
                    "prior count times 1.5: width and error differ by up to %.3g",
                    control.largest())));
  }

  /** Σ_w α_w (ν - α_w) / (ν² (ν+1)) · ν/(ν+L), over the coordinates of T: one for a coin. */
  private static double formula(double[] alpha, int length) {
    double nu = Arrays.stream(alpha).sum();
    if (alpha.length == 2) {
      return alpha[0] * alpha[1] / (nu * (nu + 1) * (nu + length));
    }
    double sum = 0;
    for (double a : alpha) {
      sum += a * (nu - a);
    }
    return sum / (nu * (nu + 1) * (nu + length));
  }

  /** Returns E tr Cov(z | X) as {@code posterior} says, over sequences of {@code model}. */
  static double width(EnumerableModel model, EnumerableModel posterior, int length) {
    double[] sum = {0};
    Enumeration.forEach(
        model.alpha(),
        length,
        (categories, probability) ->
            sum[0] += probability * belief(posterior, categories).covariance().trace());
    return sum[0];
  }

  /** Returns E ||z - m(X)||² = E||z||² - 2 Σ_w E[z_w m_w] + E||m||², m the mean of a posterior. */
  static double error(EnumerableModel model, EnumerableModel posterior, int length) {
    double[] alpha = model.alpha();
    int first = alpha.length == 2 ? 1 : 0; // a coin's z is its probability of 1
    double[] sum = {0};
    for (int w = first; w < alpha.length; w++) {
      sum[0] += Enumeration.probability(alpha, w, w); // E z_w²
    }
    Enumeration.forEach(
        alpha,
        length,
        (categories, probability) -> {
          double[] mean = belief(posterior, categories).mean().getDDRM().data;
          int[] longer = Arrays.copyOf(categories, length + 1);
          for (int w = first; w < alpha.length; w++) {
            longer[length] = w;
            double m = mean[w - first];
            sum[0] += m * (probability * m - 2 * Enumeration.probability(alpha, longer));
          }
        });
    return sum[0];
  }

  private static Belief<SimpleMatrix> belief(EnumerableModel model, int... categories) {
    return model.model().prior().observe(model.tokens(categories));
  }

  /** The covariance is the same for all X: d / (1/t2 + L/s2) in all. */
  private static ClaimPart gaussianWidth(Seed seed) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int length : Doubling.upTo(1024)) {
      Tokens tokens = GAUSSIAN.sample(length, seed.child(length).generator()).tokens();
      double exact = 3 / (1 / 0.8 + length / 2.4);
      right.add(PosteriorSpread.conjugate(GAUSSIAN, length), exact);
      right.add(GAUSSIAN.prior().observe(tokens).covariance().trace(), exact);
      wrong.add(WRONG_GAUSSIAN.prior().observe(tokens).covariance().trace(), exact);
    }
    return ClaimPart.of("gaussian-mean:width", right.atMost(BOUND))
        .withControl(
            Control.of(
                wrong.atMost(BOUND),
                String.format(
                    Locale.ROOT, "prior count times 1.5: off by up to %.3g", wrong.largest())));
  }

  /** The length at which error over formula is furthest from 1, in standard errors. */
  private static ClaimPart gaussianError(Budget budget, Seed seed) {
    int count =
        switch (budget) {
          case SMOKE -> 2_000;
          case STANDARD -> 10_000;
          case FULL -> 100_000;
        };
    // Three standard errors of a mean of χ²_3 / 3, with room for a deviation of another three.
    double tolerance = 2 * STANDARD_ERRORS * Math.sqrt(2.0 / 3 / count);
    int[] lengths = budget == Budget.FULL ? new int[] {1, 4, 16, 64, 256} : new int[] {1, 16};
    Prediction prediction = Prediction.near(1, tolerance);
    List<Verdict> verdicts = new ArrayList<>();
    for (int length : lengths) {
      Seed own = seed.child("error").child(length);
      verdicts.add(
          judge(GAUSSIAN, length, count, own, prediction).withReason("furthest at L = " + length));
    }
    Verdict worst =
        verdicts.stream()
            .max(Comparator.comparingDouble(one -> Math.abs(one.measured() - 1)))
            .orElseThrow();
    Verdict wrong = judge(WRONG_GAUSSIAN, 1, count, seed.child("error").child(1), prediction);
    return ClaimPart.of("gaussian-mean:error", worst)
        .withControl(
            Judging.control(
                wrong, "prior count times 1.5, length 1: error over stated width %.3f"));
  }

  /** Sequences of the right model, judged by the mean and width of a posterior. */
  private static Verdict judge(
      GaussianMean posterior, int length, int count, Seed seed, Prediction prediction) {
    double width = PosteriorSpread.conjugate(posterior, length);
    List<PosteriorSpread.Trial> trials =
        PosteriorSpread.trials(
            GAUSSIAN,
            length,
            count,
            seed.generator(),
            (tokens, latent) -> {
              Belief<SimpleMatrix> belief = posterior.prior().observe(tokens);
              double error = belief.mean().minus(latent).normF();
              return new PosteriorSpread.Trial(width, error * error);
            });
    Estimate ratio =
        Estimate.of(trials.stream().mapToDouble(t -> t.squaredError() / width).toArray());
    Interval interval = Interval.around(ratio.mean(), STANDARD_ERRORS * ratio.standardError());
    return Verdict.of(ratio.mean(), interval, prediction);
  }
}
