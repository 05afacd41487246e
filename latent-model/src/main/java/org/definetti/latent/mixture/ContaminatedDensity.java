package org.definetti.latent.mixture;

import java.util.Arrays;
import org.definetti.latent.Tokens;

/** The log of prior times likelihood of {@link ContaminatedMean} with its gradient and bounds. */
final class ContaminatedDensity {

  // max over u of u / cosh²(u/2) is 0.8955
  private static final double LARGEST_BEND = 0.9;

  final int d;
  final int length;
  private final double[] rows; // (length, d)
  private final double[] priorMean;
  private final double priorVariance;
  private final double noiseConstant;
  private final double outlierConstant;
  private final double noisePrecision;
  private final double outlierPrecision;
  private final double priorConstant;
  private final double[] pull; // ∇f at the place asked last
  private double size; // Σ |log P(x | z)| at the place asked last

  ContaminatedDensity(ContaminatedMean model, Tokens tokens) {
    this.d = model.tokenSpace().dimension();
    this.length = tokens.length();
    this.rows = new double[length * d];
    tokens.copyRows(rows, 0);
    this.priorMean = model.priorMean().getDDRM().data;
    this.priorVariance = model.priorVariance();
    this.noisePrecision = 1 / model.noiseVariance();
    this.outlierPrecision = 1 / model.outlierVariance();
    double p = model.outlierProbability();
    this.noiseConstant = Math.log1p(-p) - 0.5 * d * Math.log(2 * Math.PI * model.noiseVariance());
    this.outlierConstant = Math.log(p) - 0.5 * d * Math.log(2 * Math.PI * model.outlierVariance());
    this.priorConstant = -0.5 * d * Math.log(2 * Math.PI * priorVariance);
    this.pull = new double[d];
  }

  /** Returns an upper bound of the second derivative in any direction anywhere; at least zero. */
  double largestBend() {
    double perToken;
    if (noiseConstant == Double.NEGATIVE_INFINITY) {
      perToken = -outlierPrecision;
    } else if (outlierConstant == Double.NEGATIVE_INFINITY) {
      perToken = -noisePrecision;
    } else {
      double gap = Math.abs(noisePrecision - outlierPrecision);
      double odds = noiseConstant - outlierConstant;
      double sharper = noisePrecision > outlierPrecision ? odds : -odds;
      perToken =
          gap / 2 * (LARGEST_BEND + Math.max(0, sharper))
              - Math.min(noisePrecision, outlierPrecision);
    }
    return Math.max(0, length * perToken - 1 / priorVariance);
  }

  double logLikelihood(double[] z) {
    return sum(z, z, false);
  }

  /** Returns f(z) = log P(z) + log P(X | z); {@link #slope} and {@link #size} go with it. */
  double at(double[] z) {
    double square = 0;
    Arrays.fill(pull, 0);
    for (int i = 0; i < d; i++) {
      double gap = priorMean[i] - z[i];
      square += gap * gap;
      pull[i] = gap / priorVariance;
    }
    return priorConstant - 0.5 * square / priorVariance + sum(z, z, true);
  }

  /** Returns |∇f| at the place asked last. */
  double slope() {
    double sum = 0;
    for (double p : pull) {
      sum += p * p;
    }
    return Math.sqrt(sum);
  }

  /** Returns Σ |log P(x | z)| at the place asked last. */
  double size() {
    return size;
  }

  /** Returns an upper bound of f on a box: everything at its least distance. */
  double above(double[] low, double[] high) {
    double square = 0;
    for (int i = 0; i < d; i++) {
      double gap = Math.max(0, Math.max(low[i] - priorMean[i], priorMean[i] - high[i]));
      square += gap * gap;
    }
    return priorConstant - 0.5 * square / priorVariance + sum(low, high, false);
  }

  /** Moves z to the mean that the present weights of the tokens say; a step of EM. */
  double[] improved(double[] z) {
    at(z);
    double[] total = new double[d];
    double precision = 1 / priorVariance;
    for (int i = 0; i < d; i++) {
      total[i] = (priorMean[i] - z[i]) / priorVariance;
    }
    for (int l = 0; l < length; l++) {
      double square = 0;
      for (int i = 0; i < d; i++) {
        double gap = rows[l * d + i] - z[i];
        square += gap * gap;
      }
      double noise = noiseConstant - 0.5 * noisePrecision * square;
      double outlier = outlierConstant - 0.5 * outlierPrecision * square;
      double share = 1 / (1 + Math.exp(outlier - noise));
      double weight = share * noisePrecision + (1 - share) * outlierPrecision;
      precision += weight;
      for (int i = 0; i < d; i++) {
        total[i] += weight * (rows[l * d + i] - z[i]);
      }
    }
    double[] moved = z.clone();
    for (int i = 0; i < d; i++) {
      moved[i] += total[i] / precision;
    }
    return moved;
  }

  /** Returns Σ_l log P(x^l | nearest z in a box), summed without loss. */
  private double sum(double[] low, double[] high, boolean withPull) {
    double sum = 0;
    double lost = 0;
    double total = 0;
    for (int l = 0; l < length; l++) {
      int row = l * d;
      double square = 0;
      for (int i = 0; i < d; i++) {
        double x = rows[row + i];
        double gap = Math.max(0, Math.max(low[i] - x, x - high[i]));
        square += gap * gap;
      }
      double noise = noiseConstant - 0.5 * noisePrecision * square;
      double outlier = outlierConstant - 0.5 * outlierPrecision * square;
      double ratio = Math.exp(-Math.abs(noise - outlier));
      // log1p costs three times as much, and only the absolute error counts here
      double term = Math.max(noise, outlier) + Math.log(1 + ratio);
      if (withPull) {
        double share = (noise >= outlier ? 1 : ratio) / (1 + ratio);
        double weight = share * noisePrecision + (1 - share) * outlierPrecision;
        for (int i = 0; i < d; i++) {
          pull[i] += weight * (rows[row + i] - low[i]);
        }
      }
      total += Math.abs(term);
      double next = sum + term;
      lost += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
      sum = next;
    }
    size = total;
    return sum + lost;
  }

  double[] row(int l) {
    return Arrays.copyOfRange(rows, l * d, (l + 1) * d);
  }
}
