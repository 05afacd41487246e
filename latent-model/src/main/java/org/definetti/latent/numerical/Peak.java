package org.definetti.latent.numerical;

import java.util.function.ToDoubleFunction;
import org.definetti.latent.NotPositiveDefiniteException;

/**
 * A peak of a density with its local shape: climbing by quadratic models on a stencil that adapts
 * to the curvature.
 *
 * <p>The place need not be exact, because a lattice is laid over it anyway: climbing stops within a
 * hundredth of a nat.
 */
final class Peak {

  private static final int MOST_STEPS = 200;
  private static final double CLOSE = 0.01;
  private static final double STENCIL = 0.3; // of the width that the curvature says

  final double[] u;
  final double log;
  // (d, d): A with A Aᵀ the inverse of minus the Hessian, upper triangular
  final double[] factor;

  private Peak(double[] u, double log, double[] factor) {
    this.u = u;
    this.log = log;
    this.factor = factor;
  }

  /** Climbs from a point; {@code spacing} is the first size of the stencil. */
  static Peak climb(double[] start, double spacing, ToDoubleFunction<double[]> f) {
    int d = start.length;
    double[] u = start.clone();
    double[] delta = new double[d];
    java.util.Arrays.fill(delta, spacing);
    double height = f.applyAsDouble(u);
    double[] factor = diagonal(delta);
    for (int step = 0; step < MOST_STEPS; step++) {
      Stencil stencil = new Stencil(u, height, delta, f);
      double[] newton = stencil.newton();
      double[] best = stencil.best;
      double bestHeight = stencil.bestHeight;
      if (newton != null) {
        factor = stencil.factor();
        double gain = stencil.gain;
        boolean fine = true;
        for (int i = 0; i < d; i++) {
          double width = 1 / Math.sqrt(stencil.curvature(i));
          fine &= delta[i] <= width && delta[i] >= 0.02 * width;
          delta[i] = Math.max(delta[i] / 16, Math.min(delta[i] * 4, STENCIL * width));
        }
        double newHeight = f.applyAsDouble(newton);
        if (newHeight > bestHeight) {
          best = newton;
          bestHeight = newHeight;
        }
        if (fine && gain < CLOSE) {
          return new Peak(bestHeight > height ? best : u, Math.max(height, bestHeight), factor);
        }
      } else if (!(bestHeight > height)) {
        for (int i = 0; i < d; i++) {
          delta[i] /= 4;
        }
        factor = diagonal(delta);
      }
      if (bestHeight > height) {
        u = best;
        height = bestHeight;
      }
    }
    return new Peak(u, height, factor);
  }

  private static double[] diagonal(double[] scales) {
    double[] matrix = new double[scales.length * scales.length];
    for (int i = 0; i < scales.length; i++) {
      matrix[i * scales.length + i] = scales[i];
    }
    return matrix;
  }

  /** Replaces b by A⁻¹ b for an upper triangular A. Modified. */
  static void solve(double[] upper, int d, double[] b) {
    for (int i = d - 1; i >= 0; i--) {
      double sum = b[i];
      for (int j = i + 1; j < d; j++) {
        sum -= upper[i * d + j] * b[j];
      }
      b[i] = sum / upper[i * d + i];
    }
  }

  /** Function values around a point, with the quadratic through them. */
  private static final class Stencil {

    private final int d;
    private final double[] u;
    private final double[] gradient;
    private final double[] hessian; // of minus f, (d, d)
    private double @org.jspecify.annotations.Nullable [] cholesky;
    double[] best;
    double bestHeight = Double.NEGATIVE_INFINITY;
    double gain;

    Stencil(double[] u, double height, double[] delta, ToDoubleFunction<double[]> f) {
      this.d = u.length;
      this.u = u;
      this.gradient = new double[d];
      this.hessian = new double[d * d];
      this.best = u;
      double[] up = new double[d];
      for (int i = 0; i < d; i++) {
        up[i] = at(f, delta, i, 1, -1);
        double down = at(f, delta, i, -1, -1);
        gradient[i] = (up[i] - down) / (2 * delta[i]);
        hessian[i * d + i] = -((up[i] - height) + (down - height)) / (delta[i] * delta[i]);
      }
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < i; j++) {
          double both = at(f, delta, i, 1, j);
          double mixed = -((both - up[i]) - (up[j] - height)) / (delta[i] * delta[j]);
          hessian[i * d + j] = mixed;
          hessian[j * d + i] = mixed;
        }
      }
    }

    private double at(ToDoubleFunction<double[]> f, double[] delta, int i, int side, int also) {
      double[] moved = u.clone();
      moved[i] += side * delta[i];
      if (also >= 0) {
        moved[also] += delta[also];
      }
      double value = f.applyAsDouble(moved);
      if (value > bestHeight) {
        best = moved;
        bestHeight = value;
      }
      return value;
    }

    double curvature(int i) {
      return hessian[i * d + i];
    }

    /** Returns the peak of the quadratic, or null if it has none. */
    double @org.jspecify.annotations.Nullable [] newton() {
      double[] lower = hessian.clone();
      try {
        SmallCholesky.factor("curvature", lower, d);
      } catch (NotPositiveDefiniteException flat) {
        return null;
      }
      double[] step = gradient.clone();
      SmallCholesky.solveLower(lower, d, step);
      gain = 0.5 * LatentPrior.squaredLength(step);
      SmallCholesky.solveUpper(lower, d, step);
      for (int i = 0; i < d; i++) {
        step[i] += u[i];
        if (!Double.isFinite(step[i])) {
          return null;
        }
      }
      cholesky = lower;
      return step;
    }

    /** Returns R⁻ᵀ for the Cholesky factor R of the curvature: upper triangular. */
    double[] factor() {
      double[] lower = java.util.Objects.requireNonNull(cholesky);
      double[] upper = new double[d * d];
      for (int j = 0; j < d; j++) {
        double[] unit = new double[d];
        unit[j] = 1;
        SmallCholesky.solveUpper(lower, d, unit);
        for (int i = 0; i < d; i++) {
          upper[i * d + j] = unit[i];
        }
      }
      return upper;
    }
  }
}
