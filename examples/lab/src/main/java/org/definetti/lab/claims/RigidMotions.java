package org.definetti.lab.claims;

import java.time.Duration;
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
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.CanonicalCoefficients;
import org.definetti.symmetry.EquivariantForm;
import org.definetti.symmetry.EuclideanForm;
import org.definetti.symmetry.Gram;
import org.definetti.symmetry.GramAttention;
import org.definetti.symmetry.TranslationAudit;
import org.ejml.simple.SimpleMatrix;

/**
 * S15: rigid motions ask for affine weights that see differences.
 *
 * <pre>{@code  f(V + 1 tᵀ) = f(V) + 1 tᵀ  ⇔  C 1 = 1 and C(V + 1 tᵀ) = C(V)  }</pre>
 *
 * <ul>
 *   <li>Parts: Gaussian attention; softmax and the cubic form, centred; the row sums of recovered
 *       coefficients of Gaussian attention. Controls: dot-product attention, whose weights sum to
 *       one but see more than differences; the cubic form; Gaussian attention with a skip, whose
 *       weights see differences but sum to two.
 *   <li>Source: [derived].
 * </ul>
 */
public final class RigidMotions implements Claim {

  private static final NamedFunction CENTRED_SOFTMAX =
      new NamedFunction(
          "centred-softmax", plan -> EuclideanForm.of(GramAttention.softmax(plan.dimension())));

  private static final NamedFunction CENTRED_CUBIC =
      new NamedFunction(
          "centred-cubic", plan -> EuclideanForm.of(EquivariantForm.ofTokens(Gram::tokenBlock)));

  /** Returns the claim. */
  public RigidMotions() {}

  @Override
  public String id() {
    return "S15";
  }

  @Override
  public String slug() {
    return "rigid-motions";
  }

  @Override
  public String statement() {
    return "An equivariant form commutes with translations of tokens and knowledge exactly if"
        + " its weights sum to one and see differences only: Gaussian scores do, dot-product"
        + " scores do not unless rows are centred first.";
  }

  @Override
  public Source source() {
    return Source.derived("check S15");
  }

  @Override
  public String prediction() {
    return "relative error <= 1e-10 under translations; row sums of the weights 1 within 1e-10"
        + " cond(V)";
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
          case FULL -> 30;
        });
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    AuditParts audited =
        AuditParts.of(new TranslationAudit(), AuditParts.plans(budget), AuditParts.BOUND, seed);
    return ClaimResult.of(
        audited.part(NamedFunction.GAUSSIAN, NamedFunction.SOFTMAX),
        audited.part(CENTRED_SOFTMAX, NamedFunction.KNOWLEDGE),
        audited.part(CENTRED_CUBIC, NamedFunction.CUBIC),
        rowSums(AuditParts.freePlans(budget), seed.child("row-sums")));
  }

  private static ClaimPart rowSums(List<AuditPlan> plans, Seed seed) {
    double right = 0;
    double wrong = Double.POSITIVE_INFINITY;
    RandomGenerator rng = seed.generator();
    for (AuditPlan plan : plans) {
      EquivariantForm gaussian = GramAttention.gaussian(plan.dimension());
      for (AuditInput input : plan.inputs(rng)) {
        CanonicalCoefficients found = CanonicalCoefficients.of(input, gaussian);
        right = Math.max(right, fromOne(found.matrix()) / Math.max(1, found.condition()));
        found = CanonicalCoefficients.of(input, gaussian.withSkip());
        wrong = Math.min(wrong, fromOne(found.matrix()));
      }
    }
    return ClaimPart.of("row-sums", Verdict.exact(right, Prediction.atMost(AuditParts.BOUND)))
        .withControl(
            Control.of(
                wrong > 1e-3,
                String.format(Locale.ROOT, "with a skip: off by at least %.2g", wrong)));
  }

  /** Returns the largest distance of a row sum from one. */
  private static double fromOne(SimpleMatrix coefficients) {
    double largest = 0;
    for (int i = 0; i < coefficients.getNumRows(); i++) {
      double sum = coefficients.extractVector(true, i).elementSum();
      largest = Math.max(largest, Math.abs(sum - 1));
    }
    return largest;
  }
}
