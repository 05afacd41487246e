package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.random.RandomGenerator;
import org.definetti.audit.Coherence;
import org.definetti.audit.Drift;
import org.definetti.audit.Predictors;
import org.definetti.audit.SampledMartingale;
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
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * A2: exact predictions are a martingale: tomorrow's, averaged over the next token, is today's.
 *
 * <pre>{@code
 * Σ_a P(a | X) P(b | X, a) = P(b | X)
 * E[f(x^{n+k+1}) - f(x^{n+1}) | X] = 0,   E[(f(x^{m+k+1}) - f(x^{m+1})) f(x^m)ᵀ | X] = 0
 * }</pre>
 *
 * <ul>
 *   <li>Categories: every next token enumerated. Real tokens and values of pairs, one coordinate:
 *       the same with densities, the sum over a by the trapezoidal rule, which converges faster
 *       than any power for such integrands.
 *   <li>Sampled, all models: the second line, from draws of the next token fed back one by one. The
 *       number judged is the largest mean in standard errors; at most some 3000 are compared, so a
 *       correct model exceeds 5.5 with probability below 2e-4.
 *   <li>Controls: an autoregression, a hidden Markov model, tokens tied to their index, three
 *       random transformers.
 *   <li>Source: [source: Falck-2024, Def 1, Fact 2, Cor 1] (check A2).
 * </ul>
 */
public final class MartingalePredictions implements Claim {

  private static final double BOUND = 1e-12;
  private static final double LARGEST = 5.5;
  private static final int NODES = 2000;
  private static final double REACH = 12; // standard deviations: the tail is below 1e-31

  /** Returns the claim. */
  public MartingalePredictions() {}

  @Override
  public String id() {
    return "A2";
  }

  @Override
  public String slug() {
    return "martingale-predictions";
  }

  @Override
  public String statement() {
    return "Exact predictions are a martingale: the next prediction, averaged over the next token,"
        + " is the present one, after every prefix.";
  }

  @Override
  public Source source() {
    return Source.paper("check A2: Falck-2024, Def 1, Fact 2, Cor 1");
  }

  @Override
  public String prediction() {
    return "deviation <= 1e-12 for M1-M6, M8, M9; sampled means within 5.5 standard errors of zero";
  }

  @Override
  public List<String> tags() {
    return List.of("exact", "audit");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 2;
          case STANDARD -> 6;
          case FULL -> 20;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Map<String, Deviation> models = new LinkedHashMap<>();
    Sampled sampled = new Sampled(budget == Budget.SMOKE ? 400 : 2000);
    int draws = budget == Budget.SMOKE ? 1 : budget == Budget.STANDARD ? 3 : 8;
    for (int n = 0; n < draws; n++) {
      RandomGenerator rng = seed.child("models").child(n).generator();
      for (LatentModel<?> model : AuditedModels.draw(1, rng)) {
        Deviation deviation =
            models.computeIfAbsent(model.description().name(), name -> new Deviation());
        for (int length : lengths(budget)) {
          deviation.add(gap(model, model.sample(length, rng).tokens(), rng), 0);
        }
        sampled.add(model, model.sample(4, rng).tokens(), rng);
      }
    }
    RandomGenerator rng = seed.child("controls").generator();
    List<Control> controls = controls(rng);
    List<ClaimPart> parts = AuditedModels.parts(models, BOUND, controls);
    parts.add(ClaimPart.of("sampled-drift", sampled.drift()).withControl(driftControl(rng)));
    parts.add(
        ClaimPart.of("sampled-lagged-drift", sampled.laggedDrift())
            .withControl(laggedControl(rng)));
    return ClaimResult.of(parts);
  }

  private static int[] lengths(Budget budget) {
    return switch (budget) {
      case SMOKE -> new int[] {0, 1, 6};
      case STANDARD -> new int[] {0, 1, 6, 30};
      case FULL -> new int[] {0, 1, 6, 30, 200};
    };
  }

  private static double gap(LatentModel<?> model, Tokens seen, RandomGenerator rng) {
    return model.tokenSpace() instanceof CategoricalTokens
        ? Coherence.martingaleGap(seen, Predictors.categories(model))
        : densityGap(model, seen, rng);
  }

  /** Returns |∫ p(a | X) p(b | X, a) da - p(b | X)| / max(1, p(b | X)) for one drawn b. */
  static double densityGap(LatentModel<?> model, Tokens seen, RandomGenerator rng) {
    ToDoubleBiFunction<Tokens, Tokens> logDensity = Predictors.logDensity(model);
    Tokens after = model.sample(1, rng).tokens(); // b, with its key
    SimpleMatrix key = model.drawQuery(rng); // of a
    Predictive next = model.prior().observe(seen).predictive(key);
    double deviation = Math.sqrt(next.covariance().get(0, 0));
    double step = 2 * REACH * deviation / NODES;
    double sum = 0;
    for (int i = 0; i <= NODES; i++) {
      double a = next.mean().get(0, 0) - REACH * deviation + i * step;
      Tokens token = Tokens.of(seen.space(), token(model, key, a));
      double density = Math.exp(next.logProbability(new double[] {a}));
      sum += density * Math.exp(logDensity.applyAsDouble(seen.plus(token), after)) * step;
    }
    double today = Math.exp(logDensity.applyAsDouble(seen, after));
    return Math.abs(sum - today) / Math.max(1, today);
  }

  private static Token token(LatentModel<?> model, SimpleMatrix key, double value) {
    return model.tokenSpace().hasQueries()
        ? Token.pair(key.getDDRM().data, new double[] {value})
        : Token.real(value);
  }

  private static List<Control> controls(RandomGenerator rng) {
    List<Control> controls = new ArrayList<>();
    for (LatentModel<?> model :
        List.of(
            AuditedModels.autoRegression(),
            AuditedModels.hiddenMarkov(),
            AuditedModels.indexTied())) {
      double gap = gap(model, model.sample(6, rng).tokens(), rng);
      controls.add(control(model.description().name(), gap));
    }
    Tokens tokens = AuditedModels.hiddenMarkov().sample(6, rng).tokens();
    for (RandomTransformer.Kind kind : RandomTransformer.Kind.values()) {
      Function<Tokens, SimpleMatrix> network = new RandomTransformer(kind, 3, rng);
      controls.add(
          control(
              "random transformer, " + kind.name().toLowerCase(Locale.ROOT),
              Coherence.martingaleGap(tokens, network)));
    }
    return controls;
  }

  private static Control control(String name, double gap) {
    return Control.of(
        Verdict.exact(gap, Prediction.atMost(BOUND)),
        String.format(Locale.ROOT, "%s: off by %.3g", name, gap));
  }

  // A last token far from the mean draws the next ones back.
  private static Control driftControl(RandomGenerator rng) {
    LatentModel<?> model = AuditedModels.autoRegression();
    Sampled sampled = new Sampled(2000);
    sampled.add(model, Tokens.of(model.tokenSpace(), Token.real(0), Token.real(4)), rng);
    return control(model, sampled.drift());
  }

  // In equilibrium from the start: nothing drifts, but neighbours are alike.
  private static Control laggedControl(RandomGenerator rng) {
    LatentModel<?> model = AuditedModels.hiddenMarkov();
    Sampled sampled = new Sampled(5000);
    sampled.add(model, Tokens.none(model.tokenSpace()), rng);
    return control(model, sampled.laggedDrift());
  }

  private static Control control(LatentModel<?> model, Verdict verdict) {
    String name = model.description().name();
    return Control.of(
        verdict, String.format(Locale.ROOT, "%s: %.1f standard errors", name, verdict.measured()));
  }

  /** The largest sampled drifts of several models, in standard errors. */
  private static final class Sampled {

    private final int continuations;
    private double drift;
    private double lagged;

    Sampled(int continuations) {
      this.continuations = continuations;
    }

    void add(LatentModel<?> model, Tokens seen, RandomGenerator rng) {
      SampledMartingale audit =
          SampledMartingale.of(Predictors.sampler(model)).withContinuations(continuations);
      Function<Token, double[]> feature = feature(model);
      drift = Math.max(drift, Drift.largest(audit.drift(seen, rng, feature)));
      lagged = Math.max(lagged, Drift.largest(audit.laggedDrift(seen, rng, feature)));
    }

    Verdict drift() {
      return Verdict.exact(drift, Prediction.atMost(LARGEST));
    }

    Verdict laggedDrift() {
      return Verdict.exact(lagged, Prediction.atMost(LARGEST));
    }

    // x; the one-hot row of a category; v and k_1 v of a pair.
    private static Function<Token, double[]> feature(LatentModel<?> model) {
      if (model.tokenSpace().hasQueries()) {
        int last = model.tokenSpace().width() - 1;
        return token -> new double[] {token.at(last), token.at(0) * token.at(last)};
      }
      return token -> Tokens.of(model.tokenSpace(), token).values().getDDRM().data;
    }
  }
}
