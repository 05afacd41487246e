package org.definetti.lab.oracle;

import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * Sums over every configuration of states on a few places: plain loops over plain numbers.
 *
 * <pre>{@code  P(z_i = k) = Σ_{z: z_i = k} weight(z) / Σ_z weight(z)  }</pre>
 *
 * <p>Cost: K^n weights. Source: [derived], the definition of a marginal.
 */
public final class Configurations {

  private Configurations() {}

  /**
   * Hears every configuration, the first place turning fastest.
   *
   * @param visitor takes the states; the array is reused for the next. Not to be modified.
   */
  public static void forEach(int places, int states, Consumer<int[]> visitor) {
    Check.atLeast("places", 0, places);
    Check.atLeast("states", 1, states);
    long count = Math.round(Math.pow(states, places));
    int[] z = new int[places];
    for (long c = 0; c < count; c++) {
      long rest = c;
      for (int i = 0; i < places; i++) {
        z[i] = (int) (rest % states);
        rest /= states;
      }
      visitor.accept(z);
    }
  }

  /** Returns the sum of the weights of all configurations. */
  public static double total(int places, int states, ToDoubleFunction<int[]> weight) {
    double[] total = new double[1];
    forEach(places, states, z -> total[0] += weight.applyAsDouble(z));
    return total[0];
  }

  /**
   * Returns the law of the state at each place, shape (n, K).
   *
   * @param weight of a whole configuration, not negative; need not be normalised
   */
  public static SimpleMatrix marginals(int places, int states, ToDoubleFunction<int[]> weight) {
    double[] sums = new double[places * states];
    double[] total = new double[1];
    forEach(
        places,
        states,
        z -> {
          double w = weight.applyAsDouble(z);
          total[0] += w;
          for (int i = 0; i < places; i++) {
            sums[i * states + z[i]] += w;
          }
        });
    for (int a = 0; a < sums.length; a++) {
      sums[a] /= total[0];
    }
    return new SimpleMatrix(places, states, true, sums);
  }
}
