package org.definetti.lab.fit;

import java.util.List;
import org.definetti.latent.Check;
import org.definetti.latent.RealTokens;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/** Count, mean and scatter around the mean of real vectors. Immutable. */
final class Moments {

  private final double count;
  private final SimpleMatrix mean; // (1, d); zero for no vectors
  private final SimpleMatrix scatter; // (d, d)

  private Moments(double count, SimpleMatrix mean, SimpleMatrix scatter) {
    this.count = count;
    this.mean = mean;
    this.scatter = scatter;
  }

  /** Returns those of a sequence; the scatter is taken around its own mean. */
  static Moments of(Tokens tokens) {
    int d = tokens.space().width();
    double[] mean = new double[d];
    for (int l = 0; l < tokens.length(); l++) {
      for (int i = 0; i < d; i++) {
        mean[i] += (tokens.at(l, i) - mean[i]) / (l + 1);
      }
    }
    double[] scatter = new double[d * d];
    for (int l = 0; l < tokens.length(); l++) {
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          scatter[i * d + j] += (tokens.at(l, i) - mean[i]) * (tokens.at(l, j) - mean[j]);
        }
      }
    }
    return new Moments(
        tokens.length(), new SimpleMatrix(1, d, true, mean), new SimpleMatrix(d, d, true, scatter));
  }

  /** Returns those of all sequences together. */
  static Moments pooled(List<Tokens> sequences) {
    Moments sum = of(sequences.get(0));
    for (Tokens sequence : sequences.subList(1, sequences.size())) {
      sum = sum.plus(of(sequence));
    }
    return sum;
  }

  private Moments plus(Moments other) {
    double both = count + other.count;
    if (both == 0) {
      return this;
    }
    SimpleMatrix gap = other.mean.minus(mean);
    double share = count * other.count / both;
    return new Moments(
        both,
        mean.plus(other.count / both, gap),
        scatter.plus(other.scatter).plus(share, gap.transpose().mult(gap)));
  }

  double count() {
    return count;
  }

  SimpleMatrix mean() {
    return mean;
  }

  SimpleMatrix scatter() {
    return scatter;
  }

  /** Returns those of {@code other} vectors of the same mean and covariance. */
  Moments withCount(double other) {
    return new Moments(other, mean, scatter.scale(other / count));
  }

  /** Returns the scatter divided by the count, not by one less. */
  SimpleMatrix covariance() {
    return scatter.divide(count);
  }

  /** Returns the sequences if they are of real vectors of one space, else throws. */
  static List<Tokens> checked(List<Tokens> sequences) {
    Check.atLeast("sequences", 1, sequences.size());
    if (!(sequences.get(0).space() instanceof RealTokens)) {
      throw new IllegalArgumentException(
          "sequences: expected real vectors, got " + sequences.get(0).space());
    }
    sequences.forEach(sequence -> Check.space(sequences.get(0).space(), sequence));
    return List.copyOf(sequences);
  }
}
