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
import org.definetti.symmetry.Gram;
import org.definetti.symmetry.GramAttention;
import org.definetti.symmetry.SequenceFunction;
import org.ejml.simple.SimpleMatrix;

/**
 * S5: the weights of attention can be read off its outputs.
 *
 * <pre>{@code  f(V) V⁺ = C(G)  if rank V = n + k,   f(V) V⁺ V = f(V)  always  }</pre>
 *
 * <ul>
 *   <li>Parts: weights recovered with n + k &lt;= d, for three forms; sums recovered with n + k
 *       &gt; d. Control: weights with n + k &gt; d, which differ; sums of a function that is not
 *       equivariant.
 *   <li>Source: [derived].
 * </ul>
 */
public final class CoefficientRecovery implements Claim {

  private static final AuditPlan INDEPENDENT = AuditPlan.of(10, 6, 24);
  private static final AuditPlan DEPENDENT = AuditPlan.of(10, 6, 8);
  private static final double DIFFERENT = 0.05;

  /** Returns the claim. */
  public CoefficientRecovery() {}

  @Override
  public String id() {
    return "S5";
  }

  @Override
  public String slug() {
    return "coefficient-recovery";
  }

  @Override
  public String statement() {
    return "From the outputs of attention its weights are recovered exactly while tokens and"
        + " knowledge are independent, and not beyond, where only the sums they make are.";
  }

  @Override
  public Source source() {
    return Source.derived("check S5: canonical coefficients");
  }

  @Override
  public String prediction() {
    return "recovered = true weights within 1e-10 cond(V) for n + k <= d; recovered sums within"
        + " 1e-10 for more";
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
    int draws = budget == Budget.SMOKE ? 2 : budget == Budget.STANDARD ? 20 : 200;
    return ClaimResult.of(
        weights("softmax", GramAttention.softmax(8), draws, seed),
        weights("gaussian", GramAttention.gaussian(8), draws, seed),
        weights(
            "two-heads-and-skip",
            GramAttention.softmax(8).plus(GramAttention.knowledge(8)).withSkip(),
            draws,
            seed),
        sums(draws, seed));
  }

  private static ClaimPart weights(String name, EquivariantForm form, int draws, Seed seed) {
    Seed own = seed.child(name);
    double right = 0;
    double wrong = Double.POSITIVE_INFINITY;
    RandomGenerator rng = own.generator();
    for (int n = 0; n < draws; n++) {
      AuditInput input = INDEPENDENT.input(rng);
      CanonicalCoefficients found = CanonicalCoefficients.of(input, form);
      right = Math.max(right, error(input, found, form) / Math.max(1, found.condition()));
      input = DEPENDENT.input(rng);
      wrong = Math.min(wrong, error(input, CanonicalCoefficients.of(input, form), form));
    }
    return ClaimPart.of(name, Verdict.exact(right, Prediction.atMost(AuditParts.BOUND)))
        .withControl(
            Control.of(
                wrong >= DIFFERENT,
                String.format(Locale.ROOT, "16 rows in 8 dimensions: error at least %.2g", wrong)));
  }

  /** Returns the relative error of recovered weights. */
  private static double error(AuditInput input, CanonicalCoefficients found, EquivariantForm form) {
    return relative(found.matrix(), form.coefficients(Gram.of(input.tokens(), input.knowledge())));
  }

  private static ClaimPart sums(int draws, Seed seed) {
    RandomGenerator rng = seed.child("sums").generator();
    double right = 0;
    double wrong = Double.POSITIVE_INFINITY;
    for (int n = 0; n < draws; n++) {
      right = Math.max(right, lost(DEPENDENT.input(rng), GramAttention.softmax(8)));
      SequenceFunction relu = NamedFunction.RELU.of().apply(INDEPENDENT);
      wrong = Math.min(wrong, lost(INDEPENDENT.input(rng), relu));
    }
    return ClaimPart.of("sums", Verdict.exact(right, Prediction.atMost(AuditParts.BOUND)))
        .withControl(
            Control.of(
                wrong >= DIFFERENT,
                String.format(Locale.ROOT, "ReLU is no sum: error at least %.2g", wrong)));
  }

  private static double lost(AuditInput input, SequenceFunction function) {
    SimpleMatrix coefficients = CanonicalCoefficients.of(input, function).matrix();
    return relative(coefficients.mult(input.stacked()), input.outputOf(function));
  }

  private static double relative(SimpleMatrix a, SimpleMatrix b) {
    return a.minus(b).normF() / b.normF();
  }
}
