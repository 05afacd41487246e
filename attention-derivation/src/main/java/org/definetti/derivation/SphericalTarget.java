package org.definetti.derivation;

import java.util.Arrays;
import org.definetti.latent.Check;

/**
 * What attention is to find: a random function of given degrees on the sphere, seen through noise.
 *
 * <pre>{@code
 * v = m(k) + ε,   m = Σ_j m_j,   E[m_j(q) m_j(k)] = τ_j² P_j(q·k),   ε ~ N(0, s2),   k uniform
 * }</pre>
 *
 * <p>Immutable. Coordinates of v are independent and alike.
 */
public final class SphericalTarget {

  private final int dimension;
  private final double noiseVariance;
  private final int[] degrees;
  private final double[] variances;

  private SphericalTarget(int dimension, double noiseVariance, int[] degrees, double[] variances) {
    this.dimension = dimension;
    this.noiseVariance = noiseVariance;
    this.degrees = degrees;
    this.variances = variances;
  }

  /**
   * Returns the target without any degree yet: noise alone.
   *
   * @param dimension d, at least 2
   * @param noiseVariance s2, at least 0
   */
  public static SphericalTarget of(int dimension, double noiseVariance) {
    Check.atLeast("dimension", 2, dimension);
    Check.notNegative("noiseVariance", noiseVariance);
    return new SphericalTarget(dimension, noiseVariance, new int[0], new double[0]);
  }

  /** Returns this target with one more degree j &ge; 0 of variance τ² &gt; 0. */
  public SphericalTarget withDegree(int degree, double variance) {
    Check.atLeast("degree", 0, degree);
    Check.positive("variance", variance);
    int count = degrees.length;
    int[] moreDegrees = Arrays.copyOf(degrees, count + 1);
    double[] moreVariances = Arrays.copyOf(variances, count + 1);
    moreDegrees[count] = degree;
    moreVariances[count] = variance;
    return new SphericalTarget(dimension, noiseVariance, moreDegrees, moreVariances);
  }

  /** Returns d. */
  public int dimension() {
    return dimension;
  }

  /** Returns s2. */
  public double noiseVariance() {
    return noiseVariance;
  }

  /** Returns the number of degrees. */
  public int degreeCount() {
    return degrees.length;
  }

  /** Returns the i-th degree j. */
  public int degree(int i) {
    return degrees[i];
  }

  /** Returns the variance τ_j² of the i-th degree. */
  public double variance(int i) {
    return variances[i];
  }
}
