package org.definetti.kernel;

import org.ejml.simple.SimpleMatrix;

/**
 * The Matérn kernel of half-integer smoothness, a function of {@code r = |a - b| / lengthScale}.
 *
 * <pre>{@code
 * 1/2   exp(-r)                                continuous functions
 * 3/2   (1 + √3 r) exp(-√3 r)                  once differentiable
 * 5/2   (1 + √5 r + 5 r² / 3) exp(-√5 r)       twice differentiable
 * }</pre>
 *
 * <p>Infinitely many features; κ(a, a) = 1. Source: [recalled].
 *
 * @param smoothness which of the three
 * @param lengthScale finite and above zero
 */
public record MaternKernel(Smoothness smoothness, double lengthScale) implements Kernel {

  /** The smoothness of a draw's functions. */
  public enum Smoothness {
    /** 1/2: continuous. */
    HALF(1),
    /** 3/2: once differentiable. */
    THREE_HALVES(3),
    /** 5/2: twice differentiable. */
    FIVE_HALVES(5);

    private final double root;

    Smoothness(int twice) {
      this.root = Math.sqrt(twice);
    }

    private double at(double distance) {
      double s = root * distance;
      double polynomial = 1;
      if (this == THREE_HALVES) {
        polynomial = 1 + s;
      } else if (this == FIVE_HALVES) {
        polynomial = 1 + s + s * s / 3;
      }
      return s > 700 ? 0 : polynomial * Math.exp(-s);
    }
  }

  /**
   * Checks the length scale.
   *
   * @throws IllegalArgumentException unless it is finite and above zero
   */
  public MaternKernel {
    Pairs.positive("lengthScale", lengthScale);
  }

  @Override
  public SimpleMatrix gram(SimpleMatrix a, SimpleMatrix b) {
    return Pairs.gram(
        a,
        b,
        (x, i, y, j, d) ->
            smoothness.at(Math.sqrt(Pairs.squaredDistance(x, i, y, j, d)) / lengthScale));
  }

  @Override
  public SimpleMatrix diagonal(SimpleMatrix a) {
    return Pairs.column(a, 1);
  }
}
