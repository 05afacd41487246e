package org.definetti.kernel;

import org.ejml.simple.SimpleMatrix;

/**
 * The kernel of periodic functions, {@code κ(a, b) = exp(-2 Σ_i sin²(π (a_i - b_i) / period) /
 * lengthScale²)}.
 *
 * <p>The radial basis function kernel of the points' places on circles, so positive definite in any
 * width. κ(a, a) = 1. Source: MacKay 1998 [recalled].
 *
 * @param period finite and above zero, common to all coordinates
 * @param lengthScale finite and above zero, without unit
 */
public record PeriodicKernel(double period, double lengthScale) implements Kernel {

  /**
   * Checks the parameters.
   *
   * @throws IllegalArgumentException unless both are finite and above zero
   */
  public PeriodicKernel {
    Pairs.positive("period", period);
    Pairs.positive("lengthScale", lengthScale);
  }

  @Override
  public SimpleMatrix gram(SimpleMatrix a, SimpleMatrix b) {
    return Pairs.gram(a, b, this::value);
  }

  private double value(double[] a, int aOffset, double[] b, int bOffset, int width) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      double sine = Math.sin(Math.PI * (a[aOffset + i] - b[bOffset + i]) / period);
      sum += sine * sine;
    }
    return Math.exp(-2 * sum / (lengthScale * lengthScale));
  }

  @Override
  public SimpleMatrix diagonal(SimpleMatrix a) {
    return Pairs.column(a, 1);
  }
}
