package org.definetti.lab.claims;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.latent.finite.GaussianConcepts;
import org.definetti.latent.mixture.ShownAtoms;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.PosteriorForm;
import org.definetti.symmetry.RowOrder;
import org.definetti.symmetry.SequenceFunction;
import org.ejml.simple.SimpleMatrix;

/**
 * MS2: one of several known points seen through noise. The posterior mean is softmax attention to
 * the points.
 *
 * <pre>{@code
 * z = z_l with probability π_l,  x | z ~ N(z, s2 I)
 * E[z | X] = softmax_l(<Σ_i x_i, z_l> / s2 - n |z_l|² / (2 s2) + log π_l) Z
 * }</pre>
 *
 * <ul>
 *   <li>Parts: the belief is the form {@link PosteriorForm#atoms}; a sum of plain products says the
 *       same; rotations and reflections of tokens and points together, token order, span; the order
 *       of the points if their probabilities move along; points that are tokens of the sequence
 *       ({@link ShownAtoms}).
 *   <li>Controls: attention without the squared norms, another prior, frozen points, a hidden
 *       Markov model, probabilities left behind.
 *   <li>Source: [derived].
 * </ul>
 */
public final class KnowledgeAtoms implements Claim {

  private static final double S2 = PosteriorFunctions.NOISE_VARIANCE;

  private static final NamedFunction POSTERIOR =
      PosteriorFunctions.predictive("gaussian-concepts", z -> PosteriorFunctions.atoms(z, S2));

  private static final NamedFunction FORM =
      new NamedFunction(
          "form",
          plan -> PosteriorForm.atoms(S2, PosteriorFunctions.proportions(plan.knowledge())));

  /** Scores are inner products alone: right only if all points have one norm. */
  private static final NamedFunction WITHOUT_NORMS =
      new NamedFunction(
          "without the squared norms",
          plan ->
              (x, z) -> {
                SimpleMatrix sum = SimpleMatrix.ones(1, x.getNumRows()).mult(x);
                SimpleMatrix scores = sum.mult(z.transpose()).divide(S2);
                return softmax(scores, PosteriorFunctions.proportions(plan.knowledge())).mult(z);
              });

  private static final NamedFunction OTHER_PRIOR =
      PosteriorFunctions.predictive("a uniform prior", z -> GaussianConcepts.of(z, S2));

  /** Returns the claim. */
  public KnowledgeAtoms() {}

  @Override
  public String id() {
    return "MS2";
  }

  @Override
  public String slug() {
    return "knowledge-atoms";
  }

  @Override
  public String statement() {
    return "Which of several known points is measured? The posterior mean is softmax "
        + "attention of the sum of tokens to the points as knowledge, with log prior and "
        + "squared norms as biases: it turns with tokens and points together, and not "
        + "with tokens alone.";
  }

  @Override
  public Source source() {
    return Source.derived("model MS2: statements BS1, ES1 and P3");
  }

  @Override
  public String prediction() {
    return "belief = form = oracle, joint rotations, reflections, span within 1e-10; order "
        + "of tokens, and of points with their probabilities, within 1e-12";
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

  private static SimpleMatrix softmax(SimpleMatrix scores, SimpleMatrix prior) {
    double largest = scores.elementMax();
    SimpleMatrix weights = scores.minus(largest).elementExp().elementMult(prior);
    return weights.divide(weights.elementSum());
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    NamedFunction frozen = PosteriorFunctions.frozen(POSTERIOR);
    PosteriorParts parts =
        new PosteriorParts(POSTERIOR, FORM, budget, seed)
            .form(WITHOUT_NORMS)
            .oracle(
                "sum over all points of plain products",
                List.of(AuditPlan.of(4, 3, 5), AuditPlan.of(6, 4, 2)),
                KnowledgeAtoms::bruteForce,
                OTHER_PRIOR)
            .rotations(frozen)
            .reflections(frozen)
            .tokenOrder(PosteriorFunctions.ORDERED)
            .span(frozen);
    pointOrder(parts, budget, seed.child("points"));
    return ClaimResult.of(pointsInSequence(parts, budget, seed.child("sequence")).parts());
  }

  private static SimpleMatrix bruteForce(AuditInput input) {
    SimpleMatrix prior = PosteriorFunctions.proportions(input.knowledge().getNumRows());
    return PosteriorBruteForce.atoms(input, prior, S2);
  }

  /** Adds that points may change places if their probabilities do, and only then. */
  private static PosteriorParts pointOrder(PosteriorParts parts, Budget budget, Seed seed) {
    double right = 0;
    double wrong = 0;
    for (AuditPlan plan : PosteriorParts.plans(budget)) {
      RandomGenerator rng = seed.child(plan.toString()).generator();
      SimpleMatrix prior = PosteriorFunctions.proportions(plan.knowledge());
      for (int trial = 0; trial < PosteriorParts.trials(budget); trial++) {
        AuditInput input = plan.input(rng);
        int[] order = RowOrder.cyclic(plan.knowledge(), 1);
        SimpleMatrix moved =
            new SimpleMatrix(
                1,
                order.length,
                true,
                IntStream.of(order).mapToDouble(l -> prior.get(0, l)).toArray());
        SimpleMatrix mean = input.outputOf(POSTERIOR.of().apply(plan));
        AuditInput reordered = input.withKnowledgeOrder(order);
        SequenceFunction along =
            SequenceFunction.ofPredictive(z -> GaussianConcepts.of(z, S2).withPrior(moved));
        right = Math.max(right, PosteriorParts.distance(reordered.outputOf(along), mean));
        SimpleMatrix behind = reordered.outputOf(POSTERIOR.of().apply(plan));
        wrong = Math.max(wrong, PosteriorParts.distance(behind, mean));
      }
    }
    return parts.add(
        "point-order",
        Verdict.exact(right, Prediction.atMost(AuditParts.REORDERING)),
        PosteriorParts.control("probabilities left behind", wrong));
  }

  /** Adds that points shown as tokens of the sequence are as good as knowledge. */
  private static PosteriorParts pointsInSequence(PosteriorParts parts, Budget budget, Seed seed) {
    double right = 0;
    double wrong = 0;
    for (AuditPlan plan : PosteriorParts.plans(budget)) {
      RandomGenerator rng = seed.child(plan.toString()).generator();
      int k = plan.knowledge();
      SimpleMatrix uniform = SimpleMatrix.filled(1, k, 1.0 / k);
      for (int trial = 0; trial < PosteriorParts.trials(budget); trial++) {
        AuditInput input = plan.input(rng);
        SimpleMatrix mean = input.outputOf(PosteriorForm.atoms(S2, uniform));
        right = Math.max(right, PosteriorParts.distance(shown(input, k), mean));
        wrong = Math.max(wrong, PosteriorParts.distance(shown(input, k - 1), mean));
      }
    }
    return parts.add(
        "points-in-sequence",
        Verdict.exact(right, Prediction.atMost(AuditParts.BOUND)),
        PosteriorParts.control("one point not shown", wrong));
  }

  /** Returns E[z | X] after the first knowledge rows are shown and all tokens measured. */
  private static SimpleMatrix shown(AuditInput input, int points) {
    SimpleMatrix z = input.knowledge();
    ShownAtoms model = ShownAtoms.of(z.getNumCols(), z.getNumRows(), 1, S2);
    SimpleMatrix first = z.extractMatrix(0, points, 0, SimpleMatrix.END);
    SimpleMatrix rows = withRole(0, first).concatRows(withRole(1, input.tokens()));
    return model.prior().observe(PosteriorFunctions.tokens(model, rows)).mean();
  }

  private static SimpleMatrix withRole(double role, SimpleMatrix rows) {
    return SimpleMatrix.filled(rows.getNumRows(), 1, role).concatColumns(rows);
  }
}
