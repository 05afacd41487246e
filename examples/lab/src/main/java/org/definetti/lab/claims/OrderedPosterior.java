package org.definetti.lab.claims;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.PosteriorForm;
import org.definetti.symmetry.TokenOrderAudit;
import org.ejml.simple.SimpleMatrix;

/**
 * MS9, the control for the order of tokens: a hidden state that moves. Its predictive mean turns
 * with tokens and points, and the order of tokens matters.
 *
 * <pre>{@code
 * α_i ∝ (α_(i-1) T) ∘ e_i,   e_i(l) = exp(<x_i, z_l> / s2 - |z_l|² / (2 s2)),   E[v | X] = α_n T Z
 * }</pre>
 *
 * <ul>
 *   <li>Parts: the belief is the form {@link PosteriorForm#hiddenMarkov}; a sum over all paths says
 *       the same; joint rotations, reflections, span; the order of tokens matters.
 *   <li>Controls: no memory, other moves, frozen points; of the part that asks for failure, a chain
 *       without memory, whose tokens may change places.
 *   <li>Source: [derived].
 * </ul>
 */
public final class OrderedPosterior implements Claim {

  private static final double S2 = PosteriorFunctions.NOISE_VARIANCE;

  private static final NamedFunction POSTERIOR = ofModel("hidden-markov", 0.9);
  private static final NamedFunction OTHER_MOVES = ofModel("other moves", 0.7);

  private static final NamedFunction FORM =
      new NamedFunction(
          "form",
          plan ->
              PosteriorForm.hiddenMarkov(
                  PosteriorFunctions.proportions(plan.knowledge()),
                  moves(plan.knowledge(), 0.9),
                  S2));

  /** Every state is drawn anew: nothing seen says anything about what comes. */
  private static final NamedFunction FORGETFUL = ofModel("a chain without memory", 0);

  /** Returns the claim. */
  public OrderedPosterior() {}

  @Override
  public String id() {
    return "MS9";
  }

  @Override
  public String slug() {
    return "ordered-posterior";
  }

  @Override
  public String statement() {
    return "The predictive mean of a hidden Markov model with isotropic Gaussian emissions "
        + "is B(G) Z with weights from the forward recursion: equivariant in tokens and "
        + "points together, and not invariant under permutations of tokens.";
  }

  @Override
  public Source source() {
    return Source.derived("model MS9: statements BS1, ES1 and P1");
  }

  @Override
  public String prediction() {
    return "belief = form = oracle, joint rotations, reflections, span within 1e-10; "
        + "order: error >= 1e-3";
  }

  @Override
  public List<String> tags() {
    return List.of("symmetry", "posterior", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 3;
          case FULL -> 30;
        });
  }

  private static NamedFunction ofModel(String name, double stay) {
    return PosteriorFunctions.predictive(
        name,
        z -> {
          int k = z.getNumRows();
          return HiddenMarkov.gaussian(PosteriorFunctions.proportions(k), moves(k, stay), z, S2);
        });
  }

  /**
   * Returns moves that stay with a probability and else go anywhere, to later states more often.
   */
  private static SimpleMatrix moves(int states, double stay) {
    double[] rows = new double[states * states];
    SimpleMatrix anywhere = PosteriorFunctions.proportions(states);
    Arrays.setAll(
        rows,
        i -> (1 - stay) * anywhere.get(0, i % states) + (i / states == i % states ? stay : 0));
    return new SimpleMatrix(states, states, true, rows);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    NamedFunction frozen = PosteriorFunctions.frozen(POSTERIOR);
    PosteriorParts parts =
        new PosteriorParts(POSTERIOR, FORM, budget, seed)
            .form(FORGETFUL)
            .oracle(
                "sum over all paths of plain products",
                List.of(AuditPlan.of(4, 3, 2), AuditPlan.of(5, 2, 4)),
                OrderedPosterior::bruteForce,
                OTHER_MOVES)
            .rotations(frozen)
            .reflections(frozen)
            .span(frozen);
    AuditParts order =
        AuditParts.of(
            new TokenOrderAudit(true), PosteriorParts.plans(budget), AuditParts.REORDERING, seed);
    double error = order.worst(POSTERIOR).measured();
    double forgetful = order.worst(FORGETFUL).measured();
    parts.add(
        "order-matters",
        Verdict.exact(error, Prediction.atLeast(PosteriorParts.CAUGHT)),
        Control.of(
            forgetful < PosteriorParts.CAUGHT,
            PosteriorParts.text(FORGETFUL.name() + ": error", forgetful)));
    return ClaimResult.of(parts.parts());
  }

  private static SimpleMatrix bruteForce(AuditInput input) {
    int k = input.knowledge().getNumRows();
    return PosteriorBruteForce.paths(input, PosteriorFunctions.proportions(k), moves(k, 0.9), S2);
  }
}
