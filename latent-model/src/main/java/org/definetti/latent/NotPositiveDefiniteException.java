package org.definetti.latent;

/**
 * Thrown when a matrix that must be positive definite is not, or has lost it to rounding.
 *
 * <p>Nothing is added to the diagonal to make it work: the caller decides.
 */
public final class NotPositiveDefiniteException extends ArithmeticException {

  private static final long serialVersionUID = 1L;

  /**
   * Says which matrix failed and where.
   *
   * @param name what the matrix is, for example {@code precision}
   * @param size its number of rows
   * @param pivot index of the first pivot that is not positive
   * @param value that pivot's value
   */
  public NotPositiveDefiniteException(String name, int size, int pivot, double value) {
    super(
        name
            + ": expected a positive definite matrix of size "
            + size
            + ", got pivot "
            + pivot
            + " = "
            + value);
  }
}
