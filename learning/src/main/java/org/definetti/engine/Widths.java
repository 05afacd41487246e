package org.definetti.engine;

import org.definetti.latent.Check;

/**
 * The widths of a batch's arrays.
 *
 * @param key the width dk of a key and of a query, at least 1
 * @param value the width dv of a value, at least 1
 * @param target the width p of a target and of an output, at least 1
 */
public record Widths(int key, int value, int target) {

  /**
   * Checks the widths.
   *
   * @throws IllegalArgumentException if a width is below 1
   */
  public Widths {
    Check.atLeast("key", 1, key);
    Check.atLeast("value", 1, value);
    Check.atLeast("target", 1, target);
  }
}
