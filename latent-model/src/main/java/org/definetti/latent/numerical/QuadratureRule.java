package org.definetti.latent.numerical;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.definetti.latent.LogSumExp;
import org.ejml.simple.SimpleMatrix;

/**
 * One density integrated: two shifted lattices over its bulk, as weighted points.
 *
 * <p>The first half of the points is the lattice h·Z^d, the rest the same lattice shifted by h s, s
 * = (1/2, 1/4, 1/8). By Poisson summation the error of the first is a sum over whole n of the
 * Fourier transform F at 2πn/h, that of the other the same sum with factors cos(2π n·s). No n among
 * the neighbours of zero has n·s whole, so their difference shows every leading term; a shift by
 * half a step in every coordinate would hide those on the diagonals.
 */
final class QuadratureRule {

  private static final double FIRST_STEP = 0.8; // e^{-2π²/h²} = 4e-14 for a normal density
  private static final double COARSEST_STEP = 64;
  private static final int MOST_STARTS = 8;
  private static final int[] SCAN = {0, 65, 17, 9}; // points a coordinate, by dimension
  // A term of the error comes with c = cos(2π n·s) in the second lattice: the union errs by
  // (1 + c) / 2 of it and the lattices differ by 1 - c. This is the largest ratio of the two among
  // the neighbours of zero, rounded up, by dimension.
  private static final double[] HIDDEN = {0, 1, 2, 3};
  private static final double ULP = 0x1p-52;

  /** A place of the scan. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
  private record Spot(double[] u, double log) {}

  final List<double[]> points;
  final List<SimpleMatrix> latents;
  final double[] weights;
  final double logIntegral;
  final double logIntegralError;
  final double[] logs;
  private final int first; // points of the first lattice
  private final double firstShare; // its weight
  private final double rimBelow; // points below this weight are at the rim
  private final double rounding; // relative error of a weight
  private final double hidden; // the most that a term may be of the union over the difference
  private final double leastError; // of one lattice, for a normal density; in standard deviations

  private QuadratureRule(LatentPrior prior, double step, Lattice a, Lattice b, double logVolume) {
    this.points = new ArrayList<>(a.points());
    points.addAll(b.points());
    this.first = a.points().size();
    this.latents = points.stream().map(prior::latent).toList();
    double[] logsA = a.logs();
    double[] logsB = b.logs();
    this.logs = new double[points.size()];
    System.arraycopy(logsA, 0, logs, 0, first);
    System.arraycopy(logsB, 0, logs, first, logsB.length);
    this.weights = LogSumExp.softmax(logs);
    double cell = logVolume + prior.dimension() * Math.log(step);
    this.logIntegral = LogSumExp.of(logs) - Math.log(2) + cell;
    double top = Math.max(a.highest(), b.highest());
    this.rimBelow = Math.exp(top - Lattice.CUTOFF - LogSumExp.of(logs));
    this.rounding = ULP * (points.size() + 4 * Math.abs(top)); // of the sum, of the logs
    this.leastError = normalError(prior.dimension(), step);
    this.hidden = HIDDEN[prior.dimension()];
    double share = 0;
    for (int k = 0; k < first; k++) {
      share += weights[k];
    }
    this.firstShare = share;
    this.logIntegralError =
        hidden * Math.abs(Math.log(share / (1 - share)))
            + rim(new double[points.size()], 1)
            + leastError
            + rounding;
  }

  /** Returns the leading term of the error of the mean of a normal density by one lattice. */
  private static double normalError(int dimension, double step) {
    double rate = 2 * Math.PI / step;
    return 2 * dimension * rate * Math.exp(-0.5 * rate * rate);
  }

  /**
   * Integrates exp(f) over R^d.
   *
   * @param tolerance the wanted error of the mean in standard deviations, and of the log integral
   * @param limit the most points
   * @throws IllegalArgumentException if f is minus infinity wherever the scan looks
   */
  static QuadratureRule of(
      LatentPrior prior, ToDoubleFunction<double[]> f, double tolerance, int limit) {
    return of(prior, f, tolerance, limit, rule -> true);
  }

  /** Integrates until a rule is within the tolerance and enough for some other purpose too. */
  static QuadratureRule of(
      LatentPrior prior,
      ToDoubleFunction<double[]> f,
      double tolerance,
      int limit,
      Predicate<QuadratureRule> isEnough) {
    ToDoubleFunction<double[]> safe =
        u -> {
          double value = f.applyAsDouble(u);
          return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
        };
    List<Peak> peaks = peaks(prior, safe);
    Peak highest = peaks.get(0);
    int d = prior.dimension();
    double logVolume = 0;
    for (int i = 0; i < d; i++) {
      logVolume += Math.log(highest.factor[i * d + i]);
    }
    List<double[]> starts = peaks.stream().map(p -> p.u).toList();
    for (double step = FIRST_STEP; step <= COARSEST_STEP; step *= 2) {
      Lattice a = new Lattice(highest.u, highest.factor, step, false, safe);
      Lattice b = new Lattice(highest.u, highest.factor, step, true, safe);
      if (a.spread(starts, limit / 2) && b.spread(starts, limit / 2)) {
        QuadratureRule rule = new QuadratureRule(prior, step, a, b, logVolume);
        return step > FIRST_STEP
            ? rule
            : refined(rule, prior, highest, starts, safe, logVolume, tolerance, limit, isEnough);
      }
    }
    throw new IllegalArgumentException(
        "points: expected enough for the bulk of the density, got a limit of " + limit);
  }

  private static QuadratureRule refined(
      QuadratureRule coarse,
      LatentPrior prior,
      Peak peak,
      List<double[]> starts,
      ToDoubleFunction<double[]> f,
      double logVolume,
      double tolerance,
      int limit,
      Predicate<QuadratureRule> isEnough) {
    QuadratureRule best = coarse;
    for (double step = FIRST_STEP / 2;
        !(best.isWithin(tolerance) && isEnough.test(best));
        step /= 2) {
      Lattice a = new Lattice(peak.u, peak.factor, step, false, f);
      Lattice b = new Lattice(peak.u, peak.factor, step, true, f);
      if (!a.spread(starts, limit / 2) || !b.spread(starts, limit / 2)) {
        return best;
      }
      best = new QuadratureRule(prior, step, a, b, logVolume);
    }
    return best;
  }

  private boolean isWithin(double tolerance) {
    double[] mean = mean(points);
    double variance = 0;
    for (int k = 0; k < weights.length; k++) {
      for (int i = 0; i < mean.length; i++) {
        double gap = points.get(k)[i] - mean[i];
        variance += weights[k] * gap * gap;
      }
    }
    return logIntegralError <= attainable(tolerance)
        && error(points) <= attainable(tolerance) * Math.sqrt(variance);
  }

  /** Returns the tolerance, or what rounding allows where it is not the step that limits. */
  double attainable(double tolerance) {
    return Math.max(tolerance, 100 * rounding);
  }

  private double[] mean(List<double[]> values) {
    double[] mean = new double[values.get(0).length];
    for (int k = 0; k < weights.length; k++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += weights[k] * values.get(k)[i];
      }
    }
    return mean;
  }

  /**
   * Returns the estimated error of the mean of some values, one row a point, in Euclidean norm: the
   * difference of the two lattices, at least that of a normal density, what the rim carries, and
   * rounding. Infinite where one lattice has all the weight.
   */
  double error(List<double[]> values) {
    if (!(firstShare > 0 && firstShare < 1)) {
      return Double.POSITIVE_INFINITY;
    }
    double[] mean = mean(values);
    double[] gap = new double[mean.length];
    double[] distances = new double[weights.length];
    double spread = 0;
    for (int k = 0; k < weights.length; k++) {
      double share = k < first ? firstShare : -(1 - firstShare);
      double square = 0;
      for (int i = 0; i < mean.length; i++) {
        double offset = values.get(k)[i] - mean[i];
        gap[i] += weights[k] / share * offset;
        square += offset * offset;
      }
      distances[k] = Math.sqrt(square);
      spread += weights[k] * distances[k];
    }
    double size = Math.sqrt(LatentPrior.squaredLength(mean));
    return hidden * Math.sqrt(LatentPrior.squaredLength(gap))
        + rim(distances, 0)
        + (rounding + leastError) * spread
        + 4 * ULP * size;
  }

  /** Returns log E exp(value), or NaN where the two lattices differ by more than a tolerance. */
  double logMean(double[] values, double tolerance) {
    double[] terms = new double[weights.length];
    for (int k = 0; k < terms.length; k++) {
      terms[k] = logs[k] + values[k];
    }
    double one = LogSumExp.of(Arrays.copyOf(terms, first));
    double other = LogSumExp.of(Arrays.copyOfRange(terms, first, terms.length));
    return Math.abs(one - other) <= attainable(tolerance)
        ? LogSumExp.of(terms) - LogSumExp.of(logs)
        : Double.NaN;
  }

  /** Returns Σ w (distance + constant) over the points at the rim. */
  private double rim(double[] distances, double constant) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] < rimBelow) {
        sum += weights[k] * (distances[k] + constant);
      }
    }
    return sum;
  }

  /** Returns the peaks within the cut-off of the highest, the highest first. */
  private static List<Peak> peaks(LatentPrior prior, ToDoubleFunction<double[]> f) {
    int d = prior.dimension();
    int side = SCAN[d];
    double spacing = 2 * prior.reach() / (side - 1);
    int count = (int) Math.rint(Math.pow(side, d));
    double[] logs = new double[count];
    for (int k = 0; k < count; k++) {
      logs[k] = f.applyAsDouble(scanned(k, side, d, spacing));
    }
    List<Spot> tops = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      if (logs[k] > Double.NEGATIVE_INFINITY && isTop(k, logs, side, d)) {
        tops.add(new Spot(scanned(k, side, d, spacing), logs[k]));
      }
    }
    if (tops.isEmpty()) {
      throw new IllegalArgumentException(
          "tokens: expected possible under some latent, got probability 0 at all "
              + count
              + " latents looked at");
    }
    tops.sort(Comparator.comparingDouble(Spot::log).reversed());
    List<Peak> peaks = new ArrayList<>();
    for (Spot top : tops.subList(0, Math.min(MOST_STARTS, tops.size()))) {
      peaks.add(Peak.climb(top.u(), spacing / 2, f));
    }
    peaks.sort(Comparator.comparingDouble((Peak p) -> p.log).reversed());
    double least = peaks.get(0).log - Lattice.CUTOFF;
    peaks.removeIf(p -> p.log < least);
    return peaks;
  }

  private static double[] scanned(int k, int side, int d, double spacing) {
    double[] u = new double[d];
    int rest = k;
    for (int i = 0; i < d; i++) {
      u[i] = (rest % side - side / 2) * spacing;
      rest /= side;
    }
    return u;
  }

  private static boolean isTop(int k, double[] logs, int side, int d) {
    int stride = 1;
    for (int i = 0; i < d; i++) {
      int place = k / stride % side;
      if ((place > 0 && logs[k - stride] > logs[k])
          || (place < side - 1 && logs[k + stride] >= logs[k])) {
        return false;
      }
      stride *= side;
    }
    return true;
  }
}
