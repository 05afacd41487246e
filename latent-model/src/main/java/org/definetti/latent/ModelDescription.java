package org.definetti.latent;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ejml.simple.SimpleMatrix;

/**
 * A model as plain data: enough to write it to a file, to name it in a table and to build it again.
 *
 * @param name the model's name in lower case with hyphens, for example {@code gaussian-mean}
 * @param version the version of this description, from 1
 * @param choices hyperparameters that are one of several words, in a fixed order
 * @param numbers hyperparameters that are one number, in a fixed order
 * @param arrays hyperparameters that are matrices, in a fixed order
 */
public record ModelDescription(
    String name,
    int version,
    Map<String, String> choices,
    Map<String, Double> numbers,
    Map<String, SimpleMatrix> arrays) {

  /** Copies the maps, keeping their order. */
  public ModelDescription {
    Check.atLeast("version", 1, version);
    choices = Collections.unmodifiableMap(new LinkedHashMap<>(choices));
    numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
  }

  /** Returns the description of a model without hyperparameters, version 1. */
  public static ModelDescription of(String name) {
    return new ModelDescription(name, 1, Map.of(), Map.of(), Map.of());
  }

  /** Returns this description with one more choice. */
  public ModelDescription with(String key, String value) {
    return new ModelDescription(name, version, plus(choices, key, value), numbers, arrays);
  }

  /** Returns this description with one more number. */
  public ModelDescription with(String key, double value) {
    return new ModelDescription(name, version, choices, plus(numbers, key, value), arrays);
  }

  /** Returns this description with one more matrix. */
  public ModelDescription with(String key, SimpleMatrix value) {
    return new ModelDescription(name, version, choices, numbers, plus(arrays, key, value));
  }

  /**
   * Opens this description for reading by the model it describes.
   *
   * @throws IllegalArgumentException if it describes another model or another version
   */
  public DescriptionReader read(String expectedName, int expectedVersion) {
    return new DescriptionReader(this, expectedName, expectedVersion);
  }

  /** Returns everything in full precision on one line: equal for equal descriptions only. */
  public String text() {
    StringBuilder text = new StringBuilder(name);
    text.append(" v").append(version).append(' ').append(choices).append(numbers);
    arrays.forEach(
        (key, matrix) ->
            text.append(' ')
                .append(key)
                .append('=')
                .append(matrix.getNumRows())
                .append('x')
                .append(matrix.getNumCols())
                .append(Arrays.toString(matrix.getDDRM().data)));
    return text.toString();
  }

  private static <V> Map<String, V> plus(Map<String, V> map, String key, V value) {
    Map<String, V> more = new LinkedHashMap<>(map);
    more.put(key, value);
    return more;
  }
}
