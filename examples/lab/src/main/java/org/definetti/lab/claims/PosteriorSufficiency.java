package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.audit.StatisticCells;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.BetaBernoulli;
import org.definetti.latent.finite.CategoricalConcepts;
import org.definetti.latent.finite.FiniteBelief;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * A5: the posterior keeps all that a sequence says about any label that depends on z alone.
 *
 * <pre>{@code  I(X; y) = I(T(X); y),   T(X) = P(z | X)  }</pre>
 *
 * <ul>
 *   <li>Enumerated over all sequences of four symbols under three random concepts (M4a), for y the
 *       concept, the next symbol and a random label; and over all sequences of two symbols (M2),
 *       for y the next one. P(X, y) is the product of prior and likelihoods (the moments of the
 *       prior for M2): no posterior is used on that side.
 *   <li>Controls: statistics that look reasonable and lose: the most frequent symbol, the mean of a
 *       feature that confuses two symbols, the first half of the sequence; for M2, whether both
 *       symbols occur.
 *   <li>Source: [derived] (check A5).
 * </ul>
 */
public final class PosteriorSufficiency implements Claim {

  private static final double BOUND = 1e-12;
  private static final double A = 1.3;
  private static final double B = 2.45;

  /** Returns the claim. */
  public PosteriorSufficiency() {}

  @Override
  public String id() {
    return "A5";
  }

  @Override
  public String slug() {
    return "posterior-sufficiency";
  }

  @Override
  public String statement() {
    return "The posterior of the latent keeps all the information that a sequence has about any"
        + " label that is independent of the sequence given the latent.";
  }

  @Override
  public Source source() {
    return Source.derived("check A5");
  }

  @Override
  public String prediction() {
    return "I(X;y) - I(P(z|X);y) = 0 within 1e-12 nats (3 concepts, 4 symbols, L = 5)";
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
    int draws = budget == Budget.SMOKE ? 1 : 10;
    int longest = budget == Budget.FULL ? 6 : 5;
    Comparison latent = new Comparison();
    Comparison next = new Comparison();
    Comparison label = new Comparison();
    for (int n = 0; n < draws; n++) {
      RandomGenerator rng = seed.child("concepts").child(n).generator();
      CategoricalConcepts model = AuditedModels.concepts(rng);
      SimpleMatrix labelLaw = AuditedModels.laws(3, 2, rng);
      for (int length = 1; length <= longest; length++) {
        Listed listed = new Listed(model.tokenSpace(), length, x -> posterior(model, x));
        Function<Tokens, double[]> joint = StatisticCells.jointWithLatent(model);
        latent.add(listed, joint, PosteriorSufficiency::mostFrequent);
        next.add(listed, labelled(joint, model.likelihoods()), PosteriorSufficiency::meanFeature);
        label.add(listed, labelled(joint, labelLaw), PosteriorSufficiency::firstHalf);
      }
    }
    return ClaimResult.of(
        latent.part("concept", "most frequent symbol"),
        next.part("next-symbol", "mean of a feature that confuses two symbols"),
        label.part("random-label", "first half of the sequence"),
        twoSymbols(budget == Budget.FULL ? 12 : 8).part("beta-bernoulli", "which symbols occur"));
  }

  private static Comparison twoSymbols(int longest) {
    BetaBernoulli model = betaBernoulli();
    Comparison comparison = new Comparison();
    for (int length = 1; length <= longest; length++) {
      Listed listed = new Listed(model.tokenSpace(), length, x -> moments(model, x));
      comparison.add(listed, PosteriorSufficiency::nextOfTwo, PosteriorSufficiency::occurring);
    }
    return comparison;
  }

  /** Returns P(z | X) of M4a. */
  static double[] posterior(CategoricalConcepts model, Tokens tokens) {
    return FiniteBelief.prior(model).observe(tokens).probabilities().getDDRM().data;
  }

  /** Returns mean and variance of P(z | X) of M2, which determine a Beta law. */
  static double[] moments(BetaBernoulli model, Tokens tokens) {
    Belief<SimpleMatrix> belief = model.prior().observe(tokens);
    return new double[] {belief.mean().get(0), belief.covariance().get(0)};
  }

  /** Returns P(X, y) of a label with law (K, values) given the concept. */
  private static Function<Tokens, double[]> labelled(
      Function<Tokens, double[]> joint, SimpleMatrix law) {
    return tokens -> {
      double[] concepts = joint.apply(tokens);
      return new SimpleMatrix(1, concepts.length, true, concepts).mult(law).getDDRM().data;
    };
  }

  /** Returns P(X, next symbol) of M2, from the moments of its prior. */
  static double[] nextOfTwo(Tokens tokens) {
    int[] categories = new int[tokens.length() + 1];
    for (int l = 0; l < tokens.length(); l++) {
      categories[l] = (int) tokens.at(l, 0);
    }
    double[] joint = new double[2];
    for (int w = 0; w < 2; w++) {
      categories[tokens.length()] = w;
      joint[w] = Enumeration.probability(new double[] {B, A}, categories);
    }
    return joint;
  }

  /** Returns M2 with the hyperparameters of {@link #nextOfTwo}. */
  static BetaBernoulli betaBernoulli() {
    return BetaBernoulli.of(A, B);
  }

  private static double[] mostFrequent(Tokens tokens) {
    double[] counts = new double[((CategoricalTokens) tokens.space()).count()];
    int best = 0;
    for (int l = 0; l < tokens.length(); l++) {
      int category = (int) tokens.at(l, 0);
      counts[category]++;
      best = counts[category] > counts[best] ? category : best;
    }
    return new double[] {best};
  }

  private static double[] meanFeature(Tokens tokens) {
    double sum = 0;
    for (int l = 0; l < tokens.length(); l++) {
      sum += Math.max(0, tokens.at(l, 0) - 1); // symbols 0 and 1 look the same
    }
    return new double[] {sum / tokens.length()};
  }

  private static double[] firstHalf(Tokens tokens) {
    return rows(tokens.prefix(tokens.length() / 2));
  }

  private static double[] occurring(Tokens tokens) {
    double[] seen = new double[2];
    for (int l = 0; l < tokens.length(); l++) {
      seen[(int) tokens.at(l, 0)] = 1;
    }
    return seen;
  }

  /** Returns the sequence itself: the statistic that loses nothing. */
  static double[] rows(Tokens tokens) {
    double[] rows = new double[tokens.length()];
    tokens.copyRows(rows, 0);
    return rows;
  }

  /** All sequences, each on its own and grouped by the posterior. */
  private record Listed(
      CategoricalTokens space, int length, StatisticCells all, StatisticCells posterior) {

    Listed(CategoricalTokens space, int length, Function<Tokens, double[]> posterior) {
      this(
          space,
          length,
          StatisticCells.of(space, length, PosteriorSufficiency::rows),
          StatisticCells.of(space, length, posterior));
    }
  }

  /** The information lost by the posterior and by a statistic that is not sufficient. */
  private static final class Comparison {

    private final Deviation posterior = new Deviation();
    private final Deviation other = new Deviation();

    void add(
        Listed listed, Function<Tokens, double[]> joint, Function<Tokens, double[]> statistic) {
      double all = listed.all().informationNats(joint);
      posterior.add(listed.posterior().informationNats(joint), all);
      StatisticCells cells = StatisticCells.of(listed.space(), listed.length(), statistic);
      other.add(cells.informationNats(joint), all);
    }

    ClaimPart part(String name, String lossy) {
      return ClaimPart.of(name, posterior.atMost(BOUND))
          .withControl(
              Control.of(
                  other.atMost(BOUND),
                  String.format(Locale.ROOT, "%s: loses up to %.3g nats", lossy, other.largest())));
    }
  }
}
