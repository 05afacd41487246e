package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.definetti.experiment.ClaimPart;
import org.definetti.experiment.Control;
import org.definetti.experiment.Curve;
import org.definetti.experiment.CurveKey;
import org.definetti.experiment.CurvePoint;
import org.definetti.experiment.Estimate;
import org.definetti.experiment.Interval;
import org.definetti.experiment.Prediction;
import org.definetti.experiment.SeedCurve;
import org.definetti.experiment.Verdict;
import org.definetti.lab.compare.Architecture;
import org.definetti.lab.compare.Architectures;
import org.definetti.lab.compare.Comparison;
import org.definetti.lab.compare.OrderRisk;
import org.definetti.lab.compare.Predictor;
import org.definetti.lab.compare.Probe;
import org.definetti.lab.compare.Sight;

/** Verdicts on compared architectures at the training length, the seed being the unit. */
final class Compared {

  /** The difference of the two sides of the identity of claim S16, as a share of the risk. */
  static final String ORDER_DIFFERENCE = "order-identity-off";

  /** The same against a target that depends on order, where the identity is false. */
  static final String ORDER_CONTROL = "order-identity-control";

  private static final double STANDARD_ERRORS = 3;
  private static final double NORMAL_QUANTILE = 1.96; // of 95 %, two-sided

  private Compared() {}

  /** Returns the verdict on the mean over seeds, by Student's t. */
  static Verdict overSeeds(int seeds, IntToDoubleFunction number, Prediction prediction) {
    List<SeedCurve> numbers = new ArrayList<>();
    for (int s = 0; s < seeds; s++) {
      Estimate one = Estimate.exact(number.applyAsDouble(s));
      numbers.add(new SeedCurve(String.valueOf(s), List.of(one)));
    }
    CurveKey key = new CurveKey(Map.of(), "number", "point");
    CurvePoint pooled = new Curve(key, List.of(1.0), numbers).points().get(0);
    return Verdict.of(pooled.mean(), pooled.interval(), prediction);
  }

  /**
   * Returns the verdict on the geometric mean over seeds of a ratio: Student's interval of its
   * logarithm, since a ratio of two excess risks is far from normal where the lower one is small.
   */
  static Verdict ratioOverSeeds(int seeds, IntToDoubleFunction ratio, Prediction prediction) {
    Verdict logs = overSeeds(seeds, s -> Math.log(ratio.applyAsDouble(s)), prediction);
    Interval interval = logs.interval();
    return Verdict.of(
        Math.exp(logs.measured()),
        new Interval(Math.exp(interval.low()), Math.exp(interval.high())),
        prediction);
  }

  private static double[] means(Comparison run, String name, String metric, int items) {
    return run.estimates(name, metric, items).stream().mapToDouble(Estimate::mean).toArray();
  }

  /** Returns the verdict on a metric at the training length. */
  static Verdict metric(Comparison run, String name, String metric, Prediction prediction) {
    double[] numbers = means(run, name, metric, run.design().items());
    return overSeeds(numbers.length, s -> numbers[s], prediction);
  }

  /**
   * Returns the verdict on a metric of a bound at the training length, pooled over the sequences of
   * all seeds: a bound is not trained, so sequences are its only noise. At 95 %.
   */
  static Verdict bound(Comparison run, String name, String metric, Prediction prediction) {
    List<Estimate> seeds = run.estimates(name, metric, run.design().items());
    double mean = seeds.stream().mapToDouble(Estimate::mean).average().orElseThrow();
    double error = standardError(seeds);
    return Verdict.of(mean, Interval.around(mean, NORMAL_QUANTILE * error), prediction);
  }

  /** Returns the verdict on a metric as a share of the Bayes risk of the same test sequences. */
  static Verdict share(Comparison run, String name, String metric, Prediction prediction) {
    int items = run.design().items();
    double[] numbers = means(run, name, metric, items);
    double[] bayes = means(run, Comparison.EXACT, Comparison.RISK, items);
    return overSeeds(numbers.length, s -> numbers[s] / bayes[s], prediction);
  }

  /** Returns the verdict on by how much one's metric is above another's, seed by seed. */
  static Verdict difference(
      Comparison run, String one, String other, String metric, Prediction prediction) {
    int items = run.design().items();
    double[] a = means(run, one, metric, items);
    double[] b = means(run, other, metric, items);
    return overSeeds(a.length, s -> a[s] - b[s], prediction);
  }

  /** Returns the verdict on the ratio of one's metric to another's, a geometric mean over seeds. */
  static Verdict ratio(
      Comparison run, String one, String other, String metric, Prediction prediction) {
    int items = run.design().items();
    double[] a = means(run, one, metric, items);
    double[] b = means(run, other, metric, items);
    return ratioOverSeeds(a.length, s -> a[s] / b[s], prediction);
  }

  /**
   * Returns the part that {@code one} has less excess risk than {@code other}; its control is the
   * same question about mean pooling and attention, where it is known to be the other way round.
   */
  static ClaimPart below(Comparison run, String name, String one, String other) {
    Prediction less = Prediction.atMost(1);
    String worse = Architectures.MEAN_POOLING.name();
    String better = Architectures.ATTENTION.name();
    Verdict wrong = ratio(run, worse, better, Comparison.EXCESS, less);
    return ClaimPart.of(name, ratio(run, one, other, Comparison.EXCESS, less))
        .withControl(
            Control.of(
                wrong,
                String.format(
                    Locale.ROOT,
                    "%s for better than %s: ratio %.3g",
                    worse,
                    one,
                    wrong.measured())));
  }

  /** Returns the part that no model beats the best of its sight, in all these comparisons. */
  static ClaimPart bounds(List<Comparison> runs) {
    double least = Double.POSITIVE_INFINITY;
    double leak = Double.POSITIVE_INFINITY;
    String lowest = "";
    String leaked = "";
    int models = 0;
    for (Comparison run : runs) {
      int items = run.design().items();
      for (Architecture architecture : run.design().architectures()) {
        models++;
        double z = standardised(run.estimates(architecture.name(), Comparison.ABOVE, items));
        if (z < least) {
          least = z;
          lowest = architecture.name() + " in " + run.design().task().name();
        }
        if (run.design().task().best(architecture.sight()) != null) {
          String bound = Comparison.bound(architecture.sight());
          double exact = -standardised(run.estimates(bound, Comparison.EXCESS, items));
          if (exact < leak) {
            leak = exact;
            leaked = bound + " in " + run.design().task().name();
          }
        }
      }
    }
    NormalDistribution normal = new NormalDistribution(0, 1);
    double tail = normal.cumulativeProbability(-STANDARD_ERRORS) / models;
    Prediction above = Prediction.atLeast(normal.inverseCumulativeProbability(tail));
    return ClaimPart.of("bounds", Verdict.exact(least, above).withReason("lowest: " + lowest))
        .withControl(
            Control.of(
                Verdict.exact(leak, above),
                String.format(
                    Locale.ROOT,
                    "the exact answer against the %s: %.0f standard errors",
                    leaked,
                    leak)));
  }

  /** The mean of all seeds' sequences over its standard error; the sequences are independent. */
  private static double standardised(List<Estimate> seeds) {
    double mean = seeds.stream().mapToDouble(Estimate::mean).average().orElseThrow();
    double error = standardError(seeds);
    return error == 0 ? (mean < 0 ? Double.NEGATIVE_INFINITY : 0) : mean / error;
  }

  private static double standardError(List<Estimate> seeds) {
    double variance = 0;
    for (Estimate seed : seeds) {
      variance += seed.standardError() * seed.standardError();
    }
    return Math.sqrt(variance) / seeds.size();
  }

  /** Measures both sides of the identity of claim S16 over all orders of the first k tokens. */
  static Probe orders(int sequences, int k, Sight control) {
    return (network, tests, seed) -> {
      Predictor exact = (batch, b) -> network.task().exact(batch, b).mean();
      Predictor wrong = network.task().best(control);
      if (wrong == null) {
        throw new IllegalArgumentException("control: expected a sight that is bounded");
      }
      return Map.of(
          ORDER_DIFFERENCE,
          Estimate.exact(OrderRisk.of(tests, network, sequences, k, exact).difference()),
          ORDER_CONTROL,
          Estimate.exact(OrderRisk.of(tests, network, sequences, k, wrong).difference()));
    };
  }

  /** Returns the part that the identity of claim S16 holds for every network of a comparison. */
  static ClaimPart identity(Comparison run, double bound) {
    double worst = 0;
    double control = 0;
    for (Architecture architecture : run.design().architectures()) {
      int items = run.design().items();
      for (double off : means(run, architecture.name(), ORDER_DIFFERENCE, items)) {
        worst = Math.max(worst, off);
      }
      for (double off : means(run, architecture.name(), ORDER_CONTROL, items)) {
        control = Math.max(control, off);
      }
    }
    Prediction equal = Prediction.atMost(bound);
    return ClaimPart.of("defect-is-risk", Verdict.exact(worst, equal))
        .withControl(
            Control.of(
                Verdict.exact(control, equal),
                String.format(
                    Locale.ROOT,
                    "risk against an answer that depends on order: off by %.2g",
                    control)));
  }
}
