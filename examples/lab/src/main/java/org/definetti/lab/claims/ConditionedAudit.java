package org.definetti.lab.claims;

import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.definetti.random.Haar;
import org.definetti.symmetry.Audit;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.AuditResult;
import org.definetti.symmetry.OrthogonalAudit;
import org.definetti.symmetry.SequenceFunction;
import org.ejml.simple.SimpleMatrix;

/**
 * {@link OrthogonalAudit} of a function that solves a system of equations: errors are divided by
 * its condition number, as those of coefficients are, since a solution loses as many digits.
 *
 * @param determinant 1 or -1
 * @param condition of the system at an input; below 1 counts as 1
 */
record ConditionedAudit(int determinant, ToDoubleFunction<AuditInput> condition) implements Audit {

  @Override
  public String name() {
    return new OrthogonalAudit(determinant).name() + ", errors over the condition number";
  }

  @Override
  public String whyNot(AuditPlan plan, SimpleMatrix output) {
    return new OrthogonalAudit(determinant).whyNot(plan, output);
  }

  @Override
  public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    double worst = 0;
    for (AuditInput input : plan.inputs(rng)) {
      double scale = Math.max(1, condition.applyAsDouble(input));
      for (int n = 0; n < plan.elements(); n++) {
        SimpleMatrix q =
            determinant == 1
                ? Haar.rotation(plan.dimension(), rng)
                : Haar.reflection(plan.dimension(), rng);
        worst = Math.max(worst, OrthogonalAudit.error(input, q, function) / scale);
      }
    }
    return AuditResult.of(name(), worst, plan.tolerance(), "");
  }
}
