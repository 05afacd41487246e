package org.definetti.latent.sequence;

import org.definetti.latent.Belief;

/** The refusal that the beliefs of sequences share. */
final class Segments {

  private Segments() {}

  static IllegalArgumentException otherModel(Belief<?> mine, Belief<?> other) {
    return new IllegalArgumentException(
        "other: expected a belief of the same model as " + mine + ", got " + other);
  }
}
