package org.definetti.lab.compare;

import org.definetti.engine.Batch;
import org.ejml.simple.SimpleMatrix;

/** Reads and writes the rows of one sample of a batch. */
final class SampleRows {

  private final Batch batch;
  private final int sample;

  SampleRows(Batch batch, int sample) {
    this.batch = batch;
    this.sample = sample;
  }

  int length() {
    return batch.length(sample);
  }

  private int at(int token) {
    return sample * batch.length() + token;
  }

  double key(int token, int coordinate) {
    return batch.keys(coordinate)[at(token)];
  }

  double value(int token, int coordinate) {
    return batch.values(coordinate)[at(token)];
  }

  void setKey(int token, int coordinate, double number) {
    batch.keys(coordinate)[at(token)] = (float) number;
  }

  void setValue(int token, int coordinate, double number) {
    batch.values(coordinate)[at(token)] = (float) number;
  }

  void setQuery(int coordinate, double number) {
    batch.queries()[sample * batch.widths().key() + coordinate] = (float) number;
  }

  void setTarget(int coordinate, double number) {
    batch.targets()[sample * batch.widths().target() + coordinate] = (float) number;
  }

  double query(int coordinate) {
    return batch.queries()[sample * batch.widths().key() + coordinate];
  }

  double[] target() {
    double[] target = new double[batch.widths().target()];
    for (int j = 0; j < target.length; j++) {
      target[j] = batch.targets()[sample * target.length + j];
    }
    return target;
  }

  /** Sets all numbers of the sample to zero: batches are used again. */
  void clear() {
    for (int l = 0; l < length(); l++) {
      for (int j = 0; j < batch.widths().key(); j++) {
        setKey(l, j, 0);
      }
      for (int j = 0; j < batch.widths().value(); j++) {
        setValue(l, j, 0);
      }
    }
    for (int j = 0; j < batch.widths().key(); j++) {
      setQuery(j, 0);
    }
    for (int j = 0; j < batch.widths().target(); j++) {
      setTarget(j, 0);
    }
  }

  /** Returns the values of tokens {@code from..to-1}, row after row. */
  double[] values(int from, int to) {
    int width = batch.widths().value();
    double[] rows = new double[(to - from) * width];
    for (int l = from; l < to; l++) {
      for (int j = 0; j < width; j++) {
        rows[(l - from) * width + j] = value(l, j);
      }
    }
    return rows;
  }

  /** Returns the keys of all tokens, (n, dk). */
  SimpleMatrix keys() {
    int width = batch.widths().key();
    double[] rows = new double[length() * width];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = key(i / width, i % width);
    }
    return new SimpleMatrix(length(), width, true, rows);
  }

  /** Returns the values of all tokens, (n, dv). */
  SimpleMatrix values() {
    return new SimpleMatrix(length(), batch.widths().value(), true, values(0, length()));
  }

  /** Returns the query, (1, dk). */
  SimpleMatrix query() {
    double[] row = new double[batch.widths().key()];
    for (int j = 0; j < row.length; j++) {
      row[j] = query(j);
    }
    return new SimpleMatrix(1, row.length, true, row);
  }

  /** Returns the sum of the values of tokens {@code from..to-1}. */
  double[] sum(int from, int to) {
    double[] sum = new double[batch.widths().value()];
    for (int l = from; l < to; l++) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] += value(l, j);
      }
    }
    return sum;
  }
}
