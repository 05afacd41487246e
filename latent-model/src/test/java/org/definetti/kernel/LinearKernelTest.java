package org.definetti.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class LinearKernelTest {

  private final Kernel kernel = new LinearKernel();
  private final SimpleMatrix a = new SimpleMatrix(2, 3, true, 1.0, 2, 3, -1, 0, 4);
  private final SimpleMatrix b = new SimpleMatrix(1, 3, true, 2.0, 1, -1);

  @Test
  void gramHoldsInnerProducts() {
    assertTrue(kernel.gram(a, b).isIdentical(new SimpleMatrix(2, 1, true, 1.0, -6), 0));
    assertTrue(kernel.diagonal(a).isIdentical(new SimpleMatrix(2, 1, true, 14.0, 17), 0));
  }

  @Test
  void featuresReproduceTheGram() {
    assertTrue(kernel.hasFeatures());
    SimpleMatrix product = kernel.features(a).mult(kernel.features(b).transpose());
    assertTrue(kernel.gram(a, b).isIdentical(product, 0));
  }
}
