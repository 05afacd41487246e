package org.definetti.experiment;

/**
 * The work of one cell.
 *
 * <p>The result must depend on the cell alone: draw from {@code seed.child(...)} of the cell's
 * axes, never from a shared generator. Calls come from several threads at once. Work that takes
 * long should end when its thread is interrupted, by any exception.
 */
@FunctionalInterface
public interface CellTask {

  /** Computes the cell. */
  CellResult compute(Cell cell);
}
