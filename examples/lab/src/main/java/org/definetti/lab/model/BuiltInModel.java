package org.definetti.lab.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.definetti.latent.LatentModel;
import org.definetti.latent.ModelDescription;

/**
 * One model of the library as the command line offers it.
 *
 * @param name lower case with hyphens
 * @param words the model in plain words, one sentence
 * @param formula the model as plain text
 * @param exact what is exact about it, and how it is computed where that needs saying
 * @param limit the longest sequence it takes, and why
 * @param defaults hyperparameters with their default text, in order
 * @param factory builds the model from settings
 * @param reader builds the model from its description
 */
public record BuiltInModel(
    String name,
    String words,
    String formula,
    String exact,
    String limit,
    Map<String, String> defaults,
    Function<Settings, LatentModel<?>> factory,
    Function<ModelDescription, LatentModel<?>> reader) {

  static final String ANY_LENGTH = "any length: the statistic has a fixed size";

  /** Returns the model with these settings. */
  public LatentModel<?> build(String settings) {
    return factory.apply(Settings.of(name, defaults, settings));
  }

  /** Returns default settings in the given order: key, value, key, value, … */
  static Map<String, String> ordered(String... keysAndValues) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
