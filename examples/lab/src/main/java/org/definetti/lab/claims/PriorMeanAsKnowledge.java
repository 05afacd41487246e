package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.OrthogonalAudit;
import org.definetti.symmetry.PosteriorForm;
import org.ejml.simple.SimpleMatrix;

/**
 * MS8, the biased control: a prior mean that is not zero is a preferred direction, unless it is
 * knowledge and turns along.
 *
 * <pre>{@code
 * z ~ N(m0, t2 I),  x | z ~ N(z, s2 I);   E[z | X] = (t2 Σ_i x_i + s2 m0) / (n t2 + s2)
 * f(X Q, m0 Q) = f(X, m0) Q;   f(X Q, m0) ≠ f(X, m0) Q unless m0 Q = m0
 * }</pre>
 *
 * <ul>
 *   <li>m0 is the average of the knowledge rows.
 *   <li>Parts: the belief is the form {@link PosteriorForm#gaussianMeanAround}; conditioning of the
 *       joint Gaussian says the same; joint rotations, reflections, token order, span; frozen it
 *       fails.
 *   <li>Controls: without the prior mean, twice the noise, frozen, a hidden Markov model; of the
 *       part that asks for failure, a prior mean of zero, which does not fail.
 *   <li>Source: [derived].
 * </ul>
 */
public final class PriorMeanAsKnowledge implements Claim {

  private static final double T2 = PosteriorFunctions.PRIOR_VARIANCE;
  private static final double S2 = PosteriorFunctions.NOISE_VARIANCE;

  private static final NamedFunction POSTERIOR =
      PosteriorFunctions.predictive("gaussian-mean", z -> around(average(z)));

  private static final NamedFunction CENTRED =
      PosteriorFunctions.predictive(
          "a prior mean of zero", z -> around(new SimpleMatrix(1, z.getNumCols())));

  private static final NamedFunction FORM =
      new NamedFunction("form", plan -> PosteriorForm.gaussianMeanAround(T2, S2));

  private static final NamedFunction NOISIER =
      new NamedFunction("twice the noise", plan -> PosteriorForm.gaussianMeanAround(T2, 2 * S2));

  /** Returns the claim. */
  public PriorMeanAsKnowledge() {}

  @Override
  public String id() {
    return "MS8";
  }

  @Override
  public String slug() {
    return "prior-mean-as-knowledge";
  }

  @Override
  public String statement() {
    return "With a prior mean m0 the posterior mean of an isotropic Gaussian point is the "
        + "sum A(G) X + B(G) m0, equivariant with m0 as a row of knowledge; with m0 held "
        + "fixed it is not equivariant.";
  }

  @Override
  public Source source() {
    return Source.derived("model MS8: statements BS1 and ES1");
  }

  @Override
  public String prediction() {
    return "belief = form = oracle, joint rotations, reflections, span within 1e-10; order "
        + "within 1e-12; frozen: error >= 1e-3";
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
          case STANDARD -> 2;
          case FULL -> 10;
        });
  }

  private static SimpleMatrix average(SimpleMatrix rows) {
    int k = rows.getNumRows();
    return SimpleMatrix.filled(1, k, 1.0 / k).mult(rows);
  }

  private static GaussianMean around(SimpleMatrix mean) {
    return GaussianMean.of(mean.getNumCols(), T2, S2).withPriorMean(mean);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    NamedFunction frozen = PosteriorFunctions.frozen(POSTERIOR);
    PosteriorParts parts =
        new PosteriorParts(POSTERIOR, FORM, budget, seed)
            .form(CENTRED)
            .oracle(
                "conditioning of the joint Gaussian",
                List.of(AuditPlan.of(4, 1, 3), AuditPlan.of(6, 3, 2)),
                PriorMeanAsKnowledge::bruteForce,
                NOISIER)
            .rotations(frozen)
            .reflections(frozen)
            .tokenOrder(PosteriorFunctions.ORDERED)
            .span(frozen);
    for (int determinant : new int[] {1, -1}) {
      frozenFails(parts, determinant, budget, seed.child("frozen"));
    }
    return ClaimResult.of(parts.parts());
  }

  private static SimpleMatrix bruteForce(AuditInput input) {
    int d = input.tokens().getNumCols();
    return PosteriorBruteForce.gaussian(
        input.tokens(),
        average(input.knowledge()),
        SimpleMatrix.identity(d).scale(T2),
        PosteriorBruteForce.equal(input.tokens().getNumRows(), S2));
  }

  /** Adds that the belief with its prior mean held fixed does not turn. */
  private static void frozenFails(PosteriorParts parts, int determinant, Budget budget, Seed seed) {
    OrthogonalAudit audit = new OrthogonalAudit(determinant);
    List<AuditPlan> plans = PosteriorParts.plans(budget);
    AuditParts audited = AuditParts.of(audit, plans, AuditParts.BOUND, seed);
    double error = audited.worst(PosteriorFunctions.frozen(POSTERIOR)).measured();
    double centred = audited.worst(PosteriorFunctions.frozen(CENTRED)).measured();
    parts.add(
        determinant == 1 ? "frozen-rotations" : "frozen-reflections",
        Verdict.exact(error, Prediction.atLeast(PosteriorParts.CAUGHT)),
        Control.of(
            centred < PosteriorParts.CAUGHT,
            PosteriorParts.text(CENTRED.name() + ", frozen: error", centred)));
  }
}
