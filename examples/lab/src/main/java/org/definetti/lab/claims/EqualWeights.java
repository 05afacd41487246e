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
import org.definetti.latent.Belief;
import org.definetti.latent.conjugate.GaussianMean;
import org.definetti.random.Haar;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.PosteriorForm;
import org.definetti.symmetry.SequenceFunction;
import org.ejml.simple.SimpleMatrix;

/**
 * MS1: a point measured several times. The posterior mean is a sum of tokens with equal weights.
 *
 * <pre>{@code
 * z ~ N(0, t2 I),  x | z ~ N(z, s2 I);   E[z | X] = Σ_i c_i x_i,   c_i = t2 / (n t2 + s2)
 * }</pre>
 *
 * <ul>
 *   <li>Parts: the belief is the form {@link PosteriorForm#gaussianMean}; conditioning of the joint
 *       Gaussian says the same; rotations, reflections, token order, span; covariance turns along
 *       and evidence stays (BS1).
 *   <li>Controls: other weights, another noise variance, a fixed prior mean, a fixed prior
 *       covariance, a hidden Markov model.
 *   <li>Source: [derived].
 * </ul>
 */
public final class EqualWeights implements Claim {

  private static final double T2 = PosteriorFunctions.PRIOR_VARIANCE;
  private static final double S2 = PosteriorFunctions.NOISE_VARIANCE;

  /** Returns the claim. */
  public EqualWeights() {}

  @Override
  public String id() {
    return "MS1";
  }

  @Override
  public String slug() {
    return "equal-weights";
  }

  @Override
  public String statement() {
    return "The posterior mean of an isotropic Gaussian point measured with isotropic noise is the"
        + " sum of the measurements, each weighed by t2 / (n t2 + s2): it turns with them, and"
        + " their order does not matter.";
  }

  @Override
  public Source source() {
    return Source.derived("model MS1: statements BS1, ES1 and P1");
  }

  @Override
  public String prediction() {
    return "belief = form = oracle, rotations, reflections, span within 1e-10; order within 1e-12";
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

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    NamedFunction posterior =
        new NamedFunction(
            "gaussian-mean",
            plan -> {
              GaussianMean model = PosteriorFunctions.gaussianMean(plan);
              return SequenceFunction.ofPredictive(knowledge -> model);
            });
    NamedFunction form = new NamedFunction("form", plan -> PosteriorForm.gaussianMean(T2, S2));
    NamedFunction wrong =
        new NamedFunction("twice the noise", plan -> PosteriorForm.gaussianMean(T2, 2 * S2));
    PosteriorParts parts =
        new PosteriorParts(posterior, form, budget, seed)
            .form(wrong)
            .oracle(
                "conditioning of the joint Gaussian",
                List.of(AuditPlan.of(4, 0, 3), AuditPlan.of(7, 0, 2)),
                EqualWeights::bruteForce,
                wrong)
            .rotations(PosteriorFunctions.BIASED)
            .reflections(PosteriorFunctions.STRETCHED)
            .tokenOrder(PosteriorFunctions.ORDERED)
            .span(PosteriorFunctions.BIASED);
    return ClaimResult.of(spread(parts, budget, seed.child("spread")).parts());
  }

  private static SimpleMatrix bruteForce(AuditInput input) {
    int d = input.tokens().getNumCols();
    return PosteriorBruteForce.gaussian(
        input.tokens(),
        new SimpleMatrix(1, d),
        SimpleMatrix.identity(d).scale(T2),
        PosteriorBruteForce.equal(input.tokens().getNumRows(), S2));
  }

  /** Adds that Cov(z | X Q) = Qᵀ Cov(z | X) Q and P(X Q) = P(X). */
  private static PosteriorParts spread(PosteriorParts parts, Budget budget, Seed seed) {
    double right = 0;
    double wrong = 0;
    for (AuditPlan plan : PosteriorParts.plans(budget)) {
      RandomGenerator rng = seed.child(plan.toString()).generator();
      GaussianMean model = PosteriorFunctions.gaussianMean(plan);
      GaussianMean biased = model.withPriorMean(PosteriorFunctions.leaning(plan));
      for (int trial = 0; trial < PosteriorParts.trials(budget); trial++) {
        AuditInput input = plan.input(rng);
        SimpleMatrix q = Haar.orthogonal(plan.dimension(), rng);
        right = Math.max(right, moved(model, input.tokens(), q));
        wrong = Math.max(wrong, moved(biased, input.tokens(), q));
      }
    }
    return parts.add(
        "covariance-and-evidence",
        Verdict.exact(right, Prediction.atMost(AuditParts.BOUND)),
        PosteriorParts.control("a fixed prior mean", wrong));
  }

  private static double moved(GaussianMean model, SimpleMatrix tokens, SimpleMatrix q) {
    Belief<SimpleMatrix> prior = model.prior();
    return PosteriorParts.moved(
        prior.observe(PosteriorFunctions.tokens(model, tokens)),
        prior.observe(PosteriorFunctions.tokens(model, tokens.mult(q))),
        q);
  }
}
