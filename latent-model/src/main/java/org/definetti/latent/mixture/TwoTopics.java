package org.definetti.latent.mixture;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalPredictive;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.definetti.random.Beta;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/**
 * Words from two known topics mixed in unknown proportion (M9, {@code two-topics}): latent
 * Dirichlet allocation with two topics.
 *
 * <pre>{@code
 * z ~ Beta(a, b),   P(x = w | z) = z β_1w + (1 - z) β_2w
 * Π_l (β_1,x^l t + β_2,x^l) = Σ_m c_m t^m        m: how many words came from topic 1
 * z | X = Σ_m w_m Beta(a + m, b + L - m),   w_m ∝ c_m B(a + m, b + L - m)
 * P(X) = Σ_m c_m B(a + m, b + L - m) / B(a, b)
 * }</pre>
 *
 * <ul>
 *   <li>Where: β_tw probability of word w in topic t; z the share of topic 1; B the Beta function.
 *   <li>Shapes: latent (1, 1); topics β (2, W).
 *   <li>A word that neither topic has is refused: no z explains it.
 *   <li>Cost: O(L) per token observed, O(L²) for a sequence and all its prefixes together; merging
 *       beliefs of L and M tokens O(L·M + M²). Limit: 20,000 tokens, below a second; more are
 *       refused.
 *   <li>Accuracy: every step adds and multiplies positive numbers only, so nothing cancels: relative
 *       error of the weights about 1e-15 · L, of the evidence's logarithm 1e-15.
 *   <li>Source: section M9 of the project's notes [derived]; the recursion in ratios of coefficients
 *       [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class TwoTopics implements LikelihoodModel<SimpleMatrix> {

  // Ratios of coefficients stay within the range of a double from here on, at any length.
  private static final double SMALLEST_PROBABILITY = 1e-290;

  /** The longest sequence that the O(L²) recursion takes, 20,000. */
  public static final int LONGEST = 20_000;

  private final CategoricalTokens space;
  private final SimpleMatrix topics;
  private final double a;
  private final double b;

  private TwoTopics(SimpleMatrix topics, double a, double b) {
    this.space = new CategoricalTokens(topics.getNumCols());
    this.topics = topics;
    this.a = a;
    this.b = b;
  }

  /**
   * Returns the model with a uniform prior, a = b = 1.
   *
   * @param topics β, shape (2, W), two rows of probabilities, each 0 or at least 1e-290; W at
   *     least 2
   */
  public static TwoTopics of(SimpleMatrix topics) {
    Check.matrix("topics", topics, 2, -1);
    Check.atLeast("words", 2, topics.getNumCols());
    for (int t = 0; t < 2; t++) {
      Check.probabilities("topics, row " + t, topics.extractVector(true, t));
    }
    for (double probability : topics.getDDRM().data) {
      if (probability > 0 && probability < SMALLEST_PROBABILITY) {
        throw new IllegalArgumentException(
            "topics: expected 0 or >= " + SMALLEST_PROBABILITY + ", got " + probability);
      }
    }
    return new TwoTopics(topics, 1, 1);
  }

  /**
   * Returns this model with the prior Beta(a, b).
   *
   * @param a finite and above zero
   * @param b finite and above zero
   */
  public TwoTopics withPrior(double a, double b) {
    Check.positive("a", a);
    Check.positive("b", b);
    Check.positive("a + b", a + b);
    return new TwoTopics(topics, a, b);
  }

  /** Returns β, shape (2, W). */
  public SimpleMatrix topics() {
    return topics;
  }

  /** Returns a, the first parameter of the prior. */
  public double a() {
    return a;
  }

  /** Returns b, the second parameter of the prior. */
  public double b() {
    return b;
  }

  /** Returns the probabilities of all words given the shares of both topics. */
  double[] mixed(double first, double second) {
    double[] probabilities = new double[space.count()];
    for (int w = 0; w < probabilities.length; w++) {
      probabilities[w] = first * topics.get(0, w) + second * topics.get(1, w);
    }
    return probabilities;
  }

  @Override
  public CategoricalTokens tokenSpace() {
    return space;
  }

  @Override
  public Belief<SimpleMatrix> prior() {
    return TwoTopicsBelief.prior(this);
  }

  @Override
  public SimpleMatrix drawLatent(RandomGenerator rng) {
    return new SimpleMatrix(1, 1, true, Beta.draw(a, b, rng));
  }

  @Override
  public Token drawToken(SimpleMatrix latent, RandomGenerator rng) {
    return Token.category(words(latent).draw(rng));
  }

  @Override
  public Tokens drawTokens(SimpleMatrix latent, int length, RandomGenerator rng) {
    double[] rows = new double[Check.atLeast("length", 0, length)];
    Categorical words = words(latent);
    for (int l = 0; l < length; l++) {
      rows[l] = words.draw(rng);
    }
    return Tokens.owning(space, rows);
  }

  private Categorical words(SimpleMatrix latent) {
    return Categorical.of(mixed(latent));
  }

  private double[] mixed(SimpleMatrix latent) {
    double share = share(latent);
    return mixed(share, 1 - share);
  }

  static double share(SimpleMatrix latent) {
    double share = Check.matrix("latent", latent, 1, 1).get(0, 0);
    if (share >= 0 && share <= 1) {
      return share;
    }
    throw new IllegalArgumentException("latent: expected a share in 0..1, got " + share);
  }

  @Override
  public double logLikelihood(SimpleMatrix latent, Token token) {
    int word = (int) Tokens.of(space, token).at(0, 0);
    return Math.log(mixed(latent)[word]);
  }

  @Override
  public Predictive valueLaw(SimpleMatrix latent, SimpleMatrix query) {
    Check.matrix("query", query, 1, space.count());
    return new CategoricalPredictive(
        new SimpleMatrix(1, space.count(), true, mixed(latent)));
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static TwoTopics from(ModelDescription description) {
    DescriptionReader fields = description.read("two-topics", 1);
    TwoTopics model =
        of(fields.matrix("topics", 2, -1)).withPrior(fields.number("a"), fields.number("b"));
    fields.end();
    return model;
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("two-topics").with("a", a).with("b", b).with("topics", topics);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TwoTopics model
        && a == model.a
        && b == model.b
        && space.equals(model.space)
        && topics.isIdentical(model.topics, 0);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Double.hashCode(a) + Double.hashCode(b)) + space.count();
  }

  @Override
  public String toString() {
    return "TwoTopics[" + space.count() + " words, Beta(" + a + ", " + b + ")]";
  }
}
