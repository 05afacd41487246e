package org.definetti.latent.mixture;

import java.util.Arrays;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * The posterior of {@link ContaminatedMean} as the mixture of normal densities that it is, one for
 * each of the 2^L assignments of tokens to noise and outliers.
 *
 * <p>Assignments are walked as a binary tree; each step is one conjugate update, so an assignment
 * costs O(d).
 */
final class OutlierAssignments {

  /** 2^14 assignments: 16,384. */
  static final int MOST_TOKENS = 14;

  private final ContaminatedMean model;
  private final int d;
  private final int length;
  private final double[] rows; // (length, d)
  private final double[] logs; // (2^length)
  private final double[] variances; // (2^length)
  private final double[] means; // (2^length, d)
  private final double[] weights;

  OutlierAssignments(ContaminatedMean model, Tokens tokens) {
    this.model = model;
    this.d = model.tokenSpace().dimension();
    this.length = tokens.length();
    if (length > MOST_TOKENS) {
      throw new IllegalArgumentException(
          "tokens: expected at most " + MOST_TOKENS + " by enumeration, got " + length);
    }
    this.rows = new double[length * d];
    tokens.copyRows(rows, 0);
    int count = 1 << length;
    this.logs = new double[count];
    this.variances = new double[count];
    this.means = new double[count * d];
    walk(0, 0, 0, model.priorVariance(), model.priorMean().getDDRM().data);
    this.weights = LogSumExp.softmax(logs);
  }

  /** Bit l of an assignment says whether token l is an outlier. */
  private void walk(int l, int assignment, double log, double variance, double[] mean) {
    if (l == length) {
      logs[assignment] = log;
      variances[assignment] = variance;
      System.arraycopy(mean, 0, means, assignment * d, d);
      return;
    }
    double square = 0;
    for (int i = 0; i < d; i++) {
      double gap = rows[l * d + i] - mean[i];
      square += gap * gap;
    }
    for (int outlier = 0; outlier <= 1; outlier++) {
      double s = noise(outlier);
      double total = variance + s;
      double[] moved = new double[d];
      for (int i = 0; i < d; i++) {
        moved[i] = mean[i] + variance / total * (rows[l * d + i] - mean[i]);
      }
      double p = outlier == 1 ? model.outlierProbability() : 1 - model.outlierProbability();
      double term = Math.log(p) - 0.5 * (d * Math.log(2 * Math.PI * total) + square / total);
      walk(l + 1, assignment | outlier << l, log + term, variance * (s / total), moved);
    }
  }

  private double noise(int outlier) {
    return outlier == 1 ? model.outlierVariance() : model.noiseVariance();
  }

  int count() {
    return weights.length;
  }

  double weight(int assignment) {
    return weights[assignment];
  }

  double variance(int assignment) {
    return variances[assignment];
  }

  SimpleMatrix mean(int assignment) {
    return new SimpleMatrix(
        1, d, true, Arrays.copyOfRange(means, assignment * d, (assignment + 1) * d));
  }

  double logEvidence() {
    return LogSumExp.of(logs);
  }

  SimpleMatrix mean() {
    double[] mean = new double[d];
    for (int c = 0; c < weights.length; c++) {
      for (int i = 0; i < d; i++) {
        mean[i] += weights[c] * means[c * d + i];
      }
    }
    return new SimpleMatrix(1, d, true, mean);
  }

  SimpleMatrix covariance() {
    double[] mean = mean().getDDRM().data;
    double[] covariance = new double[d * d];
    for (int c = 0; c < weights.length; c++) {
      for (int i = 0; i < d * d; i++) {
        double product =
            (means[c * d + i / d] - mean[i / d]) * (means[c * d + i % d] - mean[i % d]);
        covariance[i] += weights[c] * (product + (i / d == i % d ? variances[c] : 0));
      }
    }
    return new SimpleMatrix(d, d, true, covariance);
  }

  SimpleMatrix tokenWeights() {
    double[] sums = new double[length];
    for (int c = 0; c < weights.length; c++) {
      for (int l = 0; l < length; l++) {
        sums[l] += weights[c] * variances[c] / noise(c >> l & 1);
      }
    }
    return new SimpleMatrix(1, length, true, sums);
  }
}
