package org.definetti.symmetry;

import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;

/**
 * Is every output row a sum of rows of tokens and knowledge? (S3)
 *
 * <pre>{@code  error = ‖f(V) (I - V⁺ V)‖ / ‖f(V)‖  }</pre>
 *
 * <p>A reflection in the hyperplane that holds all rows changes no row, so it changes no output of
 * an equivariant function. Says something only if the rows do not span the space, n + k &lt; d. Of
 * the plan's inputs only the shape counts. Source: [derived].
 */
public record SpanAudit() implements Audit {

  @Override
  public String name() {
    return "span of tokens and knowledge";
  }

  @Override
  public String whyNot(AuditPlan plan, SimpleMatrix output) {
    String vectors = new OrthogonalAudit(1).whyNot(plan, output);
    if (!vectors.isEmpty()) {
      return vectors;
    }
    return plan.tokens() + plan.knowledge() < plan.dimension()
        ? ""
        : "tokens and knowledge span the whole space: needs n + k < d";
  }

  @Override
  public AuditResult examine(AuditPlan plan, RandomGenerator rng, SequenceFunction function) {
    Worst worst = new Worst();
    for (AuditInput input : plan.inputs(rng)) {
      worst.add(CanonicalCoefficients.of(input, function).spanLoss(), input.text());
    }
    return worst.result(name(), plan.tolerance());
  }
}
