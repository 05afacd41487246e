package org.definetti.architecture;

import java.util.Arrays;
import java.util.Locale;
import org.definetti.latent.ImpossibleTokensException;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/** Rows of weights kept as logs: products are sums, sums are log-sum-exps, zero is -infinity. */
final class LogWeights {

  private LogWeights() {}

  /** Returns the logs of a matrix of weights, row by row. */
  static double[][] logs(SimpleMatrix weights) {
    double[][] logs = new double[weights.getNumRows()][weights.getNumCols()];
    for (int i = 0; i < logs.length; i++) {
      for (int j = 0; j < logs[i].length; j++) {
        logs[i][j] = Math.log(weights.get(i, j));
      }
    }
    return logs;
  }

  /** Returns the logs of a matrix of laws, each row normalised beyond the 1e-9 a model allows. */
  static double[][] laws(SimpleMatrix probabilities) {
    double[][] logs = logs(probabilities);
    for (int i = 0; i < logs.length; i++) {
      logs[i] = normalised(logs[i]);
    }
    return logs;
  }

  static double[][] transposed(double[][] matrix) {
    double[][] transposed = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < transposed.length; j++) {
        transposed[j][i] = matrix[i][j];
      }
    }
    return transposed;
  }

  /**
   * Reads evidence row by row, with the largest of each row taken out: a million tokens weigh a
   * million nats, and only differences matter.
   *
   * @param places the expected number of rows, or -1 for any
   */
  static double[][] evidence(SimpleMatrix evidence, int places, int states) {
    int rows = evidence.getNumRows();
    if (evidence.getNumCols() != states || (places >= 0 && rows != places)) {
      throw new ShapeMismatchException(
          String.format(
              Locale.ROOT,
              "evidence: expected shape (%s, %d), got (%d, %d)",
              places < 0 ? "any" : String.valueOf(places),
              states,
              rows,
              evidence.getNumCols()));
    }
    double[][] logs = new double[rows][states];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < states; k++) {
        logs[i][k] = evidence.get(i, k);
        if (!(logs[i][k] < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "evidence: expected logs below infinity, got " + logs[i][k] + " at place " + i);
        }
      }
      logs[i] = scaled(logs[i]);
    }
    return logs;
  }

  /** Returns {@code a ⊙ b}. */
  static double[] product(double[] a, double[] b) {
    double[] product = new double[a.length];
    for (int k = 0; k < a.length; k++) {
      product[k] = a[k] + b[k];
    }
    return product;
  }

  /** Returns {@code row · matrix}. */
  static double[] times(double[] row, double[][] matrix) {
    double[] out = new double[matrix[0].length];
    double[] terms = new double[row.length];
    for (int j = 0; j < out.length; j++) {
      for (int i = 0; i < row.length; i++) {
        terms[i] = row[i] + matrix[i][j];
      }
      out[j] = LogSumExp.of(terms);
    }
    return out;
  }

  /** Returns the weights over their sum; all zeros stay zeros. */
  static double[] normalised(double[] logs) {
    return less(logs, LogSumExp.of(logs));
  }

  /** Returns the weights over the largest; all zeros stay zeros. */
  static double[] scaled(double[] logs) {
    return less(logs, Arrays.stream(logs).max().orElseThrow());
  }

  static double[] less(double[] logs, double log) {
    double[] less = logs.clone();
    for (int k = 0; k < less.length && log != Double.NEGATIVE_INFINITY; k++) {
      less[k] -= log;
    }
    return less;
  }

  /**
   * Returns the law that each row of weights is, shape (rows, states).
   *
   * @param model whose tokens are impossible if a row is all zeros
   */
  static SimpleMatrix probabilities(double[][] logs, int states, String model) {
    double[] all = new double[logs.length * states];
    for (int i = 0; i < logs.length; i++) {
      if (LogSumExp.of(logs[i]) == Double.NEGATIVE_INFINITY) {
        throw new ImpossibleTokensException(model, logs.length);
      }
      System.arraycopy(LogSumExp.softmax(logs[i]), 0, all, i * states, states);
    }
    return new SimpleMatrix(logs.length, states, true, all);
  }
}
