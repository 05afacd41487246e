package org.definetti.latent.finite;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.DescriptionReader;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.ModelDescription;
import org.definetti.latent.PairTokens;
import org.definetti.latent.Predictive;
import org.definetti.latent.Token;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * Labelled bit strings of an unknown function of s of T bits ({@code sparse-boolean}): which s?
 *
 * <pre>{@code
 * z a uniform s-subset of T positions;   bits ~ Bernoulli(p), independent
 * label = rule(bits at z), flipped with probability ε;   token = (bits, label)
 * P(z | X) ∝ ε^w (1 - ε)^(L - w),   w the number of tokens that the rule of z mislabels
 * }</pre>
 *
 * <ul>
 *   <li>Where: rule = conjunction or parity of the s bits. With ε = 0 the posterior is uniform over
 *       the version space, the subsets that mislabel nothing.
 *   <li>Shapes: key (1, T) of zeros and ones, value (1, 1); latent the positions, ascending from 0,
 *       K = C(T, s) of them.
 *   <li>Edge cases: other numbers than 0 and 1 are refused when observed. Labels that no subset
 *       explains, possible only for tokens from elsewhere at ε = 0, are as in {@link FiniteBelief}.
 *   <li>Label: the value of a fresh token whose first ⌈T/2⌉ bits are one.
 *   <li>Cost: observing is O(L T), the posterior O(K · L/64) when first asked for, by machine words
 *       of 64 tokens; memory O(L T/8 + K). A posterior needs K of at most 2·10^7, T = 490 for s =
 *       3; {@link VersionSpace} goes on to thousands of positions without noise.
 *   <li>Source: the task [source: Edelman-2022, slides]; that it is a latent-variable model with
 *       this posterior is [derived].
 * </ul>
 *
 * <p>Immutable; equal when all hyperparameters are equal.
 */
public final class SparseBoolean implements FiniteLatentModel<List<Integer>> {

  private static final int MOST_COUNTED = 20_000_000;

  private final PairTokens space;
  private final SparseRule rule;
  private final Subsets latents;
  private final int relevant;
  private final double one;
  private final double noise;

  private SparseBoolean(PairTokens space, SparseRule rule, int relevant, double one, double noise) {
    this.space = space;
    this.rule = rule;
    this.latents = new Subsets(space.keyWidth(), relevant);
    this.relevant = relevant;
    this.one = one;
    this.noise = noise;
  }

  /**
   * Returns the model without noise whose labels are balanced: p = 2^{-1/s} for conjunctions, 1/2
   * for parities.
   *
   * @param positions T, at least s
   * @param relevant s, at least 1
   * @throws IllegalArgumentException if there are more than 2^31 - 1 subsets
   */
  public static SparseBoolean of(SparseRule rule, int positions, int relevant) {
    Check.atLeast("relevant", 1, relevant);
    Check.atLeast("positions", relevant, positions);
    double one = rule == SparseRule.PARITY ? 0.5 : StrictMath.pow(2, -1.0 / relevant);
    return new SparseBoolean(new PairTokens(positions, 1), rule, relevant, one, 0);
  }

  /** Returns this model with ones of another probability p, in (0, 1). */
  public SparseBoolean withOneProbability(double probability) {
    if (!(probability > 0 && probability < 1)) {
      throw new IllegalArgumentException("oneProbability: expected in (0, 1), got " + probability);
    }
    return new SparseBoolean(space, rule, relevant, probability, noise);
  }

  /** Returns this model with labels flipped with probability ε, in [0, 1/2). */
  public SparseBoolean withNoise(double probability) {
    if (!(probability >= 0 && probability < 0.5)) {
      throw new IllegalArgumentException("noise: expected in [0, 1/2), got " + probability);
    }
    return new SparseBoolean(space, rule, relevant, one, probability);
  }

  /** Returns T. */
  public int positions() {
    return space.keyWidth();
  }

  /** Returns s. */
  public int relevant() {
    return relevant;
  }

  /** Returns what the function says of its bits. */
  public SparseRule rule() {
    return rule;
  }

  /** Returns p. */
  public double oneProbability() {
    return one;
  }

  /** Returns ε. */
  public double noise() {
    return noise;
  }

  @Override
  public PairTokens tokenSpace() {
    return space;
  }

  /** {@inheritDoc} In lexicographic order, each made when it is asked for. */
  @Override
  public List<List<Integer>> latents() {
    return latents;
  }

  int indexOf(List<Integer> latent) {
    int index = latents.indexOf(latent);
    if (index < 0) {
      throw new IllegalArgumentException(
          "latent: expected "
              + relevant
              + " ascending positions below "
              + positions()
              + ", got "
              + latent);
    }
    return index;
  }

  @Override
  public SimpleMatrix priorProbabilities() {
    return Concepts.uniform(latents.size());
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if there are more than 2·10^7 subsets to count
   */
  @Override
  public Belief<List<Integer>> prior() {
    if (latents.size() > MOST_COUNTED) {
      throw new IllegalArgumentException(
          "positions: expected at most "
              + MOST_COUNTED
              + " subsets for a posterior, got "
              + latents.size());
    }
    return SparseBooleanBelief.prior(this);
  }

  @Override
  public List<Integer> drawLatent(RandomGenerator rng) {
    return latents.get((int) (rng.nextDouble() * latents.size()));
  }

  /** Returns what the function of these positions says of a key. */
  private double said(List<Integer> latent, double[] key, int offset) {
    long said = rule.identity();
    for (int position : latent) {
      said = rule.combine(said, BitColumns.bit("key", key[offset + position]));
    }
    return said & 1;
  }

  @Override
  public double logLikelihood(List<Integer> latent, Token token) {
    indexOf(latent);
    double[] row = new double[space.width()];
    Tokens.of(space, token).copyRows(row, 0);
    boolean right = said(latent, row, 0) == BitColumns.bit("value", row[positions()]);
    return Math.log(right ? 1 - noise : noise);
  }

  @Override
  public Predictive valueLaw(List<Integer> latent, SimpleMatrix query) {
    indexOf(latent);
    double[] key = Check.matrix("query", query, 1, positions()).getDDRM().data;
    return said(latent, key, 0) == 1
        ? new LabelLaw(1 - noise, noise)
        : new LabelLaw(noise, 1 - noise);
  }

  @Override
  public Token drawToken(List<Integer> latent, RandomGenerator rng) {
    return drawTokens(latent, 1, rng).get(0);
  }

  @Override
  public Tokens drawTokens(List<Integer> latent, int length, RandomGenerator rng) {
    Check.atLeast("length", 0, length);
    indexOf(latent);
    double[] rows = new double[length * space.width()];
    for (int key = 0; key < rows.length; key += space.width()) {
      drawKey(rows, key, rng);
      double said = said(latent, rows, key);
      rows[key + positions()] = rng.nextDouble() < noise ? 1 - said : said;
    }
    return Tokens.owning(space, rows);
  }

  private void drawKey(double[] row, int offset, RandomGenerator rng) {
    for (int t = 0; t < positions(); t++) {
      row[offset + t] = rng.nextDouble() < one ? 1 : 0;
    }
  }

  /** {@inheritDoc} It draws bits and nothing else. */
  @Override
  public SimpleMatrix drawQuery(RandomGenerator rng) {
    double[] key = new double[positions()];
    drawKey(key, 0, rng);
    return new SimpleMatrix(1, key.length, true, key);
  }

  @Override
  public SimpleMatrix labelQuery() {
    double[] key = new double[positions()];
    Arrays.fill(key, 0, (positions() + 1) / 2, 1);
    return new SimpleMatrix(1, key.length, true, key);
  }

  @Override
  public double[] drawLabel(List<Integer> latent, RandomGenerator rng) {
    return valueLaw(latent, labelQuery()).draw(rng);
  }

  /**
   * Returns the model that a description describes.
   *
   * @throws IllegalArgumentException naming the field that is missing, wrong or unknown
   */
  public static SparseBoolean from(ModelDescription description) {
    DescriptionReader fields = description.read("sparse-boolean", 1);
    SparseRule rule = fields.choice("rule", SparseRule.class);
    int positions = fields.whole("positions");
    int relevant = fields.whole("relevant");
    double one = fields.number("one-probability");
    double noise = fields.number("noise");
    fields.end();
    return of(rule, positions, relevant).withOneProbability(one).withNoise(noise);
  }

  @Override
  public ModelDescription description() {
    return ModelDescription.of("sparse-boolean")
        .with("rule", DescriptionReader.word(rule))
        .with("positions", positions())
        .with("relevant", relevant)
        .with("one-probability", one)
        .with("noise", noise);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SparseBoolean model
        && rule == model.rule
        && space.equals(model.space)
        && relevant == model.relevant
        && one == model.one
        && noise == model.noise;
  }

  @Override
  public int hashCode() {
    return Objects.hash(rule, space, relevant, one, noise);
  }

  @Override
  public String toString() {
    return "SparseBoolean["
        + rule
        + " of "
        + relevant
        + " of "
        + positions()
        + " bits, noise "
        + noise
        + "]";
  }
}
