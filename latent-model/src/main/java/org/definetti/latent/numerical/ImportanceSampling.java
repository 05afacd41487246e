package org.definetti.latent.numerical;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.LikelihoodModel;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.random.Categorical;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The belief about any latent by weighted draws from the prior, with its own error.
 *
 * <pre>{@code
 * prior() { return ImportanceSampling.of(this, Seed.of(1)); }
 *
 * z_1..z_n ~ P(z),   w_k ∝ P(X | z_k),   E f(z) ≈ f̄ = Σ_k w_k f(z_k)
 * standard error = sqrt( Σ_k w_k² |f(z_k) - f̄|² ),   effective size = 1 / Σ_k w_k²
 * }</pre>
 *
 * <ul>
 *   <li>Where: w are normalised to sum to one; n is 10,000 unless set.
 *   <li>The draws are fixed by the seed, the same for every sequence; a token costs n likelihoods
 *       and nothing is kept but n numbers, for any number of tokens.
 *   <li>Error: one standard error by the delta method. Where the effective size is below the least
 *       (100 unless set) the formula itself cannot be trusted, and errors are infinite: the answers
 *       are still given, for what they are worth.
 *   <li>When to use: latents that are no row of at most three numbers, and sequences short enough
 *       for prior draws to come near the posterior; else {@link Quadrature}.
 *   <li>Source: self-normalised importance sampling and its delta method [recalled].
 * </ul>
 *
 * <p>Immutable and safe to share between threads if the model is.
 *
 * @param <Z> the type of the latent
 */
public final class ImportanceSampling<Z> implements ApproximateBelief<Z> {

  private static final int DEFAULT_DRAWS = 10_000;
  private static final int DEFAULT_LEAST = 100;

  private final LikelihoodModel<Z> model;
  private final Seed seed;
  private final int draws;
  private final double leastEffective;
  private volatile @Nullable FixedPoints<Z> points; // null until first asked
  private volatile double @Nullable [] weights;

  private ImportanceSampling(
      LikelihoodModel<Z> model,
      Seed seed,
      int draws,
      double leastEffective,
      @Nullable FixedPoints<Z> points) {
    this.model = model;
    this.seed = seed;
    this.draws = draws;
    this.leastEffective = leastEffective;
    this.points = points;
  }

  /** Returns the prior of a model: 10,000 draws, trusted from an effective size of 100. */
  public static <Z> ImportanceSampling<Z> of(LikelihoodModel<Z> model, Seed seed) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(seed, "seed");
    return new ImportanceSampling<>(model, seed, DEFAULT_DRAWS, DEFAULT_LEAST, null);
  }

  /**
   * Returns the prior with another number of draws, at least 2.
   *
   * @throws IllegalStateException if this has seen tokens: their likelihoods belong to its draws
   */
  public ImportanceSampling<Z> withDraws(int count) {
    Check.atLeast("count", 2, count);
    if (count() > 0) {
      throw new IllegalStateException("draws: expected to be set on the prior, got " + this);
    }
    return new ImportanceSampling<>(model, seed, count, leastEffective, null);
  }

  /** Returns this belief, trusted from another effective size; at least 1. */
  public ImportanceSampling<Z> withLeastEffectiveSize(double least) {
    if (!(least >= 1)) {
      throw new IllegalArgumentException("least: expected >= 1, got " + least);
    }
    return new ImportanceSampling<>(model, seed, draws, least, points);
  }

  private FixedPoints<Z> points() {
    FixedPoints<Z> known = points;
    if (known == null) {
      List<Z> latents = new ArrayList<>(draws);
      RandomGenerator rng = seed.generator();
      for (int k = 0; k < draws; k++) {
        latents.add(model.drawLatent(rng));
      }
      known = FixedPoints.of(model, latents);
      points = known;
    }
    return known;
  }

  private double[] logWeights() {
    double[] logPrior = new double[draws];
    Arrays.fill(logPrior, -Math.log(draws));
    return points().logWeights(logPrior);
  }

  private double[] weights() {
    double[] known = weights;
    if (known == null) {
      double[] logs = logWeights();
      if (LogSumExp.of(logs) == Double.NEGATIVE_INFINITY) {
        throw new IllegalArgumentException(
            "tokens: expected possible under one of " + draws + " draws of z, got probability 0");
      }
      known = LogSumExp.softmax(logs);
      weights = known;
    }
    return known;
  }

  private WeightedLatents<Z> law() {
    return new WeightedLatents<>(model, points().latents(), weights());
  }

  @Override
  public Belief<Z> observe(Tokens tokens) {
    FixedPoints<Z> more = points().observe(tokens);
    return new ImportanceSampling<>(model, seed, draws, leastEffective, more);
  }

  /** {@inheritDoc} The model, the seed and the number of draws must be the same. */
  @Override
  public Belief<Z> merge(Belief<Z> other) {
    if (other instanceof ImportanceSampling<Z> belief
        && model.equals(belief.model)
        && seed.equals(belief.seed)
        && draws == belief.draws) {
      FixedPoints<Z> both = points().merge(belief.points());
      return new ImportanceSampling<>(model, seed, draws, leastEffective, both);
    }
    throw new IllegalArgumentException(
        "other: expected draws of the same model as " + this + ", got " + other);
  }

  @Override
  public double count() {
    FixedPoints<Z> known = points;
    return known == null ? 0 : known.count();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where a model of real tokens does not say {@link LikelihoodModel#valueLaw}, moments come
   * from 65,536 tokens drawn with a fixed seed, and their Monte Carlo error is part of the mean's
   * error.
   *
   * @throws UnsupportedOperationException if a model of (key, value) tokens does not say valueLaw
   */
  @Override
  public Predictive predictive(SimpleMatrix query) {
    return law().predictive(query, this::standardError);
  }

  @Override
  public SimpleMatrix mean() {
    return law().mean();
  }

  @Override
  public SimpleMatrix covariance() {
    return law().covariance();
  }

  @Override
  public double error() {
    return standardError(law().coordinates());
  }

  private double standardError(List<double[]> values) {
    if (!isTrusted()) {
      return Double.POSITIVE_INFINITY;
    }
    double[] w = weights();
    double[] mean = law().mean(values);
    double sum = 0;
    for (int k = 0; k < w.length; k++) {
      for (int i = 0; i < mean.length; i++) {
        double gap = values.get(k)[i] - mean[i];
        sum += w[k] * w[k] * gap * gap;
      }
    }
    return Math.sqrt(sum);
  }

  private boolean isTrusted() {
    return effectiveSampleSize() >= leastEffective;
  }

  @Override
  public double logEvidence() {
    weights(); // refuses impossible tokens
    return count() == 0 ? 0 : LogSumExp.of(logWeights());
  }

  /**
   * {@inheritDoc} It is the relative standard error of the mean weight, {@code sqrt(Σ w² - 1/n)}.
   */
  @Override
  public double logEvidenceError() {
    return isTrusted()
        ? Math.sqrt(Math.max(0, 1 / effectiveSampleSize() - 1.0 / draws))
        : Double.POSITIVE_INFINITY;
  }

  @Override
  public double effectiveSampleSize() {
    return law().effectiveSize();
  }

  /** {@inheritDoc} It is one of the prior's draws, chosen by its weight. */
  @Override
  public Z sample(RandomGenerator rng) {
    return points().latents().get(Categorical.of(weights()).draw(rng));
  }

  /**
   * Always refuses.
   *
   * @throws UnsupportedOperationException because draws of z do not say the density of the prior
   */
  @Override
  public double logDensity(Z latent) {
    throw new UnsupportedOperationException(
        model.description().name() + " has no density because only draws of its prior are known");
  }

  @Override
  public String toString() {
    return draws + " draws of " + model + " after " + count() + " tokens";
  }
}
