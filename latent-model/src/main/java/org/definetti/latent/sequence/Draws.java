package org.definetti.latent.sequence;

import java.util.ArrayList;
import java.util.List;
import org.definetti.random.Categorical;
import org.ejml.simple.SimpleMatrix;

/** Rows of probabilities prepared for many draws. */
final class Draws {

  private Draws() {}

  static List<Categorical> rows(SimpleMatrix stochastic) {
    List<Categorical> laws = new ArrayList<>();
    for (int i = 0; i < stochastic.getNumRows(); i++) {
      laws.add(Categorical.of(stochastic.extractVector(true, i).getDDRM().data));
    }
    return List.copyOf(laws);
  }
}
