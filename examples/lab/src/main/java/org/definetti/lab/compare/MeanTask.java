package org.definetti.lab.compare;

import java.util.random.RandomGenerator;
import org.definetti.engine.Batch;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.random.Normal;
import org.jspecify.annotations.Nullable;

/**
 * The mean of a normal law, from noisy tokens (models M1 and MS1).
 *
 * <pre>{@code
 * z ~ N(0, I),   x_l ~ N(z, s2 I),   E[z | X] = Σ x_l / (n + s2),   risk d s2 / (n + s2)
 * }</pre>
 *
 * <ul>
 *   <li>No order, no query. A window of R tokens leaves {@code Σ of the last R / (R + s2)}; the
 *       mean value, times n / (n + s2), is the exact answer.
 *   <li>Source: [derived] (MS1).
 * </ul>
 *
 * @param dimension d, at least 1
 * @param noise s2, the variance of a token in prior variances, above zero
 */
public record MeanTask(int dimension, double noise) implements Task {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public MeanTask {
    Check.atLeast("dimension", 1, dimension);
    Check.positive("noise", noise);
  }

  @Override
  public String name() {
    return "gaussian-mean";
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
    double deviation = Math.sqrt(noise);
    for (int j = 0; j < dimension; j++) {
      double z = Normal.draw(rng);
      rows.setTarget(j, z);
      for (int l = 0; l < rows.length(); l++) {
        rows.setValue(l, j, z + deviation * Normal.draw(rng));
      }
    }
  }

  @Override
  public Answer exact(Batch batch, int sample) {
    int n = batch.length(sample);
    return Answer.of(dimension * noise / (n + noise), last(batch, sample, n));
  }

  private double[] last(Batch batch, int sample, int count) {
    SampleRows rows = new SampleRows(batch, sample);
    int used = Math.min(count, rows.length());
    double[] mean = rows.sum(rows.length() - used, rows.length());
    for (int j = 0; j < mean.length; j++) {
      mean[j] /= used + noise;
    }
    return mean;
  }

  @Override
  public @Nullable Predictor best(Sight sight) {
    return sight.kind() == Sight.Kind.WINDOW
        ? (batch, sample) -> last(batch, sample, sight.window())
        : null;
  }
}
