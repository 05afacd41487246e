package org.definetti.lab.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The hyperparameters of one model as text: defaults overridden by what the user wrote.
 *
 * <p>Written after the model's name as {@code gaussian-mean:dimension=3,noise-variance=0.5}.
 */
public final class Settings {

  private final String model;
  private final Map<String, String> values;

  private Settings(String model, Map<String, String> values) {
    this.model = model;
    this.values = values;
  }

  /**
   * Returns the defaults overridden by {@code text}.
   *
   * @param text {@code key=value} pairs separated by commas, or empty
   * @throws IllegalArgumentException if a key is unknown to the model or a pair has no {@code =}
   */
  static Settings of(String model, Map<String, String> defaults, String text) {
    Map<String, String> values = new LinkedHashMap<>(defaults);
    for (String pair : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      if (equals < 0 || !defaults.containsKey(key)) {
        throw new IllegalArgumentException(
            "model "
                + model
                + ": expected key=value with a key of "
                + defaults.keySet()
                + ", got "
                + pair);
      }
      values.put(key, pair.substring(equals + 1));
    }
    return new Settings(model, values);
  }

  /** Returns the whole number of a key. */
  public int whole(String key) {
    String text = text(key);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong(key, "a whole number", text);
    }
  }

  /** Returns the number of a key. */
  public double number(String key) {
    String text = text(key);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wrong(key, "a number", text);
    }
  }

  /** Returns the numbers of a key, written with {@code /} between them. */
  public double[] numbers(String key) {
    String text = text(key);
    try {
      return Arrays.stream(text.split("/", -1)).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      throw wrong(key, "numbers with / between them", text);
    }
  }

  /** Returns the constant of an enum that a key names, in lower case with hyphens. */
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    String text = text(key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
        return constant;
      }
    }
    throw wrong(key, Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT), text);
  }

  /** Returns whether a key has this word. */
  boolean says(String key, String word) {
    return text(key).equals(word);
  }

  private String text(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalStateException(model + " has no default for " + key);
    }
    return value;
  }

  private IllegalArgumentException wrong(String key, String expected, String got) {
    return new IllegalArgumentException(
        "model " + model + ", " + key + ": expected " + expected + ", got " + got);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    values.forEach(
        (key, value) ->
            text.append(text.length() == 0 ? "" : ",").append(key).append('=').append(value));
    return text.toString();
  }
}
