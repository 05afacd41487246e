package org.definetti.train;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;

/**
 * The law of the context length of a batch, or of each of its sequences: uniform on {@code
 * least..most}, both included.
 *
 * @param least the least length, at least 0
 * @param most the largest length, at least {@code least}
 */
public record Lengths(int least, int most) {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if it is empty or negative
   */
  public Lengths {
    Check.atLeast("least", 0, least);
    Check.atLeast("most", least, most);
  }

  /** Returns the law that always gives {@code length}. */
  public static Lengths fixed(int length) {
    return new Lengths(length, length);
  }

  /** Returns the uniform law on {@code least..most}, both included. */
  public static Lengths uniform(int least, int most) {
    return new Lengths(least, most);
  }

  /** Draws a length; a fixed length draws nothing. */
  public int draw(RandomGenerator rng) {
    return least == most ? least : least + (int) rng.nextLong(most - least + 1L);
  }
}
