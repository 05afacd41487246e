package org.definetti.symmetry;

import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * Forms that commute with changes of basis and with reordering of tokens, and whose weights know
 * the other rows by a few sums only.
 *
 * <pre>{@code
 * y_i = Σ_j a_ij v_j,   a_ij = w(pair_ij, ρ_i),   ρ_i = Σ_l φ(pair_il)
 * pair_ij = (|x_i|², |v_j|², <x_i, v_j>)
 * }</pre>
 *
 * <ul>
 *   <li>Where: v_j are the tokens or the knowledge rows, φ gives r numbers a pair, w is the weight.
 *   <li>Softmax attention has {@code φ = exp(s)}, {@code w = exp(s) / ρ}: one sum. Gaussian
 *       attention too, with a score that falls with distance.
 *   <li>Every token is treated alike and a sum has no order, so outputs move with their tokens and
 *       knowledge is read as a set. With {@link EquivariantForm#plus} and {@link
 *       EquivariantForm#withSkip} this is the general token form, but for pair weights that know
 *       the other tokens by infinitely many sums.
 *   <li>Cost: n (n + k) calls of φ and of w.
 *   <li>Source: [derived] (statements P1 and P2; reading F2 of finite information, this project's
 *       own).
 * </ul>
 */
public final class SummaryForm {

  private SummaryForm() {}

  /**
   * What is local to a token and a row that it sees.
   *
   * @param own {@code |x_i|²}
   * @param other {@code |v_j|²}
   * @param inner {@code <x_i, v_j>}
   */
  public record Pair(double own, double other, double inner) {}

  /** What a pair adds to the sums. */
  @FunctionalInterface
  public interface Summary {

    /** Returns φ(pair), always r numbers. */
    double[] of(Pair pair);
  }

  /** The weight of a row. */
  @FunctionalInterface
  public interface Weight {

    /**
     * Returns a_ij.
     *
     * @param sums ρ_i, r numbers. Not modified.
     */
    double of(Pair pair, double[] sums);
  }

  /** Returns the form in which tokens see tokens. */
  public static EquivariantForm ofTokens(Summary summary, Weight weight) {
    return EquivariantForm.ofTokens(gram -> weights(gram, 0, gram.tokens(), summary, weight));
  }

  /** Returns the form in which tokens see knowledge. */
  public static EquivariantForm ofKnowledge(Summary summary, Weight weight) {
    return EquivariantForm.ofKnowledge(
        gram -> weights(gram, gram.tokens(), gram.size(), summary, weight));
  }

  private static SimpleMatrix weights(Gram gram, int from, int to, Summary summary, Weight weight) {
    Check.atLeast("rows that attention sees", 1, to - from);
    double[] weights = new double[gram.tokens() * (to - from)];
    for (int i = 0; i < gram.tokens(); i++) {
      double[] sums = summary.of(pair(gram, i, from)).clone();
      for (int j = from + 1; j < to; j++) {
        double[] added = summary.of(pair(gram, i, j));
        Check.width("summary", sums.length, added);
        for (int r = 0; r < sums.length; r++) {
          sums[r] += added[r];
        }
      }
      for (int j = from; j < to; j++) {
        weights[i * (to - from) + j - from] = weight.of(pair(gram, i, j), sums);
      }
    }
    return new SimpleMatrix(gram.tokens(), to - from, true, weights);
  }

  private static Pair pair(Gram gram, int i, int j) {
    SimpleMatrix g = gram.matrix();
    return new Pair(g.get(i, i), g.get(j, j), g.get(i, j));
  }
}
