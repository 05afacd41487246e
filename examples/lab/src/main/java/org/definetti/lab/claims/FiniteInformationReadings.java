package org.definetti.lab.claims;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.FiniteInformation;
import org.definetti.symmetry.GramAttention;
import org.definetti.symmetry.SummaryForm;

/**
 * S13: three readings of finite information, which attention has and which it has not.
 *
 * <pre>{@code
 * F1  ‖B_i‖₀ <= s     F2  ∂C_ij / ∂s_il of rank r off the diagonal     F3  f(X + U, Z) = f(X, Z), U Zᵀ = 0
 * }</pre>
 *
 * <ul>
 *   <li>Parts: hard attention for F1; softmax, Gaussian and knowledge attention for F2 with one
 *       sum, a rule with two sums for F2 with two; attention to knowledge, with and without weights
 *       made of it, for F3. Controls: dense attention for F1, the rule with two sums and two heads
 *       for F2 with one, a skip and self-attention for F3.
 *   <li>The readings are this project's own; see {@link FiniteInformation}.
 *   <li>Source: [derived].
 * </ul>
 */
public final class FiniteInformationReadings implements Claim {

  private static final NamedFunction NEAREST =
      new NamedFunction("nearest-row", plan -> GramAttention.nearest(1, plan.dimension()));

  private static final NamedFunction TWO_NEAREST =
      new NamedFunction("two-nearest-rows", plan -> GramAttention.nearest(2, plan.dimension()));

  /** Weights that need as many sums as there are numbers: of exp(p s) for each power p. */
  private static NamedFunction sums(String name, double... powers) {
    return new NamedFunction(
        name,
        plan -> {
          double root = Math.sqrt(plan.dimension());
          return SummaryForm.ofKnowledge(
              pair -> Arrays.stream(powers).map(p -> Math.exp(p * pair.inner() / root)).toArray(),
              (pair, sums) -> {
                double weight = 0;
                for (int r = 0; r < powers.length; r++) {
                  weight += Math.exp(powers[r] * pair.inner() / root) / sums[r];
                }
                return weight;
              });
        });
  }

  private static final NamedFunction TWO_SUMS = sums("two sums", 1, -1);

  private static final NamedFunction THREE_SUMS = sums("three sums", 4, 0.8, -3);

  private static final NamedFunction BARE_WEIGHTED =
      new NamedFunction(
          "knowledge-as-weights",
          plan -> {
            int k = plan.knowledge();
            double scale = 1.0 / (k * plan.dimension());
            return GramAttention.weighted(
                NamedFunction.weight("bare scores", k, k).scale(scale),
                NamedFunction.weight("bare values", k, k).scale(scale));
          });

  /** Returns the claim. */
  public FiniteInformationReadings() {}

  @Override
  public String id() {
    return "S13";
  }

  @Override
  public String slug() {
    return "finite-information";
  }

  @Override
  public String statement() {
    return "Hard attention uses few knowledge rows (F1), softmax weights know the other rows by one sum"
        + " (F2), and attention to knowledge sees tokens through the knowledge only (F3): three"
        + " readings of finite information, this project's own, and different.";
  }

  @Override
  public Source source() {
    return Source.derived("check S13: readings F1, F2, F3, this project's own");
  }

  @Override
  public String prediction() {
    return "error <= 1e-10 for each reading where it holds";
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
    AuditParts oneRow = parts(new FiniteInformation.SparseAccess(1), budget, seed);
    AuditParts twoRows = parts(new FiniteInformation.SparseAccess(2), budget, seed);
    AuditParts oneSum = parts(new FiniteInformation.FiniteSummary(1), budget, seed);
    AuditParts twoSums = parts(new FiniteInformation.FiniteSummary(2), budget, seed);
    AuditParts mediated = parts(new FiniteInformation.KnowledgeMediated(), budget, seed);
    return ClaimResult.of(
        oneRow.part(NEAREST.named("F1:" + NEAREST.name()), NamedFunction.KNOWLEDGE),
        twoRows.part(TWO_NEAREST.named("F1:" + TWO_NEAREST.name()), NamedFunction.KNOWLEDGE),
        oneSum.part(NamedFunction.SOFTMAX.named("F2:softmax"), TWO_SUMS),
        oneSum.part(NamedFunction.GAUSSIAN.named("F2:gaussian"), TWO_SUMS),
        oneSum.part(NamedFunction.KNOWLEDGE.named("F2:knowledge"), TWO_SUMS),
        twoSums.part(TWO_SUMS.named("F2:two-sums-allowed"), THREE_SUMS),
        mediated.part(NamedFunction.KNOWLEDGE.named("F3:knowledge"), NamedFunction.TWO_HEADS),
        mediated.part(BARE_WEIGHTED.named("F3:" + BARE_WEIGHTED.name()), NamedFunction.WEIGHTED));
  }

  private static AuditParts parts(FiniteInformation reading, Budget budget, Seed seed) {
    List<AuditPlan> plans =
        switch (budget) {
          case SMOKE -> List.of(AuditPlan.of(3, 8, 16).withElements(50));
          case STANDARD -> List.of(AuditPlan.of(3, 8, 16).withElements(100));
          case FULL ->
              List.of(
                  AuditPlan.of(3, 8, 16).withElements(300),
                  AuditPlan.of(6, 8, 20).withElements(100),
                  AuditPlan.of(8, 12, 24).withElements(100));
        };
    return AuditParts.of(reading, plans, AuditParts.BOUND, seed);
  }
}
