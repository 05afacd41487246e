package org.definetti.transfer;

import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;
import org.ejml.simple.SimpleSVD;

/**
 * An affine readout of features, by ridge regression: the probe of a pretrained predictor.
 *
 * <pre>{@code
 * out = B f + c,   (B, c) = argmin Σ_i w_i ||B f_i + c - y_i||² + ridge · ||B||²
 * }</pre>
 *
 * <ul>
 *   <li>Shapes: features (n, p) and targets (n, q), one a row; map B (q, p), offset c (q, 1).
 *   <li>Edge cases: the offset is not penalised. With ridge 0 it is least squares, of least norm
 *       where the features are dependent (singular values below 1e-12 of the largest count as
 *       none).
 *   <li>Cost: one singular value decomposition, O(n p²).
 *   <li>Source: [recalled].
 * </ul>
 *
 * @param map B, shape (q, p)
 * @param offset c, shape (q, 1)
 */
public record LinearReadout(SimpleMatrix map, SimpleMatrix offset) {

  private static final double DEPENDENT = 1e-12;

  /**
   * Checks the shapes.
   *
   * @throws org.definetti.latent.ShapeMismatchException if map and offset differ in rows
   */
  public LinearReadout {
    Check.matrix("map", map, -1, -1);
    Check.matrix("offset", offset, map.getNumRows(), 1);
  }

  /**
   * Returns the readout fitted to labelled features.
   *
   * @param features shape (n, p), n at least 1
   * @param targets shape (n, q)
   * @param ridge at least 0
   */
  public static LinearReadout ridge(SimpleMatrix features, SimpleMatrix targets, double ridge) {
    int n = Check.atLeast("features, rows", 1, features.getNumRows());
    return weighted(features, targets, new SimpleMatrix(1, n).plus(1.0), ridge);
  }

  /**
   * Returns the readout fitted to labelled features that count as often as their weight says.
   *
   * <p>With the probabilities of a {@link PosteriorLaw} as weights and the exact posterior means as
   * targets it is the best affine readout, what unlimited labels would find.
   *
   * @param features shape (n, p), n at least 1
   * @param targets shape (n, q)
   * @param weights w, shape (1, n), not negative, not all zero
   * @param ridge at least 0
   */
  public static LinearReadout weighted(
      SimpleMatrix features, SimpleMatrix targets, SimpleMatrix weights, double ridge) {
    Check.matrix("features", features, -1, -1);
    int n = Check.atLeast("features, rows", 1, features.getNumRows());
    Check.matrix("targets", targets, n, -1);
    Check.matrix("weights", weights, 1, n);
    for (int i = 0; i < n; i++) {
      Check.notNegative("weights[" + i + "]", weights.get(0, i));
    }
    Check.positive("weights, sum", weights.elementSum());
    Check.notNegative("ridge", ridge);
    return fit(features, targets, weights, ridge);
  }

  private static LinearReadout fit(
      SimpleMatrix features, SimpleMatrix targets, SimpleMatrix weights, double ridge) {
    SimpleMatrix meanFeature = weights.mult(features).divide(weights.elementSum());
    SimpleMatrix meanTarget = weights.mult(targets).divide(weights.elementSum());
    SimpleSVD<SimpleMatrix> svd = scaled(features, meanFeature, weights).svd(true);
    SimpleMatrix right = svd.getU().transpose().mult(scaled(targets, meanTarget, weights));
    double[] values = svd.getSingularValues();
    double[] filtered = right.getDDRM().data.clone();
    for (int i = 0; i < filtered.length; i++) {
      double value = values[i / right.getNumCols()];
      filtered[i] *= value <= DEPENDENT * values[0] ? 0 : value / (value * value + ridge);
    }
    SimpleMatrix solved =
        svd.getV().mult(new SimpleMatrix(right.getNumRows(), right.getNumCols(), true, filtered));
    SimpleMatrix map = solved.transpose();
    return new LinearReadout(map, meanTarget.transpose().minus(map.mult(meanFeature.transpose())));
  }

  // Rows minus their mean, times the root of their weight.
  private static SimpleMatrix scaled(SimpleMatrix rows, SimpleMatrix mean, SimpleMatrix weights) {
    int width = rows.getNumCols();
    double[] scaled = rows.getDDRM().data.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (scaled[i] - mean.get(0, i % width)) * Math.sqrt(weights.get(0, i / width));
    }
    return new SimpleMatrix(rows.getNumRows(), width, true, scaled);
  }

  /**
   * Returns the readout of features, one a row.
   *
   * @param features shape (n, p)
   * @return shape (n, q)
   */
  public SimpleMatrix read(SimpleMatrix features) {
    Check.matrix("features", features, -1, map.getNumCols());
    SimpleMatrix out = features.mult(map.transpose());
    double[] rows = out.getDDRM().data.clone();
    for (int i = 0; i < rows.length; i++) {
      rows[i] += offset.get(i % out.getNumCols(), 0);
    }
    return new SimpleMatrix(out.getNumRows(), out.getNumCols(), true, rows);
  }
}
