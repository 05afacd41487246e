package org.definetti.symmetry;

import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * Is knowledge read as a set: f(X, P Z) = f(X, Z)? (S11)
 *
 * <p>Tried as {@link TokenOrderAudit} does, on the rows of Z. Knowledge whose rows have roles, such
 * as keys and values, fails on purpose. Source: knowledge is unordered [source: Ma-2022, abstract];
 * the audit [derived].
 */
public record KnowledgeOrderAudit() implements Audit {

  @Override
  public String name() {
    return "knowledge order: invariant";
  }

  @Override
  public String whyNot(AuditPlan plan, SimpleMatrix output) {
    return plan.knowledge() < 2 ? "fewer than two knowledge rows" : "";
  }

  @Override
  public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    Worst worst = new Worst();
    for (AuditInput input : plan.inputs(rng)) {
      SimpleMatrix output = input.outputOf(function);
      for (int[] order : TokenOrderAudit.orders(plan.knowledge(), plan.elements(), rng)) {
        SimpleMatrix other = input.withKnowledgeOrder(order).outputOf(function);
        worst.add(Distance.relative(other, output), input.text());
      }
    }
    return worst.result(name(), plan.tolerance());
  }
}
