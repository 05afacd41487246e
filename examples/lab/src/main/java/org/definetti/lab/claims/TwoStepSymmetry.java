package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.definetti.audit.Coherence;
import org.definetti.audit.CoherenceGaps;
import org.definetti.audit.Predictors;
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
import org.definetti.latent.Tokens;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * A3: exact predictions are symmetric over the next two tokens and blind to the order of the past.
 *
 * <pre>{@code
 * P(a | X) P(b | X, a) = P(b | X) P(a | X, b),   P(b | X_π) = P(b | X)
 * }</pre>
 *
 * <ul>
 *   <li>Categories: every pair (a, b) enumerated. All models: the log densities of two drawn tokens
 *       in both orders, and the predictive mean after a random order of the past.
 *   <li>The two together are equivalent to A1. Symmetry implies A2, and the last two parts show
 *       that nothing else is implied: a martingale that prefers one direction of turning, and
 *       exponential smoothing, which is symmetric at every step but lets old tokens fade.
 *   <li>Controls: an autoregression, a hidden Markov model, tokens tied to their index, three
 *       random transformers; in the last two parts, the property that is missing.
 *   <li>Source: [recalled: Fortini-Ladelli-Regazzini 2000]; equivalence [derived: adjacent
 *       transpositions generate all permutations]; the two predictors [derived] (check A3).
 * </ul>
 */
public final class TwoStepSymmetry implements Claim {

  private static final double BOUND = 1e-12;
  private static final int ORDERS = 5;

  /** Returns the claim. */
  public TwoStepSymmetry() {}

  @Override
  public String id() {
    return "A3";
  }

  @Override
  public String slug() {
    return "two-step-symmetry";
  }

  @Override
  public String statement() {
    return "After every prefix, exact predictions give the next two tokens one probability in both"
        + " orders and do not depend on the order of the past; A3 implies A2, not conversely.";
  }

  @Override
  public Source source() {
    return Source.recalled("check A3: Fortini-Ladelli-Regazzini 2000");
  }

  @Override
  public String prediction() {
    return "deviation <= 1e-12 for M1-M6, M8, M9; a martingale without symmetry exists";
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
          case STANDARD -> 1;
          case FULL -> 2;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    Map<String, Deviation> models = new LinkedHashMap<>();
    int draws = budget == Budget.SMOKE ? 1 : budget == Budget.STANDARD ? 4 : 10;
    for (int n = 0; n < draws; n++) {
      RandomGenerator rng = seed.child("models").child(n).generator();
      for (LatentModel<?> model : AuditedModels.draw(2, rng)) {
        Deviation deviation =
            models.computeIfAbsent(model.description().name(), name -> new Deviation());
        for (int length : lengths(budget)) {
          deviation.add(gap(model, length, rng), 0);
          deviation.add(pastGap(model, length, rng), 0);
        }
      }
    }
    RandomGenerator rng = seed.child("controls").generator();
    List<Control> controls = controls(rng);
    List<ClaimPart> parts = AuditedModels.parts(models, BOUND, controls);
    Tokens tokens = AuditedModels.hiddenMarkov().sample(6, rng).tokens();
    CoherenceGaps turning = Coherence.largest(tokens, 10, rng, IncoherentPredictors.turning());
    parts.add(
        ClaimPart.of("martingale-that-turns", exact(turning.martingale()))
            .withControl(control("its next two tokens exchanged", turning.symmetry())));
    CoherenceGaps fading = Coherence.largest(tokens, 10, rng, IncoherentPredictors.fading());
    parts.add(
        ClaimPart.of("symmetry-that-fades", exact(Math.max(fading.martingale(), fading.symmetry())))
            .withControl(control("the order of its past changed", fading.past())));
    return ClaimResult.of(parts);
  }

  private static int[] lengths(Budget budget) {
    return switch (budget) {
      case SMOKE -> new int[] {0, 1, 8};
      case STANDARD -> new int[] {0, 1, 8, 60};
      case FULL -> new int[] {0, 1, 8, 60, 400};
    };
  }

  private static double gap(LatentModel<?> model, int length, RandomGenerator rng) {
    Tokens tokens = model.sample(length + 2, rng).tokens();
    Tokens seen = tokens.prefix(length);
    double gap =
        Coherence.logSymmetryGap(
            seen, tokens.slice(length, length + 2), Predictors.logDensity(model));
    return model.tokenSpace() instanceof CategoricalTokens
        ? Math.max(gap, Coherence.symmetryGap(seen, Predictors.categories(model)))
        : gap;
  }

  private static double pastGap(LatentModel<?> model, int length, RandomGenerator rng) {
    Tokens seen = model.sample(length, rng).tokens();
    SimpleMatrix query = model.drawQuery(rng);
    return Coherence.pastGap(
        seen, ORDERS, rng, x -> model.prior().observe(x).predictive(query).mean());
  }

  private static List<Control> controls(RandomGenerator rng) {
    List<Control> controls = new ArrayList<>();
    for (LatentModel<?> model :
        List.of(
            AuditedModels.autoRegression(),
            AuditedModels.hiddenMarkov(),
            AuditedModels.indexTied())) {
      controls.add(control(model.description().name(), gap(model, 6, rng)));
    }
    Tokens tokens = AuditedModels.hiddenMarkov().sample(6, rng).tokens();
    for (RandomTransformer.Kind kind : RandomTransformer.Kind.values()) {
      Function<Tokens, SimpleMatrix> network = new RandomTransformer(kind, 3, rng);
      CoherenceGaps gaps = Coherence.largest(tokens, 10, rng, network);
      controls.add(
          control(
              String.format(
                  Locale.ROOT,
                  "random transformer, %s (order of the past: %.3g)",
                  kind.name().toLowerCase(Locale.ROOT),
                  gaps.past()),
              gaps.symmetry()));
    }
    return controls;
  }

  private static Verdict exact(double gap) {
    return Verdict.exact(gap, Prediction.atMost(BOUND));
  }

  private static Control control(String name, double gap) {
    return Control.of(exact(gap), String.format(Locale.ROOT, "%s: off by %.3g", name, gap));
  }
}
