package org.definetti.lab.compare;

import java.util.Map;
import org.definetti.experiment.Estimate;
import org.definetti.random.Seed;

/** One more measurement of a trained network, at the training length. */
@FunctionalInterface
public interface Probe {

  /**
   * Measures.
   *
   * @param tests sequences that all networks of this seed are tested on
   * @param seed for whatever is drawn
   * @return metric name to estimate; the same names for every network of an architecture
   */
  Map<String, Estimate> measure(Network network, TestSet tests, Seed seed);
}
