package org.definetti.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.definetti.latent.Belief;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Tokens;
import org.definetti.latent.sequence.HiddenMarkov;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** Floors by dynamic programming against sums over every sequence, by the model's own belief. */
class OrderFloorsTest {

  private static final int LENGTH = 6;
  private static final double[] INITIAL = {0.3, 0.5, 0.2};
  private static final double[][] TRANSITION = {{0.7, 0.2, 0.1}, {0.1, 0.6, 0.3}, {0.2, 0.2, 0.6}};
  private static final double[][] EMISSION = {{0.9, 0.1}, {0.3, 0.7}, {0.5, 0.5}};
  private static final HiddenMarkov MODEL =
      HiddenMarkov.of(
          new SimpleMatrix(1, 3, true, INITIAL),
          new SimpleMatrix(TRANSITION),
          new SimpleMatrix(EMISSION));

  /** Σ_t H(x^(t+1) | key of the past) over all pasts up to the length. */
  private static double entropy(Function<String, String> key) {
    double sum = 0;
    for (int t = 0; t <= LENGTH; t++) {
      Map<String, double[]> weights = new HashMap<>();
      for (int code = 0; code < 1 << t; code++) {
        StringBuilder past = new StringBuilder();
        double[] symbols = new double[t];
        for (int l = 0; l < t; l++) {
          symbols[l] = code >> l & 1;
          past.append((int) symbols[l]);
        }
        Tokens tokens = Tokens.ofRows(new CategoricalTokens(2), symbols);
        Belief<Integer> belief = MODEL.prior().observe(tokens);
        double probability = Math.exp(belief.logEvidence());
        SimpleMatrix next = belief.predictive(MODEL.tokenSpace().emptyQuery()).mean();
        double[] sums = weights.computeIfAbsent(key.apply(past.toString()), k -> new double[2]);
        sums[0] += probability * next.get(0, 0);
        sums[1] += probability * next.get(0, 1);
      }
      for (double[] w : weights.values()) {
        double total = w[0] + w[1];
        sum -= w[0] * Math.log(w[0] / total) + w[1] * Math.log(w[1] / total);
      }
    }
    return sum;
  }

  private static String ones(String past) {
    return String.valueOf(past.chars().filter(c -> c == '1').count());
  }

  private static String last(String past) {
    return past.isEmpty() ? "" : past.substring(past.length() - 1);
  }

  @Test
  void floorsAreDifferencesOfEntropies() {
    OrderFloors floors = new OrderFloors(INITIAL, TRANSITION, EMISSION, LENGTH);
    double filter = entropy(past -> past);
    assertEquals(entropy(OrderFloorsTest::ones) - filter, floors.orderBlind(), 1e-12);
    assertEquals(
        entropy(past -> ones(past) + "," + last(past)) - filter, floors.countsAndLast(), 1e-12);
    assertTrue(floors.countsAndLast() < floors.orderBlind());
    assertTrue(floors.orderBlind() < floors.nullHead());
  }

  /** States that emit alike leave nothing to see: order is worth nothing. */
  @Test
  void withoutAStateToSeeTheFloorIsZero() {
    double[][] alike = {{0.4, 0.6}, {0.4, 0.6}, {0.4, 0.6}};
    OrderFloors floors = new OrderFloors(INITIAL, TRANSITION, alike, LENGTH);
    assertEquals(0, floors.orderBlind(), 1e-12);
    assertEquals(0, floors.countsAndLast(), 1e-12);
    // A null token that outweighs everything says 0.4 and 0.6.
    assertEquals(0, floors.nullHead(), 1e-3);
  }
}
