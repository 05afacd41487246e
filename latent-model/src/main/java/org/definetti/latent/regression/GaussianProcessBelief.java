package org.definetti.latent.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.latent.Belief;
import org.definetti.latent.Check;
import org.definetti.latent.IsotropicGaussian;
import org.definetti.latent.Predictive;
import org.definetti.latent.Tokens;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/**
 * The belief about the function of a {@link GaussianProcess} after some tokens, itself a Gaussian
 * process.
 *
 * <p>It holds the Cholesky factor G of κ(K, K) + λ I and G⁻¹ V, whose leading rows are those of
 * every prefix; beliefs of one sequence share them. Immutable, safe to share between threads.
 */
public final class GaussianProcessBelief implements Belief<LatentFunction> {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final GaussianProcess model;
  private final int count;
  private final SimpleMatrix keys; // (count or more, dk)
  private final SimpleMatrix values; // (count or more, dv)
  private final GrowingCholesky factor;
  private final double[][] whitened; // G⁻¹ V by output, (dv, count or more)

  private GaussianProcessBelief(
      GaussianProcess model,
      SimpleMatrix keys,
      SimpleMatrix values,
      GrowingCholesky factor,
      double[][] whitened) {
    this.model = model;
    this.count = factor.count();
    this.keys = keys;
    this.values = values;
    this.factor = factor;
    this.whitened = whitened;
  }

  static GaussianProcessBelief prior(GaussianProcess model) {
    int dv = model.tokenSpace().valueWidth();
    return new GaussianProcessBelief(
        model,
        new SimpleMatrix(0, model.tokenSpace().keyWidth()),
        new SimpleMatrix(0, dv),
        GrowingCholesky.empty(model.kernel(), model.noiseVariance() / model.priorVariance()),
        new double[dv][0]);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if there are more than {@link GaussianProcess#MOST_TOKENS} in
   *     all
   * @throws org.definetti.latent.NotPositiveDefiniteException if a pivot is lost to rounding
   */
  @Override
  public GaussianProcessBelief observe(Tokens tokens) {
    Check.space(model.tokenSpace(), tokens);
    return observe(tokens.keys(), tokens.values());
  }

  private GaussianProcessBelief observe(SimpleMatrix newKeys, SimpleMatrix newValues) {
    if (newKeys.getNumRows() == 0) {
      return this;
    }
    int total = count + newKeys.getNumRows();
    if (total > GaussianProcess.MOST_TOKENS) {
      throw new IllegalArgumentException(
          "tokens: expected at most " + GaussianProcess.MOST_TOKENS + " in all, got " + total);
    }
    SimpleMatrix allKeys = count == 0 ? newKeys : keys().concatRows(newKeys);
    SimpleMatrix allValues = count == 0 ? newValues : values().concatRows(newValues);
    GrowingCholesky longer = factor.extend(allKeys);
    double[][] solved = new double[whitened.length][];
    for (int p = 0; p < solved.length; p++) {
      solved[p] = Arrays.copyOf(Arrays.copyOf(whitened[p], count), total);
      for (int l = count; l < total; l++) {
        solved[p][l] = allValues.get(l, p);
      }
      longer.solveLower(solved[p], count);
    }
    return new GaussianProcessBelief(model, allKeys, allValues, longer, solved);
  }

  private SimpleMatrix keys() {
    return count == keys.getNumRows() ? keys : keys.extractMatrix(0, count, 0, keys.getNumCols());
  }

  private SimpleMatrix values() {
    return count == values.getNumRows()
        ? values
        : values.extractMatrix(0, count, 0, values.getNumCols());
  }

  private GaussianProcessBelief prefix(int length) {
    return new GaussianProcessBelief(model, keys, values, factor.prefix(length), whitened);
  }

  /** {@inheritDoc} One pass; each returned belief adds O(1). */
  @Override
  public List<Belief<LatentFunction>> prefixes(Tokens tokens, int... lengths) {
    Check.space(model.tokenSpace(), tokens);
    int seen = 0;
    for (int length : lengths) {
      if (length < seen || length > tokens.length()) {
        throw new IllegalArgumentException(
            "lengths: expected increasing and at most " + tokens.length() + ", got " + length);
      }
      seen = length;
    }
    GaussianProcessBelief longest = observe(tokens.prefix(seen));
    List<Belief<LatentFunction>> beliefs = new ArrayList<>(lengths.length);
    for (int length : lengths) {
      beliefs.add(longest.prefix(count + length));
    }
    return beliefs;
  }

  /** {@inheritDoc} The other's tokens are observed: O(m (L + m)²) for its m tokens. */
  @Override
  public GaussianProcessBelief merge(Belief<LatentFunction> other) {
    GaussianProcessBelief belief = ofSameModel(other);
    return observe(belief.keys(), belief.values());
  }

  private GaussianProcessBelief ofSameModel(Belief<LatentFunction> other) {
    if (other instanceof GaussianProcessBelief belief && model.equals(belief.model)) {
      return belief;
    }
    throw new IllegalArgumentException(
        "other: expected a belief of the same model as " + this + ", got " + other);
  }

  @Override
  public double count() {
    return count;
  }

  /** {@inheritDoc} O(L² / 2 + L (dk + dv)). */
  @Override
  public Predictive predictive(SimpleMatrix query) {
    Check.matrix("query", query, 1, model.tokenSpace().keyWidth());
    double[] whitenedCross = crosses(query)[0];
    return new IsotropicGaussian(
        new SimpleMatrix(1, whitened.length, true, mean(whitenedCross)),
        model.noiseVariance() + variance(model.kernel().diagonal(query).get(0, 0), whitenedCross));
  }

  private double[] mean(double[] whitenedCross) {
    double[] mean = new double[whitened.length];
    for (int p = 0; p < mean.length; p++) {
      mean[p] = GrowingCholesky.dot(whitenedCross, whitened[p], count);
    }
    return mean;
  }

  // t2 (κ(q, q) - |w|²), which rounding alone could make negative
  private double variance(double prior, double[] whitenedCross) {
    double explained = GrowingCholesky.dot(whitenedCross, whitenedCross, count);
    return model.priorVariance() * Math.max(0, prior - explained);
  }

  // G⁻¹ κ(K, q) for each query
  private double[][] crosses(SimpleMatrix queries) {
    double[][] crosses = new double[queries.getNumRows()][count];
    if (count == 0) {
      return crosses;
    }
    double[] gram = model.kernel().gram(queries, keys()).getDDRM().data;
    for (int i = 0; i < crosses.length; i++) {
      System.arraycopy(gram, i * count, crosses[i], 0, count);
      factor.solveLower(crosses[i], 0);
    }
    return crosses;
  }

  /**
   * Returns E[z(q) | X] at several keys.
   *
   * @param queries shape (m, dk)
   * @return shape (m, dv)
   */
  public SimpleMatrix meanAt(SimpleMatrix queries) {
    Check.matrix("queries", queries, -1, model.tokenSpace().keyWidth());
    double[][] crosses = crosses(queries);
    SimpleMatrix mean = new SimpleMatrix(crosses.length, whitened.length);
    for (int i = 0; i < crosses.length; i++) {
      System.arraycopy(
          mean(crosses[i]), 0, mean.getDDRM().data, i * whitened.length, whitened.length);
    }
    return mean;
  }

  /**
   * Returns Cov(z(q_i), z(q_j) | X) of one output, the same for each; add the noise variance to the
   * diagonal for the joint predictive of values.
   *
   * <p>Its absolute error is about t2 κ(q, q) · cond · 1e-16, because it subtracts.
   *
   * @param queries shape (m, dk)
   * @return shape (m, m)
   */
  public SimpleMatrix covarianceAt(SimpleMatrix queries) {
    Check.matrix("queries", queries, -1, model.tokenSpace().keyWidth());
    double[][] crosses = crosses(queries);
    SimpleMatrix covariance = model.kernel().gram(queries, queries);
    int m = crosses.length;
    double[] out = covariance.getDDRM().data;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j <= i; j++) {
        double explained = GrowingCholesky.dot(crosses[i], crosses[j], count);
        double value = model.priorVariance() * (out[i * m + j] - explained);
        out[i * m + j] = i == j ? Math.max(0, value) : value;
        out[j * m + i] = out[i * m + j];
      }
    }
    return covariance;
  }

  private static UnsupportedOperationException none(String what) {
    return new UnsupportedOperationException(
        "this belief has no "
            + what
            + " because z is a function, not a finite row of numbers; ask meanAt and covarianceAt"
            + " for its moments at keys");
  }

  /** Throws: ask {@link #meanAt}. */
  @Override
  public SimpleMatrix mean() {
    throw none("mean of z as a matrix");
  }

  /** Throws: ask {@link #covarianceAt}. */
  @Override
  public SimpleMatrix covariance() {
    throw none("covariance of z as a matrix");
  }

  /** Throws: no density exists over functions. */
  @Override
  public double logDensity(LatentFunction latent) {
    throw none("density of z");
  }

  /** Throws: the entropy of infinitely many values is not finite. */
  @Override
  public double entropyNats() {
    throw none("entropy of z");
  }

  /** {@inheritDoc} It is log P(V | K), the evidence of the values given the keys. */
  @Override
  public double logEvidence() {
    int dv = whitened.length;
    double square = 0;
    for (double[] output : whitened) {
      square += GrowingCholesky.dot(output, output, count);
    }
    double perOutput =
        count * (LOG_TWO_PI + Math.log(model.priorVariance())) + factor.logDeterminant();
    return -0.5 * (dv * perOutput + square / model.priorVariance());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Finite although z is a function, because both laws differ from the prior by a likelihood:
   *
   * <pre>{@code
   * KL(P(z|A) ‖ P(z|B)) = E_A[log P(A|z) - log P(B|z)] - log P(A) + log P(B)
   * E_A log N(v; z(k), s2 I) = log N(v; E_A z(k), s2 I) - dv Var_A z(k) / (2 s2)
   * }</pre>
   *
   * <p>O((L_A + L_B) L_A²). Source: [derived].
   *
   * @throws IllegalArgumentException if the other belief is of another model
   */
  @Override
  public double klNats(Belief<LatentFunction> other) {
    GaussianProcessBelief belief = ofSameModel(other);
    double gap = expectedLogLikelihood(this) - expectedLogLikelihood(belief);
    return Math.max(0, gap - logEvidence() + belief.logEvidence());
  }

  // E[log P(V | z, K)] over this belief, of the tokens of another
  private double expectedLogLikelihood(GaussianProcessBelief of) {
    double s2 = model.noiseVariance();
    SimpleMatrix queries = of.keys();
    double[][] crosses = crosses(queries);
    double[] diagonal = model.kernel().diagonal(queries).getDDRM().data;
    double sum = 0;
    for (int l = 0; l < crosses.length; l++) {
      double[] mean = mean(crosses[l]);
      double square = mean.length * variance(diagonal[l], crosses[l]);
      for (int p = 0; p < mean.length; p++) {
        double error = of.values.get(l, p) - mean[p];
        square += error * error;
      }
      sum -= 0.5 * (mean.length * (LOG_TWO_PI + Math.log(s2)) + square / s2);
    }
    return sum;
  }

  /**
   * {@inheritDoc} A draw of the prior's function is corrected by what the tokens say (Matheron's
   * rule), so that it is exact; O(L³ / 6) once.
   */
  @Override
  public LatentFunction sample(RandomGenerator rng) {
    LatentFunction draw = LatentFunction.prior(model, rng);
    if (count == 0) {
      return draw;
    }
    SimpleMatrix atKeys = draw.at(keys());
    double deviation = Math.sqrt(model.noiseVariance());
    double[][] weights = new double[whitened.length][count];
    for (int p = 0; p < weights.length; p++) {
      for (int l = 0; l < count; l++) {
        weights[p][l] = values.get(l, p) - atKeys.get(l, p) - deviation * Normal.draw(rng);
      }
      factor.solveLower(weights[p], 0);
      factor.solveUpper(weights[p]);
    }
    return draw.plus(model, keys(), weights);
  }

  @Override
  public String toString() {
    return "belief of " + model + " after " + count + " tokens";
  }
}
