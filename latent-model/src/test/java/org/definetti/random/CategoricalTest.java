package org.definetti.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CategoricalTest {

  /** Chi-square with 5 degrees of freedom, critical value 25.7 at 1e-4; twice probability zero. */
  @Test
  void categoriesHaveTheirProbability() {
    double[] probabilities = {0, 0.001, 0.2, 0.3, 0, 0.25, 0.2, 0.049, 0};
    Categorical categorical = Categorical.of(probabilities);
    RandomGenerator rng = Seed.of(33).child("categorical").generator();
    long[] counts = new long[9];
    for (int i = 0; i < 500_000; i++) {
      counts[categorical.draw(rng)]++;
    }
    assertEquals(9, categorical.count());
    assertEquals(0, counts[0] + counts[4] + counts[8]);
    long[] positive = {counts[1], counts[2], counts[3], counts[5], counts[6], counts[7]};
    double[] expected = {0.001, 0.2, 0.3, 0.25, 0.2, 0.049};
    assertTrue(GoodnessOfFit.chiSquare(positive, expected) < 25.7);
  }

  /** The smallest and the largest uniform, where a cumulative search can leave the range. */
  @Test
  void extremeWordsStayInsideThePositiveCategories() {
    for (double[] probabilities :
        new double[][] {{0, 1, 0}, {0, 0.1, 0.2, 0.7 + 1e-10, 0}, {0, 1 - 1e-10, 0}}) {
      Categorical categorical = Categorical.of(probabilities);
      RandomGenerator zeros = () -> 0L;
      RandomGenerator ones = () -> -1L;
      assertEquals(1, categorical.draw(zeros));
      assertEquals(probabilities.length - 2, categorical.draw(ones));
    }
  }

  @Test
  void laterChangesOfTheArrayDoNotShow() {
    double[] probabilities = {1, 0};
    Categorical categorical = Categorical.of(probabilities);
    probabilities[0] = 0;
    probabilities[1] = 1;
    assertEquals(0, categorical.draw(Seed.of(1).generator()));
  }

  @Test
  void otherProbabilitiesAreRefused() {
    assertEquals("probabilities: expected at least 1, got 0", refusal());
    assertEquals("probabilities[1]: expected >= 0, got -0.5", refusal(1.5, -0.5));
    assertEquals("probabilities[0]: expected >= 0, got NaN", refusal(Double.NaN, 1));
    assertEquals("probabilities: expected sum 1, got 0.75", refusal(0.5, 0.25));
    assertEquals("probabilities: expected sum 1, got Infinity", refusal(Double.POSITIVE_INFINITY));
  }

  private static String refusal(double... probabilities) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Categorical.of(probabilities))
            .getMessage());
  }
}
