package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.conjugate.MultivariateGaussianMean;
import org.definetti.random.Seed;
import org.definetti.symmetry.Audit;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.OrthogonalAudit;
import org.definetti.symmetry.PosteriorForm;
import org.definetti.symmetry.SequenceFunction;
import org.ejml.simple.SimpleMatrix;

/**
 * MS7: a point that is more uncertain in some directions, which are given as knowledge. Tokens are
 * seen through inner products with the knowledge alone.
 *
 * <pre>{@code
 * z ~ N(0, Zᵀ Z),  x | z ~ N(z, s2 I);   E[z | X] = x̄ Zᵀ (Z Zᵀ + (s2 / n) I)⁻¹ Z
 * }</pre>
 *
 * <ul>
 *   <li>Parts: the belief is the form {@link PosteriorForm#knownCovariance}, and turns with
 *       rotations and reflections of tokens and knowledge together, errors over the condition
 *       number of its system; the form turns without regard to it; conditioning of the joint
 *       Gaussian says the same; token order, span; what is orthogonal to the knowledge does not
 *       matter.
 *   <li>Controls: the weights of MS1, another noise, the covariance frozen, a hidden Markov model,
 *       a prior that knows every direction.
 *   <li>Source: [derived].
 * </ul>
 */
public final class KnownCovariance implements Claim {

  private static final double S2 = PosteriorFunctions.NOISE_VARIANCE;

  private static final NamedFunction POSTERIOR =
      PosteriorFunctions.predictive(
          "multivariate-gaussian-mean", z -> known(z, PosteriorFunctions.noise(z.getNumCols())));

  private static final NamedFunction NOISIER =
      PosteriorFunctions.predictive(
          "twice the noise", z -> known(z, PosteriorFunctions.noise(z.getNumCols()).scale(2)));

  private static final NamedFunction FORM =
      new NamedFunction("form", plan -> PosteriorForm.knownCovariance(S2));

  private static final NamedFunction ISOTROPIC =
      new NamedFunction(
          "the same in every direction",
          plan -> PosteriorForm.gaussianMean(PosteriorFunctions.PRIOR_VARIANCE, S2));

  /** Returns the claim. */
  public KnownCovariance() {}

  @Override
  public String id() {
    return "MS7";
  }

  @Override
  public String slug() {
    return "known-covariance";
  }

  @Override
  public String statement() {
    return "A Gaussian point whose prior covariance Zᵀ Z is given as knowledge has the "
        + "posterior mean B(G) Z: no token enters but through inner products with the "
        + "knowledge. It turns with both together; with the covariance frozen it does not "
        + "turn at all.";
  }

  @Override
  public Source source() {
    return Source.derived(
        "model MS7: statements BS1 and ES1, reading F3 of finite information (this project's own)");
  }

  @Override
  public String prediction() {
    return "belief = form, joint rotations, reflections within 1e-10 (cond of Zᵀ Z + s2/n I);"
        + " rotations of the form, oracle, span within 1e-10; order within 1e-12";
  }

  @Override
  public List<String> tags() {
    return List.of("symmetry", "posterior", "exact");
  }

  @Override
  public Duration cost(Budget budget) {
    return Duration.ofSeconds(
        switch (budget) {
          case SMOKE -> 1;
          case STANDARD -> 3;
          case FULL -> 20;
        });
  }

  private static MultivariateGaussianMean known(SimpleMatrix knowledge, SimpleMatrix noise) {
    return MultivariateGaussianMean.of(knowledge.transpose().mult(knowledge), noise);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    NamedFunction frozen = PosteriorFunctions.frozen(POSTERIOR);
    List<AuditPlan> plans = PosteriorParts.plans(budget);
    PosteriorParts parts =
        new PosteriorParts(POSTERIOR, FORM, budget, seed)
            .agree("gram-form", KnownCovariance::condition, ISOTROPIC)
            .oracle(
                "conditioning of the joint Gaussian",
                List.of(AuditPlan.of(4, 2, 3), AuditPlan.of(5, 4, 2)),
                KnownCovariance::bruteForce,
                NOISIER)
            .audit("rotations", turned(1), plans, AuditParts.BOUND, frozen)
            .audit("reflections", turned(-1), plans, AuditParts.BOUND, frozen)
            .tokenOrder(PosteriorFunctions.ORDERED)
            .span(frozen);
    formTurns(parts, "form:rotations", new OrthogonalAudit(1), plans, seed);
    formTurns(parts, "form:reflections", new OrthogonalAudit(-1), plans, seed);
    return ClaimResult.of(mediated(parts, budget, seed.child("mediated")).parts());
  }

  /** Adds that the form, which never makes Zᵀ Z, turns without regard to any condition. */
  private static void formTurns(
      PosteriorParts parts, String name, Audit audit, List<AuditPlan> plans, Seed seed) {
    AuditParts audited = AuditParts.of(audit, plans, AuditParts.BOUND, seed);
    NamedFunction frozen = PosteriorFunctions.frozen(FORM);
    parts.add(name, audited.part(FORM).verdict(), audited.control(frozen));
  }

  private static ConditionedAudit turned(int determinant) {
    return new ConditionedAudit(determinant, KnownCovariance::condition);
  }

  /** Returns the condition number of S0 + (s2 / n) I, S0 = Zᵀ Z, which the belief is given. */
  private static double condition(AuditInput input) {
    SimpleMatrix z = input.knowledge();
    SimpleMatrix shift =
        SimpleMatrix.identity(z.getNumCols()).scale(S2 / input.tokens().getNumRows());
    return z.transpose().mult(z).plus(shift).conditionP2();
  }

  private static SimpleMatrix bruteForce(AuditInput input) {
    SimpleMatrix z = input.knowledge();
    return PosteriorBruteForce.gaussian(
        input.tokens(),
        new SimpleMatrix(1, z.getNumCols()),
        z.transpose().mult(z),
        PosteriorBruteForce.equal(input.tokens().getNumRows(), S2));
  }

  /** Adds f(X + U, Z) = f(X, Z) for U Zᵀ = 0. */
  private static PosteriorParts mediated(PosteriorParts parts, Budget budget, Seed seed) {
    double right = 0;
    double wrong = 0;
    for (AuditPlan plan : PosteriorParts.freePlans(budget)) {
      RandomGenerator rng = seed.child(plan.toString()).generator();
      SequenceFunction posterior = POSTERIOR.of().apply(plan);
      SequenceFunction isotropic = ISOTROPIC.of().apply(plan);
      for (int trial = 0; trial < PosteriorParts.trials(budget); trial++) {
        AuditInput input = plan.input(rng);
        SimpleMatrix z = input.knowledge();
        SimpleMatrix noise = plan.input(rng).tokens();
        SimpleMatrix across = noise.minus(noise.mult(z.pseudoInverse()).mult(z));
        AuditInput moved = new AuditInput(input.tokens().plus(across), z, "moved across");
        right = Math.max(right, apart(posterior, input, moved));
        wrong = Math.max(wrong, apart(isotropic, input, moved));
      }
    }
    return parts.add(
        "knowledge-mediated",
        Verdict.exact(right, Prediction.atMost(AuditParts.BOUND)),
        PosteriorParts.control(ISOTROPIC, wrong));
  }

  private static double apart(SequenceFunction function, AuditInput a, AuditInput b) {
    return PosteriorParts.distance(a.outputOf(function), b.outputOf(function));
  }
}
