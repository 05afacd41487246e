package org.definetti.lab.compare;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Belief;
import org.definetti.latent.Tokens;
import org.definetti.latent.mixture.ContaminatedMean;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A mean from tokens some of which are outliers (model MS6): no equal weights are right.
 *
 * <pre>{@code
 * z ~ N(0, I),   x_l ~ N(z, 0.1 I) with probability 0.7, N(z, 10 I) with probability 0.3
 * pooled   best affine map of the mean value: it / (1 + s / n),   s = 0.7 · 0.1 + 0.3 · 10
 * }</pre>
 *
 * <ul>
 *   <li>Exact by enumeration of all 2^n assignments of outliers, n at most 14; likewise for the
 *       last R tokens.
 *   <li>No order, no query.
 *   <li>Source: [derived] (MS6; the variance of the mean value given z is s / n).
 * </ul>
 *
 * @param dimension d, at least 1
 */
public record ContaminatedTask(int dimension) implements Task {

  private static final double NOISE = 0.1;
  private static final double OUTLIER = 10;
  private static final double PROBABILITY = 0.3;

  /** Returns the latent-variable model. */
  public ContaminatedMean model() {
    return ContaminatedMean.of(dimension, 1, NOISE, OUTLIER).withOutlierProbability(PROBABILITY);
  }

  @Override
  public String name() {
    return "contaminated-mean";
  }

  @Override
  public Widths widths() {
    return new Widths(1, dimension, dimension);
  }

  @Override
  public Scale scale() {
    return Scale.SQUARED;
  }

  @Override
  public void draw(Batch batch, int sample, RandomGenerator rng) {
    SampleRows rows = new SampleRows(batch, sample);
    double[] z = new double[dimension];
    Normal.fill(z, 0, dimension, rng);
    for (int j = 0; j < dimension; j++) {
      rows.setTarget(j, z[j]);
    }
    for (int l = 0; l < rows.length(); l++) {
      double deviation = Math.sqrt(rng.nextDouble() < PROBABILITY ? OUTLIER : NOISE);
      for (int j = 0; j < dimension; j++) {
        rows.setValue(l, j, z[j] + deviation * Normal.draw(rng));
      }
    }
  }

  @Override
  public Answer exact(Batch batch, int sample) {
    Belief<SimpleMatrix> belief = last(batch, sample, batch.length(sample));
    return Answer.of(belief.covariance().trace(), belief.mean().getDDRM().data);
  }

  private Belief<SimpleMatrix> last(Batch batch, int sample, int count) {
    SampleRows rows = new SampleRows(batch, sample);
    int from = Math.max(0, rows.length() - count);
    ContaminatedMean model = model();
    return model
        .prior()
        .observe(Tokens.owning(model.tokenSpace(), rows.values(from, rows.length())));
  }

  private double[] pooled(Batch batch, int sample) {
    SampleRows rows = new SampleRows(batch, sample);
    double spread = (1 - PROBABILITY) * NOISE + PROBABILITY * OUTLIER;
    double[] mean = rows.sum(0, rows.length());
    for (int j = 0; j < mean.length; j++) {
      mean[j] /= rows.length() + spread;
    }
    return mean;
  }

  @Override
  public @Nullable Predictor best(Sight sight) {
    return switch (sight.kind()) {
      case WINDOW -> (batch, b) -> last(batch, b, sight.window()).mean().getDDRM().data;
      case POOLED -> this::pooled;
      case UNORDERED, EVERYTHING -> null;
    };
  }
}
