package org.definetti.lab.claims;

import java.util.List;
import java.util.Locale;
import org.definetti.experiment.Budget;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Verdict;
import org.definetti.random.Seed;
import org.definetti.symmetry.Audit;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.AuditResult;

/** The parts of a claim that one audit makes: a function that passes beside one that must not. */
final class AuditParts {

  /** What a symmetry may miss by rounding, relative. */
  static final double BOUND = 1e-10;

  /** What reordering sums may change, relative. */
  static final double REORDERING = 1e-12;

  /** What a control has to exceed: far above where an audit fails. */
  private static final double CAUGHT = 1e-3;

  private final Audit audit;
  private final List<AuditPlan> plans;
  private final double bound;
  private final Seed seed;

  private AuditParts(Audit audit, List<AuditPlan> plans, double bound, Seed seed) {
    this.audit = audit;
    this.plans = plans;
    this.bound = bound;
    this.seed = seed;
  }

  static AuditParts of(Audit audit, List<AuditPlan> plans, double bound, Seed seed) {
    return new AuditParts(audit, plans, bound, seed.child(audit.name()));
  }

  /** Returns sizes with more rows than dimensions, and fewer. */
  static List<AuditPlan> plans(Budget budget) {
    return switch (budget) {
      case SMOKE -> List.of(AuditPlan.of(5, 3, 4).withElements(4));
      case STANDARD -> List.of(AuditPlan.of(5, 3, 4), AuditPlan.of(8, 6, 24));
      case FULL ->
          List.of(
              AuditPlan.of(2, 2, 3),
              AuditPlan.of(5, 3, 4).withElements(200),
              AuditPlan.of(8, 6, 24),
              AuditPlan.of(32, 16, 16),
              AuditPlan.of(64, 64, 64));
    };
  }

  /** Returns sizes whose rows leave dimensions free, n + k &lt; d. */
  static List<AuditPlan> freePlans(Budget budget) {
    return switch (budget) {
      case SMOKE -> List.of(AuditPlan.of(3, 2, 8).withElements(4));
      case STANDARD -> List.of(AuditPlan.of(3, 2, 8), AuditPlan.of(10, 6, 24));
      case FULL ->
          List.of(
              AuditPlan.of(2, 2, 5),
              AuditPlan.of(3, 2, 8).withElements(200),
              AuditPlan.of(10, 6, 24),
              AuditPlan.of(24, 16, 64));
    };
  }

  /** Returns the worst result of the audit over the plans. */
  AuditResult worst(NamedFunction function) {
    AuditResult worst = result(plans.get(0), function);
    for (AuditPlan plan : plans.subList(1, plans.size())) {
      AuditResult result = result(plan, function);
      worst = result.measured() <= worst.measured() ? worst : result; // NaN wins
    }
    return worst;
  }

  private AuditResult result(AuditPlan plan, NamedFunction function) {
    Seed own = seed.child(function.name()).child(plan.toString());
    return audit.examine(plan, own.generator(), function.of().apply(plan));
  }

  /** Returns the part for a function that has the symmetry, without a control. */
  ClaimPart part(NamedFunction right) {
    Verdict verdict = Verdict.exact(worst(right).measured(), Prediction.atMost(bound));
    return ClaimPart.of(right.name(), verdict);
  }

  /** Returns the part for a function that has the symmetry, beside one that has not. */
  ClaimPart part(NamedFunction right, NamedFunction wrong) {
    return part(right).withControl(control(wrong));
  }

  /** Returns the control: caught if the function fails by a margin. */
  Control control(NamedFunction wrong) {
    double measured = worst(wrong).measured();
    return Control.of(
        measured >= CAUGHT, String.format(Locale.ROOT, "%s: error %.2g", wrong.name(), measured));
  }
}
