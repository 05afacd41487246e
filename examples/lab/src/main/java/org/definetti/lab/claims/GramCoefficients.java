package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.GramAttention;
import org.definetti.symmetry.GramAudit;
import org.definetti.symmetry.RotationForm;
import org.definetti.symmetry.RowOrder;

/**
 * S4: the coefficients of an equivariant function are functions of the Gram matrix.
 *
 * <pre>{@code  C = f(V) V⁺,   C(V Q) = C(V),   f(V') = C V' for every V' with V' V'ᵀ = V Vᵀ  }
 * </pre>
 *
 * <ul>
 *   <li>Parts: a form each, with fewer rows than dimensions and with more; errors are divided by
 *       max(1, cond V).
 *   <li>Controls: frozen knowledge, whose coefficients see more than inner products; a form times a
 *       determinant, whose coefficients see the orientation.
 *   <li>Source: [derived] (statement ES1).
 * </ul>
 */
public final class GramCoefficients implements Claim {

  private static final NamedFunction ORIENTED =
      new NamedFunction(
          "form times a determinant",
          plan ->
              RotationForm.oriented(
                  GramAttention.softmax(plan.dimension()), RowOrder.identity(plan.dimension())));

  /** Returns the claim. */
  public GramCoefficients() {}

  @Override
  public String id() {
    return "S4";
  }

  @Override
  public String slug() {
    return "gram-coefficients";
  }

  @Override
  public String statement() {
    return "The coefficients with which an equivariant function sums tokens and knowledge depend"
        + " on nothing but the inner products of these rows.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check S4: the form forced by orthogonal equivariance, cf. Ma and Ying 2022");
  }

  @Override
  public String prediction() {
    return "C(VQ) = C(V), and f = C(G) V' at rows V' rebuilt from G, within 1e-10 cond(V)";
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
          case STANDARD -> 2;
          case FULL -> 20;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    AuditParts few = audited(AuditParts.freePlans(budget), seed);
    AuditParts more = audited(List.of(AuditPlan.of(6, 4, 5).withElements(4)), seed);
    return ClaimResult.of(
        few.part(NamedFunction.SOFTMAX, NamedFunction.FROZEN),
        few.part(NamedFunction.KNOWLEDGE, NamedFunction.GENERIC),
        few.part(NamedFunction.WEIGHTED, NamedFunction.POSITIONS),
        more.part(NamedFunction.GAUSSIAN, ORIENTED),
        more.part(NamedFunction.TWO_HEADS, NamedFunction.BIASED));
  }

  private static AuditParts audited(List<AuditPlan> plans, Seed seed) {
    return AuditParts.of(new GramAudit(), plans, AuditParts.BOUND, seed);
  }
}
