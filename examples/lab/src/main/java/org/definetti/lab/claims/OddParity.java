package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.random.Seed;
import org.definetti.symmetry.ParityAudit;

/**
 * S2: equivariant functions are odd.
 *
 * <pre>{@code  f(-X, -Z) = -f(X, Z)  }</pre>
 *
 * <ul>
 *   <li>Parts: a form each. Controls: row norms times a fixed vector, squares of coordinates.
 *   <li>Source: [derived] (statement ES2).
 * </ul>
 */
public final class OddParity implements Claim {

  private static final double BITS = 1e-15;

  /** Returns the claim. */
  public OddParity() {}

  @Override
  public String id() {
    return "S2";
  }

  @Override
  public String slug() {
    return "odd-parity";
  }

  @Override
  public String statement() {
    return "A function that commutes with orthogonal changes of basis is odd, f(-X, -Z) = -f(X,"
        + " Z), and every form made of inner products is so bit for bit.";
  }

  @Override
  public Source source() {
    return Source.derived("check S2: -I is orthogonal; cf. Ma and Ying 2022");
  }

  @Override
  public String prediction() {
    return "relative error <= 1e-15 at Q = -I";
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
          case FULL -> 5;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    AuditParts audited = AuditParts.of(new ParityAudit(), AuditParts.plans(budget), BITS, seed);
    return ClaimResult.of(
        audited.part(NamedFunction.SOFTMAX, NamedFunction.EVEN),
        audited.part(NamedFunction.GAUSSIAN, NamedFunction.SQUARES),
        audited.part(NamedFunction.KNOWLEDGE, NamedFunction.RELU),
        audited.part(NamedFunction.CUBIC, NamedFunction.BIASED),
        audited.part(NamedFunction.WEIGHTED, NamedFunction.POSITIONS));
  }
}
