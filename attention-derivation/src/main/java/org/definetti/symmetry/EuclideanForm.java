package org.definetti.symmetry;

import org.ejml.simple.SimpleMatrix;

/**
 * The form that equivariance under all rigid motions, E(d), forces.
 *
 * <pre>
 * {@code  f(V) = C(G_c) (V - 1 μᵀ) + 1 μᵀ,   μ the mean row of V = [X; Z],  G_c Gram of V - 1 μᵀ  }
 * </pre>
 *
 * <ul>
 *   <li>A function that commutes with translations is known from its values at centred inputs, and
 *       there {@link EquivariantForm} applies. Written as C' V, the rows of C' sum to one: affine
 *       weights that see differences of rows only.
 *   <li>Gaussian attention is such a form as it stands; dot-product attention is made one by
 *       centring.
 *   <li>Source: [derived] (check S15).
 * </ul>
 */
public final class EuclideanForm implements SequenceFunction {

  private final EquivariantForm centred;

  private EuclideanForm(EquivariantForm centred) {
    this.centred = centred;
  }

  /** Returns the form with these coefficients of the centred rows. */
  public static EuclideanForm of(EquivariantForm centred) {
    return new EuclideanForm(centred);
  }

  @Override
  public SimpleMatrix transform(SimpleMatrix tokens, SimpleMatrix knowledge) {
    SimpleMatrix v = Stacked.of(tokens, knowledge);
    double[] mean = new double[v.getNumCols()];
    double[] minus = new double[v.getNumCols()];
    for (int j = 0; j < mean.length; j++) {
      mean[j] = Stacked.columns(v, j, j + 1).elementSum() / v.getNumRows();
      minus[j] = -mean[j];
    }
    SimpleMatrix output =
        centred.transform(Stacked.plusRow(tokens, minus), Stacked.plusRow(knowledge, minus));
    return Stacked.plusRow(output, mean);
  }
}
