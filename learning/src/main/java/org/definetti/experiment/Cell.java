package org.definetti.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One unit of work of a sweep, identified by what it is: a value on every axis.
 *
 * <p>Two cells with the same axes are equal, in whatever order the axes were given; the order is
 * kept for printing only. The swept axis (usually length) is not an axis of the cell, because one
 * cell is evaluated at several of its values on nested prefixes.
 *
 * @param axes name to value, for example {@code model=gaussian-mean}, {@code seed=3}; not empty
 */
public record Cell(Map<String, String> axes) {

  /** The axis over which curves are averaged and which the bootstrap resamples. */
  public static final String SEED = "seed";

  private static final int KEY_HEX_DIGITS = 16;

  /**
   * Copies the axes, keeping their order.
   *
   * @throws IllegalArgumentException if there is no axis or an axis has an empty name
   */
  public Cell {
    axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
    if (axes.isEmpty()) {
      throw new IllegalArgumentException("axes: expected at least one, got none");
    }
    if (axes.containsKey("")) {
      throw new IllegalArgumentException("axes: expected names, got an empty name in " + axes);
    }
  }

  /** Returns the cell with one axis; add more by {@link #with}. */
  public static Cell of(String axis, String value) {
    return new Cell(Map.of(axis, value));
  }

  /** Returns the cell with these axes, in this order. */
  public static Cell of(Map<String, String> axes) {
    return new Cell(axes);
  }

  /** Returns this cell with one more axis, or with another value on an axis it has. */
  public Cell with(String axis, String value) {
    Map<String, String> more = new LinkedHashMap<>(axes);
    more.put(axis, value);
    return new Cell(more);
  }

  /** Returns this cell without an axis. */
  public Cell without(String axis) {
    Map<String, String> fewer = new LinkedHashMap<>(axes);
    fewer.remove(axis);
    return new Cell(fewer);
  }

  /** Returns the value on an axis, or the empty text if the cell does not have it. */
  public String axis(String name) {
    return axes.getOrDefault(name, "");
  }

  /**
   * Returns the identity of this cell as 16 hexadecimal digits.
   *
   * <p>These are the first 64 bits of SHA-256 over the axes sorted by name, each name and value
   * written as its length in UTF-8 bytes, a colon, and the bytes: {@code 4:seed1:3}. Two of n
   * different cells share a key with probability about n² · 2^-65; a {@link Plan} refuses that.
   */
  public String key() {
    ContentHash hash = new ContentHash();
    new TreeMap<>(axes).forEach((name, value) -> hash.add(name).add(value));
    return hash.hex(KEY_HEX_DIGITS);
  }

  /** Returns {@code name=value, name=value}, in the order given. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    axes.forEach(
        (name, value) ->
            text.append(text.isEmpty() ? "" : ", ").append(name).append('=').append(value));
    return text.toString();
  }
}
