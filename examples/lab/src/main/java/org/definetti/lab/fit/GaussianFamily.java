package org.definetti.lab.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.definetti.latent.Cholesky;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.Tokens;
import org.definetti.latent.finite.GaussianConcepts;
import org.ejml.simple.SimpleMatrix;

/**
 * Real vectors: T(y) is y and y yᵀ, in coordinates y in which all tokens pooled have mean zero and
 * covariance I, so that no digits are lost between a second moment and a variance.
 *
 * <pre>{@code  x = m + G y,   C = G Gᵀ the covariance of all tokens pooled,   m their mean  }</pre>
 */
final class GaussianFamily implements ConceptFamily {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final int width;
  private final SimpleMatrix centre; // (1, d) m
  private final Cholesky spread; // of C
  private final boolean shared;

  private GaussianFamily(SimpleMatrix centre, Cholesky spread, boolean shared) {
    this.width = centre.getNumCols();
    this.centre = centre;
    this.spread = spread;
    this.shared = shared;
  }

  /**
   * Returns the family.
   *
   * @param shared whether all concepts have one covariance
   * @throws org.definetti.latent.NotPositiveDefiniteException if some direction does not vary
   */
  static GaussianFamily of(List<Tokens> sequences, boolean shared) {
    Moments all = Moments.pooled(sequences);
    Cholesky spread = Cholesky.of("covariance of all tokens", all.covariance());
    return new GaussianFamily(all.mean(), spread, shared);
  }

  @Override
  public double[] statistic(Tokens tokens) {
    double[] sum = new double[width + width * width];
    double[] y = new double[width];
    for (int l = 0; l < tokens.length(); l++) {
      for (int i = 0; i < width; i++) {
        y[i] = tokens.at(l, i) - centre.get(i);
      }
      spread.solveLower(y);
      for (int i = 0; i < width; i++) {
        sum[i] += y[i];
        for (int j = 0; j < width; j++) {
          sum[width + i * width + j] += y[i] * y[j];
        }
      }
    }
    return sum;
  }

  @Override
  public double[] pooled() {
    double[] mean = new double[width + width * width];
    for (int i = 0; i < width; i++) {
      mean[width + i * width + i] = 1;
    }
    return mean;
  }

  @Override
  public Built build(SimpleMatrix prior, double[] counts, double[][] means) {
    List<SimpleMatrix> covariances = new ArrayList<>();
    for (double[] mean : means) {
      covariances.add(covariance(mean));
    }
    if (shared) {
      SimpleMatrix average = average(counts, covariances);
      covariances.replaceAll(own -> average);
    }
    double[][] centres = new double[means.length][];
    double pooledLog = 0;
    for (int k = 0; k < means.length; k++) {
      // Named here, in coordinates where a collapse shows whatever the units of the data.
      Cholesky factor = Cholesky.of("covariance of concept " + k, covariances.get(k));
      pooledLog += pooledLog(means[k], factor);
      centres[k] = original(means[k]);
      covariances.set(k, original(covariances.get(k)));
    }
    SimpleMatrix mu = new SimpleMatrix(centres);
    GaussianConcepts model =
        shared ? GaussianConcepts.of(mu, covariances.get(0)) : GaussianConcepts.of(mu, covariances);
    return new Built(model.withPrior(prior), pooledLog);
  }

  private SimpleMatrix covariance(double[] mean) {
    double[] rows = new double[width * width];
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        rows[i * width + j] = mean[width + i * width + j] - mean[i] * mean[j];
      }
    }
    return new SimpleMatrix(width, width, true, rows);
  }

  private static SimpleMatrix average(double[] counts, List<SimpleMatrix> covariances) {
    SimpleMatrix sum = covariances.get(0).scale(counts[0]);
    double total = counts[0];
    for (int k = 1; k < counts.length; k++) {
      sum = sum.plus(counts[k], covariances.get(k));
      total += counts[k];
    }
    return sum.divide(total);
  }

  // E log N(x; mu, S) for x with mean m and covariance C, which are 0 and I in y.
  private double pooledLog(double[] mean, Cholesky factor) {
    double square = factor.squaredDistance(mean, new double[mean.length]);
    for (int j = 0; j < width; j++) {
      double[] unit = new double[width];
      unit[j] = 1;
      factor.solveLower(unit);
      for (double entry : unit) {
        square += entry * entry;
      }
    }
    double logs = width * LOG_TWO_PI + factor.logDeterminant() + spread.logDeterminant();
    return -0.5 * (logs + square);
  }

  // m + G mu
  private double[] original(double[] mean) {
    double[] x = Arrays.copyOf(mean, width);
    spread.multiply(x);
    for (int i = 0; i < width; i++) {
      x[i] += centre.get(i);
    }
    return x;
  }

  // G S Gᵀ
  private SimpleMatrix original(SimpleMatrix covariance) {
    SimpleMatrix image = spread.factor().mult(covariance).mult(spread.factor().transpose());
    return image.plus(image.transpose()).divide(2);
  }

  @Override
  public FiniteLatentModel<Integer> reorder(FiniteLatentModel<Integer> model, List<Integer> order) {
    GaussianConcepts concepts = (GaussianConcepts) model;
    SimpleMatrix means = ConceptFamily.rows(concepts.means(), order);
    SimpleMatrix prior = ConceptFamily.rows(model.priorProbabilities().transpose(), order);
    GaussianConcepts ordered =
        shared
            ? GaussianConcepts.of(means, concepts.covariance(0))
            : GaussianConcepts.of(means, order.stream().map(concepts::covariance).toList());
    return ordered.withPrior(prior.transpose());
  }
}
