package org.definetti.lab.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Cholesky;
import org.definetti.latent.Tokens;
import org.definetti.latent.conjugate.NormalInverseWishart;
import org.definetti.latent.special.SpecialFunctions;
import org.definetti.random.Gamma;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/** See {@link GaussianFit.Family#NORMAL_INVERSE_WISHART}. */
final class InverseWishartClimber implements Climber<NormalInverseWishart> {

  // Degrees of freedom beyond which covariances that differ and equal ones look the same.
  private static final double MOST_DEGREES = 1e6;

  // Over d - 1. Below, a mean that meets a sequence of one token head on has no best scale: the
  // evidence grows without end as the scale vanishes.
  private static final double LEAST_DEGREES = 2;
  private static final int BISECTIONS = 200;

  private final List<Tokens> sequences;
  private final List<Moments> moments;
  private final Moments all;
  private final @Nullable Moments virtual; // the prior tokens as one more sequence

  private InverseWishartClimber(List<Tokens> sequences, double priorTokens) {
    this.sequences = sequences;
    this.moments = sequences.stream().map(Moments::of).toList();
    this.all = Moments.pooled(sequences);
    this.virtual = priorTokens > 0 ? all.withCount(priorTokens) : null;
    Cholesky.of("covariance of all tokens", all.covariance());
  }

  static InverseWishartClimber of(List<Tokens> sequences, double priorTokens) {
    return new InverseWishartClimber(sequences, priorTokens);
  }

  private int dimension() {
    return all.mean().getNumCols();
  }

  @Override
  public Position<NormalInverseWishart> start(RandomGenerator rng) {
    int d = dimension();
    double count = Gamma.draw(1, rng);
    double degrees = d + 1 + Gamma.draw(d, rng);
    SimpleMatrix scale = all.covariance().scale(degrees - d + 1);
    return position(NormalInverseWishart.of(all.mean(), count, scale, degrees));
  }

  private Position<NormalInverseWishart> position(NormalInverseWishart model) {
    return new Position<>(model, virtual == null ? 0 : logEvidence(model, virtual));
  }

  // log P of a sequence with these moments, of any count, not necessarily whole.
  private double logEvidence(NormalInverseWishart model, Moments own) {
    int d = dimension();
    double f = model.degreesOfFreedom();
    double after = f + own.count();
    double sum = -0.5 * own.count() * d * Math.log(Math.PI);
    for (int i = 0; i < d; i++) {
      sum += SpecialFunctions.logRising(0.5 * (f - i), 0.5 * own.count());
    }
    sum += 0.5 * d * Math.log(model.priorCount() / (model.priorCount() + own.count()));
    sum += 0.5 * f * Cholesky.of("scale", model.scale()).logDeterminant();
    return sum - 0.5 * after * Cholesky.of("scale", scale(model, own)).logDeterminant();
  }

  // Ψ after a sequence
  private static SimpleMatrix scale(NormalInverseWishart model, Moments own) {
    SimpleMatrix gap = own.mean().minus(model.priorMean());
    double share = own.count() / (model.priorCount() + own.count());
    SimpleMatrix between = Spread.square(gap).scale(model.priorCount() * share);
    return Spread.symmetric(model.scale().plus(own.scatter()).plus(between));
  }

  /**
   * What is expected of one sequence's latent.
   *
   * @param precision E[Λ]
   * @param mean the m with E[Λμ] = E[Λ] m
   * @param inverseCount E[(μ - m)Λ(μ - m)ᵀ] / d
   * @param logDeterminant E log det Λ
   */
  private record Expected(
      SimpleMatrix precision, SimpleMatrix mean, double inverseCount, double logDeterminant) {}

  private Expected expected(NormalInverseWishart model, Moments own) {
    double count = model.priorCount() + own.count();
    double degrees = model.degreesOfFreedom() + own.count();
    SimpleMatrix gap = own.mean().minus(model.priorMean());
    SimpleMatrix scale = scale(model, own);
    double logDeterminant = Cholesky.of("scale after a sequence", scale).logDeterminant();
    return new Expected(
        inverse(scale).scale(degrees),
        model.priorMean().plus(own.count() / count, gap),
        1 / count,
        digammas(degrees) + dimension() * Math.log(2) - logDeterminant);
  }

  private static SimpleMatrix inverse(SimpleMatrix matrix) {
    return Spread.symmetric(matrix.invert());
  }

  // Σ_i ψ((f + 1 - i)/2), i = 1..d
  private double digammas(double degrees) {
    double sum = 0;
    for (int i = 0; i < dimension(); i++) {
      sum += SpecialFunctions.digamma(0.5 * (degrees - i));
    }
    return sum;
  }

  @Override
  public Step<NormalInverseWishart> improve(NormalInverseWishart model) {
    double evidence = 0;
    List<Expected> latents = new ArrayList<>();
    for (int s = 0; s < moments.size(); s++) {
      evidence += model.prior().observe(sequences.get(s)).logEvidence();
      latents.add(expected(model, moments.get(s)));
    }
    if (virtual != null) {
      latents.add(expected(model, virtual));
    }
    return new Step<>(evidence, position(best(latents)));
  }

  private NormalInverseWishart best(List<Expected> latents) {
    int d = dimension();
    double logs = 0;
    SimpleMatrix precision = new SimpleMatrix(d, d);
    SimpleMatrix weighted = new SimpleMatrix(d, 1);
    for (Expected latent : latents) {
      logs += latent.logDeterminant();
      precision = precision.plus(latent.precision());
      weighted = weighted.plus(latent.precision().mult(latent.mean().transpose()));
    }
    SimpleMatrix mean = precision.solve(weighted).transpose();
    double inverseCount = 0;
    for (Expected latent : latents) {
      SimpleMatrix gap = latent.mean().minus(mean);
      double square = gap.mult(latent.precision()).mult(gap.transpose()).get(0);
      inverseCount += latent.inverseCount() + square / d;
    }
    int total = latents.size();
    SimpleMatrix average = precision.divide(total);
    double excess = Cholesky.of("mean precision", average).logDeterminant() - logs / total;
    double degrees = degrees(excess);
    return NormalInverseWishart.of(
        mean, total / inverseCount, inverse(average).scale(degrees), degrees);
  }

  // The f with d log(f/2) - Σ_i ψ((f + 1 - i)/2) = excess, or the end of the range nearest to it:
  // the left side falls from ∞ to 0.
  private double degrees(double excess) {
    int d = dimension();
    double low = Math.log(LEAST_DEGREES);
    double high = Math.log(MOST_DEGREES);
    for (int i = 0; i < BISECTIONS && low < high; i++) {
      double middle = 0.5 * (low + high);
      double f = d - 1 + Math.exp(middle);
      boolean above = d * Math.log(0.5 * f) - digammas(f) > excess;
      low = above ? middle : low;
      high = above ? high : middle;
    }
    return d - 1 + Math.exp(0.5 * (low + high));
  }
}
