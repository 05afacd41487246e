package org.definetti.lab.claims;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.experiment.Budget;
import org.definetti.experiment.Claim;
import org.definetti.experiment.ClaimResult;
import org.definetti.experiment.Control;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.Runner;
import org.definetti.experiment.Source;
import org.definetti.experiment.Verdict;
import org.definetti.lab.oracle.SimplexQuadrature;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.DirichletCategorical;
import org.definetti.random.Haar;
import org.definetti.random.Seed;
import org.definetti.symmetry.AuditInput;
import org.definetti.symmetry.AuditPlan;
import org.definetti.symmetry.PosteriorForm;
import org.definetti.symmetry.RowOrder;
import org.definetti.symmetry.SequenceFunction;
import org.ejml.simple.SimpleMatrix;

/**
 * MS10, the control for rotations: words. One-hot tokens may be renamed, not turned; words with
 * embeddings turn if the embeddings are knowledge.
 *
 * <pre>{@code
 * θ ~ Dirichlet(α, …, α);   Σ_w P(w | X) z_w = (Σ_i x_i + α Σ_l z_l) / (n + k α)
 * Z = I:   f(X P) = f(X) P for permutations P, not for rotations
 * }</pre>
 *
 * <ul>
 *   <li>Inputs are snapped to words: each token becomes the nearest row of the knowledge, which
 *       commutes with every orthogonal matrix.
 *   <li>Parts: the belief is the form {@link PosteriorForm#vocabulary}; quadrature over the simplex
 *       says the same; joint rotations, reflections, token order; one-hot words are renamed
 *       exactly; one-hot words do not turn.
 *   <li>Controls: another prior count, frozen embeddings, a hidden Markov model, prior counts that
 *       differ; of the part that asks for failure, a mean without a prior, which turns.
 *   <li>Source: [derived].
 * </ul>
 */
public final class VocabularySymmetry implements Claim {

  private static final double COUNT = 0.6;

  private static final NamedFunction POSTERIOR =
      snapped("dirichlet-categorical", (x, z) -> expected(x, z, equal(z.getNumRows(), COUNT)));

  private static final NamedFunction FORM = snapped("form", PosteriorForm.vocabulary(COUNT));

  private static final NamedFunction OTHER_COUNT =
      snapped("another prior count", PosteriorForm.vocabulary(2 * COUNT));

  /** Counts 1, 2, …: words are told apart before any is seen. */
  private static final NamedFunction UNEQUAL =
      snapped(
          "prior counts that differ",
          (x, z) -> {
            double[] counts = new double[z.getNumRows()];
            Arrays.setAll(counts, w -> w + 1);
            return expected(x, z, counts);
          });

  /** Returns the claim. */
  public VocabularySymmetry() {}

  @Override
  public String id() {
    return "MS10";
  }

  @Override
  public String slug() {
    return "vocabulary-symmetry";
  }

  @Override
  public String statement() {
    return "The symmetry of a discrete vocabulary is the renaming of its words, not O(d): "
        + "the predictive law of a symmetric Dirichlet prior commutes with permutations "
        + "of one-hot tokens and not with rotations. With the embeddings of the words as "
        + "knowledge it is equivariant again.";
  }

  @Override
  public Source source() {
    return Source.derived("model MS10: statements BS1, ES1 and P3");
  }

  @Override
  public String prediction() {
    return "belief = form = oracle, joint rotations, reflections within 1e-10; token order "
        + "and renaming within 1e-12; one-hot turned: error >= 1e-3";
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

  private static NamedFunction snapped(String name, SequenceFunction function) {
    return new NamedFunction(name, plan -> (x, z) -> function.transform(rows(z, words(x, z)), z));
  }

  /** Returns for each token the index of the nearest row of the knowledge. */
  private static int[] words(SimpleMatrix x, SimpleMatrix z) {
    int[] words = new int[x.getNumRows()];
    for (int i = 0; i < words.length; i++) {
      double least = Double.POSITIVE_INFINITY;
      for (int w = 0; w < z.getNumRows(); w++) {
        double distance = x.extractVector(true, i).minus(z.extractVector(true, w)).normF();
        words[i] = distance < least ? w : words[i];
        least = Math.min(least, distance);
      }
    }
    return words;
  }

  private static SimpleMatrix rows(SimpleMatrix z, int[] words) {
    int d = z.getNumCols();
    double[] rows = new double[words.length * d];
    for (int i = 0; i < words.length; i++) {
      System.arraycopy(z.getDDRM().data, words[i] * d, rows, i * d, d);
    }
    return new SimpleMatrix(words.length, d, true, rows);
  }

  /** Returns the expected embedding of the next word, by the belief. */
  private static SimpleMatrix expected(SimpleMatrix x, SimpleMatrix z, double[] counts) {
    DirichletCategorical model = DirichletCategorical.of(counts);
    List<Token> tokens = Arrays.stream(words(x, z)).mapToObj(Token::category).toList();
    return model
        .prior()
        .observe(Tokens.of(model.tokenSpace(), tokens))
        .predictive(model.tokenSpace().emptyQuery())
        .mean()
        .mult(z);
  }

  private static double[] equal(int count, double number) {
    return PosteriorBruteForce.equal(count, number);
  }

  @Override
  public ClaimResult check(Budget budget, Seed seed, Runner runner) {
    NamedFunction frozen = PosteriorFunctions.frozen(POSTERIOR);
    PosteriorParts parts =
        new PosteriorParts(POSTERIOR, FORM, budget, seed)
            .form(OTHER_COUNT)
            .oracle(
                "quadrature over the simplex",
                List.of(AuditPlan.of(4, 3, 5), AuditPlan.of(6, 2, 3)),
                VocabularySymmetry::bruteForce,
                OTHER_COUNT)
            .rotations(frozen)
            .reflections(frozen)
            .tokenOrder(PosteriorFunctions.ORDERED);
    renaming(parts, budget, seed.child("renaming"));
    turning(parts, budget, seed.child("turning"));
    return ClaimResult.of(parts.parts());
  }

  private static SimpleMatrix bruteForce(AuditInput input) {
    SimpleMatrix z = input.knowledge();
    double[] counts = new double[z.getNumRows()];
    for (int word : words(input.tokens(), z)) {
      counts[word]++;
    }
    double[] law = SimplexQuadrature.posteriorMean(equal(counts.length, COUNT), counts);
    return new SimpleMatrix(1, law.length, true, law).mult(z);
  }

  /** Returns one-hot tokens of random words among {@code count}. */
  private static SimpleMatrix oneHot(int length, int count, RandomGenerator rng) {
    return rows(SimpleMatrix.identity(count), rng.ints(length, 0, count).toArray());
  }

  /** Adds f(X P) = f(X) P for one-hot tokens and the knowledge Z = I held fixed. */
  private static void renaming(PosteriorParts parts, Budget budget, Seed seed) {
    double right = 0;
    double wrong = 0;
    for (AuditPlan plan : PosteriorParts.plans(budget)) {
      RandomGenerator rng = seed.child(plan.toString()).generator();
      SimpleMatrix words = SimpleMatrix.identity(plan.dimension());
      for (int trial = 0; trial < PosteriorParts.trials(budget); trial++) {
        SimpleMatrix x = oneHot(plan.tokens(), plan.dimension(), rng);
        SimpleMatrix p = rows(words, RowOrder.draw(plan.dimension(), rng));
        right = Math.max(right, apart(POSTERIOR.of().apply(plan), x, p));
        wrong = Math.max(wrong, apart(UNEQUAL.of().apply(plan), x, p));
      }
    }
    parts.add(
        "one-hot:renamed",
        Verdict.exact(right, Prediction.atMost(AuditParts.REORDERING)),
        PosteriorParts.control(UNEQUAL, wrong));
  }

  private static double apart(SequenceFunction function, SimpleMatrix x, SimpleMatrix q) {
    SimpleMatrix words = SimpleMatrix.identity(x.getNumCols());
    SimpleMatrix turned = function.transform(x, words).mult(q);
    return PosteriorParts.distance(function.transform(x.mult(q), words), turned);
  }

  /** Adds that the formula for one-hot tokens does not commute with a random rotation of them. */
  private static void turning(PosteriorParts parts, Budget budget, Seed seed) {
    double right = Double.POSITIVE_INFINITY;
    double wrong = 0;
    SequenceFunction mean =
        (x, z) -> SimpleMatrix.filled(1, x.getNumRows(), 1.0 / x.getNumRows()).mult(x);
    for (AuditPlan plan : PosteriorParts.plans(budget)) {
      RandomGenerator rng = seed.child(plan.toString()).generator();
      for (int trial = 0; trial < PosteriorParts.trials(budget); trial++) {
        SimpleMatrix x = oneHot(plan.tokens(), plan.dimension(), rng);
        SimpleMatrix q = Haar.rotation(plan.dimension(), rng);
        right = Math.min(right, apart(PosteriorForm.vocabulary(COUNT), x, q));
        wrong = Math.max(wrong, apart(mean, x, q));
      }
    }
    parts.add(
        "one-hot:turned",
        Verdict.exact(right, Prediction.atLeast(PosteriorParts.CAUGHT)),
        Control.of(
            wrong < PosteriorParts.CAUGHT,
            PosteriorParts.text("a mean without a prior: error", wrong)));
  }
}
