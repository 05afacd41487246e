package org.definetti.kernel;

import org.ejml.simple.SimpleMatrix;

/**
 * The radial basis function (Gaussian) kernel {@code κ(a, b) = exp(-|a - b|² / (2 γ))}.
 *
 * <p>For unit vectors it equals {@code exp((a·b - 1) / γ)}: the kernel whose normalised values are
 * softmax attention at temperature γ. {@code sqrt(γ)} is the length scale. Infinitely many
 * features; κ(a, a) = 1. Source: [recalled]; the identity on the sphere [derived].
 *
 * @param bandwidth γ, the squared length scale, finite and above zero
 */
public record RbfKernel(double bandwidth) implements Kernel {

  /**
   * Checks the bandwidth.
   *
   * @throws IllegalArgumentException unless it is finite and above zero
   */
  public RbfKernel {
    Pairs.positive("bandwidth", bandwidth);
  }

  @Override
  public SimpleMatrix gram(SimpleMatrix a, SimpleMatrix b) {
    double factor = -0.5 / bandwidth;
    return Pairs.gram(
        a, b, (x, i, y, j, d) -> Math.exp(factor * Pairs.squaredDistance(x, i, y, j, d)));
  }

  @Override
  public SimpleMatrix diagonal(SimpleMatrix a) {
    return Pairs.column(a, 1);
  }
}
