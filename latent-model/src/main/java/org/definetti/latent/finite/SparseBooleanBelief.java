package org.definetti.latent.finite;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.ImpossibleTokensException;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The exact posterior of {@link SparseBoolean}, by counting over all subsets.
 *
 * <pre>{@code
 * P(z | X) = ε^w_z (1 - ε)^(L - w_z) / Σ_z'   P(label = 1 | X, bits) = Σ_z P(z | X) P(1 | z, bits)
 * log P(X) = log Σ_z ε^w_z (1 - ε)^(L - w_z) - log K
 * }</pre>
 *
 * <ul>
 *   <li>Where: w_z how many of the L tokens the rule of z mislabels, counted 64 tokens at a time
 *       when first asked for and kept.
 *   <li>The predictive at a query is the posterior vote of the subsets; O(K s).
 *   <li>Mean and covariance: those of the indicator of z, (1, K) and (K, K), the latter for K up to
 *       4096.
 *   <li>Source: Bayes' rule.
 * </ul>
 *
 * <p>The statistic is the tokens themselves, as columns of bits. Immutable.
 */
public final class SparseBooleanBelief implements Belief<List<Integer>> {

  private static final int LARGEST_COVARIANCE = 4096;

  private final SparseBoolean model;
  private final BitColumns columns;
  private volatile int @Nullable [] mislabelled; // (K); a race counts the same numbers twice

  private SparseBooleanBelief(SparseBoolean model, BitColumns columns) {
    this.model = model;
    this.columns = columns;
  }

  static SparseBooleanBelief prior(SparseBoolean model) {
    return new SparseBooleanBelief(model, BitColumns.none(model.positions()));
  }

  @Override
  public SparseBooleanBelief observe(Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    return tokens.length() == 0 ? this : new SparseBooleanBelief(model, columns.plus(tokens));
  }

  @Override
  public SparseBooleanBelief merge(Belief<List<Integer>> other) {
    if (other instanceof SparseBooleanBelief belief && model.equals(belief.model)) {
      return new SparseBooleanBelief(model, columns.plus(belief.columns));
    }
    throw new IllegalArgumentException("other: expected a belief of " + model + ", got " + other);
  }

  @Override
  public double count() {
    return columns.count();
  }

  private int size() {
    return model.latents().size();
  }

  private int[] mislabelled() {
    int[] known = mislabelled;
    if (known == null) {
      int[] counted = new int[size()];
      columns.visitSubsets(
          model.rule(), model.relevant(), (index, wrong) -> counted[index] = wrong);
      known = counted;
      mislabelled = counted;
    }
    return known;
  }

  /** Returns the number of subsets that mislabel no token seen, the size of the version space. */
  public int consistent() {
    int count = 0;
    for (int wrong : mislabelled()) {
      count += wrong == 0 ? 1 : 0;
    }
    return count;
  }

  private int fewest() {
    return Arrays.stream(mislabelled()).min().orElseThrow();
  }

  /** Returns the weight of w mislabelled tokens against that of the fewest. */
  private double weight(int wrong, int fewest) {
    double odds = model.noise() / (1 - model.noise());
    return wrong == fewest ? 1 : Math.pow(odds, wrong - fewest);
  }

  private double total(int fewest) {
    double sum = 0;
    for (int wrong : mislabelled()) {
      sum += weight(wrong, fewest);
    }
    return sum;
  }

  /**
   * Returns the posterior probabilities in the order of the model's latents, shape (1, K).
   *
   * @throws ImpossibleTokensException if no subset explains the tokens seen
   */
  public SimpleMatrix probabilities() {
    int[] wrong = mislabelled();
    int fewest = possible();
    double total = total(fewest);
    double[] probabilities = new double[wrong.length];
    for (int k = 0; k < wrong.length; k++) {
      probabilities[k] = weight(wrong[k], fewest) / total;
    }
    return new SimpleMatrix(1, wrong.length, true, probabilities);
  }

  private int possible() {
    int fewest = fewest();
    if (model.noise() == 0 && fewest > 0) {
      throw new ImpossibleTokensException(model.description().name(), count());
    }
    return fewest;
  }

  /** {@inheritDoc} It is the vote of the subsets, each weighed by its posterior probability. */
  @Override
  public Predictive predictive(SimpleMatrix query) {
    double[] key = Check.matrix("query", query, 1, model.positions()).getDDRM().data;
    double[] labelled = Arrays.copyOf(key, key.length + 1);
    labelled[key.length] = 1;
    BitColumns asked =
        BitColumns.none(key.length).plus(Tokens.owning(model.tokenSpace(), labelled));
    int[] wrong = mislabelled();
    int fewest = possible();
    double[] votes = new double[2]; // for one, for zero
    asked.visitSubsets(
        model.rule(),
        model.relevant(),
        (index, saysZero) -> votes[saysZero] += weight(wrong[index], fewest));
    double total = votes[0] + votes[1];
    double noise = model.noise();
    return new LabelLaw(
        (votes[0] * (1 - noise) + votes[1] * noise) / total,
        (votes[1] * (1 - noise) + votes[0] * noise) / total);
  }

  /** {@inheritDoc} It is the row of posterior probabilities of the subsets, (1, K). */
  @Override
  public SimpleMatrix mean() {
    return probabilities();
  }

  /**
   * {@inheritDoc} It is that of the indicator of z, {@code diag(π) - πᵀπ}, (K, K).
   *
   * @throws UnsupportedOperationException if there are more than 4096 subsets
   */
  @Override
  public SimpleMatrix covariance() {
    int size = size();
    if (size > LARGEST_COVARIANCE) {
      throw new UnsupportedOperationException(
          "this belief has no covariance of z because "
              + size
              + " subsets would need a matrix of"
              + " that many rows; up to "
              + LARGEST_COVARIANCE
              + " are answered");
    }
    return FiniteBelief.indicatorCovariance(probabilities().getDDRM().data);
  }

  @Override
  public double logEvidence() {
    int fewest = fewest();
    double noise = model.noise();
    if (noise == 0 && fewest > 0) {
      return Double.NEGATIVE_INFINITY;
    }
    double best = (count() - fewest) * Math.log1p(-noise);
    best += fewest == 0 ? 0 : fewest * Math.log(noise);
    return best + Math.log(total(fewest) / size());
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if {@code latent} is none of the model's
   */
  @Override
  public double logDensity(List<Integer> latent) {
    int fewest = possible();
    int wrong = mislabelled()[model.indexOf(latent)];
    double odds = Math.log(model.noise()) - Math.log1p(-model.noise());
    return (wrong == fewest ? 0 : (wrong - fewest) * odds) - Math.log(total(fewest));
  }

  /** {@inheritDoc} It is that of the subset, between 0 and log K. */
  @Override
  public double entropyNats() {
    double sum = 0;
    for (double p : probabilities().getDDRM().data) {
      sum -= p > 0 ? p * Math.log(p) : 0;
    }
    return Math.max(0, sum);
  }

  /** {@inheritDoc} Infinite if {@code other} excludes a subset that this belief does not. */
  @Override
  public double klNats(Belief<List<Integer>> other) {
    boolean comparable = other instanceof FiniteBelief || other instanceof SparseBooleanBelief;
    SimpleMatrix theirs = comparable ? other.mean() : new SimpleMatrix(1, 1);
    if (!comparable || theirs.getNumCols() != size()) {
      throw new IllegalArgumentException(
          "other: expected a belief over " + size() + " subsets, got " + other);
    }
    double[] mine = probabilities().getDDRM().data;
    double sum = 0;
    for (int k = 0; k < mine.length; k++) {
      sum += mine[k] > 0 ? mine[k] * Math.log(mine[k] / theirs.get(0, k)) : 0;
    }
    return Math.max(0, sum);
  }

  @Override
  public List<Integer> sample(RandomGenerator rng) {
    int[] wrong = mislabelled();
    int fewest = possible();
    double rest = rng.nextDouble() * total(fewest);
    int last = 0;
    for (int k = 0; k < wrong.length && rest >= 0; k++) {
      double weight = weight(wrong[k], fewest);
      if (weight > 0) {
        last = k;
        rest -= weight;
      }
    }
    return model.latents().get(last);
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + columns.count() + " tokens";
  }
}
