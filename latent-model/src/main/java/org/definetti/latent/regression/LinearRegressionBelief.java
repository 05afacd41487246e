package org.definetti.latent.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.Predictive;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * N(z̄ row by row, s2 S⁻¹) over the rows of z; see {@link LinearRegression} for the formulas.
 *
 * <p>It holds two triangular problems: the tokens alone, which merging needs because the prior must
 * count once, and the tokens with the prior, which every question needs.
 */
final class LinearRegressionBelief implements Belief<SimpleMatrix> {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final LinearRegression model;
  private final double count;
  private final @Nullable LeastSquares data; // null if the tokens were never seen
  private final LeastSquares posterior;
  private final SimpleMatrix mean;

  private LinearRegressionBelief(
      LinearRegression model, double count, @Nullable LeastSquares data, LeastSquares posterior) {
    posterior.requireDefinite();
    this.model = model;
    this.count = count;
    this.data = data;
    this.posterior = posterior;
    this.mean = new SimpleMatrix(posterior.outputs, posterior.width, true, posterior.solve());
  }

  static LinearRegressionBelief prior(LinearRegression model) {
    int dk = model.tokenSpace().keyWidth();
    int dv = model.tokenSpace().valueWidth();
    return afterData(model, 0, LeastSquares.empty(dk, dv));
  }

  private static LinearRegressionBelief afterData(
      LinearRegression model, double count, LeastSquares data) {
    LeastSquares posterior = data.copy();
    model.addPrior(posterior);
    return new LinearRegressionBelief(model, count, data, posterior);
  }

  static LinearRegressionBelief of(
      LinearRegression model, double count, SimpleMatrix mean, SimpleMatrix rowCovariance) {
    int dk = model.tokenSpace().keyWidth();
    int dv = model.tokenSpace().valueWidth();
    Check.notNegative("count", count);
    Check.matrix("mean", mean, dv, dk);
    Check.matrix("rowCovariance", rowCovariance, dk, dk);
    LeastSquares posterior = LeastSquares.ofMoments(mean, rowCovariance, model.noiseVariance());
    return new LinearRegressionBelief(model, count, null, posterior);
  }

  @Override
  public Belief<SimpleMatrix> observe(Tokens tokens) {
    return prefixes(tokens, tokens.length()).get(0);
  }

  /** {@inheritDoc} One pass; each returned belief adds O(dk² (dk + dv)). */
  @Override
  public List<Belief<SimpleMatrix>> prefixes(Tokens tokens, int... lengths) {
    if (!tokens.space().equals(model.tokenSpace())) {
      throw new ShapeMismatchException(
          "tokens: expected " + model.tokenSpace() + ", got " + tokens.space());
    }
    double[] rows = new double[tokens.length() * tokens.space().width()];
    tokens.copyRows(rows, 0);
    List<Belief<SimpleMatrix>> beliefs = new ArrayList<>(lengths.length);
    LinearRegressionBelief belief = this;
    int seen = 0;
    for (int length : lengths) {
      if (length < seen || length > tokens.length()) {
        throw new IllegalArgumentException(
            "lengths: expected increasing and at most " + tokens.length() + ", got " + length);
      }
      belief = belief.after(rows, seen, length);
      beliefs.add(belief);
      seen = length;
    }
    return beliefs;
  }

  // Adds the rows to the tokens' problem, and to the posterior's whichever way takes fewer steps.
  private LinearRegressionBelief after(double[] rows, int from, int to) {
    LeastSquares more = null;
    if (data != null) {
      more = data.copy();
      absorb(more, rows, from, to);
      if (to - from > posterior.width) {
        return afterData(model, count + (to - from), more);
      }
    }
    LeastSquares updated = posterior.copy();
    absorb(updated, rows, from, to);
    return new LinearRegressionBelief(model, count + (to - from), more, updated);
  }

  private static void absorb(LeastSquares problem, double[] rows, int from, int to) {
    int dk = problem.width;
    int width = dk + problem.outputs;
    double[] key = new double[dk];
    double[] value = new double[problem.outputs];
    for (int l = from; l < to; l++) {
      System.arraycopy(rows, l * width, key, 0, dk);
      System.arraycopy(rows, l * width + dk, value, 0, value.length);
      problem.absorb(0, key, value);
    }
  }

  @Override
  public Belief<SimpleMatrix> merge(Belief<SimpleMatrix> other) {
    if (!(other instanceof LinearRegressionBelief belief) || !model.equals(belief.model)) {
      throw otherFamily(other);
    }
    LeastSquares both = knownData("cannot be merged").copy();
    both.addAll(belief.knownData("cannot be merged"));
    return afterData(model, count + belief.count, both);
  }

  private LeastSquares knownData(String what) {
    if (data == null) {
      throw new UnsupportedOperationException(
          "this belief " + what + " because the tokens behind its moments are not known");
    }
    return data;
  }

  private IllegalArgumentException otherFamily(Belief<?> other) {
    return new IllegalArgumentException(
        "other: expected a belief of the same model as " + this + ", got " + other);
  }

  @Override
  public double count() {
    return count;
  }

  @Override
  public Predictive predictive(SimpleMatrix query) {
    int dk = posterior.width;
    double[] q = Check.matrix("query", query, 1, dk).getDDRM().data;
    double[] z = mean.getDDRM().data;
    double[] answer = new double[posterior.outputs];
    for (int i = 0; i < answer.length; i++) {
      for (int j = 0; j < dk; j++) {
        answer[i] += z[i * dk + j] * q[j];
      }
    }
    double[] whitened = q.clone();
    posterior.forwardSubstitute(whitened);
    double leverage = Arrays.stream(whitened).map(w -> w * w).sum();
    return new IsotropicGaussian(
        new SimpleMatrix(1, answer.length, true, answer), model.noiseVariance() * (1 + leverage));
  }

  @Override
  public SimpleMatrix mean() {
    return mean;
  }

  @Override
  public SimpleMatrix covariance() {
    int dk = posterior.width;
    int size = dk * posterior.outputs;
    double[] inverse = posterior.inverseFactor();
    SimpleMatrix covariance = new SimpleMatrix(size, size);
    for (int i = 0; i < dk; i++) {
      for (int j = 0; j < dk; j++) {
        double sum = 0;
        for (int m = Math.max(i, j); m < dk; m++) {
          sum += inverse[i * dk + m] * inverse[j * dk + m];
        }
        for (int row = 0; row < size; row += dk) {
          covariance.getDDRM().data[(row + i) * size + row + j] = model.noiseVariance() * sum;
        }
      }
    }
    return covariance;
  }

  /** {@inheritDoc} It is log P(V | K), the evidence of the values given the keys. */
  @Override
  public double logEvidence() {
    knownData("has no evidence");
    double s2 = model.noiseVariance();
    double spread = posterior.logDeterminant() - model.priorLogDeterminant();
    double perOutput = count * (LOG_TWO_PI + Math.log(s2)) + spread;
    return -0.5 * (posterior.outputs * perOutput + posterior.residual() / s2);
  }

  @Override
  public double logDensity(SimpleMatrix latent) {
    Check.matrix("latent", latent, posterior.outputs, posterior.width);
    double s2 = model.noiseVariance();
    double logs = posterior.width * (LOG_TWO_PI + Math.log(s2)) - posterior.logDeterminant();
    return -0.5 * (posterior.outputs * logs + squaredDistance(posterior, latent, mean) / s2);
  }

  // Returns Σ_i |R (a_i - b_i)|² over the rows of a and b.
  private static double squaredDistance(LeastSquares scale, SimpleMatrix a, SimpleMatrix b) {
    double square = 0;
    double[] gap = new double[scale.width];
    for (int i = 0; i < scale.outputs; i++) {
      for (int j = 0; j < gap.length; j++) {
        gap[j] = a.get(i, j) - b.get(i, j);
      }
      square += scale.squaredLength(gap);
    }
    return square;
  }

  @Override
  public double entropyNats() {
    double perNumber = LOG_TWO_PI + 1 + Math.log(model.noiseVariance());
    double perOutput = posterior.width * perNumber - posterior.logDeterminant();
    return 0.5 * posterior.outputs * perOutput;
  }

  /**
   * {@inheritDoc}
   *
   * <p>With M = R_other R⁻¹ scaled by both noises, the trace less the log-determinant is a sum of
   * terms that are each at least zero, so nothing cancels.
   */
  @Override
  public double klNats(Belief<SimpleMatrix> other) {
    if (!(other instanceof LinearRegressionBelief belief)
        || !belief.model.tokenSpace().equals(model.tokenSpace())) {
      throw otherFamily(other);
    }
    double theirs = belief.model.noiseVariance();
    double scale = model.noiseVariance() / theirs;
    int dk = posterior.width;
    double[] inverse = posterior.inverseFactor();
    double excess = 0;
    for (int i = 0; i < dk; i++) {
      for (int j = i; j < dk; j++) {
        double entry = 0;
        for (int m = i; m <= j; m++) {
          entry += belief.posterior.factor(i, m) * inverse[m * dk + j];
        }
        double square = scale * entry * entry;
        excess += i == j ? excess(square) : square;
      }
    }
    double distance = squaredDistance(belief.posterior, mean, belief.mean) / theirs;
    return 0.5 * (posterior.outputs * excess + distance);
  }

  // r - 1 - log r, accurate near r = 1
  private static double excess(double ratio) {
    double log = ratio > 0.5 ? Math.log1p(ratio - 1) : Math.log(ratio);
    return Math.max(0, (ratio - 1) - log);
  }

  @Override
  public SimpleMatrix sample(RandomGenerator rng) {
    int dk = posterior.width;
    double[] z = mean.getDDRM().data.clone();
    double deviation = Math.sqrt(model.noiseVariance());
    double[] row = new double[dk];
    for (int i = 0; i < posterior.outputs; i++) {
      Normal.fill(row, 0, dk, rng);
      posterior.backSubstitute(row);
      for (int j = 0; j < dk; j++) {
        z[i * dk + j] += deviation * row[j];
      }
    }
    return new SimpleMatrix(posterior.outputs, dk, true, z);
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count + " tokens";
  }
}
