package org.definetti.symmetry;

import java.util.random.RandomGenerator;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * Does f move along when all tokens and all knowledge are moved by one vector? (S15)
 *
 * <pre>{@code  f(X + 1 tᵀ, Z + 1 tᵀ) = f(X, Z) + 1 tᵀ  }</pre>
 *
 * <ul>
 *   <li>With O(d) it is equivariance under all rigid motions, which holds for C(G) V exactly if the
 *       rows of C sum to one and C does not change with translations: affine weights, as softmax
 *       makes them, of distances rather than inner products.
 *   <li>t has normal entries at the size of the input's numbers, so that no digits are lost by
 *       cancellation; its number is the plan's.
 *   <li>Source: [derived].
 * </ul>
 */
public record TranslationAudit() implements Audit {

  @Override
  public String name() {
    return "translations";
  }

  @Override
  public String whyNot(AuditPlan plan, SimpleMatrix output) {
    return new OrthogonalAudit(1).whyNot(plan, output);
  }

  @Override
  public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    Worst worst = new Worst();
    for (AuditInput input : plan.inputs(rng)) {
      double size = input.stacked().normF() / Math.sqrt(input.stacked().getNumElements());
      for (int n = 0; n < plan.elements(); n++) {
        worst.add(error(input, step(plan.dimension(), size, rng), function), input.text());
      }
    }
    return worst.result(name(), plan.tolerance());
  }

  private static double[] step(int dimension, double size, RandomGenerator rng) {
    double[] t = new double[dimension];
    Normal.fill(t, 0, dimension, rng);
    for (int j = 0; j < dimension; j++) {
      t[j] *= size;
    }
    return t;
  }

  private static double error(AuditInput input, double[] t, SequenceFunction function) {
    SimpleMatrix output = input.outputOf(function);
    input.needVectors(output);
    AuditInput moved =
        new AuditInput(
            Stacked.plusRow(input.tokens(), t),
            Stacked.plusRow(input.knowledge(), t),
            input.text());
    return Distance.relative(moved.outputOf(function), Stacked.plusRow(output, t));
  }
}
