package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.OrthogonalAudit;
import org.definetti.symmetry.SequenceFunction;
import org.definetti.symmetry.SymmetryAlgebra;

/**
 * S9: how many continuous symmetries a layer has, found without being told which.
 *
 * <pre>{@code  dim {A in R^(d, d) : Df(X, Z)[X A, Z A] = f(X, Z) A}  }</pre>
 *
 * <ul>
 *   <li>Parts: the dimension for thirteen functions at d = 4, each against what the algebra of the
 *       function says; and the least factor between what counts as zero and what does not.
 *       Controls: the same functions with a planted violation of one part in a thousand, which has
 *       no symmetry left.
 *   <li>{@code so(4)} has dimension 6 and {@code gl(4)} 16. With frozen knowledge of k = 2 rows,
 *       tokens that also see each other keep so(d - k), dimension 1. Tokens seen through the
 *       knowledge only keep more: all A with {@code Z A = 0} and {@code A (z_a - z_b)ᵀ = 0}, since
 *       softmax sees differences of scores; {@code (d - k)(d - k + 1) = 6}, no rotations.
 *   <li>Source: 6 for dot-product attention and the check [derived]; the other dimensions [derived]
 *       here, measured.
 * </ul>
 */
public final class FoundSymmetries implements Claim {

  private static final int WIDTH = 4;
  private static final AuditPlan PLAN = AuditPlan.of(4, 2, WIDTH);

  private static final NamedFunction FROZEN_TWO_HEADS =
      new NamedFunction(
          "two-heads-frozen",
          plan ->
              NamedFunction.TWO_HEADS
                  .of()
                  .apply(plan)
                  .withKnowledge(NamedFunction.weight("frozen", plan.knowledge(), WIDTH)));

  /** A function and the dimension of its algebra. */
  private record Case(NamedFunction function, int dimension) {}

  private static final List<Case> CASES =
      List.of(
          new Case(NamedFunction.SOFTMAX, 6),
          new Case(NamedFunction.GAUSSIAN, 6),
          new Case(NamedFunction.WEIGHTED, 6),
          new Case(NamedFunction.RMS_NORM, 6),
          new Case(NamedFunction.LAYER_NORM, 4), // so(3) about the vector of ones, and 1 1ᵀ
          new Case(NamedFunction.ROTARY, 2), // a turn of each plane
          new Case(
              NamedFunction.FROZEN, 6), // out of the knowledge's complement, off its differences
          new Case(FROZEN_TWO_HEADS, 1), // so(2) there
          new Case(NamedFunction.RELU, 4), // a positive factor a coordinate
          new Case(NamedFunction.MIXING, 16),
          new Case(NamedFunction.CONVOLUTION, 16),
          new Case(NamedFunction.GENERIC, 0),
          new Case(NamedFunction.RECURRENCE, 0));

  /** Returns the claim. */
  public FoundSymmetries() {}

  @Override
  public String id() {
    return "S9";
  }

  @Override
  public String slug() {
    return "symmetry-algebra";
  }

  @Override
  public String statement() {
    return "The linear changes of the tokens' space that a layer commutes with have the dimension that its"
        + " form says: 6 for attention made of inner products in four dimensions, 2 with rotary"
        + " positions, 4 for ReLU, 16 for a mixing of tokens, none with generic weights.";
  }

  @Override
  public Source source() {
    return Source.derived("check S9");
  }

  @Override
  public String prediction() {
    return "nullspace dimension as an integer for each function; gap > 1e6";
  }

  @Override
  public List<String> tags() {
    return List.of("symmetry", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 1;
          case FULL -> 15;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int inputs = budget == Budget.SMOKE ? 4 : budget == Budget.STANDARD ? 20 : 200;
    List<ClaimPart> parts = new ArrayList<>();
    double gap = Double.POSITIVE_INFINITY;
    for (Case next : CASES) {
      Seed own = seed.child(next.function().name());
      SequenceFunction function = next.function().of().apply(PLAN);
      AuditPlan plan = PLAN.withElements(inputs);
      SymmetryAlgebra found = SymmetryAlgebra.of(plan, own.generator(), function);
      Prediction predicted = Prediction.near(next.dimension(), 0);
      ClaimPart part =
          ClaimPart.of(next.function().name(), Verdict.exact(found.dimension(), predicted));
      if (next.dimension() > 0) {
        part = part.withControl(planted(plan, own, function, predicted));
      }
      parts.add(part);
      gap = Math.min(gap, found.gap());
    }
    parts.add(ClaimPart.of("gap", Verdict.exact(gap, Prediction.atLeast(1e6))));
    return ClaimResult.of(parts);
  }

  private static Control planted(
      AuditPlan plan, Seed seed, SequenceFunction function, Prediction predicted) {
    SequenceFunction violated = OrthogonalAudit.planted(1e-3, function);
    SymmetryAlgebra found = SymmetryAlgebra.of(plan, seed.generator(), violated);
    return Control.of(
        Verdict.exact(found.dimension(), predicted),
        "a planted bias of 1e-3 leaves dimension " + found.dimension());
  }
}
