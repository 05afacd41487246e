package org.definetti.latent;

import static org.definetti.latent.ContractChecks.answer;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.special.Gamma;
import org.definetti.latent.ContractChecks.Average;

/**
 * Does a predictive integrate to one? Nothing is assumed about its support except what its own
 * draws show.
 *
 * <ul>
 *   <li>Draws that repeat: probabilities of the distinct values drawn are summed.
 *   <li>One number: the density is integrated between the draws' quantiles.
 *   <li>Several numbers: {@code E[1{v in B} / p(v)] = volume of B} for a ball B around a draw of
 *       high density. A support of lower dimension, a circle for example, has no such ball:
 *       override the test and integrate there.
 * </ul>
 */
final class Normalisation {

  // Mass outside the range of n draws has mean 2/n; more than 20/n has probability 5e-8.
  private static final double RANGE_LOSS = 20;
  private static final double EXCESS = 1e-6; // of quadrature and rounding
  private static final int PANELS = 256;

  // Gauss-Legendre, 5 points on (-1, 1).
  private static final double[] NODES = {
    -0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664
  };
  private static final double[] WEIGHTS = {
    0.2369268850561891,
    0.4786286704993665,
    0.5688888888888889,
    0.4786286704993665,
    0.2369268850561891
  };

  private Normalisation() {}

  static void check(Predictive predictive, int count, RandomGenerator rng) {
    double[][] draws = new double[count][];
    for (int n = 0; n < count; n++) {
      draws[n] = answer(() -> predictive.draw(rng));
    }
    Map<String, Integer> times = new HashMap<>();
    for (double[] draw : draws) {
      times.merge(Arrays.toString(draw), 1, Integer::sum);
    }
    if (times.size() < count / 2) {
      checkSum(predictive, draws, times);
    } else if (draws[0].length == 1) {
      checkIntegral(predictive, draws);
    } else {
      checkBall(predictive, draws);
    }
  }

  // The values never drawn have about the mass of those drawn once (Good and Turing).
  private static void checkSum(
      Predictive predictive, double[][] draws, Map<String, Integer> times) {
    double sum = 0;
    int once = 0;
    Map<String, Integer> open = new HashMap<>(times);
    for (double[] draw : draws) {
      Integer count = open.remove(Arrays.toString(draw));
      if (count != null) {
        sum += Math.exp(answer(() -> predictive.logProbability(draw)));
        once += count == 1 ? 1 : 0;
      }
    }
    double missing = (2.0 * once + RANGE_LOSS) / draws.length;
    assertTrue(
        sum <= 1 + EXCESS && sum >= 1 - missing,
        "sum of the predictive over the values it draws: expected 1, got " + sum);
  }

  private static void checkIntegral(Predictive predictive, double[][] draws) {
    double[] sorted = Arrays.stream(draws).mapToDouble(draw -> draw[0]).sorted().toArray();
    double integral = 0;
    for (int panel = 0; panel < PANELS; panel++) {
      double low = sorted[panel * (sorted.length - 1) / PANELS];
      double high = sorted[(panel + 1) * (sorted.length - 1) / PANELS];
      for (int i = 0; i < NODES.length; i++) {
        double v = (low + high) / 2 + (high - low) / 2 * NODES[i];
        double log = answer(() -> predictive.logProbability(new double[] {v}));
        integral += (high - low) / 2 * WEIGHTS[i] * Math.exp(log);
      }
    }
    assertTrue(
        integral <= 1 + RANGE_LOSS / draws.length && integral >= 1 - RANGE_LOSS / draws.length,
        "integral of the predictive density: expected 1, got " + integral);
  }

  private static void checkBall(Predictive predictive, double[][] draws) {
    int width = draws[0].length;
    double[] deviation = deviations(draws);
    int pilot = draws.length / 10;
    double[] centre = draws[0];
    double highest = Double.NEGATIVE_INFINITY;
    for (int n = 0; n < Math.min(100, draws.length); n++) {
      double[] draw = draws[n];
      double log = answer(() -> predictive.logProbability(draw));
      if (log > highest) {
        highest = log;
        centre = draw;
      }
    }
    double[] distances = new double[pilot];
    for (int n = 0; n < pilot; n++) {
      distances[n] = distance(draws[n], centre, deviation);
    }
    Arrays.sort(distances);
    double radius = distances[pilot / 10];
    double logVolume =
        width / 2.0 * Math.log(Math.PI)
            + width * Math.log(radius)
            - Gamma.logGamma(width / 2.0 + 1);
    for (double scale : deviation) {
      logVolume += Math.log(scale);
    }
    Average ratio = new Average("integral of the predictive density near one of its draws");
    for (int n = pilot; n < draws.length; n++) {
      double[] draw = draws[n];
      boolean inside = distance(draw, centre, deviation) <= radius;
      ratio.add(inside ? Math.exp(-logVolume - predictive.logProbability(draw)) : 0);
    }
    ratio.assertMean(1);
  }

  private static double[] deviations(double[][] draws) {
    double[] deviation = new double[draws[0].length];
    for (int i = 0; i < deviation.length; i++) {
      int coordinate = i;
      double mean = Arrays.stream(draws).mapToDouble(v -> v[coordinate]).average().orElseThrow();
      double square =
          Arrays.stream(draws)
              .mapToDouble(v -> (v[coordinate] - mean) * (v[coordinate] - mean))
              .average()
              .orElseThrow();
      deviation[i] = Math.sqrt(square);
    }
    return deviation;
  }

  private static double distance(double[] a, double[] b, double[] scale) {
    double square = 0;
    for (int i = 0; i < a.length; i++) {
      double gap = (a[i] - b[i]) / scale[i];
      square += gap * gap;
    }
    return Math.sqrt(square);
  }
}
