package org.definetti.lab.compare;

import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.engine.Batch;
import org.definetti.random.Haar;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * What a trained network computes in double precision, where an identity of symmetry can be told
 * from rounding.
 */
public final class DoubleForm {

  private final Attention attention;
  private final Scale scale;

  private DoubleForm(Attention attention, Scale scale) {
    this.attention = attention;
    this.scale = scale;
  }

  /** Returns the network in double precision. */
  public static DoubleForm of(Network network) {
    return new DoubleForm(
        network.layer().toAttention(network.parameters()), network.task().scale());
  }

  private SimpleMatrix mean(SimpleMatrix query, SimpleMatrix keys, SimpleMatrix values) {
    double[] mean = scale.mean(attention.attend(query, Context.of(keys, values)).getDDRM().data);
    return new SimpleMatrix(1, mean.length, true, mean);
  }

  /**
   * Returns the largest change of an answer, in any coordinate, when the first {@code movable}
   * tokens of each of the first {@code count} sequences are put in a random order.
   */
  public double orderChange(TestSet tests, int count, int movable, Seed seed) {
    double largest = 0;
    Batch batch = tests.batch();
    for (int b = 0; b < Math.min(count, batch.size()); b++) {
      SampleRows rows = new SampleRows(batch, b);
      SimpleMatrix keys = rows.keys();
      SimpleMatrix values = rows.values();
      int[] order = Orders.draw(movable, seed.child(b).generator());
      SimpleMatrix moved = mean(rows.query(), reordered(keys, order), reordered(values, order));
      largest = Math.max(largest, moved.minus(mean(rows.query(), keys, values)).elementMaxAbs());
    }
    return largest;
  }

  private static SimpleMatrix reordered(SimpleMatrix rows, int[] order) {
    int width = rows.getNumCols();
    double[] out = rows.getDDRM().data.clone();
    for (int l = 0; l < order.length; l++) {
      System.arraycopy(rows.getDDRM().data, order[l] * width, out, l * width, width);
    }
    return new SimpleMatrix(rows.getNumRows(), width, true, out);
  }

  /**
   * Returns the largest difference, in any coordinate, between the answer to a sequence whose
   * values were turned by a random orthogonal matrix and the turned answer, over the first {@code
   * count} sequences. Keys and queries stay.
   */
  public double turnChange(TestSet tests, int count, Seed seed) {
    double largest = 0;
    Batch batch = tests.batch();
    for (int b = 0; b < Math.min(count, batch.size()); b++) {
      SampleRows rows = new SampleRows(batch, b);
      SimpleMatrix keys = rows.keys();
      SimpleMatrix values = rows.values();
      SimpleMatrix q = Haar.orthogonal(values.getNumCols(), seed.child(b).generator());
      SimpleMatrix turned = mean(rows.query(), keys, values.mult(q));
      SimpleMatrix answer = mean(rows.query(), keys, values).mult(q);
      largest = Math.max(largest, turned.minus(answer).elementMaxAbs());
    }
    return largest;
  }
}
