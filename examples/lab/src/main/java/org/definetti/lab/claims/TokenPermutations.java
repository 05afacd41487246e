package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.random.Seed;
import org.definetti.symmetry.TokenOrderAudit;

/**
 * S10: attention to a set is permutation equivariant.
 *
 * <pre>{@code  f(P X, Z) = P f(X, Z)  }</pre>
 *
 * <ul>
 *   <li>Parts: a form each; the n - 1 exchanges of neighbours generate all orders. Controls:
 *       positions, a causal mask, a convolution, a recurrence.
 *   <li>The bound is rounding: another order is another order of sums.
 *   <li>Source: [derived] (statements P1, P2).
 * </ul>
 */
public final class TokenPermutations implements Claim {

  /** Returns the claim. */
  public TokenPermutations() {}

  @Override
  public String id() {
    return "S10";
  }

  @Override
  public String slug() {
    return "token-permutations";
  }

  @Override
  public String statement() {
    return "Attention without mask and positions moves its outputs with its tokens, whatever"
        + " their order; positions, a causal mask, convolution and recurrence do not.";
  }

  @Override
  public Source source() {
    return Source.derived("check S10: statement P1");
  }

  @Override
  public String prediction() {
    return "relative error <= 1e-12 over exchanges of neighbours and random orders";
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
          case FULL -> 60;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    AuditParts audited =
        AuditParts.of(
            new TokenOrderAudit(false), AuditParts.plans(budget), AuditParts.REORDERING, seed);
    return ClaimResult.of(
        audited.part(NamedFunction.SOFTMAX, NamedFunction.POSITIONS),
        audited.part(NamedFunction.GAUSSIAN, NamedFunction.CAUSAL),
        audited.part(NamedFunction.KNOWLEDGE, NamedFunction.CONVOLUTION),
        audited.part(NamedFunction.TWO_HEADS, NamedFunction.RECURRENCE));
  }
}
