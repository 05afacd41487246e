package org.definetti.train;

import java.util.List;
import org.definetti.latent.Check;

/**
 * When to stop because the loss on validation data no longer falls.
 *
 * <pre>{@code
 * best ← v_k  if  v_k < best - δ;      stop at k  if  k - (index of best) >= p
 * }</pre>
 *
 * <ul>
 *   <li>Where: v_k the k-th validation loss, one every {@code every} steps and one after the last;
 *       δ {@code improvement}, p {@code patience}. The first loss is the best so far.
 *   <li>The fit returns the parameters of the best evaluation, not the last ones.
 *   <li>It follows from the losses alone, so it is as repeatable as they are.
 *   <li>Source: [recalled: Prechelt].
 * </ul>
 *
 * @param every steps between evaluations, at least 1
 * @param patience p, evaluations in a row without improvement that end the fit, at least 1
 * @param improvement δ, finite and not negative
 */
public record EarlyStopping(int every, int patience, double improvement) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public EarlyStopping {
    Check.atLeast("every", 1, every);
    Check.atLeast("patience", 1, patience);
    Check.notNegative("improvement", improvement);
  }

  /** Returns an evaluation every {@code every} steps, patience 10, any improvement counts. */
  public static EarlyStopping every(int every) {
    return new EarlyStopping(every, 10, 0.0);
  }

  /** Returns this rule with another patience. */
  public EarlyStopping withPatience(int patience) {
    return new EarlyStopping(every, patience, improvement);
  }

  /** Returns this rule with another least improvement. */
  public EarlyStopping withImprovement(double improvement) {
    return new EarlyStopping(every, patience, improvement);
  }

  /** Returns the index of the best evaluation, -1 if there is none. */
  int best(List<ValidationPoint> losses) {
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < losses.size(); k++) {
      if (losses.get(k).loss() < least - improvement) {
        least = losses.get(k).loss();
        best = k;
      }
    }
    return best;
  }

  /** Returns whether the last evaluation ends the fit. */
  boolean stops(List<ValidationPoint> losses) {
    return !losses.isEmpty() && losses.size() - 1 - best(losses) >= patience;
  }
}
