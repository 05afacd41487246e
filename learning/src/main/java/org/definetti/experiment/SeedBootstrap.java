package org.definetti.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** One fit of a curve with its bootstrap over seeds; the method is described in {@link RateFit}. */
final class SeedBootstrap {

  private final RateFit fit;
  private final Curve curve;
  private final List<Double> values;
  private final double[] x; // (value)
  private final double[][] errors; // (seed, value)

  SeedBootstrap(RateFit fit, Curve curve, List<Integer> used) {
    this.fit = fit;
    this.curve = curve;
    this.values = used.stream().map(curve.values()::get).toList();
    boolean straight = fit.form() == RateForm.EXPONENTIAL;
    this.x = values.stream().mapToDouble(value -> straight ? value : Math.log(value)).toArray();
    this.errors = new double[curve.seeds().size()][used.size()];
    for (int i = 0; i < errors.length; i++) {
      for (int j = 0; j < x.length; j++) {
        errors[i][j] = curve.mean(i, used.get(j));
      }
    }
  }

  Rate rate() {
    int[] everySeed = new int[errors.length];
    for (int i = 0; i < everySeed.length; i++) {
      everySeed[i] = i;
    }
    double[] y = logMeans(everySeed);
    for (int j = 0; j < y.length; j++) {
      if (!Double.isFinite(y[j])) {
        return withoutSlope(
            String.format(
                Locale.ROOT,
                "no slope: %s at %s = %s is not finite and above zero",
                curve.key().metric(),
                curve.key().sweptAxis(),
                Numbers.text(values.get(j))));
      }
    }
    FormFit estimate = fitted(y);
    if (errors.length == 1) {
      return assemble(estimate, y, Spread.unknown(y.length), "no interval: one seed");
    }
    Spread spread = resample();
    return assemble(
        estimate,
        y,
        spread,
        Double.isNaN(spread.slope())
            ? "no interval: the mean of some seeds is not above zero"
            : "");
  }

  /**
   * Standard errors over seeds, corrected for few seeds.
   *
   * @param slope of the slope
   * @param curvature of κ
   * @param local of each local slope
   */
  private record Spread(double slope, double curvature, List<Double> local) {

    static Spread unknown(int values) {
      return new Spread(Double.NaN, Double.NaN, Collections.nCopies(values - 1, Double.NaN));
    }
  }

  private Spread resample() {
    int n = errors.length;
    RandomGenerator rng = fit.seed().child("bootstrap").generator();
    double[] slopes = new double[fit.resamples()];
    double[] curvatures = new double[fit.resamples()];
    double[][] locals = new double[x.length - 1][fit.resamples()];
    int[] drawn = new int[n];
    for (int b = 0; b < fit.resamples(); b++) {
      for (int i = 0; i < n; i++) {
        // The high 32 bits of a word times n, over 2^32: uneven by less than n · 2^-32.
        drawn[i] = (int) (((rng.nextLong() >>> Integer.SIZE) * n) >>> Integer.SIZE);
      }
      double[] y = logMeans(drawn);
      FormFit resampled = fitted(y);
      slopes[b] = resampled.slope();
      curvatures[b] = resampled.curvature();
      for (int j = 0; j < locals.length; j++) {
        locals[j][b] = local(y, j);
      }
    }
    List<Double> local = new ArrayList<>();
    for (double[] replicates : locals) {
      local.add(standardError(replicates));
    }
    return new Spread(standardError(slopes), standardError(curvatures), local);
  }

  private double standardError(double[] replicates) {
    double n = errors.length;
    double spread = Estimate.of(replicates).standardError() * Math.sqrt(replicates.length);
    return Double.isFinite(spread) ? spread * Math.sqrt(n / (n - 1)) : Double.NaN;
  }

  private double[] logMeans(int[] seeds) {
    double[] y = new double[x.length];
    for (int j = 0; j < y.length; j++) {
      double sum = 0;
      for (int seed : seeds) {
        sum += errors[seed][j];
      }
      y[j] = Math.log(sum / seeds.length);
    }
    return y;
  }

  private FormFit fitted(double[] y) {
    return FormFit.of(x, y, fit.form() == RateForm.POWER_LAW_WITH_FLOOR);
  }

  private double local(double[] y, int j) {
    return (y[j + 1] - y[j]) / (x[j + 1] - x[j]);
  }

  private Interval interval(double centre, double standardError) {
    return StudentT.interval(centre, standardError, errors.length - 1, fit.level());
  }

  private Rate assemble(FormFit estimate, double[] y, Spread spread, String note) {
    List<LocalSlope> locals = new ArrayList<>();
    for (int j = 0; j + 1 < y.length; j++) {
      double slope = local(y, j);
      locals.add(
          new LocalSlope(
              new Interval(values.get(j), values.get(j + 1)),
              slope,
              interval(slope, spread.local().get(j))));
    }
    return new Rate(
        curve.key(),
        fit,
        values,
        errors.length,
        estimate.logScale() - estimate.slope() * estimate.centre(),
        estimate.slope(),
        estimate.floor(),
        spread.slope(),
        interval(estimate.slope(), spread.slope()),
        locals,
        lackOfFit(estimate, spread.curvature()),
        doubtful(),
        note);
  }

  private LackOfFit lackOfFit(FormFit estimate, double standardError) {
    if (Double.isNaN(estimate.curvature())) {
      return new LackOfFit(Double.NaN, Double.NaN, Interval.unknown());
    }
    double atStart = estimate.bentSlopeAt(x[0]);
    double atEnd = estimate.bentSlopeAt(x[x.length - 1]);
    return new LackOfFit(
        estimate.curvature(),
        StudentT.twoSided(estimate.curvature(), standardError, errors.length - 1),
        new Interval(Math.min(atStart, atEnd), Math.max(atStart, atEnd)));
  }

  private Rate withoutSlope(String note) {
    return new Rate(
        curve.key(),
        fit,
        values,
        errors.length,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Interval.unknown(),
        List.of(),
        new LackOfFit(Double.NaN, Double.NaN, Interval.unknown()),
        doubtful(),
        note);
  }

  private List<Double> doubtful() {
    return curve.doubtful().stream().filter(values::contains).toList();
  }
}
