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
import org.definetti.symmetry.GramAttention;
import org.definetti.symmetry.OrthogonalAudit;
import org.definetti.symmetry.RotationForm;
import org.definetti.symmetry.RowOrder;

/**
 * S8: rotations are not enough.
 *
 * <pre>{@code  f(V) = v_1 × v_2,   f(V) = det(V) C(G) V:   f(V Q) = det(Q) f(V) Q  }</pre>
 *
 * <ul>
 *   <li>Parts: both functions with rotations, and with reflections, where the relative error is 2
 *       because the output has the opposite sign. Controls: the same functions with Q of the other
 *       determinant, which is the point.
 *   <li>Source: [derived] (statement ES5).
 * </ul>
 */
public final class ReflectionsMatter implements Claim {

  private static final NamedFunction CROSS_PRODUCT =
      new NamedFunction(
          "cross-product",
          plan -> RotationForm.crossProduct(RowOrder.identity(plan.dimension() - 1)));

  private static final NamedFunction ORIENTED =
      new NamedFunction(
          "oriented",
          plan ->
              RotationForm.oriented(
                  GramAttention.gaussian(plan.dimension()), RowOrder.identity(plan.dimension())));

  /** Returns the claim. */
  public ReflectionsMatter() {}

  @Override
  public String id() {
    return "S8";
  }

  @Override
  public String slug() {
    return "reflections-matter";
  }

  @Override
  public String statement() {
    return "The cross product and a form times a determinant commute with every rotation and"
        + " with no reflection: an audit with rotations only cannot certify the form that the"
        + " orthogonal group forces.";
  }

  @Override
  public Source source() {
    return Source.derived("check S8");
  }

  @Override
  public String prediction() {
    return "relative error <= 1e-10 for rotations; 2 ± 1e-9 for reflections";
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
          case FULL -> 10;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    int elements = budget == Budget.SMOKE ? 5 : budget == Budget.STANDARD ? 20 : 500;
    List<ClaimPart> parts = new ArrayList<>();
    for (int dimension : budget == Budget.SMOKE ? new int[] {3} : new int[] {2, 3, 4, 5}) {
      String suffix = ":d=" + dimension;
      AuditPlan bare = AuditPlan.of(dimension - 1, 0, dimension).withElements(elements);
      AuditPlan full = AuditPlan.of(dimension, 1, dimension).withElements(elements);
      parts.addAll(parts(CROSS_PRODUCT, suffix, bare, seed));
      parts.addAll(parts(ORIENTED, suffix, full, seed));
    }
    return ClaimResult.of(parts);
  }

  private static List<ClaimPart> parts(
      NamedFunction function, String suffix, AuditPlan plan, Seed seed) {
    double rotations = measured(1, function, plan, seed);
    double reflections = measured(-1, function, plan, seed);
    Prediction none = Prediction.atMost(AuditParts.BOUND);
    Prediction opposite = Prediction.near(2, 1e-9);
    return List.of(
        ClaimPart.of(function.name() + ":rotations" + suffix, Verdict.exact(rotations, none))
            .withControl(
                Control.of(Verdict.exact(reflections, none), "reflections: error " + reflections)),
        ClaimPart.of(
            function.name() + ":reflections" + suffix, Verdict.exact(reflections, opposite)));
  }

  private static double measured(
      int determinant, NamedFunction function, AuditPlan plan, Seed seed) {
    return AuditParts.of(new OrthogonalAudit(determinant), List.of(plan), AuditParts.BOUND, seed)
        .worst(function)
        .measured();
  }
}
