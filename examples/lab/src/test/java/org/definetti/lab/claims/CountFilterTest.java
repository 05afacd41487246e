package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.definetti.lab.oracle.Configurations;
import org.definetti.latent.sequence.HiddenMarkov;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** The recursion over counts against the list of all sequences, each with the sum over paths. */
final class CountFilterTest {

  private static final int LENGTH = 6;

  @Test
  void equalsTheAverageOverAllSequencesWithTheSameCounts() {
    var rng = Seed.of(31).generator();
    SimpleMatrix initial = Laws.draw(1, 3, rng);
    SimpleMatrix transition = Laws.draw(3, 3, rng);
    SimpleMatrix emission = Laws.draw(3, 2, rng);
    BlindPredictor blind = new BlindPredictor(2);
    Configurations.forEach(
        LENGTH + 1,
        2,
        x -> {
          if (x[LENGTH] == 1) {
            double one = evidence(initial, transition, emission, x);
            int[] zero = x.clone();
            zero[LENGTH] = 0;
            double mass = one + evidence(initial, transition, emission, zero);
            blind.add(Arrays.copyOf(x, LENGTH), mass, new double[] {one / mass});
          }
        });
    CountFilter filter = new CountFilter(HiddenMarkov.of(initial, transition, emission));
    for (int l = 0; l < LENGTH; l++) {
      filter.step();
    }
    for (int ones = 0; ones <= LENGTH; ones++) {
      int[] x = new int[LENGTH];
      Arrays.fill(x, 0, ones, 1);
      assertEquals(blind.predict(x)[0], filter.probability(ones), 1e-13);
    }
    assertTrue(blind.excessRisk() > 1e-6);
    assertThrows(IllegalArgumentException.class, () -> blind.predict(1, 1));
  }

  @Test
  void whatDoesNotDependOnTheOrderLosesNothing() {
    BlindPredictor blind = new BlindPredictor(2);
    blind.add(new int[] {0, 1}, 0.25, new double[] {0.5});
    blind.add(new int[] {1, 0}, 0.25, new double[] {0.5});
    blind.add(new int[] {1, 1}, 0.5, new double[] {0.9});
    assertEquals(0, blind.excessRisk());
    blind.add(new int[] {1, 1}, 0.5, new double[] {0.1});
    assertEquals(0.16 * 2 / 3, blind.excessRisk(), 1e-15);
  }

  private static double evidence(
      SimpleMatrix initial, SimpleMatrix transition, SimpleMatrix emission, int[] x) {
    return Configurations.total(
        x.length,
        3,
        z -> {
          double weight = initial.get(0, z[0]);
          for (int l = 0; l < x.length; l++) {
            weight *= l == 0 ? 1 : transition.get(z[l - 1], z[l]);
            weight *= emission.get(z[l], x[l]);
          }
          return weight;
        });
  }
}
