package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.random.Seed;
import org.definetti.symmetry.Audit;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.EquivariantForm;
import org.definetti.symmetry.ExactOrthogonal;
import org.definetti.symmetry.GramAttention;
import org.definetti.symmetry.OrthogonalAudit;
import org.ejml.simple.SimpleMatrix;

/**
 * S1: what is made of inner products commutes with every orthogonal change of basis.
 *
 * <pre>{@code  f(X Q, Z Q) = f(X, Z) Q,   f(X, Z) = A(G) X + B(G) Z  }</pre>
 *
 * <ul>
 *   <li>Parts: a form each, the worse of rotations and reflections, Haar draws on inputs at five
 *       scales and near loss of rank; and one form with elements of finite groups that have no
 *       rounding of their own.
 *   <li>Controls: ReLU, LayerNorm, fixed positions, generic weights, frozen knowledge, a bias, and
 *       a function that is equivariant for short tokens only.
 *   <li>Source: the form forced by orthogonal equivariance (cf. Ma and Ying 2022; proof in {@link
 *       EquivariantForm}) [derived].
 * </ul>
 */
public final class OrthogonalEquivariance implements Claim {

  private static final List<NamedFunction> RIGHT =
      List.of(
          NamedFunction.SOFTMAX,
          NamedFunction.GAUSSIAN,
          NamedFunction.KNOWLEDGE,
          NamedFunction.CUBIC,
          NamedFunction.WEIGHTED,
          NamedFunction.TWO_HEADS);

  private static final List<NamedFunction> WRONG =
      List.of(
          NamedFunction.RELU,
          NamedFunction.LAYER_NORM,
          NamedFunction.POSITIONS,
          NamedFunction.GENERIC,
          NamedFunction.FROZEN,
          NamedFunction.BIASED);

  /** Returns the claim. */
  public OrthogonalEquivariance() {}

  @Override
  public String id() {
    return "S1";
  }

  @Override
  public String slug() {
    return "orthogonal-equivariance";
  }

  @Override
  public String statement() {
    return "Softmax, Gaussian and knowledge attention without weights, and any function made of"
        + " inner products, commute with every orthogonal change of the basis of tokens and"
        + " knowledge together; fixed weights, positions, biases and frozen knowledge do not.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check S1: the form forced by orthogonal equivariance, cf. Ma and Ying 2022");
  }

  @Override
  public String prediction() {
    return "relative error <= 1e-10 for rotations and for reflections, at scales 1e-3..1e3";
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
          case STANDARD -> 4;
          case FULL -> 60;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<ClaimPart> parts = new ArrayList<>();
    for (int determinant : new int[] {1, -1}) {
      Audit audit = new OrthogonalAudit(determinant);
      AuditParts audited = AuditParts.of(audit, AuditParts.plans(budget), AuditParts.BOUND, seed);
      for (int i = 0; i < RIGHT.size(); i++) {
        NamedFunction right = RIGHT.get(i);
        String component = determinant == 1 ? "rotations:" : "reflections:";
        parts.add(audited.part(right.named(component + right.name()), WRONG.get(i)));
      }
    }
    parts.add(exactElements(budget, seed));
    return ClaimResult.of(parts);
  }

  /** Elements without rounding: what is left is the function's own. */
  private static ClaimPart exactElements(Budget budget, Seed seed) {
    RandomGenerator rng = seed.child("exact").generator();
    AuditPlan plan = AuditPlan.of(5, 3, 4);
    List<SimpleMatrix> group = ExactOrthogonal.hadamardGroup();
    int step = budget == Budget.SMOKE ? 16 : 1;
    Deviation deviation = new Deviation();
    for (AuditInput input : plan.inputs(rng)) {
      for (int n = 0; n < group.size(); n += step) {
        SimpleMatrix q = group.get(n);
        deviation.add(OrthogonalAudit.error(input, q, GramAttention.softmax(4)), 0);
      }
    }
    AuditParts control =
        AuditParts.of(new OrthogonalAudit(1), AuditParts.plans(budget), AuditParts.BOUND, seed);
    return ClaimPart.of(
            "exact-elements",
            Verdict.exact(deviation.largest(), Prediction.atMost(AuditParts.REORDERING)))
        .withControl(control.control(NamedFunction.FAR_RELU));
  }
}
