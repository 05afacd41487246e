package org.definetti.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.definetti.latent.Check;
import org.definetti.random.Seed;

/**
 * How a rate is measured: the declared form, the range, and the bootstrap.
 *
 * <p>The slope is the least-squares slope of log mean error, the mean taken over seeds. Its
 * uncertainty comes from resampling seeds with replacement, each as a whole curve, so that lengths
 * measured on one sequence stay paired:
 *
 * <pre>{@code  slope ± t(n - 1) · s* · √(n / (n - 1)) }</pre>
 *
 * <ul>
 *   <li>Where: n the number of seeds, s* the standard deviation of the slope over resamples, t(n -
 *       1) the two-sided quantile of Student's t at the level.
 *   <li>Few seeds: the variance of a mean over resamples is (n - 1)/n of its unbiased estimate,
 *       which the factor undoes. For a slope that is linear in the seeds' curves with normal noise
 *       this is then the t interval, exact at any n &gt;= 2; the logarithm bends that only a
 *       little.
 *   <li>Edge cases: with one seed there is no interval. If a mean, or the mean of a resample, is
 *       not above zero, its logarithm does not exist: no slope or no interval, and the note says
 *       so.
 *   <li>Cost: O(resamples · (seeds + fit)); the same curve and seed give the same bits.
 * </ul>
 *
 * @param form the declared form
 * @param range the values of the swept axis that are used, ends included
 * @param level the level of all intervals, for example 0.95
 * @param resamples the number of bootstrap resamples
 * @param seed where the resamples come from
 */
public record RateFit(RateForm form, Interval range, double level, int resamples, Seed seed) {

  private static final double DEFAULT_LEVEL = 0.95;
  private static final int DEFAULT_RESAMPLES = 2000;
  private static final int FEWEST_RESAMPLES = 100;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the range is empty or, for power laws, not above zero; if
   *     the level is not between 0 and 1; if there are fewer than 100 resamples
   */
  public RateFit {
    range = range(form, range.low(), range.high());
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level: expected between 0 and 1, got " + level);
    }
    Check.atLeast("resamples", FEWEST_RESAMPLES, resamples);
  }

  /** Returns the range; throws unless it is finite, not empty and, for power laws, above zero. */
  static Interval range(RateForm form, double from, double to) {
    if (form != RateForm.EXPONENTIAL) {
      Check.positive("from", from);
    }
    if (!(from < to && Double.isFinite(to - from))) {
      throw new IllegalArgumentException("to: expected finite and > " + from + ", got " + to);
    }
    return new Interval(from, to);
  }

  /** Returns the fit of a form over a range, ends included: level 0.95, 2000 resamples. */
  public static RateFit of(RateForm form, double from, double to) {
    return new RateFit(form, range(form, from, to), DEFAULT_LEVEL, DEFAULT_RESAMPLES, Seed.of(0));
  }

  /** Returns this fit with intervals of another level. */
  public RateFit withLevel(double newLevel) {
    return new RateFit(form, range, newLevel, resamples, seed);
  }

  /** Returns this fit with another number of resamples, at least 100. */
  public RateFit withResamples(int count) {
    return new RateFit(form, range, level, count, seed);
  }

  /** Returns this fit with resamples from another seed. */
  public RateFit withSeed(Seed newSeed) {
    return new RateFit(form, range, level, resamples, newSeed);
  }

  /**
   * Fits a curve.
   *
   * @throws IllegalArgumentException if fewer than two values of the curve (three for a form with a
   *     floor) lie in the range
   */
  public Rate fit(Curve curve) {
    List<Integer> used = new ArrayList<>();
    for (int j = 0; j < curve.values().size(); j++) {
      if (range.contains(curve.values().get(j))) {
        used.add(j);
      }
    }
    int fewest = form == RateForm.POWER_LAW_WITH_FLOOR ? 3 : 2;
    if (used.size() < fewest) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "from, to: expected at least %d of the values %s between %s and %s, got %d",
              fewest,
              curve.values(),
              Numbers.text(range.low()),
              Numbers.text(range.high()),
              used.size()));
    }
    return new SeedBootstrap(this, curve, used).rate();
  }
}
