package org.definetti.lab.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.FiniteBelief;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/**
 * Fits finitely many concepts to sequences: {@code categorical-concepts} to categories, {@code
 * gaussian-concepts} to real vectors. A sequence has one concept, which all its tokens share.
 *
 * <pre>{@code
 * E:  r_sk = P(z_s = k | X_s)
 * M:  p_k = Σ_s r_sk / S,   E[T(x) | z_k] = (Σ_s r_sk Σ_l T(x_s^l) + c χ0) / (Σ_s r_sk L_s + c)
 * objective:  Σ_s log P(X_s) + c Σ_k E_pooled[log p(x | θ_k)]
 * }</pre>
 *
 * <ul>
 *   <li>Where: T the statistic of the family (one-hot vector; x and x xᵀ), c prior tokens, χ0 the
 *       mean of T over all tokens pooled (categories by the rule of succession), S sequences of
 *       lengths L_s.
 *   <li>With c above zero no variance falls below {@code c / (N_k + c)} of the pooled one in any
 *       direction. With c = 0 a concept may collapse onto few tokens, where the evidence has no
 *       maximum; it is then refused by name.
 *   <li>Starts: each concept from one sequence of its own, drawn at random, and as many tokens of
 *       the pooled law. Concepts are returned by falling prior probability.
 *   <li>Cost: a step is one exact posterior of every sequence.
 *   <li>Source: expectation-maximisation [recalled: Dempster-Laird-Rubin]; prior tokens are the
 *       conjugate prior [recalled: Diaconis-Ylvisaker]; the M-step of shared latents [derived].
 * </ul>
 */
public final class MixtureFit implements Climber<FiniteLatentModel<Integer>> {

  private final List<Tokens> sequences;
  private final int components;
  private final double priorTokens;
  private final ConceptFamily family;
  private final List<double[]> statistics; // one a sequence

  private MixtureFit(
      List<Tokens> sequences, int components, double priorTokens, ConceptFamily family) {
    this.sequences = sequences;
    this.components = components;
    this.priorTokens = priorTokens;
    this.family = family;
    this.statistics = sequences.stream().map(family::statistic).toList();
  }

  /**
   * Fits concepts with laws of their own; Gaussian ones have a covariance each.
   *
   * @param sequences of one space, categories or real vectors
   * @param components K, at least 1 and at most the sequences that have tokens
   * @throws IllegalArgumentException if there are fewer sequences than components, or pairs
   * @throws org.definetti.latent.NotPositiveDefiniteException if all real tokens lie in a
   *     hyperplane, or, without prior tokens, those of one concept do
   */
  public static Fit of(List<Tokens> sequences, int components, FitOptions options) {
    return fit(sequences, components, options, false);
  }

  /** Fits Gaussian concepts with one covariance for all; otherwise as {@link #of}. */
  public static Fit sharingCovariance(List<Tokens> sequences, int components, FitOptions options) {
    Moments.checked(sequences);
    return fit(sequences, components, options, true);
  }

  private static Fit fit(
      List<Tokens> sequences, int components, FitOptions options, boolean shared) {
    Check.atLeast("components", 1, components);
    List<Tokens> seen = withTokens(sequences, components);
    ConceptFamily family =
        seen.get(0).space() instanceof CategoricalTokens
            ? CategoricalFamily.of(seen)
            : GaussianFamily.of(Moments.checked(seen), shared);
    MixtureFit climber = new MixtureFit(seen, components, options.priorTokens(), family);
    return Climber.fit(climber, seen, options);
  }

  /** Returns the sequences that have tokens if they are of one space and enough, else throws. */
  static List<Tokens> withTokens(List<Tokens> sequences, int least) {
    List<Tokens> seen = sequences.stream().filter(tokens -> tokens.length() > 0).toList();
    if (seen.size() < least) {
      throw new IllegalArgumentException(
          "sequences: expected at least " + least + " with tokens, got " + seen.size());
    }
    seen.forEach(sequence -> Check.space(seen.get(0).space(), sequence));
    return seen;
  }

  /** Draws {@code count} different numbers of 0..size-1, in the order drawn. */
  static List<Integer> choose(int count, int size, RandomGenerator rng) {
    List<Integer> left = new ArrayList<>(IntStream.range(0, size).boxed().toList());
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] even = new double[left.size()];
      Arrays.fill(even, 1.0 / even.length);
      chosen.add(left.remove(Categorical.of(even).draw(rng)));
    }
    return chosen;
  }

  @Override
  public Position<FiniteLatentModel<Integer>> start(RandomGenerator rng) {
    double[] pooled = family.pooled();
    double[] counts = new double[components];
    double[][] sums = new double[components][];
    List<Integer> chosen = choose(components, sequences.size(), rng);
    double[] weights = new double[components];
    for (int k = 0; k < components; k++) {
      int own = sequences.get(chosen.get(k)).length();
      sums[k] = plus(statistics.get(chosen.get(k)), own, pooled);
      counts[k] = 2.0 * own;
      weights[k] = 1;
    }
    return build(weights, counts, sums);
  }

  @Override
  public Step<FiniteLatentModel<Integer>> improve(FiniteLatentModel<Integer> model) {
    FiniteBelief<Integer> prior = FiniteBelief.prior(model);
    double evidence = 0;
    double[] weights = new double[components];
    double[] counts = new double[components];
    double[][] sums = new double[components][family.pooled().length];
    for (int s = 0; s < sequences.size(); s++) {
      FiniteBelief<Integer> belief = prior.observe(sequences.get(s));
      evidence += belief.logEvidence();
      for (int k = 0; k < components; k++) {
        double share = belief.probabilities().get(k);
        weights[k] += share;
        counts[k] += share * sequences.get(s).length();
        sums[k] = plus(sums[k], share, statistics.get(s));
      }
    }
    return new Step<>(evidence, build(weights, counts, sums));
  }

  @Override
  public FiniteLatentModel<Integer> tidy(FiniteLatentModel<Integer> model) {
    return family.reorder(model, ConceptFamily.byWeight(model.priorProbabilities()));
  }

  private Position<FiniteLatentModel<Integer>> build(
      double[] weights, double[] counts, double[][] sums) {
    double[] pooled = family.pooled();
    double[] totals = new double[components];
    double[][] means = new double[components][];
    for (int k = 0; k < components; k++) {
      totals[k] = counts[k] + priorTokens;
      // A concept that no token speaks for may have any law: the pooled one.
      means[k] = totals[k] > 0 ? plus(sums[k], priorTokens, pooled) : pooled;
      for (int i = 0; totals[k] > 0 && i < pooled.length; i++) {
        means[k][i] /= totals[k];
      }
    }
    double[] prior = CategoricalFamily.normalised(weights);
    ConceptFamily.Built built =
        family.build(new SimpleMatrix(1, components, true, prior), totals, means);
    double logPrior = priorTokens == 0 ? 0 : priorTokens * built.pooledLog();
    return new Position<>(built.model(), logPrior);
  }

  // a + factor · b
  private static double[] plus(double[] a, double factor, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * b[i];
    }
    return sum;
  }
}
