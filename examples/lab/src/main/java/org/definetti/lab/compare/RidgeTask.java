package org.definetti.lab.compare;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Linear regression in context (models M5 and MS4): the value at a new key, from noisy pairs.
 *
 * <pre>{@code
 * w ~ N(0, I / d),   k_l ~ N(0, I),   v_l = w·k_l + N(0, s2)
 * target w·q,   E[w·q | pairs] = qᵀ S⁻¹ Σ k_l v_l,   S = Σ k_l k_lᵀ + d s2 I,   risk s2 qᵀ S⁻¹ q
 * }</pre>
 *
 * <ul>
 *   <li>The target has no noise of its own. The prior variance of {@code w·q} is 1 on average.
 *   <li>Pooled: given the values alone the best prediction is 0, since keys and w may change sign
 *       together. A window of R pairs: ridge on those.
 *   <li>Source: [derived] (MS4).
 * </ul>
 *
 * @param dimension d, at least 1
 * @param noise s2, above zero
 */
public record RidgeTask(int dimension, double noise) implements Task {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public RidgeTask {
    Check.atLeast("dimension", 1, dimension);
    Check.positive("noise", noise);
  }

  @Override
  public String name() {
    return "linear-regression-" + dimension;
  }

  @Override
  public Widths widths() {
    return new Widths(dimension, 1, 1);
  }

  @Override
  public Scale scale() {
    return Scale.SQUARED;
  }

  @Override
  public void draw(Batch batch, int sample, RandomGenerator rng) {
    SampleRows rows = new SampleRows(batch, sample);
    double[] w = new double[dimension];
    double[] k = new double[dimension];
    Normal.fill(w, 0, dimension, rng);
    for (int l = 0; l < rows.length(); l++) {
      Normal.fill(k, 0, dimension, rng);
      double v = dot(w, k) / Math.sqrt(dimension) + Math.sqrt(noise) * Normal.draw(rng);
      for (int j = 0; j < dimension; j++) {
        rows.setKey(l, j, k[j]);
      }
      rows.setValue(l, 0, v);
    }
    Normal.fill(k, 0, dimension, rng);
    for (int j = 0; j < dimension; j++) {
      rows.setQuery(j, k[j]);
    }
    rows.setTarget(0, dot(w, k) / Math.sqrt(dimension));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  @Override
  public Answer exact(Batch batch, int sample) {
    return last(batch, sample, batch.length(sample));
  }

  private Answer last(Batch batch, int sample, int count) {
    SampleRows rows = new SampleRows(batch, sample);
    double[] s = new double[dimension * dimension];
    double[] sum = new double[dimension];
    double[] query = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      s[i * dimension + i] = dimension * noise;
      query[i] = rows.query(i);
    }
    for (int l = Math.max(0, rows.length() - count); l < rows.length(); l++) {
      for (int i = 0; i < dimension; i++) {
        sum[i] += rows.key(l, i) * rows.value(l, 0);
        for (int j = 0; j < dimension; j++) {
          s[i * dimension + j] += rows.key(l, i) * rows.key(l, j);
        }
      }
    }
    SimpleMatrix q = new SimpleMatrix(dimension, 1, true, query);
    double[] weights = new SimpleMatrix(dimension, dimension, true, s).solve(q).getDDRM().data;
    return Answer.of(noise * dot(weights, query), dot(weights, sum));
  }

  @Override
  public @Nullable Predictor best(Sight sight) {
    return switch (sight.kind()) {
      case WINDOW -> (batch, b) -> last(batch, b, sight.window()).mean();
      case POOLED -> (batch, b) -> new double[1];
      case UNORDERED, EVERYTHING -> null;
    };
  }
}
