package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import org.definetti.audit.FiniteExchangeability;
import org.definetti.audit.Predictors;
import org.definetti.audit.TokenCovariance;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.sequence.Urn;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * A4: a latent needs tokens that could go on for ever; finitely many exchangeable ones only come
 * close.
 *
 * <pre>{@code
 * Cov(f(x^1), f(x^2)) = Var(E[f(x) | z]) ≥ 0       with a latent
 * Cov = -1/12                                      urn of 4 balls, 2 red
 * TV(first k of N, mixture) ≤ 2 c k / N;           balanced urn, c = k = 2: 1 / (2 (N - 1))
 * }</pre>
 *
 * <ul>
 *   <li>All parts enumerate. {@code bound} takes the largest ratio of distance and bound over
 *       letters c, k, N, known urns and urns of random composition.
 *   <li>Controls: the urn where a latent is claimed and drawing with replacement where none is;
 *       wrong formulas; a bound that falls as 1/N²; a k that grows with N.
 *   <li>Source: covariance [derived]; bound [recalled: Diaconis-Freedman] (check A4).
 * </ul>
 */
public final class Extendability implements Claim {

  private static final double ROUNDING = 1e-12;
  private static final CategoricalTokens TWO = new CategoricalTokens(2);

  /** Returns the claim. */
  public Extendability() {}

  @Override
  public String id() {
    return "A4";
  }

  @Override
  public String slug() {
    return "extendability";
  }

  @Override
  public String statement() {
    return "Tokens with a latent never repel each other, so an urn without replacement has none;"
        + " the first k of N exchangeable symbols of c letters are within 2ck/N of a mixture in"
        + " total variation.";
  }

  @Override
  public Source source() {
    return Source.derived("check A4; bound recalled: Diaconis-Freedman");
  }

  @Override
  public String prediction() {
    return "Cov = -1/12 for 4 balls, 2 red; TV <= 2ck/N, falling as 1/N: .1667, .0333, .0079 at"
        + " N = 4, 16, 64 (c = k = 2)";
  }

  @Override
  public List<String> tags() {
    return List.of("exact", "audit");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(budget == Budget.FULL ? 2 : 1);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int draws = budget == Budget.SMOKE ? 2 : 20;
    return ClaimResult.of(
        urnCovariance(),
        hasLatent(draws, seed.child("models").generator()),
        latentVariance(draws, seed.child("variance").generator()),
        references(),
        balanced(budget == Budget.SMOKE ? 1 << 12 : 1 << 20),
        listed(budget == Budget.SMOKE ? 5 : 7),
        bound(budget),
        rate(budget == Budget.SMOKE ? 1 << 12 : 1 << 20));
  }

  private static ClaimPart urnCovariance() {
    Prediction prediction = Prediction.near(-1.0 / 12, ROUNDING);
    double without = covariance(Predictors.categories(Urn.of(2, 2)));
    double with = covariance(seen -> new SimpleMatrix(1, 2, true, 0.5, 0.5));
    return ClaimPart.of("urn-covariance", Verdict.exact(without, prediction))
        .withControl(
            Control.of(
                Verdict.exact(with, prediction),
                String.format(Locale.ROOT, "with replacement: %.3g", with)));
  }

  private static double covariance(Function<Tokens, SimpleMatrix> predictor) {
    return TokenCovariance.of(Tokens.none(TWO), predictor).get(1, 1);
  }

  private static ClaimPart hasLatent(int draws, RandomGenerator rng) {
    double least = 0;
    for (int n = 0; n < draws; n++) {
      for (LatentModel<?> model : AuditedModels.ofCategories(rng)) {
        for (int length : new int[] {0, 1, 10}) {
          Tokens seen = model.sample(length, rng).tokens();
          least = Math.min(least, TokenCovariance.least(seen, Predictors.categories(model)));
        }
      }
    }
    Prediction prediction = Prediction.atLeast(-ROUNDING);
    double urn = TokenCovariance.least(Tokens.none(TWO), Predictors.categories(Urn.of(2, 2)));
    return ClaimPart.of("least-covariance-with-latent", Verdict.exact(least, prediction))
        .withControl(
            Control.of(
                Verdict.exact(urn, prediction),
                String.format(Locale.ROOT, "urn without replacement: %.3g", urn)));
  }

  /** Cov(1{x^1 = w}, 1{x^2 = w}) against the variance of P(x = w | z) under the prior. */
  private static ClaimPart latentVariance(int draws, RandomGenerator rng) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int n = 0; n < draws; n++) {
      double[] alpha = {0.5 + rng.nextDouble(), 0.5 + rng.nextDouble(), 0.5 + rng.nextDouble()};
      double nu = alpha[0] + alpha[1] + alpha[2];
      SimpleMatrix dirichlet = covariances(DirichletCategorical.of(alpha));
      CategoricalConcepts concepts = AuditedModels.concepts(rng);
      SimpleMatrix finite = covariances(concepts);
      for (int w = 0; w < alpha.length; w++) {
        double variance = MeanPoolingGap.fractionVariance(alpha[w], nu - alpha[w]);
        right.add(dirichlet.get(w, w), variance);
        wrong.add(dirichlet.get(w, w), variance * (nu + 1) / nu);
        right.add(finite.get(w, w), variance(concepts, w));
      }
    }
    return ClaimPart.of("covariance-is-latent-variance", right.atMost(ROUNDING))
        .withControl(
            Control.of(
                wrong.atMost(ROUNDING),
                String.format(Locale.ROOT, "nu for nu + 1: off by %.3g", wrong.largest())));
  }

  private static SimpleMatrix covariances(LatentModel<?> model) {
    return TokenCovariance.of(Tokens.none(model.tokenSpace()), Predictors.categories(model));
  }

  private static double variance(CategoricalConcepts model, int category) {
    double mean = 0;
    double square = 0;
    for (int k = 0; k < model.priorProbabilities().getNumCols(); k++) {
      double p = model.likelihoods().get(k, category);
      mean += model.priorProbabilities().get(0, k) * p;
      square += model.priorProbabilities().get(0, k) * p * p;
    }
    return square - mean * mean;
  }

  private static double balancedDistance(int total) {
    return FiniteExchangeability.distance(Urn.of(total / 2, total / 2), 2);
  }

  /** The reference values to the four digits in which they are given. */
  private static ClaimPart references() {
    double largest = Math.abs(balancedDistance(4) - 0.1667);
    largest = Math.max(largest, Math.abs(balancedDistance(16) - 0.0333));
    largest = Math.max(largest, Math.abs(balancedDistance(64) - 0.0079));
    return ClaimPart.of("reference-distances", Verdict.exact(largest, Prediction.atMost(5e-5)));
  }

  private static ClaimPart balanced(int longest) {
    Deviation right = new Deviation();
    Deviation wrong = new Deviation();
    for (int total = 4; total <= longest; total *= 4) {
      double distance = balancedDistance(total);
      right.add(distance * 2 * (total - 1), 1); // relative
      wrong.add(distance * 2 * total, 1);
    }
    return ClaimPart.of("balanced-distance", right.atMost(ROUNDING))
        .withControl(
            Control.of(
                wrong.atMost(ROUNDING),
                String.format(Locale.ROOT, "N for N - 1: off by %.3g", wrong.largest())));
  }

  /** The same distances by listing every sequence, each drawn ball by ball. */
  private static ClaimPart listed(int longest) {
    Deviation deviation = new Deviation();
    for (int k = 1; k <= longest; k++) {
      for (Urn urn : List.of(Urn.of(4, 4), Urn.of(2, 5, 3), Urn.of(1, 9))) {
        deviation.add(FiniteExchangeability.distance(urn, k), listed(urn, k));
      }
    }
    return ClaimPart.of("listed-distances", deviation.atMost(ROUNDING));
  }

  private static double listed(Urn urn, int count) {
    double[] shares = urn.balls().divide(urn.total()).getDDRM().data;
    return listed(urn, shares, Tokens.none(urn.tokenSpace()), count) / 2;
  }

  private static double listed(Urn urn, double[] shares, Tokens drawn, int count) {
    if (count == 0) {
      double with = 1;
      for (int l = 0; l < drawn.length(); l++) {
        with *= shares[(int) drawn.at(l, 0)];
      }
      return Math.abs(Math.exp(urn.prior().observe(drawn).logEvidence()) - with);
    }
    double sum = 0;
    for (int w = 0; w < shares.length; w++) {
      Tokens next = Tokens.of(drawn.space(), Token.category(w));
      sum += listed(urn, shares, drawn.plus(next), count - 1);
    }
    return sum;
  }

  private static ClaimPart bound(Budget budget) {
    double ratio = 0;
    double square = 0;
    int longest = budget == Budget.FULL ? 256 : 64;
    for (int total = 8; total <= longest; total *= 2) {
      for (int k = 1; k <= Math.min(total, 16); k++) {
        for (List<Urn> urns : urns(total)) {
          int n = urns.size();
          SimpleMatrix uniform = SimpleMatrix.filled(1, n, 1.0 / n);
          double distance = FiniteExchangeability.distance(urns, uniform, k);
          double bound = FiniteExchangeability.bound(urns.get(0), k);
          ratio = Math.max(ratio, distance / bound);
          square = Math.max(square, distance / bound * total);
        }
      }
    }
    Prediction prediction = Prediction.atMost(1);
    return ClaimPart.of("bound", Verdict.exact(ratio, prediction))
        .withControl(
            Control.of(
                Verdict.exact(square, prediction),
                String.format(Locale.ROOT, "a bound of 2ck/N^2: exceeded %.1f times", square)));
  }

  // Known urns, and a fair choice between urns.
  private static List<List<Urn>> urns(int total) {
    int quarter = total / 4;
    List<List<Urn>> urns = new ArrayList<>();
    urns.add(List.of(Urn.of(2 * quarter, 2 * quarter)));
    urns.add(List.of(Urn.of(1, total - 1)));
    urns.add(List.of(Urn.of(quarter, quarter, 2 * quarter)));
    urns.add(List.of(Urn.of(quarter, quarter, quarter, quarter)));
    urns.add(List.of(Urn.of(quarter, 3 * quarter), Urn.of(3 * quarter, quarter)));
    return urns;
  }

  /** The slope of log distance on log N between the two largest N, two octaves apart. */
  private static ClaimPart rate(int largest) {
    // 1/(N - 1) instead of 1/N bends the slope by 3/(N log 16) at most: below 1e-3 from 1024 on.
    Prediction prediction = Prediction.near(-1, 1e-3);
    double fixed = slope(largest, total -> balancedDistance(total));
    double growing =
        slope(
            1024, total -> FiniteExchangeability.distance(Urn.of(total / 2, total / 2), total / 4));
    return ClaimPart.of("rate-in-urn-size", Verdict.exact(fixed, prediction))
        .withControl(
            Control.of(
                Verdict.exact(growing, prediction),
                String.format(Locale.ROOT, "k = N/4 instead of 2: slope %.3f", growing)));
  }

  private static double slope(int largest, IntToDoubleFunction distance) {
    return Math.log(distance.applyAsDouble(largest) / distance.applyAsDouble(largest / 4))
        / Math.log(4);
  }
}
