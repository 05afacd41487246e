package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.random.Seed;
import org.definetti.symmetry.SpanAudit;

/**
 * S3: outputs are sums of rows of tokens and knowledge.
 *
 * <pre>{@code  ‖f(V) (I - V⁺ V)‖ / ‖f(V)‖ = 0,   V = [X; Z],  n + k < d  }</pre>
 *
 * <ul>
 *   <li>Parts: a form each. Controls: ReLU, LayerNorm, generic weights, fixed positions.
 *   <li>Source: [derived] (statement ES1).
 * </ul>
 */
public final class OutputSpan implements Claim {

  /** Returns the claim. */
  public OutputSpan() {}

  @Override
  public String id() {
    return "S3";
  }

  @Override
  public String slug() {
    return "output-span";
  }

  @Override
  public String statement() {
    return "Every output row of a function that commutes with orthogonal changes of basis is a"
        + " sum of rows of tokens and knowledge.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "check S3: the form forced by orthogonal equivariance, cf. Ma and Ying 2022");
  }

  @Override
  public String prediction() {
    return "share of the output outside the span <= 1e-10 with fewer rows than dimensions";
  }

  @Override
  public List<String> tags() {
    return List.of("symmetry", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 1;
          case FULL -> 20;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    AuditParts audited =
        AuditParts.of(new SpanAudit(), AuditParts.freePlans(budget), AuditParts.BOUND, seed);
    return ClaimResult.of(
        audited.part(NamedFunction.SOFTMAX, NamedFunction.RELU),
        audited.part(NamedFunction.GAUSSIAN, NamedFunction.LAYER_NORM),
        audited.part(NamedFunction.KNOWLEDGE, NamedFunction.GENERIC),
        audited.part(NamedFunction.WEIGHTED, NamedFunction.POSITIONS));
  }
}
