package org.definetti.derivation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.definetti.attention.Attention;
import org.definetti.attention.Head;
import org.definetti.attention.MultiHeadAttention;
import org.definetti.attention.SoftmaxAttention;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * H softmax heads at different temperatures whose signed sum smooths less than any one of them: a
 * higher-order kernel made of heads.
 *
 * <pre>{@code
 * out = Σ_h a_h softmax(q·k / γ_h) V,   γ_h = γ 2^(h-1),   Σ_h a_h = 1,   Σ_h a_h γ_h^p = 0, p < H
 * a_h = Π_{i≠h} γ_i / (γ_i - γ_h)
 * }</pre>
 *
 * <ul>
 *   <li>Why: over many keys uniform on the sphere a head multiplies the degree-j part of E[v|k] by
 *       {@code μ_j/μ_0 = 1 - j (j + d - 2) γ / 2 + O(γ²)}, a power series in γ. The weights cancel
 *       its first H - 1 powers, so the bias is O(γ^H) instead of O(γ).
 *   <li>Rate: variance stays O(1 / (L γ^((d-1)/2))), so at the best temperature the mean squared
 *       error falls as {@code L^(-4H / (4H + d - 1))}: on the circle -4/5, -8/9, -12/13 for H = 1,
 *       2, 3. These exponents are asymptotic; at reachable lengths use {@link #error}.
 *   <li>Source: [derived]. Cancelling powers of a step this way is Richardson's extrapolation
 *       [recalled].
 * </ul>
 */
public final class TemperatureHeads {

  private static final int PANELS = 4000;

  private final double[] temperatures;
  private final double[] weights;

  private TemperatureHeads(double[] temperatures, double[] weights) {
    this.temperatures = temperatures;
    this.weights = weights;
  }

  /**
   * Returns the heads at temperatures γ, 2γ, 4γ, …
   *
   * @param heads H, at least 1; beyond 6 or so the weights alternate in sign and gain nothing
   * @param temperature γ of the first head, above zero
   */
  public static TemperatureHeads of(int heads, double temperature) {
    Check.atLeast("heads", 1, heads);
    Check.positive("temperature", temperature);
    double[] temperatures = new double[heads];
    for (int h = 0; h < heads; h++) {
      temperatures[h] = Math.scalb(temperature, h);
    }
    double[] weights = new double[heads];
    for (int h = 0; h < heads; h++) {
      weights[h] = 1;
      for (int i = 0; i < heads; i++) {
        weights[h] *= i == h ? 1 : temperatures[i] / (temperatures[i] - temperatures[h]);
      }
    }
    return new TemperatureHeads(temperatures, weights);
  }

  /**
   * Returns the heads at the temperature that makes {@link #error} least for a length; golden
   * section on log γ between 1e-4 and 10.
   *
   * @param target what is attended to
   * @param length L, at least 1
   */
  public static TemperatureHeads best(int heads, SphericalTarget target, int length) {
    double low = Math.log(1e-4);
    double high = Math.log(10);
    double golden = (Math.sqrt(5) - 1) / 2;
    double left = high - golden * (high - low);
    double right = low + golden * (high - low);
    double atLeft = of(heads, Math.exp(left)).error(target, length);
    double atRight = of(heads, Math.exp(right)).error(target, length);
    while (high - low > 1e-4) {
      if (atLeft < atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - golden * (high - low);
        atLeft = of(heads, Math.exp(left)).error(target, length);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + golden * (high - low);
        atRight = of(heads, Math.exp(right)).error(target, length);
      }
    }
    return of(heads, Math.exp((low + high) / 2));
  }

  /** Returns γ_1..γ_H. */
  public double[] temperatures() {
    return temperatures.clone();
  }

  /** Returns a_1..a_H, which sum to one. */
  public double[] weights() {
    return weights.clone();
  }

  /**
   * Returns the heads as an attention.
   *
   * @param valueWidth dv
   */
  public Attention attention(int valueWidth) {
    List<Head> heads = new ArrayList<>();
    for (int h = 0; h < weights.length; h++) {
      heads.add(
          Head.of(SoftmaxAttention.of(temperatures[h]))
              .withOutputMap(SimpleMatrix.identity(valueWidth).scale(weights[h])));
    }
    return new MultiHeadAttention(heads);
  }

  /**
   * Returns {@code Σ_h a_h μ_j/μ_0(γ_h)}, the factor by which these heads multiply the degree-j
   * part of a function of many keys uniform on the sphere.
   *
   * @param dimension d, at least 2
   * @param degree j, at least 0
   */
  public double filter(int dimension, int degree) {
    double sum = 0;
    for (int h = 0; h < weights.length; h++) {
      sum += weights[h] * SphereSpectrum.eigenvalueRatio(dimension, temperatures[h], degree);
    }
    return sum;
  }

  /**
   * Returns the squared bias of one value coordinate for infinitely many keys.
   *
   * <pre>{@code  Σ_j τ_j² (Σ_h a_h f_j(γ_h) - 1)²  }</pre>
   */
  public double squaredBias(SphericalTarget target) {
    double sum = 0;
    for (int i = 0; i < target.degreeCount(); i++) {
      double gap = filter(target.dimension(), target.degree(i)) - 1;
      sum += target.variance(i) * gap * gap;
    }
    return sum;
  }

  /**
   * Returns L times the variance of one value coordinate by the delta method.
   *
   * <pre>{@code
   * Σ_{g,h} a_g a_h E[w_g w_h (s2 + Σ_j τ_j² (1 - (f_j^g + f_j^h) P_j(t) + f_j^g f_j^h))]
   *         / (E[w_g] E[w_h]),     w_h = exp(t / γ_h),  t = q·k
   * }</pre>
   *
   * <p>Average over the target's random function, which makes it the same for every query. The
   * expectation over t is Simpson's rule in the angle; cost O(4000 H²).
   */
  public double varianceConstant(SphericalTarget target) {
    int d = target.dimension();
    int count = target.degreeCount();
    double[][] filters = new double[weights.length][count];
    double[] logNormalisers = new double[weights.length];
    for (int h = 0; h < weights.length; h++) {
      logNormalisers[h] = SphereSpectrum.logNormaliser(d, 1 / temperatures[h]);
      for (int i = 0; i < count; i++) {
        filters[h][i] = SphereSpectrum.eigenvalueRatio(d, temperatures[h], target.degree(i));
      }
    }
    double total = 0;
    double mass = 0;
    double[] scaled = new double[weights.length];
    for (int p = 0; p <= PANELS; p++) {
      double angle = Math.PI * p / PANELS;
      double t = Math.cos(angle);
      double simpson = p == 0 || p == PANELS ? 1 : p % 2 == 1 ? 4 : 2;
      double density = simpson * Math.pow(Math.sin(angle), d - 2);
      mass += density;
      for (int h = 0; h < weights.length; h++) {
        scaled[h] = weights[h] * Math.exp(t / temperatures[h] - logNormalisers[h]);
      }
      total += density * pairs(target, filters, scaled, t);
    }
    return total / mass;
  }

  // Σ_{g,h} u_g u_h E[(v - S_g)(v - S_h)] at a key with q·k = t, u_h = a_h w_h / E[w_h].
  private static double pairs(
      SphericalTarget target, double[][] filters, double[] scaled, double t) {
    double weight = Arrays.stream(scaled).sum();
    double sum = target.noiseVariance() * weight * weight;
    for (int i = 0; i < target.degreeCount(); i++) {
      double filtered = 0;
      for (int h = 0; h < scaled.length; h++) {
        filtered += scaled[h] * filters[h][i];
      }
      double zonal = ZonalPolynomial.value(target.dimension(), target.degree(i), t);
      sum +=
          target.variance(i)
              * (weight * weight - 2 * weight * filtered * zonal + filtered * filtered);
    }
    return sum;
  }

  /**
   * Returns the mean squared error of one value coordinate at length L, to first order in 1/L.
   *
   * <pre>{@code  E (out - E[v|q])² ≈ squared bias + variance constant / L  }</pre>
   *
   * <p>What is left out is of order {@code 1 / (L γ^((d-1)/2))²}, small where many keys lie within
   * the bandwidth √γ of the query.
   *
   * @param length L, at least 1
   */
  public double error(SphericalTarget target, int length) {
    Check.atLeast("length", 1, length);
    return squaredBias(target) + varianceConstant(target) / length;
  }

  @Override
  public String toString() {
    return "TemperatureHeads[temperatures "
        + Arrays.toString(temperatures)
        + ", weights "
        + Arrays.toString(weights)
        + "]";
  }
}
