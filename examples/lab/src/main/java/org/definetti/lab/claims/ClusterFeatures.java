package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import org.definetti.latent.finite.EqualMeanClusters;
import org.definetti.transfer.LatentTarget;
import org.ejml.simple.SimpleMatrix;

/**
 * Features f(x) of a hidden number whose law given the latent is N(0, d_z²), as a pretraining
 * target: E[f | z] and E[f fᵀ | z] by the midpoint rule.
 *
 * <p>On a fine even grid the rule is exact to rounding for smooth features, and off by the square
 * of the step (1e-7) where one has a kink or jumps.
 */
final class ClusterFeatures {

  private static final int STEPS = 40_000;
  private static final double REACH = 10; // standard deviations

  private ClusterFeatures() {}

  /** Returns the target of these features. */
  static LatentTarget of(EqualMeanClusters model, DoubleFunction<double[]> features) {
    int width = features.apply(0).length;
    int latents = model.latents().size();
    double[] means = new double[width * latents];
    List<SimpleMatrix> moments = new ArrayList<>();
    for (int k = 0; k < latents; k++) {
      double deviation = model.deviations().get(0, k);
      double step = 2 * REACH / STEPS;
      double[] moment = new double[width * width];
      // Places of both signs together, so that odd functions have the mean zero exactly.
      for (int i = 0; i < STEPS / 2; i++) {
        double u = (i + 0.5) * step;
        double weight = step * Math.exp(-u * u / 2) / Math.sqrt(2 * Math.PI);
        double[] f = features.apply(deviation * u);
        double[] g = features.apply(-deviation * u);
        for (int a = 0; a < width; a++) {
          means[a * latents + k] += weight * (f[a] + g[a]);
          for (int b = 0; b < width; b++) {
            moment[a * width + b] += weight * (f[a] * f[b] + g[a] * g[b]);
          }
        }
      }
      moments.add(new SimpleMatrix(width, width, true, moment));
    }
    return new LatentTarget(new SimpleMatrix(width, latents, true, means), moments);
  }
}
