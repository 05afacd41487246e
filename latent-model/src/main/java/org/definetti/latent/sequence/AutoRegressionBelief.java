package org.definetti.latent.sequence;

import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/** N(mean, variance) over the level; see {@link AutoRegression} for the formulas. */
final class AutoRegressionBelief implements Belief<AutoRegression.Next> {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final AutoRegression model;
  private final @Nullable Double first;
  private final @Nullable Double last;
  private final Steps steps;
  private final double mean;
  private final double variance;
  private final double logEvidence;

  /**
   * What the steps after the first token say about z - m0, each as precisely as any other.
   *
   * @param count how many
   * @param mean their average of {@code ((x' - m0) - φ (x - m0)) / (1 - φ)}
   * @param squares the sum of squares about that average
   */
  private record Steps(double count, double mean, double squares) {

    static final Steps NONE = new Steps(0, 0, 0);

    Steps plus(Steps other) {
      double sum = count + other.count;
      if (other.count == 0 || count == 0) {
        return count == 0 ? other : this;
      }
      double gap = other.mean - mean;
      double share = other.count / sum;
      return new Steps(
          sum, mean + share * gap, squares + other.squares + count * share * gap * gap);
    }
  }

  private AutoRegressionBelief(
      AutoRegression model, @Nullable Double first, @Nullable Double last, Steps steps) {
    this.model = model;
    this.first = first;
    this.last = last;
    this.steps = steps;
    double noise = model.noiseVariance();
    double still = 1 - model.memory();
    double start = first == null ? 0 : 1 / model.stationaryVariance();
    double stepping = steps.count() * (still * still / noise);
    double precision = start + stepping; // H
    double offset = first == null ? 0 : first - model.priorMean();
    double gap = steps.mean() - offset;
    double centre = precision == 0 ? 0 : offset + stepping / precision * gap; // y
    double ratio = model.priorVariance() * precision;
    this.mean = model.priorMean() + ratio / (1 + ratio) * centre;
    this.variance = model.priorVariance() / (1 + ratio);
    double spread = steps.squares() * (still * still / noise);
    if (precision > 0) {
      spread += start / precision * stepping * gap * gap;
      spread += precision / (1 + ratio) * centre * centre;
    }
    double logVariances = steps.count() * (LOG_TWO_PI + Math.log(noise));
    logVariances += first == null ? 0 : LOG_TWO_PI + Math.log(model.stationaryVariance());
    this.logEvidence = -0.5 * (logVariances + Math.log1p(ratio) + spread);
  }

  static AutoRegressionBelief prior(AutoRegression model) {
    return new AutoRegressionBelief(model, null, null, Steps.NONE);
  }

  @Override
  public Belief<AutoRegression.Next> observe(Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    if (tokens.length() == 0) {
      return this;
    }
    Double before = last;
    double count = 0;
    double average = 0;
    double averageLow = 0; // what rounding keeps out of average, and out of squares
    double squares = 0;
    double squaresLow = 0;
    for (int l = 0; l < tokens.length(); l++) {
      double now = tokens.at(l, 0);
      if (before != null) {
        count++;
        double gap = (step(before, now) - average) - averageLow;
        double change = gap / count + averageLow;
        double newAverage = average + change;
        averageLow = change - (newAverage - average);
        average = newAverage;
        double term = gap * gap * ((count - 1) / count) + squaresLow;
        double newSquares = squares + term;
        squaresLow = term - (newSquares - squares);
        squares = newSquares;
      }
      before = now;
    }
    return new AutoRegressionBelief(
        model,
        first == null ? tokens.at(0, 0) : first,
        before,
        steps.plus(new Steps(count, average, squares)));
  }

  private double step(double before, double now) {
    double m0 = model.priorMean();
    return ((now - m0) - model.memory() * (before - m0)) / (1 - model.memory());
  }

  /** {@inheritDoc} The other's tokens follow this one's: the order of merging matters. */
  @Override
  public Belief<AutoRegression.Next> merge(Belief<AutoRegression.Next> other) {
    if (!(other instanceof AutoRegressionBelief belief) || !model.equals(belief.model)) {
      throw Segments.otherModel(this, other);
    }
    if (last == null || belief.first == null) {
      return last == null ? belief : this;
    }
    Steps joint = new Steps(1, step(last, belief.first), 0);
    return new AutoRegressionBelief(
        model, first, belief.last, steps.plus(joint).plus(belief.steps));
  }

  @Override
  public double count() {
    return first == null ? 0 : 1 + steps.count();
  }

  @Override
  public Predictive predictive(SimpleMatrix query) {
    Check.matrix("query", query, 1, 1);
    double still = 1 - model.memory();
    return last == null
        ? gaussian(mean, variance + model.stationaryVariance())
        : gaussian(
            model.memory() * last + still * mean,
            still * still * variance + model.noiseVariance());
  }

  private static IsotropicGaussian gaussian(double mean, double variance) {
    return new IsotropicGaussian(new SimpleMatrix(1, 1, true, mean), variance);
  }

  /** {@inheritDoc} It is that of the level. */
  @Override
  public SimpleMatrix mean() {
    return new SimpleMatrix(1, 1, true, mean);
  }

  /** {@inheritDoc} It is that of the level. */
  @Override
  public SimpleMatrix covariance() {
    return new SimpleMatrix(1, 1, true, variance);
  }

  @Override
  public double logEvidence() {
    return logEvidence;
  }

  /** {@inheritDoc} The density is that of the level: the last token is known. */
  @Override
  public double logDensity(AutoRegression.Next latent) {
    return gaussian(mean, variance).logProbability(new double[] {latent.level()});
  }

  @Override
  public double entropyNats() {
    return 0.5 * (1 + LOG_TWO_PI + Math.log(variance));
  }

  /** {@inheritDoc} The laws compared are those of the level. */
  @Override
  public double klNats(Belief<AutoRegression.Next> other) {
    if (other instanceof AutoRegressionBelief belief) {
      double ratio = variance / belief.variance;
      double gap = mean - belief.mean;
      double excess = (ratio - 1) - Math.log1p(ratio - 1);
      return 0.5 * (Math.max(0, excess) + gap * gap / belief.variance);
    }
    throw Segments.otherModel(this, other);
  }

  @Override
  public AutoRegression.Next sample(RandomGenerator rng) {
    return new AutoRegression.Next(mean + Math.sqrt(variance) * Normal.draw(rng), last);
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count() + " tokens";
  }
}
