package org.definetti.latent;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.ejml.simple.SimpleMatrix;

/**
 * Reads a {@link ModelDescription} field by field and refuses what is missing, wrong or unknown.
 *
 * <pre>{@code
 * DescriptionReader fields = description.read("gaussian-mean", 1);
 * double variance = fields.number("noise-variance");
 * SimpleMatrix mean = fields.matrix("prior-mean", 1, -1);
 * fields.end();
 * }</pre>
 *
 * <p>Errors name the model and the field: {@code gaussian-mean, noise-variance: expected a number,
 * got none}. A model's own checks of the values follow when it is built.
 */
public final class DescriptionReader {

  private final ModelDescription description;
  private final Set<String> read = new LinkedHashSet<>();

  DescriptionReader(ModelDescription description, String name, int version) {
    if (!description.name().equals(name)) {
      throw new IllegalArgumentException("name: expected " + name + ", got " + description.name());
    }
    if (description.version() != version) {
      throw new IllegalArgumentException(
          name + ", version: expected " + version + ", got " + description.version());
    }
    this.description = description;
  }

  /** Returns whether the description has a field of this name, of any kind. */
  public boolean has(String field) {
    return description.choices().containsKey(field)
        || description.numbers().containsKey(field)
        || description.arrays().containsKey(field);
  }

  /** Returns a number. */
  public double number(String field) {
    read.add(field);
    Double value = description.numbers().get(field);
    if (value == null) {
      throw missing(field, "a number");
    }
    return value;
  }

  /** Returns a whole number. */
  public int whole(String field) {
    double value = number(field);
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(at(field) + "expected a whole number, got " + value);
    }
    return (int) value;
  }

  /**
   * Returns a matrix.
   *
   * @param rows the expected number of rows, or -1 for any
   * @param columns the expected number of columns, or -1 for any
   */
  public SimpleMatrix matrix(String field, int rows, int columns) {
    read.add(field);
    SimpleMatrix value = description.arrays().get(field);
    if (value == null) {
      throw missing(field, "a matrix");
    }
    return Check.matrix(description.name() + ", " + field, value, rows, columns);
  }

  /** Returns one of several words. */
  public String choice(String field, List<String> allowed) {
    read.add(field);
    String value = description.choices().get(field);
    if (value == null || !allowed.contains(value)) {
      throw missing(field, "one of " + allowed);
    }
    return value;
  }

  /** Returns the constant of an enum that a word names, in lower case with hyphens. */
  public <E extends Enum<E>> E choice(String field, Class<E> type) {
    read.add(field);
    String value = description.choices().get(field);
    StringBuilder allowed = new StringBuilder("one of");
    for (E constant : type.getEnumConstants()) {
      String word = word(constant);
      if (word.equals(value)) {
        return constant;
      }
      allowed.append(' ').append(word);
    }
    throw missing(field, allowed.toString());
  }

  /** Returns how a description writes the constant of an enum: lower case with hyphens. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Ends the reading.
   *
   * @throws IllegalArgumentException if the description has a field that was not read
   */
  public void end() {
    Set<String> unknown = new LinkedHashSet<>(description.choices().keySet());
    unknown.addAll(description.numbers().keySet());
    unknown.addAll(description.arrays().keySet());
    unknown.removeAll(read);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          description.name() + ": expected the fields " + read + ", got also " + unknown);
    }
  }

  private IllegalArgumentException missing(String field, String expected) {
    Object other = description.choices().get(field);
    if (other == null) {
      other = description.numbers().get(field);
    }
    if (other == null && description.arrays().containsKey(field)) {
      other = "a matrix";
    }
    return new IllegalArgumentException(
        at(field) + "expected " + expected + ", got " + (other == null ? "none" : other));
  }

  private String at(String field) {
    return description.name() + ", " + field + ": ";
  }
}
