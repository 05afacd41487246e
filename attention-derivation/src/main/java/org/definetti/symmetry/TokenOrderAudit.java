package org.definetti.symmetry;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * What happens when tokens change places? (S10)
 *
 * <pre>{@code
 * equivariant   f(P X, Z) = P f(X, Z)     one output row a token moves with its token
 * invariant     f(P X, Z) = f(X, Z)       the output belongs to the set
 * }</pre>
 *
 * <p>The n - 1 exchanges of neighbours, which generate all orders, and the plan's number of random
 * ones, on each of the plan's inputs. A set reader passes within rounding, not bit for bit: another
 * order is another order of sums. Source: [derived].
 *
 * @param invariant whether the output should stay; else its rows should move
 */
public record TokenOrderAudit(boolean invariant) implements Audit {

  @Override
  public String name() {
    return invariant ? "token order: invariant" : "token order: equivariant";
  }

  @Override
  public String whyNot(AuditPlan plan, SimpleMatrix output) {
    if (plan.tokens() < 2) {
      return "one token has one order";
    }
    boolean rowPerToken = output.getNumRows() == plan.tokens();
    if (invariant) {
      return rowPerToken ? "one output row a token, which should move with it" : "";
    }
    return rowPerToken ? "" : "not one output row a token";
  }

  @Override
  public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    Worst worst = new Worst();
    for (AuditInput input : plan.inputs(rng)) {
      SimpleMatrix output = input.outputOf(function);
      for (int[] order : orders(plan.tokens(), plan.elements(), rng)) {
        SimpleMatrix expected = invariant ? output : Stacked.reordered(output, order);
        SimpleMatrix moved = input.withTokenOrder(order).outputOf(function);
        worst.add(Distance.relative(moved, expected), input.text());
      }
    }
    return worst.result(name(), plan.tolerance());
  }

  /** Returns the exchanges of neighbours and as many random orders as asked for. */
  static List<int[]> orders(int length, int random, RandomGenerator rng) {
    List<int[]> orders = new ArrayList<>(RowOrder.adjacent(length));
    for (int n = 0; n < random; n++) {
      orders.add(RowOrder.draw(length, rng));
    }
    return orders;
  }
}
