package org.definetti.latent;

import java.util.random.RandomGenerator;
import org.definetti.random.Normal;
import org.definetti.random.Sphere;

/** The law of the keys of (key, value) tokens, independent of the latent. */
public enum KeyLaw {

  /** Independent standard normal coordinates. */
  GAUSSIAN {
    @Override
    public void draw(double[] key, int offset, int dimension, RandomGenerator rng) {
      Normal.fill(key, offset, offset + dimension, rng);
    }
  },

  /** Uniform on the unit sphere. */
  SPHERE {
    @Override
    public void draw(double[] key, int offset, int dimension, RandomGenerator rng) {
      Sphere.fill(key, offset, dimension, rng);
    }
  };

  /**
   * Draws one key.
   *
   * @param key receives {@code dimension} numbers from {@code offset}. Modified.
   */
  public abstract void draw(double[] key, int offset, int dimension, RandomGenerator rng);
}
