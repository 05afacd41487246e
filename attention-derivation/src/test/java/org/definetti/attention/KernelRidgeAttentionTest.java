package org.definetti.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.definetti.kernel.Kernel;
import org.definetti.kernel.LinearKernel;
import org.definetti.latent.NotPositiveDefiniteException;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KernelRidgeAttentionTest {

  private static final double TOLERANCE = 1e-12; // condition numbers of a few hundred

  private final Linear contract = new Linear();

  @Nested
  class Linear implements AttentionContract {
    @Override
    public Attention attention() {
      return KernelRidgeAttention.of(new LinearKernel(), 0.3);
    }
  }

  @Nested
  class Radial implements AttentionContract {
    @Override
    public Attention attention() {
      return KernelRidgeAttention.of(new RadialKernel(), 0.3);
    }
  }

  @Test
  void primalEqualsDual() {
    KernelRidgeAttention attention = KernelRidgeAttention.of(new LinearKernel(), 0.3);
    SimpleMatrix queries = contract.queries(4);
    for (int length : new int[] {1, 2, 3, 20}) {
      Context context = contract.context("dual", length);
      SimpleMatrix primal = attention.attendPrimal(queries, context);
      assertTrue(primal.isIdentical(attention.attendDual(queries, context), TOLERANCE));
      SimpleMatrix variance = attention.variancePrimal(queries, context, 0.6);
      assertTrue(variance.isIdentical(attention.varianceDual(queries, context, 0.6), TOLERANCE));
      assertTrue(
          variance.isIdentical(attention.predictiveVariance(queries, context, 0.6), TOLERANCE));
    }
  }

  /**
   * Posterior of (values at the queries) by conditioning the joint Gaussian of all values with its
   * full covariance: no ridge anywhere.
   */
  @Test
  void conditionsTheJointGaussian() {
    double priorVariance = 2.5;
    double noiseVariance = 0.4;
    SimpleMatrix queries = contract.queries(3);
    for (Kernel kernel : new Kernel[] {new LinearKernel(), new RadialKernel()}) {
      KernelRidgeAttention exact = KernelRidgeAttention.of(kernel, noiseVariance / priorVariance);
      KernelRidgeAttention wrong =
          KernelRidgeAttention.of(kernel, 2 * noiseVariance / priorVariance);
      for (int length : new int[] {1, 4, 30}) {
        Context drawn = contract.context("joint", length);
        Context context = Context.of(drawn.keys(), drawn.values());
        SimpleMatrix observed = kernel.gram(context.keys(), context.keys()).scale(priorVariance);
        observed = observed.plus(SimpleMatrix.identity(length).scale(noiseVariance));
        SimpleMatrix cross = kernel.gram(queries, context.keys()).scale(priorVariance);
        SimpleMatrix gain = cross.mult(observed.invert());
        SimpleMatrix mean = gain.mult(context.values());
        assertTrue(mean.isIdentical(exact.attend(queries, context), TOLERANCE));
        SimpleMatrix conditional =
            kernel
                .gram(queries, queries)
                .scale(priorVariance)
                .plus(SimpleMatrix.identity(3).scale(noiseVariance))
                .minus(gain.mult(cross.transpose()));
        SimpleMatrix variance = exact.predictiveVariance(queries, context, noiseVariance);
        assertTrue(conditional.diag().isIdentical(variance, TOLERANCE));
        // The control: a ridge off by a factor of two must not pass.
        assertTrue(mean.minus(wrong.attend(queries, context)).elementMaxAbs() > 1e-3);
      }
    }
  }

  @Test
  void givesThePriorForNoTokens() {
    KernelRidgeAttention attention = KernelRidgeAttention.of(new LinearKernel(), 0.5);
    Context none = Context.of(new SimpleMatrix(0, 3), new SimpleMatrix(0, 2));
    SimpleMatrix query = new SimpleMatrix(1, 3, true, 1.0, 2.0, 3.0);
    assertTrue(attention.attend(query, none).isIdentical(new SimpleMatrix(1, 2), 0));
    // s2 + t2 |q|² = 0.25 + 0.5 · 14
    assertEquals(7.25, attention.predictiveVariance(query, none, 0.25).get(0, 0), 1e-14);
  }

  @Test
  void refusesBadParametersByName() {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      String message =
          String.valueOf(
              assertThrows(
                      IllegalArgumentException.class,
                      () -> KernelRidgeAttention.of(new LinearKernel(), bad))
                  .getMessage());
      assertEquals("ridge: expected finite and > 0, got " + bad, message);
    }
    KernelRidgeAttention attention = KernelRidgeAttention.of(new LinearKernel(), 0.5);
    assertEquals(0.5, attention.ridge());
    assertEquals(new LinearKernel(), attention.kernel());
    assertThrows(
        IllegalArgumentException.class,
        () -> attention.predictiveVariance(contract.queries(1), contract.context("v", 4), -1));
  }

  @Test
  void saysWhichPivotRoundingDestroyed() {
    // Two equal keys of length 1e10: a ridge of 1e-10 is lost beside 1e20.
    Context context = Context.of(column(1e10, 1e10), column(1, 1));
    KernelRidgeAttention attention = KernelRidgeAttention.of(new WithoutFeatures(), 1e-10);
    NotPositiveDefiniteException failure =
        assertThrows(
            NotPositiveDefiniteException.class, () -> attention.attend(column(1), context));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.startsWith("kernel + ridge: expected"), message);
    assertTrue(message.contains("pivot 1 = 0.0"), message);
  }

  private static SimpleMatrix column(double... numbers) {
    return new SimpleMatrix(numbers.length, 1, true, numbers);
  }

  /** The linear kernel without its features, so that only the dual form applies. */
  private record WithoutFeatures() implements Kernel {
    @Override
    public SimpleMatrix gram(SimpleMatrix a, SimpleMatrix b) {
      return a.mult(b.transpose());
    }

    @Override
    public SimpleMatrix diagonal(SimpleMatrix a) {
      return a.mult(a.transpose()).diag();
    }
  }

  /** κ(a, b) = exp(−|a − b|² / 2): no finite features. */
  private record RadialKernel() implements Kernel {
    @Override
    public SimpleMatrix gram(SimpleMatrix a, SimpleMatrix b) {
      SimpleMatrix gram = new SimpleMatrix(a.getNumRows(), b.getNumRows());
      for (int i = 0; i < a.getNumRows(); i++) {
        for (int j = 0; j < b.getNumRows(); j++) {
          double distance = a.rows(i, i + 1).minus(b.rows(j, j + 1)).normF();
          gram.set(i, j, Math.exp(-distance * distance / 2));
        }
      }
      return gram;
    }

    @Override
    public SimpleMatrix diagonal(SimpleMatrix a) {
      SimpleMatrix ones = new SimpleMatrix(a.getNumRows(), 1);
      ones.fill(1);
      return ones;
    }
  }
}
