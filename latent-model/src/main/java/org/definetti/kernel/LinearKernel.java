package org.definetti.kernel;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.simple.SimpleMatrix;

/** The linear kernel κ(a, b) = a·b; its features are the vectors themselves. */
public record LinearKernel() implements Kernel {

  @Override
  public SimpleMatrix gram(SimpleMatrix a, SimpleMatrix b) {
    DMatrixRMaj gram = new DMatrixRMaj(a.getNumRows(), b.getNumRows());
    CommonOps_DDRM.multTransB(a.getDDRM(), b.getDDRM(), gram);
    return SimpleMatrix.wrap(gram);
  }

  @Override
  public SimpleMatrix diagonal(SimpleMatrix a) {
    DMatrixRMaj diagonal = new DMatrixRMaj(a.getNumRows(), 1);
    double[] rows = a.getDDRM().data;
    int width = a.getNumCols();
    for (int i = 0; i < a.getNumRows(); i++) {
      double sum = 0;
      for (int j = 0; j < width; j++) {
        sum += rows[i * width + j] * rows[i * width + j];
      }
      diagonal.data[i] = sum;
    }
    return SimpleMatrix.wrap(diagonal);
  }

  @Override
  public boolean hasFeatures() {
    return true;
  }

  @Override
  public SimpleMatrix features(SimpleMatrix a) {
    return a;
  }
}
