package org.definetti.latent;

import java.util.List;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * A model's latent as a row of numbers, there and back, and its beliefs as laws of such rows.
 *
 * <pre>{@code
 * z a matrix        its entries, row by row
 * z one of z_1..z_K (0, .., 1, .., 0), one at its index
 * }</pre>
 *
 * <p>Immutable. Cost: O(d) a latent, O(K) to find one among K.
 *
 * @param <Z> the type of the latent
 */
public final class LatentRows<Z> {

  private final LatentModel<Z> model;
  private final List<Z> finite; // empty unless indicators are used
  private final int rows;
  private final int columns;

  private LatentRows(LatentModel<Z> model, List<Z> finite, int rows, int columns) {
    this.model = model;
    this.finite = finite;
    this.rows = rows;
    this.columns = columns;
  }

  /**
   * Returns the rows of a model's latents.
   *
   * @throws UnsupportedOperationException if its latents are neither matrices nor finitely many
   */
  public static <Z> LatentRows<Z> of(LatentModel<Z> model) {
    Z latent = model.drawLatent(Seed.of(0).generator());
    if (latent instanceof SimpleMatrix matrix) {
      return new LatentRows<>(model, List.of(), matrix.getNumRows(), matrix.getNumCols());
    }
    if (model instanceof FiniteLatentModel<Z> few) {
      return new LatentRows<>(model, List.copyOf(few.latents()), 1, few.latents().size());
    }
    throw new UnsupportedOperationException(
        model.description().name()
            + " has no rows of latents because a "
            + latent.getClass().getSimpleName()
            + " is neither a matrix nor one of finitely many");
  }

  /** Returns the model. */
  public LatentModel<Z> model() {
    return model;
  }

  /** Returns how many numbers a latent is. */
  public int width() {
    return rows * columns;
  }

  /** Returns whether rows are indicators of finitely many latents. */
  public boolean isFinite() {
    return !finite.isEmpty();
  }

  /** Returns the numbers of a latent, {@link #width} of them. */
  public double[] row(Z latent) {
    if (latent instanceof SimpleMatrix matrix) {
      return matrix.getDDRM().data.clone();
    }
    double[] row = new double[finite.size()];
    row[finite.indexOf(latent)] = 1;
    return row;
  }

  /**
   * Returns the latent of these numbers.
   *
   * @param row {@link #width} numbers; an indicator for finitely many latents. Not modified.
   */
  @SuppressWarnings("unchecked") // a latent that is not one of finitely many is a matrix
  public Z latent(double[] row) {
    if (isFinite()) {
      int index = 0;
      while (index < row.length - 1 && row[index] != 1) {
        index++;
      }
      return finite.get(index);
    }
    return (Z) new SimpleMatrix(rows, columns, true, row);
  }

  /** Returns the law of the latent's row under a belief. */
  public Predictive law(Belief<Z> belief) {
    return new BeliefLaw<>(this, belief);
  }

  /** Returns the law of the latent before any token. */
  public Predictive prior() {
    return law(model.prior());
  }
}
