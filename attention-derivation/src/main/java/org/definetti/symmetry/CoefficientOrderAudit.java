package org.definetti.symmetry;

import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * Do the canonical coefficients move with the tokens? (S12)
 *
 * <pre>{@code  C(D V) = P C(V) Dᵀ,   D = diag(P, I),   error relative / max(1, cond V)  }</pre>
 *
 * <p>They do exactly if f is permutation equivariant: {@code (D V)⁺ = V⁺ Dᵀ}, so {@code f(D V) = P
 * f(V)} gives the line above, and the line times D V gives it back where C V = f(V). Source:
 * [derived] (statement P1).
 */
public record CoefficientOrderAudit() implements Audit {

  @Override
  public String name() {
    return "coefficients move with tokens";
  }

  @Override
  public String whyNot(AuditPlan plan, SimpleMatrix output) {
    String vectors = new OrthogonalAudit(1).whyNot(plan, output);
    return vectors.isEmpty() ? new TokenOrderAudit(false).whyNot(plan, output) : vectors;
  }

  @Override
  public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    Worst worst = new Worst();
    for (AuditInput input : plan.inputs(rng)) {
      CanonicalCoefficients found = CanonicalCoefficients.of(input, function);
      for (int[] order : TokenOrderAudit.orders(plan.tokens(), plan.elements(), rng)) {
        SimpleMatrix other =
            CanonicalCoefficients.of(input.withTokenOrder(order), function).matrix();
        double error = Distance.relative(other, moved(found.matrix(), order, plan.knowledge()));
        worst.add(error / Math.max(1, found.condition()), input.text());
      }
    }
    return worst.result(name(), plan.tolerance());
  }

  /** Returns P C Dᵀ. */
  private static SimpleMatrix moved(SimpleMatrix coefficients, int[] order, int knowledge) {
    int n = order.length;
    int[] columns = RowOrder.identity(n + knowledge);
    System.arraycopy(order, 0, columns, 0, n);
    SimpleMatrix rows = Stacked.reordered(coefficients, order);
    return Stacked.reordered(rows.transpose(), columns).transpose();
  }
}
