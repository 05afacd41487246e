package org.definetti.symmetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dimensions against the integral of characters over the group, which solves no equation. */
class PolynomialMapsTest {

  private final RandomGenerator rng = Seed.of(606).generator();

  /**
   * Returns the dimension of the equivariant maps by orthogonality of characters:
   *
   * <pre>{@code  ∫ h_p(eigenvalues of Q, m times each) tr(Q) dQ  }</pre>
   *
   * over the rotations by an angle, whose eigenvalues are 1 (if d = 3) and e^(±iθ). Reflections of
   * the plane have trace zero; those of space are -Q and double odd degrees, cancel even ones.
   *
   * @param reflections whether the group is O(d), else SO(d)
   */
  private static int integral(int d, int m, int p, boolean reflections) {
    int steps = 4096; // exact for trigonometric polynomials of a lower degree
    double sum = 0;
    for (int s = 0; s < steps; s++) {
      double theta = 2 * Math.PI * s / steps;
      double[] series = new double[p + 1];
      series[0] = 1;
      for (int row = 0; row < m; row++) {
        for (int n = 0; n <= p; n++) { // divide by 1 - 2 cos θ t + t²
          series[n] += n < 1 ? 0 : 2 * Math.cos(theta) * series[n - 1];
          series[n] -= n < 2 ? 0 : series[n - 2];
        }
        for (int n = 1; n <= p && d == 3; n++) { // divide by 1 - t
          series[n] += series[n - 1];
        }
      }
      double trace = 2 * Math.cos(theta) + (d == 3 ? 1 : 0);
      double density = d == 3 ? 1 - Math.cos(theta) : 1;
      sum += series[p] * trace * density / steps;
    }
    if (!reflections) {
      return (int) Math.round(sum);
    }
    return (int) Math.round(d == 2 ? sum / 2 : p % 2 == 0 ? 0 : sum);
  }

  @ParameterizedTest
  @CsvSource({"2,2,1", "2,2,3", "2,1,5", "2,3,3", "2,2,4", "3,2,2", "3,1,3", "3,2,3", "3,1,4"})
  void nothingCommutesButTheForm(int d, int m, int p) {
    PolynomialMaps maps = PolynomialMaps.of(m, d, p);
    List<SimpleMatrix> generators = maps.generators(true, rng);
    PolynomialMaps.Commuting all = maps.commuting(generators, rng);
    assertEquals(integral(d, m, p, true), all.dimension());
    assertEquals(all.dimension(), maps.generated(rng));
    PolynomialMaps.Commuting rotations = maps.commuting(generators.subList(0, 2), rng);
    assertEquals(integral(d, m, p, false), rotations.dimension());
    assertTrue(all.gap() > 1e9 && rotations.gap() > 1e9);
  }

  @Test
  void aDrawIsEquivariantAndReproduced() {
    PolynomialMaps maps = PolynomialMaps.of(3, 2, 3);
    SimpleMatrix drawn = maps.commuting(maps.generators(true, rng), rng).draw(rng);
    SequenceFunction function = maps.function(drawn);
    AuditPlan plan = AuditPlan.of(2, 1, 2).withElements(4);
    for (int determinant : new int[] {1, -1}) {
      AuditResult result = new OrthogonalAudit(determinant).examine(plan, rng, function);
      assertEquals(AuditVerdict.PASS, result.verdict(), result::toString);
    }
    assertTrue(maps.residual(rng, function) < 1e-12);
    assertTrue(maps.residual(rng, (x, z) -> SampleFunctions.RELU.transform(x, z).rows(0, 1)) > 0.1);
    // one row out of a form of the right degree, written without polynomials
    SequenceFunction cubic = (x, z) -> x.mult(x.transpose()).mult(x).rows(1, 2);
    assertTrue(maps.residual(rng, cubic) < 1e-12);
  }

  @Test
  void oneRowHasTheFunctionsOfItsNorm() {
    PolynomialMaps maps = PolynomialMaps.of(1, 3, 3);
    SimpleMatrix only = maps.commuting(maps.generators(true, rng), rng).basis();
    SimpleMatrix x = SampleFunctions.normal(1, 3, rng);
    SimpleMatrix output = maps.function(only).transform(x, new SimpleMatrix(0, 3));
    double ratio = output.get(0) / x.get(0) / (x.normF() * x.normF());
    assertTrue(output.isIdentical(x.scale(ratio * x.normF() * x.normF()), 1e-12)); // c |x|² x
  }

  @Test
  void sizes() {
    assertEquals(40, PolynomialMaps.of(2, 2, 3).unknowns());
    assertEquals(6, PolynomialMaps.of(2, 2, 3).independent());
    assertEquals(0, PolynomialMaps.of(2, 2, 2).independent());
    assertThrows(IllegalArgumentException.class, () -> PolynomialMaps.of(4, 4, 5));
    assertThrows(IllegalArgumentException.class, () -> PolynomialMaps.of(0, 2, 3));
  }
}
