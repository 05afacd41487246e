package org.definetti.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

class ParametersTest {

  private static final List<ParameterShape> SHAPES =
      List.of(new ParameterShape("a", 2, 3), new ParameterShape("b", 1, 1));

  private static final SimpleMatrix A = new SimpleMatrix(new double[][] {{1, 2, 3}, {4, 5, 6.25}});

  @Test
  void matricesLieOneAfterTheOtherRowByRow() {
    Parameters parameters =
        Parameters.zeros(SHAPES).with("a", A).with("b", A.extractMatrix(1, 2, 2, 3));
    assertEquals(7, parameters.size());
    assertEquals(0, parameters.offset("a"));
    assertEquals(6, parameters.offset("b"));
    assertEquals(4f, parameters.data()[3]);
    assertEquals(6.25f, parameters.data()[6]);
    assertTrue(parameters.matrix("a").isIdentical(A, 0));
  }

  @Test
  void matricesByNameRoundTrip() {
    Parameters parameters = Parameters.zeros(SHAPES).with("a", A);
    assertEquals(parameters, Parameters.of(SHAPES, parameters.matrices()));
  }

  @Test
  void withCopyAndZerosLeaveTheOriginal() {
    Parameters zero = Parameters.zeros(SHAPES);
    Parameters changed = zero.with("a", A);
    assertNotEquals(zero, changed);
    Parameters copy = changed.copy();
    copy.add(changed);
    assertEquals(2f, copy.data()[0]);
    assertEquals(1f, changed.data()[0]);
    assertEquals(zero, changed.zeros());
    copy.clear();
    assertEquals(zero, copy);
  }

  @Test
  void finiteOnlyIfEveryNumberIs() {
    Parameters parameters = Parameters.zeros(SHAPES);
    assertTrue(parameters.isFinite());
    parameters.data()[6] = Float.NaN;
    assertFalse(parameters.isFinite());
  }

  @Test
  void theFirstMatrixThatIsNotFiniteIsNamed() {
    Parameters parameters = Parameters.zeros(SHAPES);
    parameters.data()[0] = -Float.MAX_VALUE;
    assertNull(parameters.firstNotFinite());
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}) {
      Parameters broken = parameters.copy();
      broken.data()[parameters.size() - 1] = bad;
      assertFalse(broken.isFinite());
      assertEquals("b", broken.firstNotFinite());
      broken.data()[1] = bad;
      assertEquals("a", broken.firstNotFinite());
    }
  }

  @Test
  void errorsNameArgumentExpectedAndGot() {
    Parameters parameters = Parameters.zeros(SHAPES);
    assertMessage("name: expected one of [a, b], got c", () -> parameters.offset("c"));
    assertMessage("name: expected one of [a, b], got c", () -> parameters.matrix("c"));
    assertMessage(
        "matrices: expected names [a, b], got [a]", () -> Parameters.of(SHAPES, Map.of("a", A)));
    assertThrows(ShapeMismatchException.class, () -> parameters.with("b", A));
    ParameterShape twice = SHAPES.get(0);
    assertMessage(
        "shapes: expected distinct names, got a twice",
        () -> Parameters.zeros(List.of(twice, twice)));
    Parameters other = Parameters.zeros(List.of(twice));
    assertThrows(IllegalArgumentException.class, () -> parameters.add(other));
  }

  private static void assertMessage(String message, Runnable call) {
    Exception error = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(message, error.getMessage());
  }
}
