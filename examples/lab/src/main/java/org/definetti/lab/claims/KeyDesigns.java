package org.definetti.lab.claims;

import org.definetti.random.Normal;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/** Random roots of second moments of keys. */
final class KeyDesigns {

  private KeyDesigns() {}

  /** Returns a square matrix of independent normal numbers. */
  static SimpleMatrix draw(int d, Seed seed) {
    double[] numbers = new double[d * d];
    Normal.fill(numbers, 0, numbers.length, seed.generator());
    return new SimpleMatrix(d, d, true, numbers);
  }
}
