package org.definetti.experiment;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.definetti.latent.Check;

/**
 * A metric along the swept axis, measured by several seeds.
 *
 * @param key what the curve is a curve of
 * @param values the values of the swept axis, ascending
 * @param seeds the measurements of each seed, all at the same values
 * @param doubtful those of the values at which, in some cell, the error of the exact answer itself
 *     may exceed a tenth of the squared gap; none where the posterior is exact
 */
public record Curve(
    CurveKey key, List<Double> values, List<SeedCurve> seeds, List<Double> doubtful) {

  /** The level of the interval of each point. */
  public static final double LEVEL = 0.95;

  /**
   * Copies the parts.
   *
   * @throws IllegalArgumentException if there is no value or no seed, the values do not ascend, or
   *     a seed has not one estimate for each value
   */
  public Curve {
    values = List.copyOf(values);
    seeds = List.copyOf(seeds);
    doubtful = List.copyOf(doubtful);
    Check.atLeast("values", 1, values.size());
    Check.atLeast("seeds", 1, seeds.size());
    for (int j = 1; j < values.size(); j++) {
      if (!(values.get(j - 1) < values.get(j))) {
        throw new IllegalArgumentException("values: expected ascending, got " + values);
      }
    }
    for (SeedCurve seed : seeds) {
      if (seed.estimates().size() != values.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "seeds: expected %d estimates (as values), got %d of seed %s",
                values.size(),
                seed.estimates().size(),
                seed.seed()));
      }
    }
  }

  /** Makes a curve measured against exact answers. */
  public Curve(CurveKey key, List<Double> values, List<SeedCurve> seeds) {
    this(key, values, seeds, List.of());
  }

  /** Returns the mean a seed measured at a value, both given by index. */
  public double mean(int seed, int value) {
    return seeds.get(seed).estimates().get(value).mean();
  }

  /** Returns the curve pooled over seeds, one point for each value. */
  public List<CurvePoint> points() {
    return IntStream.range(0, values.size()).mapToObj(this::point).toList();
  }

  /**
   * Returns the power law through this curve from one value of the swept axis to another, with its
   * 95 % interval: short for {@code RateFit.of(RateForm.POWER_LAW, from, to).fit(this)}.
   */
  public Rate rate(double from, double to) {
    return RateFit.of(RateForm.POWER_LAW, from, to).fit(this);
  }

  private CurvePoint point(int value) {
    List<Estimate> estimates = seeds.stream().map(s -> s.estimates().get(value)).toList();
    Estimate only = estimates.get(0);
    long count = estimates.stream().mapToLong(Estimate::count).sum();
    boolean oneSeed = estimates.size() == 1;
    Estimate pooled =
        oneSeed ? only : Estimate.of(estimates.stream().mapToDouble(Estimate::mean).toArray());
    Interval interval =
        StudentT.interval(
            pooled.mean(), pooled.standardError(), (oneSeed ? count : seeds.size()) - 1, LEVEL);
    return new CurvePoint(
        values.get(value), pooled.mean(), pooled.standardError(), interval, count);
  }
}
