package org.definetti.latent;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ejml.simple.SimpleMatrix;

/**
 * A model as plain data: enough to write it to a file, to name it in a table and to build it again.
 *
 * @param name the model's name in lower case with hyphens, for example {@code gaussian-mean}
 * @param version the version of this description, from 1
 * @param numbers hyperparameters that are one number, in a fixed order
 * @param arrays hyperparameters that are matrices, in a fixed order
 */
public record ModelDescription(
    String name, int version, Map<String, Double> numbers, Map<String, SimpleMatrix> arrays) {

  /** Copies the maps, keeping their order. */
  public ModelDescription {
    Check.atLeast("version", 1, version);
    numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
  }

  /** Returns the description of a model without hyperparameters, version 1. */
  public static ModelDescription of(String name) {
    return new ModelDescription(name, 1, Map.of(), Map.of());
  }

  /** Returns this description with one more number. */
  public ModelDescription with(String key, double value) {
    Map<String, Double> more = new LinkedHashMap<>(numbers);
    more.put(key, value);
    return new ModelDescription(name, version, more, arrays);
  }

  /** Returns this description with one more matrix. */
  public ModelDescription with(String key, SimpleMatrix value) {
    Map<String, SimpleMatrix> more = new LinkedHashMap<>(arrays);
    more.put(key, value);
    return new ModelDescription(name, version, numbers, more);
  }
}
