package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.random.Seed;
import org.definetti.symmetry.CoefficientOrderAudit;

/**
 * S12: canonical coefficients move with the tokens.
 *
 * <pre>{@code  C(D V) = P C(V) Dᵀ,   D = diag(P, I)  }</pre>
 *
 * <ul>
 *   <li>Parts: a form each, with fewer rows than dimensions. Controls: a convolution, a causal mask
 *       and a recurrence, written as coefficients.
 *   <li>Source: [derived] (statement P1).
 * </ul>
 */
public final class MovingCoefficients implements Claim {

  /** Returns the claim. */
  public MovingCoefficients() {}

  @Override
  public String id() {
    return "S12";
  }

  @Override
  public String slug() {
    return "moving-coefficients";
  }

  @Override
  public String statement() {
    return "The canonical coefficients of a permutation equivariant function move with its"
        + " tokens, rows and columns alike.";
  }

  @Override
  public Source source() {
    return Source.derived("check S12: statement P1");
  }

  @Override
  public String prediction() {
    return "C(DV) = P C(V) D^T within 1e-10 cond(V)";
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
          case STANDARD -> 2;
          case FULL -> 30;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    AuditParts audited =
        AuditParts.of(
            new CoefficientOrderAudit(), AuditParts.freePlans(budget), AuditParts.BOUND, seed);
    return ClaimResult.of(
        audited.part(NamedFunction.SOFTMAX, NamedFunction.CONVOLUTION),
        audited.part(NamedFunction.KNOWLEDGE, NamedFunction.CAUSAL),
        audited.part(NamedFunction.TWO_HEADS, NamedFunction.RECURRENCE));
  }
}
