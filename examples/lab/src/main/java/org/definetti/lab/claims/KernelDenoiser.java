package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.GramAttention;
import org.definetti.symmetry.PosteriorForm;
import org.definetti.symmetry.SequenceFunction;
import org.definetti.symmetry.TokenOrderAudit;
import org.definetti.symmetry.TranslationAudit;
import org.ejml.simple.SimpleMatrix;

/**
 * MS3: every token is one of several known points, seen through noise of its own. The posterior
 * means are attention with Gaussian scores.
 *
 * <pre>{@code
 * E[z_i | x_i] = Σ_l softmax_l(-|x_i - z_l|² / (2 s2) + log π_l) z_l
 * = softmax(X Zᵀ / s2) Z   if all |z_l| are equal and π is uniform
 * }</pre>
 *
 * <ul>
 *   <li>Parts: beliefs of single tokens are the form {@link PosteriorForm#denoiser}; where the
 *       points are the tokens themselves, {@link GramAttention#gaussian}; where they have one norm,
 *       dot-product attention {@link GramAttention#knowledge}; a sum of plain products says the
 *       same; rotations, reflections, translations, token order.
 *   <li>Controls: dot-product attention for points of different norms, another prior, another
 *       bandwidth, frozen points, positions.
 *   <li>Source: [derived].
 * </ul>
 */
public final class KernelDenoiser implements Claim {

  private static final double S2 = PosteriorFunctions.NOISE_VARIANCE;

  private static final NamedFunction POSTERIOR =
      rowByRow("gaussian-concepts", S2, KernelDenoiser::proportional);

  private static final NamedFunction FORM =
      new NamedFunction(
          "form",
          plan -> PosteriorForm.denoiser(S2, PosteriorFunctions.proportions(plan.knowledge())));

  private static final NamedFunction DOT_PRODUCT =
      new NamedFunction("dot-product attention", plan -> GramAttention.knowledge(S2));

  /** Returns the claim. */
  public KernelDenoiser() {}

  @Override
  public String id() {
    return "MS3";
  }

  @Override
  public String slug() {
    return "kernel-denoiser";
  }

  @Override
  public String statement() {
    return "What is a noisy token without its noise, if the clean ones are known points, "
        + "or are the other tokens? The posterior means are attention with Gaussian "
        + "scores: they commute with all rigid motions, and are dot-product attention "
        + "exactly if all points have one norm.";
  }

  @Override
  public Source source() {
    return Source.derived("model MS3: statements BS1 and P2, check S15");
  }

  @Override
  public String prediction() {
    return "belief = form = oracle, rotations, reflections, translations within 1e-10; "
        + "order of tokens within 1e-12";
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
          case FULL -> 20;
        });
  }

  /** Returns what a belief expects after each token alone, a row a token. */
  private static NamedFunction rowByRow(
      String name, double noiseVariance, UnaryOperator<GaussianConcepts> prior) {
    SequenceFunction one =
        SequenceFunction.ofPredictive(z -> prior.apply(GaussianConcepts.of(z, noiseVariance)));
    return new NamedFunction(name, plan -> (x, z) -> eachRow(one, x, z));
  }

  private static SimpleMatrix eachRow(SequenceFunction one, SimpleMatrix x, SimpleMatrix z) {
    int d = x.getNumCols();
    double[] out = new double[x.getNumElements()];
    for (int i = 0; i < x.getNumRows(); i++) {
      SimpleMatrix row = one.transform(x.extractVector(true, i), z);
      System.arraycopy(row.getDDRM().data, 0, out, i * d, d);
    }
    return new SimpleMatrix(x.getNumRows(), d, true, out);
  }

  private static GaussianConcepts proportional(GaussianConcepts model) {
    return model.withPrior(PosteriorFunctions.proportions(model.concepts()));
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    List<AuditPlan> plans = PosteriorParts.plans(budget);
    NamedFunction frozen = PosteriorFunctions.frozen(POSTERIOR);
    PosteriorParts parts =
        new PosteriorParts(POSTERIOR, FORM, budget, seed)
            .form(DOT_PRODUCT)
            .oracle(
                "sum over all points of plain products",
                List.of(AuditPlan.of(3, 4, 2), AuditPlan.of(4, 3, 5)),
                KernelDenoiser::bruteForce,
                rowByRow("a uniform prior", S2, UnaryOperator.identity()))
            .rotations(frozen)
            .reflections(frozen)
            .audit("translations", new TranslationAudit(), plans, AuditParts.BOUND, DOT_PRODUCT)
            .audit(
                "token-order",
                new TokenOrderAudit(false),
                plans,
                AuditParts.REORDERING,
                NamedFunction.POSITIONS);
    amongTokens(parts, budget, seed.child("tokens"));
    oneNorm(parts, budget, seed.child("norm"));
    return ClaimResult.of(parts.parts());
  }

  private static SimpleMatrix bruteForce(AuditInput input) {
    SimpleMatrix prior = PosteriorFunctions.proportions(input.knowledge().getNumRows());
    return eachRow(
        (x, z) -> PosteriorBruteForce.atoms(new AuditInput(x, z, input.text()), prior, S2),
        input.tokens(),
        input.knowledge());
  }

  /** Adds that tokens that are points for each other make Gaussian self-attention. */
  private static void amongTokens(PosteriorParts parts, Budget budget, Seed seed) {
    NamedFunction belief = rowByRow("belief", S2, UnaryOperator.identity());
    double right = 0;
    double wrong = 0;
    for (AuditPlan plan : PosteriorParts.plans(budget)) {
      RandomGenerator rng = seed.child(plan.toString()).generator();
      for (AuditInput input : plan.inputs(rng)) {
        SimpleMatrix x = input.tokens();
        SimpleMatrix mean = belief.of().apply(plan).transform(x, x);
        right = Math.max(right, apart(GramAttention.gaussian(S2), x, mean));
        wrong = Math.max(wrong, apart(GramAttention.gaussian(2 * S2), x, mean));
      }
    }
    parts.add(
        "among-tokens",
        Verdict.exact(right, Prediction.atMost(AuditParts.BOUND)),
        PosteriorParts.control("another bandwidth", wrong));
  }

  private static double apart(SequenceFunction function, SimpleMatrix x, SimpleMatrix mean) {
    return PosteriorParts.distance(
        function.transform(x, new SimpleMatrix(0, x.getNumCols())), mean);
  }

  /** Adds that points of one norm make dot-product attention; of different norms they do not. */
  private static void oneNorm(PosteriorParts parts, Budget budget, Seed seed) {
    NamedFunction belief = rowByRow("belief", S2, UnaryOperator.identity());
    double right = 0;
    double wrong = 0;
    for (AuditPlan plan : PosteriorParts.plans(budget)) {
      RandomGenerator rng = seed.child(plan.toString()).generator();
      for (int trial = 0; trial < PosteriorParts.trials(budget); trial++) {
        AuditInput input = plan.input(rng);
        AuditInput equal =
            new AuditInput(input.tokens(), unitRows(input.knowledge()), "points of one norm");
        SequenceFunction exact = belief.of().apply(plan);
        SequenceFunction plain = GramAttention.knowledge(S2);
        right =
            Math.max(right, PosteriorParts.distance(equal.outputOf(plain), equal.outputOf(exact)));
        wrong =
            Math.max(wrong, PosteriorParts.distance(input.outputOf(plain), input.outputOf(exact)));
      }
    }
    parts.add(
        "one-norm",
        Verdict.exact(right, Prediction.atMost(AuditParts.BOUND)),
        PosteriorParts.control("points of different norms", wrong));
  }

  /** Returns the rows, each divided by its norm. */
  static SimpleMatrix unitRows(SimpleMatrix rows) {
    double[] out = rows.getDDRM().data.clone();
    int d = rows.getNumCols();
    for (int i = 0; i < out.length; i++) {
      out[i] /= rows.extractVector(true, i / d).normF();
    }
    return new SimpleMatrix(rows.getNumRows(), d, true, out);
  }
}
