package org.definetti.engine.simd;

import java.util.Arrays;
import org.definetti.benchmarks.KernelSize;
import org.definetti.benchmarks.MicroKernel;
import org.definetti.engine.BlockShape;
import org.definetti.engine.SingleQuerySoftmax;

/** The vector kernels, on numbers of order one; in this package because the kernels are its own. */
public final class VectorMicroKernels implements MicroKernel.Maker {

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

  private static float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) Math.sin(1.0 + 7 * i);
    }
    return numbers;
  }

  private static float[] panels(int rows, int columns) {
    return numbers(Panels.count(columns) * Panels.panel(rows));
  }

  private static MicroKernel product(KernelSize size) {
    int rows = size.rows();
    int inner = size.inner();
    int panels = Panels.count(size.columns());
    float[] a = panels(rows, inner);
    float[] b = numbers(panels * Panels.panel(inner));
    float[] c = panels(rows, size.columns());
    float[] zero = new float[Panels.WIDTH];
    int aPanel = Panels.panel(rows);
    int bPanel = Panels.panel(inner);
    return () -> {
      for (int p = 0; p < panels; p++) {
        PanelProduct.multiply(a, 0, aPanel, inner, b, p * bPanel, zero, 0, 0, c, p * aPanel, rows);
      }
    };
  }

  private static MicroKernel softmax(KernelSize size) {
    float[] scores = numbers(size.rows() * Panels.WIDTH);
    float[] powers = new float[scores.length];
    float[] sums = new float[size.rows() * Panels.HALF];
    return () -> {
      System.arraycopy(scores, 0, powers, 0, scores.length);
      Arrays.fill(sums, 0f);
      RowExponentials.bounded(powers, 0, size.rows(), sums, 0);
    };
  }

  private static MicroKernel norm(KernelSize size) {
    BlockShape shape = BlockShape.of(size.columns(), 1);
    PanelNorm norm = new PanelNorm(shape, "mlp.norm", size.rows());
    float[] theta = new float[shape.parameterCount()];
    Arrays.fill(theta, 1f);
    norm.prepare(theta, 0);
    float[] x = panels(size.rows(), size.columns());
    float[] y = panels(size.rows(), size.columns());
    return () -> norm.forward(x, 0, y, 0, 0, size.rows());
  }

  private static MicroKernel gelu(KernelSize size) {
    int panels = Panels.count(size.columns());
    int panel = Panels.panel(size.rows());
    float[] x = panels(size.rows(), size.columns());
    float[] slopes = new float[x.length];
    float[] y = new float[x.length];
    return () -> {
      System.arraycopy(x, 0, slopes, 0, x.length);
      for (int p = 0; p < panels; p++) {
        PanelGelu.forward(slopes, p * panel, y, p * panel, size.rows());
      }
    };
  }

  private static MicroKernel singleQuery(KernelSize size) {
    int length = size.inner();
    float[][] keys = new float[size.columns()][];
    float[][] values = new float[size.columns()][];
    for (int j = 0; j < keys.length; j++) {
      keys[j] = numbers(length);
      values[j] = numbers(length);
    }
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
