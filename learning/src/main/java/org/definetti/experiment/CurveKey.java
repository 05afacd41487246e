package org.definetti.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a curve is a curve of: the axes that are fixed along it, the metric, and the swept axis.
 *
 * @param axes the axes of its cells, without the seed, in the order of the cells
 * @param metric the measured quantity, for example {@code squared-gap}
 * @param sweptAxis the axis along which it runs, for example {@code length}
 */
public record CurveKey(Map<String, String> axes, String metric, String sweptAxis) {

  /** The axes that have a column of their own in the result files, in that order. */
  public static final List<String> COLUMNS =
      List.of("model", "attention", "origin", "objective", "train_length");

  /** Copies the axes, leaving out the seed. */
  public CurveKey {
    Map<String, String> copy = new LinkedHashMap<>(axes);
    copy.remove(Cell.SEED);
    axes = Collections.unmodifiableMap(copy);
  }

  /** Returns the value of an axis, or the empty text if the cells do not have it. */
  public String axis(String name) {
    return axes.getOrDefault(name, "");
  }

  /** Returns the axes without a column of their own, sorted: {@code heads=4;temperature=0.25}. */
  public String fixed() {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(axes)
        .forEach(
            (name, value) -> {
              if (!COLUMNS.contains(name)) {
                text.append(text.isEmpty() ? "" : ";").append(name).append('=').append(value);
              }
            });
    return text.toString();
  }
}
