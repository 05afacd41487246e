package org.definetti.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.definetti.latent.CategoricalTokens;
import org.definetti.latent.Check;
import org.definetti.latent.FiniteLatentModel;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * Is a statistic of sequences sufficient, and is it minimal? All W^L sequences of a length are
 * grouped into cells by what the statistic says of them. (A5, A6)
 *
 * <pre>{@code
 * sufficient   I(T(X); y) = I(X; y)                    nothing about y is lost
 * minimal      merging any two cells lowers I(.; z)    nothing is kept for no purpose
 * }</pre>
 *
 * <ul>
 *   <li>Where: T the statistic, z the latent, y anything independent of X given z. The posterior
 *       P(z | X) is both.
 *   <li>What is asked about is given as a joint law: a function from a sequence to the row of P(X,
 *       y = ·). {@link #jointWithLatent} is that of z.
 *   <li>Two sequences share a cell if every number of the statistic agrees within 1e-12 with that
 *       of the first sequence of the cell. Rounding to 1e-12 instead would split sequences that
 *       happen to lie on the two sides of a half.
 *   <li>Limit: a million sequences; more are refused. Cost: W^L calls of the statistic, then up to
 *       W^L times the number of cells comparisons.
 *   <li>Source: sufficiency and minimality of the posterior: sections A5 and A6 of the project's
 *       notes [derived].
 * </ul>
 *
 * <p>Immutable and safe to share between threads.
 */
public final class StatisticCells {

  /** The most sequences that are listed. */
  public static final int MOST_SEQUENCES = 1_000_000;

  private static final double SAME = 1e-12;
  private static final double SUM_TOLERANCE = 1e-9; // as for probabilities elsewhere

  private final List<Tokens> sequences;
  private final int[] cells; // of each sequence
  private final int count;

  private StatisticCells(List<Tokens> sequences, int[] cells, int count) {
    this.sequences = sequences;
    this.cells = cells;
    this.count = count;
  }

  /**
   * Returns the cells of a statistic of all sequences of a length.
   *
   * @param length L, at least 0
   * @param statistic T, a row of finite numbers of the same length for every sequence
   * @throws IllegalArgumentException if there are more than a million sequences
   */
  public static StatisticCells of(
      CategoricalTokens space, int length, Function<Tokens, double[]> statistic) {
    List<Tokens> sequences = sequences(space, length);
    List<double[]> values = new ArrayList<>(); // of the first sequence of each cell
    int[] cells = new int[sequences.size()];
    for (int i = 0; i < cells.length; i++) {
      double[] value = statistic.apply(sequences.get(i));
      Check.finite("statistic", value, 0, value.length);
      cells[i] = cell(values, value);
    }
    return new StatisticCells(sequences, cells, values.size());
  }

  private static int cell(List<double[]> values, double[] value) {
    for (int c = 0; c < values.size(); c++) {
      if (areSame(values.get(c), value)) {
        return c;
      }
    }
    values.add(value.clone());
    return values.size() - 1;
  }

  private static boolean areSame(double[] first, double[] value) {
    Check.width("statistic", first.length, value);
    for (int i = 0; i < value.length; i++) {
      if (Math.abs(first[i] - value[i]) > SAME) {
        return false;
      }
    }
    return true;
  }

  private static List<Tokens> sequences(CategoricalTokens space, int length) {
    Check.atLeast("length", 0, length);
    double total = Math.pow(space.count(), length);
    if (total > MOST_SEQUENCES) {
      throw new IllegalArgumentException(
          "length: expected at most a million sequences, got " + space.count() + "^" + length);
    }
    List<Tokens> sequences = new ArrayList<>((int) total);
    for (int index = 0; index < (int) total; index++) {
      double[] row = new double[length];
      int rest = index;
      for (int l = length - 1; l >= 0; l--) {
        row[l] = rest % space.count();
        rest /= space.count();
      }
      sequences.add(Tokens.owning(space, row));
    }
    return sequences;
  }

  /**
   * Returns the joint law of a sequence and the latent, {@code X → p_k Π_l P(x^l | z_k)}: K numbers
   * a sequence.
   */
  public static Function<Tokens, double[]> jointWithLatent(FiniteLatentModel<?> model) {
    double[] prior = model.priorProbabilities().getDDRM().data;
    return tokens -> {
      SimpleMatrix logs = model.logLikelihoods(tokens); // (L, K)
      double[] joint = new double[prior.length];
      for (int k = 0; k < joint.length; k++) {
        double sum = 0;
        for (int l = 0; l < tokens.length(); l++) {
          sum += logs.get(l, k);
        }
        joint[k] = prior[k] * Math.exp(sum);
      }
      return joint;
    };
  }

  /** Returns the number of cells: how many values the statistic takes. */
  public int count() {
    return count;
  }

  /** Returns the number W^L of sequences. */
  public int sequences() {
    return sequences.size();
  }

  /**
   * Returns the joint law of cell and y, {@code Σ_{X in cell} P(X, y)}, shape (cells, values of y).
   *
   * @param joint from a sequence to the row of P(X, y = ·), of the same length for every sequence
   * @throws IllegalArgumentException if a number is negative or the sum of all is not 1 within 1e-9
   */
  public SimpleMatrix joint(Function<Tokens, double[]> joint) {
    int width = joint.apply(sequences.get(0)).length;
    double[] table = new double[count * width];
    for (int i = 0; i < cells.length; i++) {
      double[] row = joint.apply(sequences.get(i));
      Check.width("joint", width, row);
      for (int y = 0; y < width; y++) {
        table[cells[i] * width + y] += Check.notNegative("joint", row[y]);
      }
    }
    double sum = Arrays.stream(table).sum();
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new IllegalArgumentException("joint: expected a sum of 1, got " + sum);
    }
    return new SimpleMatrix(count, width, true, table);
  }

  /**
   * Returns I(T(X); y), in nats.
   *
   * <pre>{@code  Σ_cells Σ_y P(cell, y) log (P(cell, y) / (P(cell) P(y)))  }</pre>
   *
   * @param joint as for {@link #joint}
   */
  public double informationNats(Function<Tokens, double[]> joint) {
    SimpleMatrix table = joint(joint);
    double[] labels = new double[table.getNumCols()];
    for (int i = 0; i < table.getNumElements(); i++) {
      labels[i % labels.length] += table.get(i);
    }
    double information = 0;
    for (int c = 0; c < count; c++) {
      double cell = sum(table, c);
      for (int y = 0; y < labels.length; y++) {
        double both = table.get(c, y);
        information += both == 0 ? 0 : both * Math.log(both / (cell * labels[y]));
      }
    }
    return information;
  }

  private static double sum(SimpleMatrix table, int row) {
    double sum = 0;
    for (int y = 0; y < table.getNumCols(); y++) {
      sum += table.get(row, y);
    }
    return sum;
  }

  /**
   * Returns how much I(T(X); y) falls if the two cells are merged that cost least, in nats: zero,
   * up to squares of rounding, if the statistic tells apart what says the same of y.
   *
   * <pre>{@code
   * min_{a,b} P(a) KL(P(y|a) ‖ P(y|a or b)) + P(b) KL(P(y|b) ‖ P(y|a or b))
   * }</pre>
   *
   * <ul>
   *   <li>Edge cases: cells of probability zero cost nothing to merge; infinity for a single cell.
   *   <li>Cost: all pairs of cells.
   *   <li>Accuracy: each divergence is a sum of terms that are not negative, so a loss far below
   *       1e-16 is still told from zero.
   * </ul>
   *
   * @param joint as for {@link #joint}
   */
  public double leastMergeLossNats(Function<Tokens, double[]> joint) {
    SimpleMatrix table = joint(joint);
    double least = Double.POSITIVE_INFINITY;
    for (int a = 0; a < count; a++) {
      for (int b = 0; b < a; b++) {
        least = Math.min(least, mergeLoss(table, a, b));
      }
    }
    return least;
  }

  private static double mergeLoss(SimpleMatrix table, int a, int b) {
    double massA = sum(table, a);
    double massB = sum(table, b);
    if (massA == 0 || massB == 0) {
      return 0;
    }
    double loss = 0;
    for (int y = 0; y < table.getNumCols(); y++) {
      double merged = (table.get(a, y) + table.get(b, y)) / (massA + massB);
      if (merged > 0) {
        loss += massA * merged * excess(table.get(a, y) / massA / merged - 1);
        loss += massB * merged * excess(table.get(b, y) / massB / merged - 1);
      }
    }
    return loss;
  }

  // (1 + u) log (1 + u) - u, not negative: KL(p ‖ m) = Σ m excess(p / m - 1).
  private static double excess(double u) {
    if (u <= -1) {
      return 1;
    }
    // Below 1e-4 the difference would cancel; the next term is a hundred-millionth of these.
    return Math.abs(u) < 1e-4 ? u * u * (0.5 - u / 6) : (1 + u) * Math.log1p(u) - u;
  }
}
