package org.definetti.sparse;

import org.definetti.latent.Check;

/**
 * How many samples heads of bounded norm need at most, with every constant written out.
 *
 * <pre>{@code
 * f(X) = Σ_t Norm_t(X u) (x_t·w),   ‖x_t‖ <= B_X,  ‖w‖ <= B_V,  ‖u‖ = ‖W_QK x_[CLS]‖ <= B_u
 * A = B_V B_X,   D = C B_V B_X² B_u
 * ln N(ε) <= C_F/ε²,   C_F = 36 (A^⅔ + D^⅔)³ ln(2 ⌈r⌉ m (T + 1) + 1)
 * r = 4 max(A, D)^⅓ (A^⅔ + D^⅔)/ε + 2
 * Rad <= 12 √(C_F/m) (1 + max(0, ln(A √(m/C_F) / 3)))
 * |train error - true error| <= 2 L Rad + b √(ln(1/δ)/(2m))   with probability 1 - δ
 * }</pre>
 *
 * <ul>
 *   <li>Where: m samples of T bits with [CLS], C the constant of the {@link Normaliser}, the loss
 *       L-Lipschitz and bounded by b; ε = 1/√m inside r. b, L = 1 and δ = 0.01 unless set.
 *   <li>The number of bits enters through one logarithm, but only while the norms stay as they are:
 *       the norms of {@link SelectionHead} grow with ln T themselves.
 *   <li>Vacuous, at or above b, at the sizes of any experiment here: what can be tested is how it
 *       scales.
 *   <li>Source: [derived], from the covering number of linear classes [recalled: Zhang-2002,
 *       Theorem 4], {@link HeadPerturbation} and Dudley's integral (check V5). A bound of the form
 *       √(poly(norms) log(T)/m) is [source: slides on Edelman-2022].
 * </ul>
 *
 * @param length T
 * @param tokenNorm B_X
 * @param valueNorm B_V
 * @param queryNorm B_u
 * @param normaliserConstant C
 * @param lossLipschitz L
 * @param lossBound b
 * @param failure δ
 */
public record CapacityBound(
    int length,
    double tokenNorm,
    double valueNorm,
    double queryNorm,
    double normaliserConstant,
    double lossLipschitz,
    double lossBound,
    double failure) {

  private static final double MOST_SAMPLES = 1e150;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException naming the one that is not finite and positive, or a failure
   *     probability of one or more
   */
  public CapacityBound {
    Check.atLeast("length", 1, length);
    Check.positive("tokenNorm", tokenNorm);
    Check.positive("valueNorm", valueNorm);
    Check.positive("queryNorm", queryNorm);
    Check.positive("normaliserConstant", normaliserConstant);
    Check.positive("lossLipschitz", lossLipschitz);
    Check.positive("lossBound", lossBound);
    if (!(Check.positive("failure", failure) < 1)) {
      throw new IllegalArgumentException("failure: expected below 1, got " + failure);
    }
  }

  /** Returns the bound of softmax heads of these norms, for L = b = 1 and δ = 0.01. */
  public static CapacityBound of(int length, double tokenNorm, double valueNorm, double queryNorm) {
    return new CapacityBound(length, tokenNorm, valueNorm, queryNorm, 1, 1, 1, 0.01);
  }

  /**
   * Returns the bound at the norms of {@link SelectionHead} with s relevant bits of T: B_X = √2,
   * B_V = 1, B_u = β √s at the comfortable β.
   */
  public static CapacityBound ofSelection(int length, int sparsity) {
    double sharpness = SelectionHead.comfortableSharpness(length, sparsity);
    return of(length, Math.sqrt(2), 1, sharpness * Math.sqrt(sparsity));
  }

  /** Returns this bound for another number of bits at the same norms. */
  public CapacityBound withLength(int newLength) {
    return new CapacityBound(
        newLength,
        tokenNorm,
        valueNorm,
        queryNorm,
        normaliserConstant,
        lossLipschitz,
        lossBound,
        failure);
  }

  /** Returns this bound for another normaliser. */
  public CapacityBound withNormaliserConstant(double constant) {
    return new CapacityBound(
        length, tokenNorm, valueNorm, queryNorm, constant, lossLipschitz, lossBound, failure);
  }

  /** Returns this bound for a loss that is L-Lipschitz and at most b. */
  public CapacityBound withLoss(double lipschitz, double most) {
    return new CapacityBound(
        length, tokenNorm, valueNorm, queryNorm, normaliserConstant, lipschitz, most, failure);
  }

  /** Returns this bound with probability 1 - δ. */
  public CapacityBound withFailure(double probability) {
    return new CapacityBound(
        length,
        tokenNorm,
        valueNorm,
        queryNorm,
        normaliserConstant,
        lossLipschitz,
        lossBound,
        probability);
  }

  /** Returns C_F, the covering number's logarithm times ε², for m samples. */
  public double coveringConstant(double samples) {
    Check.positive("samples", samples);
    double values = valueNorm * tokenNorm;
    double scores = normaliserConstant * valueNorm * tokenNorm * tokenNorm * queryNorm;
    double sum = Math.cbrt(values * values) + Math.cbrt(scores * scores);
    double points = 4 * Math.cbrt(Math.max(values, scores)) * sum * Math.sqrt(samples) + 2;
    double logarithm = Math.log(2 * Math.ceil(points) * samples * (length + 1.0) + 1);
    return 36 * sum * sum * sum * logarithm;
  }

  /** Returns the bound on the Rademacher complexity for m samples. */
  public double rademacher(double samples) {
    double covering = coveringConstant(samples);
    double inside = valueNorm * tokenNorm * Math.sqrt(samples / covering) / 3;
    return 12 * Math.sqrt(covering / samples) * (1 + Math.max(0, Math.log(inside)));
  }

  /** Returns the bound on |train error - true error| for m samples. */
  public double gap(double samples) {
    double deviation = lossBound * Math.sqrt(Math.log(1 / failure) / (2 * samples));
    return 2 * lossLipschitz * rademacher(samples) + deviation;
  }

  /** Returns whether the bound says nothing for m samples: no gap exceeds b anyway. */
  public boolean isVacuous(double samples) {
    return !(gap(samples) < lossBound);
  }

  /**
   * Returns the number of samples at which the bound falls to a gap, found by bisection to a
   * relative 1e-12.
   *
   * @param gap above 0
   * @throws IllegalArgumentException if no number of samples up to 1e150 is enough
   */
  public double samplesFor(double gap) {
    Check.positive("gap", gap);
    if (!(gap(MOST_SAMPLES) <= gap)) {
      throw new IllegalArgumentException(
          "gap: expected within reach of 1e150 samples (" + gap(MOST_SAMPLES) + "), got " + gap);
    }
    double low = 0; // of ln m
    double high = Math.log(MOST_SAMPLES);
    while (high - low > 1e-12) {
      double middle = 0.5 * (low + high);
      if (middle == low || middle == high) {
        break;
      }
      if (gap(Math.exp(middle)) <= gap) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return Math.exp(high);
  }
}
