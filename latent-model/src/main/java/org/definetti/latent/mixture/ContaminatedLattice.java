package org.definetti.latent.mixture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The posterior of {@link ContaminatedMean} by the trapezoid rule with a bound on the error; the
 * rule and its bound are derived at {@link ContaminatedMean#prior}.
 */
final class ContaminatedLattice {

  private static final double DECAY = 36; // q = e^-36 = 2e-16
  private static final double CUT = 46; // nats below the peak
  private static final double REACH = 9.5; // standard deviations beyond the tokens
  private static final double BEYOND_REACH = 2.2e-21; // of a normal law, both sides
  private static final int LEAF = 8; // points that are evaluated without asking for a bound
  private static final int MOST_POINTS = 2_000_000;
  private static final double MOST_STEPS = 1L << 50; // of the lattice, a coordinate
  private static final double HOPELESS_BEND = 500; // nats: the nearest-token bound is better
  private static final double ULP = 0x1p-52;
  private static final int CLIMB = 60;
  private static final double RIM = 30; // nats below the peak: what lies there is not cut off
  private static final double RIM_SHARE = 25; // nats that the rim must stay below the whole

  private final ContaminatedDensity density;
  private final int d;
  private final double step;
  private final double widest; // v_max
  private final double bend;
  private final double[] origin;
  private final List<double[]> offsets = new ArrayList<>(); // z - origin
  private final List<Double> logList = new ArrayList<>();
  private final List<Double> slopes = new ArrayList<>();
  private double peak;
  private double logCut = Double.NEGATIVE_INFINITY; // of the sum of what was cut off
  private double largestSize;
  private final double diagonal; // of the region

  private final double[] logs;
  private final double[] weights;
  private volatile double @Nullable [] ceilings;

  ContaminatedLattice(ContaminatedMean model, Tokens tokens) {
    this.density = new ContaminatedDensity(model, tokens);
    this.d = density.d;
    double sharpest = Double.POSITIVE_INFINITY;
    double broadest = 0;
    if (model.outlierProbability() < 1) {
      sharpest = model.noiseVariance();
      broadest = model.noiseVariance();
    }
    if (model.outlierProbability() > 0) {
      sharpest = Math.min(sharpest, model.outlierVariance());
      broadest = Math.max(broadest, model.outlierVariance());
    }
    double narrowest = variance(model.priorVariance(), sharpest);
    this.widest = variance(model.priorVariance(), broadest);
    this.step = Math.PI * Math.sqrt(2 * narrowest / DECAY);
    this.bend = density.largestBend();
    this.origin = climb(model);
    this.peak = density.at(origin);
    this.diagonal = fill(model);
    this.logs = logList.stream().mapToDouble(x -> x).toArray();
    this.weights = LogSumExp.softmax(logs);
  }

  private double variance(double prior, double noise) {
    return 1 / (1 / prior + density.length / noise);
  }

  /** Returns the best of a few starts, near a peak. */
  private double[] climb(ContaminatedMean model) {
    double[] mean = new double[d];
    double[] median = new double[d];
    for (int i = 0; i < d; i++) {
      double[] column = new double[density.length];
      for (int l = 0; l < column.length; l++) {
        column[l] = density.row(l)[i];
        mean[i] += column[l] / column.length;
      }
      Arrays.sort(column);
      median[i] = column[column.length / 2];
    }
    double[] best = model.priorMean().getDDRM().data.clone();
    double highest = density.at(best);
    for (double[] from : List.of(best.clone(), mean, median)) {
      double[] z = from;
      double height = density.at(z);
      for (int n = 0; n < CLIMB; n++) {
        double[] moved = density.improved(z);
        double newHeight = density.at(moved);
        if (!(newHeight > height)) {
          break;
        }
        boolean still = newHeight < height + 0.01;
        z = moved;
        height = newHeight;
        if (still) {
          break;
        }
      }
      if (height > highest) {
        best = z;
        highest = height;
      }
    }
    return best;
  }

  /** Visits the lattice and returns the diagonal of the region that holds all but the far tails. */
  private double fill(ContaminatedMean model) {
    long[] low = new long[d];
    long[] high = new long[d];
    double square = 0;
    for (int i = 0; i < d; i++) {
      double from = model.priorMean().get(0, i);
      double until = from;
      for (int l = 0; l < density.length; l++) {
        double x = density.row(l)[i];
        from = Math.min(from, x);
        until = Math.max(until, x);
      }
      double margin = REACH * Math.sqrt(widest) + step;
      double down = Math.floor((from - margin - origin[i]) / step);
      double up = Math.ceil((until + margin - origin[i]) / step);
      if (!(up - down < MOST_STEPS)) {
        throw new IllegalArgumentException(
            "tokens: expected at most "
                + MOST_STEPS
                + " times as spread as the posterior is narrow, got "
                + (up - down));
      }
      low[i] = (long) down;
      high[i] = (long) up;
      square += (up - down) * step * ((up - down) * step);
    }
    Deque<long[][]> blocks = new ArrayDeque<>();
    blocks.push(new long[][] {low, high});
    while (!blocks.isEmpty()) {
      long[][] block = blocks.pop();
      double count = 1;
      for (int i = 0; i < d; i++) {
        count *= block[1][i] - block[0][i] + 1;
      }
      if (count <= LEAF) {
        visit(block[0], block[1]);
      } else if (!isNegligible(block[0], block[1], count)) {
        split(block[0], block[1], blocks);
      }
    }
    return Math.sqrt(square);
  }

  private boolean isNegligible(long[] low, long[] high, double count) {
    double[] from = place(low);
    double[] until = place(high);
    double limit = peak - CUT;
    double bound = density.above(from, until);
    if (bound >= limit) {
      double[] centre = new double[d];
      double square = 0;
      for (int i = 0; i < d; i++) {
        centre[i] = 0.5 * (from[i] + until[i]);
        square += 0.25 * (until[i] - from[i]) * (until[i] - from[i]);
      }
      double rise = 0.5 * bend * square;
      if (rise < HOPELESS_BEND) {
        double at = density.at(centre);
        bound = Math.min(bound, at + density.slope() * Math.sqrt(square) + rise);
      }
    }
    if (bound < limit) {
      logCut = LogSumExp.of(logCut, bound + Math.log(count));
      return true;
    }
    return false;
  }

  private void split(long[] low, long[] high, Deque<long[][]> blocks) {
    int longest = 0;
    for (int i = 1; i < d; i++) {
      longest = high[i] - low[i] > high[longest] - low[longest] ? i : longest;
    }
    long middle = Math.floorDiv(low[longest] + high[longest], 2);
    long[] lowerEnd = high.clone();
    lowerEnd[longest] = middle;
    long[] upperStart = low.clone();
    upperStart[longest] = middle + 1;
    blocks.push(new long[][] {low, lowerEnd});
    blocks.push(new long[][] {upperStart, high});
  }

  private void visit(long[] low, long[] high) {
    long[] index = low.clone();
    while (true) {
      add(index);
      int i = 0;
      while (i < d && index[i] == high[i]) {
        index[i] = low[i];
        i++;
      }
      if (i == d) {
        return;
      }
      index[i]++;
    }
  }

  private void add(long[] index) {
    if (offsets.size() >= MOST_POINTS) {
      throw new IllegalArgumentException(
          "tokens: expected a posterior of at most "
              + MOST_POINTS
              + " lattice points of step "
              + step
              + ", got more: the variances of tokens are too far apart");
    }
    double[] offset = new double[d];
    for (int i = 0; i < d; i++) {
      offset[i] = index[i] * step;
    }
    double log = density.at(place(index));
    offsets.add(offset);
    logList.add(log);
    slopes.add(density.slope());
    peak = Math.max(peak, log);
    if (log > peak - 1) {
      largestSize = Math.max(largestSize, density.size());
    }
  }

  private double[] place(long[] index) {
    double[] z = new double[d];
    for (int i = 0; i < d; i++) {
      z[i] = origin[i] + index[i] * step;
    }
    return z;
  }

  int count() {
    return weights.length;
  }

  double weight(int point) {
    return weights[point];
  }

  SimpleMatrix place(int point) {
    double[] z = origin.clone();
    for (int i = 0; i < d; i++) {
      z[i] += offsets.get(point)[i];
    }
    return new SimpleMatrix(1, d, true, z);
  }

  double logEvidence() {
    return LogSumExp.of(logs) + d * Math.log(step);
  }

  /**
   * Returns {@code log Σ_k w_k e^(terms_k)}, or NaN where so much of it is on the rim that what was
   * cut off might count.
   */
  double logMean(double[] terms) {
    double[] sums = new double[terms.length];
    double most = Double.NEGATIVE_INFINITY;
    double onRim = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < sums.length; k++) {
      sums[k] = logs[k] + terms[k];
      most = Math.max(most, sums[k]);
      onRim = logs[k] < peak - RIM ? Math.max(onRim, sums[k]) : onRim;
    }
    return onRim < most - RIM_SHARE ? LogSumExp.of(sums) - LogSumExp.of(logs) : Double.NaN;
  }

  private double[] meanOffset() {
    double[] mean = new double[d];
    for (int k = 0; k < weights.length; k++) {
      for (int i = 0; i < d; i++) {
        mean[i] += weights[k] * offsets.get(k)[i];
      }
    }
    return mean;
  }

  SimpleMatrix mean() {
    double[] mean = meanOffset();
    for (int i = 0; i < d; i++) {
      mean[i] += origin[i];
    }
    return new SimpleMatrix(1, d, true, mean);
  }

  SimpleMatrix covariance() {
    double[] mean = meanOffset();
    double[] covariance = new double[d * d];
    for (int k = 0; k < weights.length; k++) {
      double[] z = offsets.get(k);
      for (int i = 0; i < d * d; i++) {
        covariance[i] += weights[k] * (z[i / d] - mean[i / d]) * (z[i % d] - mean[i % d]);
      }
    }
    return new SimpleMatrix(d, d, true, covariance);
  }

  /** Returns the bound on the relative error of the evidence. */
  double evidenceError() {
    double q = Math.exp(-DECAY);
    double eta = 2 * q * (1 + q);
    double beyond = Math.expm1(d * Math.log1p(eta)) + d * BEYOND_REACH;
    return beyond + cutShare() + rounding();
  }

  private double cutShare() {
    return Math.exp(logCut - LogSumExp.of(logs));
  }

  /** Returns the relative error of a weight: of the logs, of the sum. */
  private double rounding() {
    return ULP * (4 * largestSize + 16 + weights.length);
  }

  /** Returns the bound on the error of the mean, in Euclidean norm. */
  double meanError() {
    double q = Math.exp(-DECAY);
    double a = Math.sqrt(0.5 * DECAY) / Math.PI; // √v_min / h
    double eta = 2 * q * (1 + q);
    double mu = 4 * Math.PI * a * q * (1 + 2 * q);
    double[] mean = meanOffset();
    double spread = 0;
    for (int k = 0; k < weights.length; k++) {
      double square = 0;
      for (int i = 0; i < d; i++) {
        square += (offsets.get(k)[i] - mean[i]) * (offsets.get(k)[i] - mean[i]);
      }
      spread += weights[k] * Math.sqrt(square);
    }
    double relative = Math.expm1(d * Math.log1p(eta));
    double first = Math.sqrt(d * widest) * mu * Math.pow(1 + eta, d - 1);
    double lost = (cutShare() + d * BEYOND_REACH) * (diagonal + Math.sqrt(d * widest));
    double position = 4 * ULP * mean().normF();
    return ((relative + rounding()) * spread + first + lost) / (1 - relative) + position;
  }

  /**
   * Draws z by rejection: a cell of the lattice by its ceiling, uniformly within, kept with the
   * density over the ceiling {@code f_k + |∇f_k| R + κ R²/2}.
   */
  SimpleMatrix draw(RandomGenerator rng) {
    double reach = 0.5 * step * Math.sqrt(d);
    double[] tops = tops(reach);
    while (true) {
      double target = rng.nextDouble() * tops[tops.length - 1];
      int k = Arrays.binarySearch(tops, target);
      k = Math.min(k < 0 ? -k - 1 : k + 1, tops.length - 1);
      double[] z = origin.clone();
      for (int i = 0; i < d; i++) {
        z[i] += offsets.get(k)[i] + step * (rng.nextDouble() - 0.5);
      }
      if (Math.log(1 - rng.nextDouble()) < density.at(z) - ceiling(k, reach)) {
        return new SimpleMatrix(1, d, true, z);
      }
    }
  }

  private double ceiling(int k, double reach) {
    return logs[k] + slopes.get(k) * reach + 0.5 * bend * reach * reach;
  }

  /** Returns the running sums of the cells' ceilings. */
  private double[] tops(double reach) {
    double[] known = ceilings;
    if (known == null) {
      known = new double[logs.length];
      for (int k = 0; k < known.length; k++) {
        known[k] = ceiling(k, reach);
      }
      known = LogSumExp.softmax(known);
      for (int k = 1; k < known.length; k++) {
        known[k] += known[k - 1];
      }
      ceilings = known;
    }
    return known;
  }
}
