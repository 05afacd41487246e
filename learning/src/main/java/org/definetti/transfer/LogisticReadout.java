package org.definetti.transfer;

import java.util.Arrays;
import org.definetti.latent.Check;
import org.definetti.latent.LogSumExp;
import org.ejml.simple.SimpleMatrix;

/**
 * Class probabilities read from features by ridge-penalised logistic regression.
 *
 * <pre>{@code
 * P(y = c | f) = softmax_c(B f + b),   the last class has B = 0 and b = 0
 * (B, b) = argmin -Σ_i log P(y_i | f_i) + ridge/2 · ||B||²
 * }</pre>
 *
 * <ul>
 *   <li>Shapes: features (n, p); logits' map B (C, p), offset b (C, 1) for C classes.
 *   <li>Method: Newton with halved steps from zero, until they promise less than 1e-10 of the loss;
 *       the ridge makes the minimum exist and be one, also where the classes can be separated.
 *   <li>Cost: a few dozen solutions of (C - 1)(p + 1) equations, O(n C² p²) to set each up.
 *   <li>Source: [recalled].
 * </ul>
 *
 * @param map B, shape (C, p)
 * @param offset b, shape (C, 1)
 */
public record LogisticReadout(SimpleMatrix map, SimpleMatrix offset) {

  private static final int MOST_STEPS = 100;
  private static final double DECREMENT = 1e-10; // of the loss, which rounding moves by 1e-13
  private static final double SHORTEST = 1e-10;

  /**
   * Checks the shapes.
   *
   * @throws org.definetti.latent.ShapeMismatchException if map and offset differ in rows
   */
  public LogisticReadout {
    Check.matrix("map", map, -1, -1);
    Check.matrix("offset", offset, map.getNumRows(), 1);
  }

  /**
   * Returns the readout fitted to labelled features.
   *
   * @param features shape (n, p), n at least 1
   * @param classes the class of each row, 0..C-1, where C is one more than the largest, at least 2.
   *     Not modified.
   * @param ridge above 0
   * @throws IllegalArgumentException if a class from 0 to C-1 does not occur: its offset would be
   *     minus infinity
   */
  public static LogisticReadout fit(SimpleMatrix features, int[] classes, double ridge) {
    Check.matrix("features", features, Check.atLeast("classes.length", 1, classes.length), -1);
    Check.positive("ridge", ridge);
    int count = Arrays.stream(classes).max().orElse(0) + 1;
    Check.atLeast("classes, count", 2, count);
    for (int c = 0; c < count; c++) {
      int each = c;
      if (Arrays.stream(classes).noneMatch(y -> y == each)) {
        throw new IllegalArgumentException(
            "classes: expected each of 0.." + (count - 1) + ", got none of " + c);
      }
    }
    return new Newton(features, classes.clone(), count, ridge).solve();
  }

  /**
   * Returns the class probabilities of features, one row each.
   *
   * @param features shape (n, p)
   * @return shape (n, C)
   */
  public SimpleMatrix probabilities(SimpleMatrix features) {
    SimpleMatrix logits = new LinearReadout(map, offset).read(features);
    int count = logits.getNumCols();
    double[] out = new double[logits.getNumElements()];
    for (int i = 0; i < logits.getNumRows(); i++) {
      double[] row = logits.extractVector(true, i).getDDRM().data;
      double total = LogSumExp.of(row);
      for (int c = 0; c < count; c++) {
        out[i * count + c] = Math.exp(row[c] - total);
      }
    }
    return new SimpleMatrix(logits.getNumRows(), count, true, out);
  }

  /** The minimisation; parameters are (C - 1) rows of p weights and an offset. */
  private static final class Newton {

    private final SimpleMatrix features;
    private final int[] classes;
    private final int count;
    private final double ridge;

    Newton(SimpleMatrix features, int[] classes, int count, double ridge) {
      this.features = features;
      this.classes = classes;
      this.count = count;
      this.ridge = ridge;
    }

    LogisticReadout solve() {
      int width = features.getNumCols() + 1;
      SimpleMatrix theta = new SimpleMatrix((count - 1) * width, 1);
      double loss = loss(theta);
      for (int step = 0; step < MOST_STEPS; step++) {
        SimpleMatrix gradient = gradient(theta);
        SimpleMatrix direction = hessian(theta).solve(gradient);
        double decrement = gradient.dot(direction);
        if (decrement <= DECREMENT * (1 + loss)) {
          return readout(theta.minus(direction));
        }
        double length = 1;
        SimpleMatrix next = theta.minus(direction);
        while (!(loss(next) < loss) && length > SHORTEST) {
          length /= 2;
          next = theta.minus(direction.scale(length));
        }
        theta = next;
        loss = loss(next);
      }
      throw new ArithmeticException(
          "logistic readout: expected a minimum after " + MOST_STEPS + " steps, got loss " + loss);
    }

    private LogisticReadout readout(SimpleMatrix theta) {
      int width = features.getNumCols() + 1;
      double[] map = new double[count * (width - 1)];
      double[] offset = new double[count];
      for (int c = 0; c < count - 1; c++) {
        for (int j = 0; j < width - 1; j++) {
          map[c * (width - 1) + j] = theta.get(c * width + j, 0);
        }
        offset[c] = theta.get(c * width + width - 1, 0);
      }
      return new LogisticReadout(
          new SimpleMatrix(count, width - 1, true, map), new SimpleMatrix(count, 1, true, offset));
    }

    private double feature(int i, int j) {
      return j == features.getNumCols() ? 1 : features.get(i, j);
    }

    private double loss(SimpleMatrix theta) {
      LogisticReadout readout = readout(theta);
      SimpleMatrix logits = new LinearReadout(readout.map, readout.offset).read(features);
      double sum = 0.5 * ridge * readout.map.elementPower(2).elementSum();
      for (int i = 0; i < classes.length; i++) {
        sum += LogSumExp.of(logits.extractVector(true, i).getDDRM().data);
        sum -= logits.get(i, classes[i]);
      }
      return sum;
    }

    private SimpleMatrix gradient(SimpleMatrix theta) {
      int width = features.getNumCols() + 1;
      SimpleMatrix p = readout(theta).probabilities(features);
      double[] gradient = new double[theta.getNumRows()];
      for (int c = 0; c < count - 1; c++) {
        for (int j = 0; j < width; j++) {
          int place = c * width + j;
          gradient[place] = j == width - 1 ? 0 : ridge * theta.get(place, 0);
          for (int i = 0; i < classes.length; i++) {
            gradient[place] += (p.get(i, c) - (classes[i] == c ? 1 : 0)) * feature(i, j);
          }
        }
      }
      return new SimpleMatrix(gradient.length, 1, true, gradient);
    }

    private SimpleMatrix hessian(SimpleMatrix theta) {
      int width = features.getNumCols() + 1;
      int size = theta.getNumRows();
      SimpleMatrix p = readout(theta).probabilities(features);
      double[] hessian = new double[size * size];
      for (int i = 0; i < classes.length; i++) {
        for (int a = 0; a < size; a++) {
          double pa = p.get(i, a / width);
          for (int b = 0; b < size; b++) {
            double weight = pa * ((a / width == b / width ? 1 : 0) - p.get(i, b / width));
            hessian[a * size + b] += weight * feature(i, a % width) * feature(i, b % width);
          }
        }
      }
      for (int a = 0; a < size; a++) {
        hessian[a * size + a] += a % width == width - 1 ? 0 : ridge;
      }
      return new SimpleMatrix(size, size, true, hessian);
    }
  }
}
