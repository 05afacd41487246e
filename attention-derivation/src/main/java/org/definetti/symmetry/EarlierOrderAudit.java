package org.definetti.symmetry;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * Is what comes before the last token a set to the last output? (S17)
 *
 * <pre>{@code  f(x_π(0) … x_π(n-2), x_(n-1))_(n-1) = f(x_0 … x_(n-1))_(n-1)  }</pre>
 *
 * <ul>
 *   <li>A causal mask alone does not tell the last output in which order the others came: one layer
 *       sums over them. A second layer sums over rows that saw prefixes of different length, and
 *       knows. So a mask supplies order, from two layers on [source: Haviv-2022, abstract].
 *   <li>Exchanges of neighbours and the plan's number of random orders of the first n - 1 tokens,
 *       on each of the plan's inputs; only the last row is compared.
 *   <li>Source: [derived].
 * </ul>
 */
public record EarlierOrderAudit() implements Audit {

  @Override
  public String name() {
    return "last output: earlier tokens a set";
  }

  @Override
  public String whyNot(AuditPlan plan, SimpleMatrix output) {
    return plan.tokens() < 3
        ? "fewer than two earlier tokens"
        : new TokenOrderAudit(false).whyNot(plan, output);
  }

  @Override
  public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    int last = plan.tokens() - 1;
    Worst worst = new Worst();
    for (AuditInput input : plan.inputs(rng)) {
      SimpleMatrix expected = Stacked.rows(input.outputOf(function), last, last + 1);
      for (int[] earlier : TokenOrderAudit.orders(last, plan.elements(), rng)) {
        int[] order = Arrays.copyOf(earlier, last + 1);
        order[last] = last;
        SimpleMatrix moved = input.withTokenOrder(order).outputOf(function);
        worst.add(Distance.relative(Stacked.rows(moved, last, last + 1), expected), input.text());
      }
    }
    return worst.result(name(), plan.tolerance());
  }
}
