package org.definetti.symmetry;

import java.util.random.RandomGenerator;
import org.definetti.latent.Check;
import org.definetti.random.Normal;
import org.ejml.simple.SimpleMatrix;

/** Which output row depends on which token, by intervention. (S17) */
public final class Influence {

  private Influence() {}

  /**
   * Returns how far each output row moves, at most, when one token is replaced.
   *
   * <pre>{@code  I_ij = max over trials of ‖f(X)_i - f(X with row j replaced)_i‖  }</pre>
   *
   * <ul>
   *   <li>Shape (n', n). Tokens and replacements are standard normal.
   *   <li>A function that does not read row j for output i gives exactly zero; how small the rest
   *       is says how far a function reads in practice, which for a recurrent network is less than
   *       its mask says: a profile, not a yes or no.
   *   <li>Cost: n + 1 calls a trial.
   *   <li>Source: [derived].
   * </ul>
   *
   * @param trials at least 1
   */
  public static SimpleMatrix matrix(
      AuditPlan plan, int trials, RandomGenerator rng, SequenceFunction function) {
    Check.atLeast("trials", 1, trials);
    int n = plan.tokens();
    double[] largest = new double[0];
    int rows = 0;
    for (int trial = 0; trial < trials; trial++) {
      AuditInput input = plan.input(rng);
      SimpleMatrix output = input.outputOf(function);
      if (trial == 0) {
        rows = output.getNumRows();
        largest = new double[rows * n];
      }
      for (int j = 0; j < n; j++) {
        SimpleMatrix moved = replaced(input, j, rng).outputOf(function);
        for (int i = 0; i < rows; i++) {
          double distance =
              Stacked.rows(moved, i, i + 1).minus(Stacked.rows(output, i, i + 1)).normF();
          largest[i * n + j] = Math.max(largest[i * n + j], distance);
        }
      }
    }
    return new SimpleMatrix(rows, n, true, largest);
  }

  /**
   * Returns the largest influence at each lag: entry l is the largest I_ij with i - j = l.
   *
   * <p>How an influence falls with the distance from which it comes; causal functions have no other
   * entries, and for them this is all there is.
   *
   * @param influence a square matrix of {@link #matrix}
   * @return n numbers, for lags 0 to n - 1
   */
  public static double[] byLag(SimpleMatrix influence) {
    int n = influence.getNumRows();
    Check.matrix("influence", influence, n, n);
    double[] largest = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        largest[i - j] = Math.max(largest[i - j], influence.get(i, j));
      }
    }
    return largest;
  }

  /**
   * Returns the largest distance from which an output takes anything: the largest i - j with {@code
   * I_ij > 0}; for the transposed matrix, how far outputs look ahead.
   *
   * @param influence of {@link #matrix}
   * @return 0 if no earlier token has influence
   */
  public static int reach(SimpleMatrix influence) {
    int reach = 0;
    for (int i = 0; i < influence.getNumRows(); i++) {
      for (int j = 0; j < influence.getNumCols(); j++) {
        if (influence.get(i, j) > 0) {
          reach = Math.max(reach, i - j);
        }
      }
    }
    return reach;
  }

  private static AuditInput replaced(AuditInput input, int row, RandomGenerator rng) {
    int d = input.tokens().getNumCols();
    double[] rows = input.tokens().getDDRM().data.clone();
    Normal.fill(rows, row * d, (row + 1) * d, rng);
    SimpleMatrix tokens = new SimpleMatrix(input.tokens().getNumRows(), d, true, rows);
    return new AuditInput(tokens, input.knowledge(), input.text());
  }
}
