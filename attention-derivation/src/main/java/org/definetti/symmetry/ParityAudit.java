package org.definetti.symmetry;

import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * Is f odd: f(-X, -Z) = -f(X, Z)? (S2)
 *
 * <p>-I is orthogonal, so an equivariant f is odd, and a polynomial one has no part of even degree:
 * the cheapest first test, two calls an input. Products and sums of negated numbers round alike, so
 * the forms of this package are odd bit for bit. Source: [derived].
 */
public record ParityAudit() implements Audit {

  @Override
  public String name() {
    return "parity (Q = -I)";
  }

  @Override
  public String whyNot(AuditPlan plan, SimpleMatrix output) {
    return new OrthogonalAudit(1).whyNot(plan, output);
  }

  @Override
  public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    SimpleMatrix minus = SimpleMatrix.identity(plan.dimension()).negative();
    Worst worst = new Worst();
    for (AuditInput input : plan.inputs(rng)) {
      worst.add(OrthogonalAudit.error(input, minus, function), input.text());
    }
    return worst.result(name(), plan.tolerance());
  }
}
