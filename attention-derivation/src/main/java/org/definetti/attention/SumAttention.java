package org.definetti.attention;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.simple.SimpleMatrix;

/**
 * The sum of the values, whatever the query: linear attention with the constant kernel.
 *
 * <pre>{@code  out = Σ_l c_l v_l,   c_l = exp(b_l)  }</pre>
 *
 * <ul>
 *   <li>A null-token head with null value zero and weight ν gives it too, as {@code ν out / w0}
 *       (check B2).
 *   <li>Shapes: queries (m, dk), used for their number only; values (n, dv); result (m, dv).
 *   <li>Edge cases: n = 0 gives zero.
 *   <li>Cost: O(n dv + m dv); stateless.
 *   <li>Source: [derived] (check B3, step 1).
 * </ul>
 */
public record SumAttention() implements Attention {

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    Shapes.check(queries, context);
    DMatrixRMaj values = Copies.scaleRows(context.values(), context.logBiases(), 1);
    DMatrixRMaj sum = new DMatrixRMaj(1, values.numCols);
    CommonOps_DDRM.sumCols(values, sum);
    SimpleMatrix row = SimpleMatrix.wrap(sum);
    SimpleMatrix result = new SimpleMatrix(queries.getNumRows(), values.numCols);
    for (int i = 0; i < queries.getNumRows(); i++) {
      Rows.write(row, result, i);
    }
    return result;
  }
}
