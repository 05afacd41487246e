package org.definetti.symmetry;

import java.util.Arrays;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * What rotations allow and reflections do not: the cross product, and the sign of a determinant.
 *
 * <pre>{@code
 * cross(v_1 … v_(d-1))_j = det [v_1; …; v_(d-1); e_j]
 * oriented f(X, Z)       = det [v_1; …; v_d] · C(G) V
 * }</pre>
 *
 * <ul>
 *   <li>Both commute with Q of determinant 1 and change sign for determinant -1. The cross product
 *       leaves the span of the rows; the oriented form stays in it, but its coefficients are no
 *       functions of G.
 *   <li>So an audit with rotations only cannot certify the form that O(d) forces.
 *   <li>Source: [derived] (statement ES5, check S8).
 * </ul>
 */
public final class RotationForm {

  private RotationForm() {}

  /**
   * Returns the function whose single output row is the generalised cross product of d - 1 rows of
   * V = [X; Z]; d &gt;= 2.
   *
   * @param rows the indices of the d - 1 rows in V
   */
  public static SequenceFunction crossProduct(int... rows) {
    int[] own = rows.clone();
    return (tokens, knowledge) -> {
      int d = tokens.getNumCols();
      SimpleMatrix chosen = chosen(tokens, knowledge, own, d - 1);
      double[] cross = new double[d];
      for (int j = 0; j < d; j++) {
        double[] unit = new double[d];
        unit[j] = 1;
        cross[j] = Stacked.of(chosen, new SimpleMatrix(1, d, true, unit)).determinant();
      }
      return new SimpleMatrix(1, d, true, cross);
    };
  }

  /**
   * Returns a form times the determinant of d rows of V = [X; Z].
   *
   * @param rows the indices of the d rows in V
   */
  public static SequenceFunction oriented(EquivariantForm form, int... rows) {
    int[] own = rows.clone();
    return (tokens, knowledge) -> {
      SimpleMatrix chosen = chosen(tokens, knowledge, own, tokens.getNumCols());
      return form.transform(tokens, knowledge).scale(chosen.determinant());
    };
  }

  private static SimpleMatrix chosen(
      SimpleMatrix tokens, SimpleMatrix knowledge, int[] rows, int needed) {
    SimpleMatrix v = Stacked.of(tokens, knowledge);
    if (rows.length != needed || Arrays.stream(rows).anyMatch(i -> i < 0 || i >= v.getNumRows())) {
      throw new IllegalArgumentException(
          "rows: expected "
              + needed
              + " indices below "
              + Check.atLeast("rows of V", needed, v.getNumRows())
              + ", got "
              + Arrays.toString(rows));
    }
    return Stacked.reordered(v, rows);
  }
}
