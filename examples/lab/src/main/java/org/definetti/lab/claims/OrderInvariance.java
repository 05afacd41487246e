package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.definetti.audit.Exchangeability;
import org.definetti.audit.Predictors;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.LatentModel;
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;

/**
 * A1: tokens that are independent given a latent have one probability in every order.
 *
 * <pre>{@code  max_π |log P(X_π) - log P(X)| / max(1, |log P(X)|)  }</pre>
 *
 * <ul>
 *   <li>Two laws of every model: the evidence in closed form, and the chain rule, token by token,
 *       which knows nothing of the closed form.
 *   <li>Hyperparameters, sequences and orders are drawn; the deviation is rounding whatever the
 *       seed.
 *   <li>Controls: an autoregression, a hidden Markov model, tokens tied to their index, and the
 *       joints that a causal stack of attention layers, positions, and a set reader imply.
 *   <li>Source: [recalled: de Finetti] (check A1).
 * </ul>
 */
public final class OrderInvariance implements Claim {

  private static final double BOUND = 1e-10;
  private static final CategoricalTokens THREE = new CategoricalTokens(3);

  /** Returns the claim. */
  public OrderInvariance() {}

  @Override
  public String id() {
    return "A1";
  }

  @Override
  public String slug() {
    return "exchangeability";
  }

  @Override
  public String statement() {
    return "The log probability of tokens drawn independently given a latent is the same in every"
        + " order, in closed form and by the chain rule.";
  }

  @Override
  public Source source() {
    return Source.recalled("check A1: de Finetti");
  }

  @Override
  public String prediction() {
    return "largest relative change of log P over random orders <= 1e-10 for M1-M6, M8, M9";
  }

  @Override
  public List<String> tags() {
    return List.of("exact", "audit");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 5;
          case FULL -> 60;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Map<String, Deviation> models = new LinkedHashMap<>();
    int draws = budget == Budget.SMOKE ? 1 : 4;
    for (int n = 0; n < draws; n++) {
      RandomGenerator rng = seed.child("models").child(n).generator();
      for (LatentModel<?> model : AuditedModels.draw(2, rng)) {
        Deviation deviation =
            models.computeIfAbsent(model.description().name(), name -> new Deviation());
        for (int length : lengths(budget)) {
          add(model, length, orders(budget), rng, deviation);
        }
      }
    }
    List<Control> controls = controls(seed.child("controls").generator());
    return ClaimResult.of(AuditedModels.parts(models, BOUND, controls));
  }

  private static int[] lengths(Budget budget) {
    return switch (budget) {
      case SMOKE -> new int[] {2, 5, 24};
      case STANDARD -> new int[] {2, 5, 24, 120};
      case FULL -> new int[] {2, 5, 24, 120, 1000};
    };
  }

  private static int orders(Budget budget) {
    return budget == Budget.SMOKE ? 4 : 10;
  }

  private static void add(
      LatentModel<?> model, int length, int orders, RandomGenerator rng, Deviation deviation) {
    Tokens tokens = model.sample(length, rng).tokens();
    deviation.add(gap(tokens, orders, rng, x -> model.prior().observe(x).logEvidence()), 0);
    deviation.add(gap(tokens, orders, rng, joint(Predictors.logDensity(model))), 0);
  }

  private static double gap(
      Tokens tokens, int orders, RandomGenerator rng, ToDoubleFunction<Tokens> logProbability) {
    double scale = Math.max(1, Math.abs(logProbability.applyAsDouble(tokens)));
    return Exchangeability.largestGap(tokens, orders, rng, logProbability) / scale;
  }

  private static ToDoubleFunction<Tokens> joint(ToDoubleBiFunction<Tokens, Tokens> conditional) {
    return x -> conditional.applyAsDouble(Tokens.none(x.space()), x);
  }

  private static List<Control> controls(RandomGenerator rng) {
    List<Control> controls = new ArrayList<>();
    for (LatentModel<?> model :
        List.of(
            AuditedModels.autoRegression(),
            AuditedModels.hiddenMarkov(),
            AuditedModels.indexTied())) {
      Tokens tokens = model.sample(8, rng).tokens();
      controls.add(
          control(
              model.description().name(),
              gap(tokens, 10, rng, x -> model.prior().observe(x).logEvidence())));
    }
    Tokens tokens = AuditedModels.hiddenMarkov().sample(8, rng).tokens();
    for (RandomTransformer.Kind kind : RandomTransformer.Kind.values()) {
      RandomTransformer network = new RandomTransformer(kind, THREE.count(), rng);
      controls.add(
          control(
              "random transformer, " + kind.name().toLowerCase(Locale.ROOT),
              gap(tokens, 10, rng, joint(Predictors.logProbability(network)))));
    }
    return controls;
  }

  private static Control control(String name, double gap) {
    Deviation deviation = new Deviation();
    deviation.add(gap, 0);
    return Control.of(
        deviation.atMost(BOUND),
        String.format(Locale.ROOT, "%s: relative change of log P %.3g", name, gap));
  }
}
