package org.definetti.engine;

import java.util.Objects;
import org.definetti.latent.Check;

/**
 * Name and shape of one parameter matrix, stored row by row.
 *
 * @param name the parameter's name, lower case with dots, for example {@code query.map}
 * @param rows the number of rows, at least 1
 * @param columns the number of columns, at least 1
 */
public record ParameterShape(String name, int rows, int columns) {

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if a size is below 1
   */
  public ParameterShape {
    Objects.requireNonNull(name, "name");
    Check.atLeast("rows", 1, rows);
    Check.atLeast("columns", 1, columns);
  }

  /** Returns rows times columns. */
  public int size() {
    return Math.multiplyExact(rows, columns);
  }
}
