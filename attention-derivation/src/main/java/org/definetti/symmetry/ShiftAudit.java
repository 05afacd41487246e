package org.definetti.symmetry;

import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * Does f commute with cyclic shifts of the tokens?
 *
 * <p>A circular convolution does, one padded with zeros does not; attention to a set does too,
 * since shifts are orders. Attention does not lack the symmetry of convolution: it has more of it
 * and less locality. All n - 1 shifts on each of the plan's inputs. Source: [derived].
 */
public record ShiftAudit() implements Audit {

  @Override
  public String name() {
    return "cyclic shifts of tokens";
  }

  @Override
  public String whyNot(AuditPlan plan, SimpleMatrix output) {
    return new TokenOrderAudit(false).whyNot(plan, output);
  }

  @Override
  public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    Worst worst = new Worst();
    for (AuditInput input : plan.inputs(rng)) {
      SimpleMatrix output = input.outputOf(function);
      for (int shift = 1; shift < plan.tokens(); shift++) {
        int[] order = RowOrder.cyclic(plan.tokens(), shift);
        SimpleMatrix shifted = input.withTokenOrder(order).outputOf(function);
        worst.add(Distance.relative(shifted, Stacked.reordered(output, order)), input.text());
      }
    }
    return worst.result(name(), plan.tolerance());
  }
}
