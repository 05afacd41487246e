package org.definetti.engine;

import java.util.Arrays;
import org.definetti.benchmarks.KernelSize;
import org.definetti.benchmarks.MicroKernel;

/** The plain loops, on numbers of order one; in this package because the loops are its own. */
public final class PlainMicroKernels implements MicroKernel.Maker {

  @Override
  public MicroKernel make(KernelSize size) {
    return switch (size.kind()) {
      case PRODUCT -> product(size);
      case SOFTMAX -> softmax(size);
      case NORM -> norm(size);
      case GELU -> gelu(size);
      case SINGLE_QUERY -> singleQuery(size);
    };
  }

  private static float[][] matrix(int rows, int columns) {
    float[][] matrix = new float[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix[i][j] = (float) Math.sin(1.0 + 7 * i + 3 * j);
      }
    }
    return matrix;
  }

  private static MicroKernel product(KernelSize size) {
    float[][] a = matrix(size.rows(), size.inner());
    float[][] b = matrix(size.inner(), size.columns());
    float[][] c = new float[size.rows()][size.columns()];
    return () -> {
      RowProducts.clear(c, 0, size.rows(), size.columns());
      RowProducts.add(a, 0, 0, size.rows(), b, 0, size.inner(), size.columns(), c);
    };
  }

  private static MicroKernel softmax(KernelSize size) {
    float[][] scores = matrix(size.rows(), size.columns());
    float[][] powers = new float[size.rows()][size.columns()];
    float[] sums = new float[size.rows()];
    return () -> {
      for (int i = 0; i < sums.length; i++) {
        float[] in = scores[i];
        float[] out = powers[i];
        for (int j = 0; j < in.length; j++) {
          out[j] = FloatExp.exp(in[j]);
        }
        float sum = 0f;
        for (float power : out) {
          sum += power;
        }
        sums[i] = sum;
      }
    };
  }

  private static MicroKernel norm(KernelSize size) {
    BlockShape shape = BlockShape.of(size.columns(), 1);
    RowNorm norm = new RowNorm(shape, "mlp.norm", size.rows());
    float[] theta = new float[shape.parameterCount()];
    Arrays.fill(theta, 1f);
    norm.prepare(theta, 0);
    float[][] x = matrix(size.rows(), size.columns());
    float[][] y = matrix(size.rows(), size.columns());
    return () -> norm.forward(x, 0, size.rows(), y);
  }

  private static MicroKernel gelu(KernelSize size) {
    float[][] x = matrix(size.rows(), size.columns());
    float[][] y = new float[size.rows()][size.columns()];
    float[][] slopes = new float[size.rows()][size.columns()];
    return () -> {
      for (int i = 0; i < y.length; i++) {
        System.arraycopy(x[i], 0, y[i], 0, y[i].length);
        Gelu.apply(y[i], slopes[i], y[i].length);
      }
    };
  }

  private static MicroKernel singleQuery(KernelSize size) {
    int length = size.inner();
    float[][] keys = matrix(size.columns(), length);
    float[][] values = matrix(size.columns(), length);
    float[] query = new float[size.columns()];
    Arrays.fill(query, 0.1f);
    float[] weights = new float[length];
    float[] logitGradients = new float[length];
    float[] sum = new float[size.columns()];
    float[] du = new float[size.columns()];
    float none = Float.NEGATIVE_INFINITY;
    return () -> {
      SingleQuerySoftmax.forward(query, keys, values, 0, length, none, weights, sum, 0);
      SingleQuerySoftmax.backward(
          sum, 0f, 0f, keys, values, 0, length, weights, logitGradients, du);
    };
  }
}
