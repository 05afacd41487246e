package org.definetti.lab.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.random.Haar;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.FrameLift;
import org.definetti.symmetry.OrthogonalAudit;
import org.definetti.symmetry.SequenceFunction;
import org.ejml.simple.SimpleMatrix;

/**
 * S14: at one frozen knowledge equivariance restricts nothing.
 *
 * <pre>{@code  F(X, Z) = h(X R_Zᵀ) R_Z,   F(X Q, Z Q) = F(X, Z) Q,   F(·, I) = h  }</pre>
 *
 * <ul>
 *   <li>Parts: for three functions h that are not equivariant, the lift with rotations and
 *       reflections, and its section at the standard knowledge.
 *   <li>Controls: the lift at frozen knowledge; h itself; the section at another knowledge.
 *   <li>Source: [derived] (statement ES8).
 * </ul>
 */
public final class FrozenKnowledge implements Claim {

  private static final List<NamedFunction> ANY =
      List.of(
          NamedFunction.RELU.named("relu"),
          NamedFunction.POSITIONS.named("positions"),
          NamedFunction.RECURRENCE);

  /** Returns the claim. */
  public FrozenKnowledge() {}

  @Override
  public String id() {
    return "S14";
  }

  @Override
  public String slug() {
    return "frozen-knowledge";
  }

  @Override
  public String statement() {
    return "If the knowledge spans the space, any function of the tokens is what some"
        + " equivariant function makes of them at one frozen knowledge: equivariance restricts"
        + " how the function changes when the language is embedded anew, not the function.";
  }

  @Override
  public Source source() {
    return Source.derived("check S14: statement ES8");
  }

  @Override
  public String prediction() {
    return "lift equivariant within 1e-10 and equal to the function at the standard frame, bit"
        + " for bit";
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
          case FULL -> 20;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<AuditPlan> plans =
        switch (budget) {
          case SMOKE -> List.of(AuditPlan.of(5, 4, 4).withElements(4));
          case STANDARD -> List.of(AuditPlan.of(5, 4, 4), AuditPlan.of(8, 12, 8));
          case FULL ->
              List.of(
                  AuditPlan.of(5, 4, 4).withElements(200),
                  AuditPlan.of(8, 12, 8),
                  AuditPlan.of(16, 32, 32));
        };
    List<ClaimPart> parts = new ArrayList<>();
    for (NamedFunction any : ANY) {
      NamedFunction lift = new NamedFunction(any.name() + ":lift", plan -> lift(any, plan));
      parts.add(audited(1, plans, seed).part(lift.named(lift.name() + ":rotations"), frozen(lift)));
      parts.add(audited(-1, plans, seed).part(lift.named(lift.name() + ":reflections"), any));
      parts.add(section(any, plans, seed));
    }
    return ClaimResult.of(parts);
  }

  private static AuditParts audited(int determinant, List<AuditPlan> plans, Seed seed) {
    return AuditParts.of(new OrthogonalAudit(determinant), plans, AuditParts.BOUND, seed);
  }

  private static FrameLift lift(NamedFunction any, AuditPlan plan) {
    SequenceFunction function = any.of().apply(plan);
    return FrameLift.of(x -> function.transform(x, x));
  }

  private static NamedFunction frozen(NamedFunction lift) {
    return new NamedFunction(
        lift.name() + " at frozen knowledge",
        plan -> lift.of().apply(plan).withKnowledge(FrameLift.standardKnowledge(plan.dimension())));
  }

  private static ClaimPart section(NamedFunction any, List<AuditPlan> plans, Seed seed) {
    Deviation right = new Deviation();
    double wrong = Double.POSITIVE_INFINITY;
    RandomGenerator rng = seed.child("section").child(any.name()).generator();
    for (AuditPlan plan : plans) {
      SimpleMatrix x = plan.input(rng).tokens();
      SimpleMatrix expected = any.of().apply(plan).transform(x, x);
      FrameLift lift = lift(any, plan);
      SimpleMatrix standard = FrameLift.standardKnowledge(plan.dimension());
      right.add(lift.transform(x, standard).getDDRM().data, expected.getDDRM().data);
      SimpleMatrix other = lift.transform(x, Haar.orthogonal(plan.dimension(), rng));
      wrong = Math.min(wrong, other.minus(expected).normF() / expected.normF());
    }
    return ClaimPart.of(
            any.name() + ":section", Verdict.exact(right.largest(), Prediction.atMost(0)))
        .withControl(
            Control.of(
                wrong > 1e-3,
                String.format(Locale.ROOT, "at another knowledge: distance %.2g", wrong)));
  }
}
