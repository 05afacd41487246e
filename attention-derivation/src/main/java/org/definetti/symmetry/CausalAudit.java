package org.definetti.symmetry;

import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * Does each output row see only its own token and those before it?
 *
 * <pre>{@code  error = max_(j > i) I_ij / max_ij I_ij,   I the influence matrix  }</pre>
 *
 * <p>Exactly zero for a causal function. The plan's number of trials at scale 1. Source: [derived].
 */
public record CausalAudit() implements Audit {

  @Override
  public String name() {
    return "causal: no row sees later tokens";
  }

  @Override
  public String whyNot(AuditPlan plan, SimpleMatrix output) {
    return new TokenOrderAudit(false).whyNot(plan, output);
  }

  @Override
  public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    SimpleMatrix influence = Influence.matrix(plan, plan.elements(), rng, function);
    double scale = influence.elementMaxAbs();
    Worst worst = new Worst();
    for (int i = 0; i < influence.getNumRows(); i++) {
      for (int j = i + 1; j < influence.getNumCols(); j++) {
        double error = scale == 0 ? 0 : influence.get(i, j) / scale;
        worst.add(error, "output " + i + ", token " + j);
      }
    }
    return worst.result(name(), plan.tolerance());
  }
}
