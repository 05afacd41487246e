package org.definetti.layer;

import java.util.random.RandomGenerator;
import org.definetti.engine.Parameters;
import org.definetti.random.Normal;

/** Draws of initial parameters beyond those of maps. */
final class InitialDraws {

  private InitialDraws() {}

  /** Fills a parameter with independent standard normal draws. */
  static void normal(Parameters parameters, String name, RandomGenerator rng) {
    int offset = parameters.offset(name);
    for (int i = 0; i < parameters.shape(name).size(); i++) {
      parameters.data()[offset + i] = (float) Normal.draw(rng);
    }
  }
}
