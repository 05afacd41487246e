package org.definetti.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HaarTest {

  private static final int COUNT = 20_000;
  private static final double ERRORS = 4; // standard errors: false alarm 6e-5 a comparison

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 64})
  void drawsAreOrthogonal(int dimension) {
    RandomGenerator rng = Seed.of(91).child(dimension).generator();
    SimpleMatrix identity = SimpleMatrix.identity(dimension);
    for (int n = 0; n < 20; n++) {
      SimpleMatrix q = Haar.orthogonal(dimension, rng);
      assertTrue(q.mult(q.transpose()).isIdentical(identity, 4e-15));
      assertTrue(q.transpose().mult(q).isIdentical(identity, 4e-15));
      assertEquals(1, Haar.rotation(dimension, rng).determinant(), 1e-12);
      assertEquals(-1, Haar.reflection(dimension, rng).determinant(), 1e-12);
    }
  }

  @Test
  void dimensionOneIsASign() {
    RandomGenerator rng = Seed.of(92).generator();
    assertEquals(1, Haar.rotation(1, rng).get(0, 0));
    assertEquals(-1, Haar.reflection(1, rng).get(0, 0));
    assertEquals(1, Math.abs(Haar.orthogonal(1, rng).get(0, 0)));
  }

  /** What a sampler without the sign convention gets wrong, on O(d) and on each component. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void firstEntryIsCentredAndDeterminantsBalance(int dimension) {
    RandomGenerator rng = Seed.of(93).child(dimension).generator();
    Moments all = new Moments(dimension);
    Moments rotations = new Moments(dimension);
    Moments reflections = new Moments(dimension);
    for (int n = 0; n < COUNT; n++) {
      all.add(Haar.orthogonal(dimension, rng));
      rotations.add(Haar.rotation(dimension, rng));
      reflections.add(Haar.reflection(dimension, rng));
    }
    for (Moments moments : new Moments[] {all, rotations, reflections}) {
      moments.assertUniform();
    }
    assertEquals(0, all.determinants / COUNT, ERRORS / Math.sqrt(COUNT));
    assertEquals(COUNT, rotations.determinants, 1e-6);
    assertEquals(-COUNT, reflections.determinants, 1e-6);
  }

  /** The control: Householder reflections as they come, without the sign convention. */
  @Test
  void uncorrectedSignsAreSeen() {
    RandomGenerator rng = Seed.of(94).generator();
    Moments naive = new Moments(4);
    for (int n = 0; n < 2000; n++) {
      double[] g = new double[16];
      Normal.fill(g, 0, 16, rng);
      naive.add(householder(g, 4));
    }
    assertTrue(Math.abs(naive.first) / naive.count > 0.2, "mean of Q_11 " + naive.first);
    assertEquals(naive.count, Math.abs(naive.determinants), 1e-6);
    assertThrows(AssertionError.class, naive::assertUniform);
  }

  /** The law does not change when a draw is turned: E[Q_ij Q_kl] = δ_ik δ_jl / d. */
  @Test
  void secondMomentsAreThoseOfHaar() {
    int d = 3;
    RandomGenerator rng = Seed.of(95).generator();
    double[] products = new double[81];
    for (int n = 0; n < COUNT; n++) {
      double[] q = Haar.orthogonal(d, rng).getDDRM().data;
      for (int a = 0; a < 9; a++) {
        for (int b = 0; b < 9; b++) {
          products[a * 9 + b] += q[a] * q[b] / COUNT;
        }
      }
    }
    // |Q_ij Q_kl| <= 1, so a standard error is at most 1 / sqrt(COUNT); 81 comparisons.
    for (int a = 0; a < 9; a++) {
      for (int b = 0; b < 9; b++) {
        assertEquals(a == b ? 1.0 / d : 0, products[a * 9 + b], 5 / Math.sqrt(COUNT));
      }
    }
  }

  @Test
  void sameSeedSameBits() {
    SimpleMatrix one = Haar.orthogonal(5, Seed.of(96).generator());
    assertTrue(one.isIdentical(Haar.orthogonal(5, Seed.of(96).generator()), 0));
  }

  @Test
  void otherSizesAreRefused() {
    RandomGenerator rng = Seed.of(97).generator();
    Exception refused = assertThrows(IllegalArgumentException.class, () -> Haar.orthogonal(0, rng));
    assertEquals("dimension: expected >= 1, got 0", refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Haar.rotation(-1, rng));
  }

  private static SimpleMatrix householder(double[] matrix, int d) {
    SimpleMatrix r = new SimpleMatrix(d, d, true, matrix);
    SimpleMatrix q = SimpleMatrix.identity(d);
    for (int c = 0; c < d - 1; c++) {
      double[] v = new double[d];
      double norm = 0;
      for (int i = c; i < d; i++) {
        v[i] = r.get(i, c);
        norm += v[i] * v[i];
      }
      v[c] += Math.signum(v[c]) * Math.sqrt(norm);
      SimpleMatrix column = new SimpleMatrix(d, 1, true, v);
      double square = column.dot(column);
      SimpleMatrix reflection =
          SimpleMatrix.identity(d).minus(column.mult(column.transpose()).scale(2 / square));
      r = reflection.mult(r);
      q = q.mult(reflection);
    }
    return q;
  }

  private static final class Moments {

    private final int dimension;
    private int count;
    private double first;
    private double square;
    private double positive;
    private double determinants;

    Moments(int dimension) {
      this.dimension = dimension;
    }

    void add(SimpleMatrix q) {
      count++;
      first += q.get(0, 0);
      square += q.get(0, 0) * q.get(0, 0);
      positive += q.get(0, 0) > 0 ? 1 : 0;
      determinants += q.determinant();
    }

    void assertUniform() {
      double error = ERRORS / Math.sqrt(count);
      assertEquals(0, first / count, error / Math.sqrt(dimension), "mean of Q_11");
      assertEquals(0.5, positive / count, error / 2, "share of Q_11 > 0");
      // d Q_11² has variance 2(d - 1) / (d + 2), below 2.
      assertEquals(1, dimension * square / count, error * Math.sqrt(2), "d E[Q_11²]");
    }
  }
}
