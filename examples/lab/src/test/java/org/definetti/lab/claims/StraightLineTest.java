package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.junit.jupiter.api.Test;

/** Least squares against Commons Math; weights against repeated points. */
class StraightLineTest {

  private static final double[] X = {1, 2, 4, 7};
  private static final double[] Y = {2, 2.5, 4.5, 6};

  @Test
  void isThatOfCommonsMath() {
    SimpleRegression expected = new SimpleRegression();
    for (int i = 0; i < X.length; i++) {
      expected.addData(X[i], Y[i]);
    }
    StraightLine line = StraightLine.through(X, Y);
    assertEquals(expected.getSlope(), line.slope(), 1e-14);
    assertEquals(expected.getIntercept(), line.intercept(), 1e-14);
    assertEquals(expected.getRSquare(), line.determination(), 1e-14);
    assertEquals(expected.getSumSquaredErrors(), line.residual(), 1e-14);
    assertEquals(expected.predict(3), line.at(3), 1e-14);
  }

  @Test
  void aWeightOfTwoIsAPointTwice() {
    StraightLine weighted = StraightLine.through(X, Y, new double[] {1, 2, 1, 1});
    StraightLine twice =
        StraightLine.through(new double[] {1, 2, 2, 4, 7}, new double[] {2, 2.5, 2.5, 4.5, 6});
    assertEquals(twice.slope(), weighted.slope(), 1e-14);
    assertEquals(twice.residual(), weighted.residual(), 1e-14);
    assertEquals(twice.determination(), weighted.determination(), 1e-14);
    assertThrows(
        IllegalArgumentException.class, () -> StraightLine.through(new double[1], new double[1]));
  }
}
