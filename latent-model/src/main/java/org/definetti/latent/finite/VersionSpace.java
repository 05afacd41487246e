package org.definetti.latent.finite;

import java.util.ArrayList;
import java.util.List;
import org.definetti.latent.Check;
import org.definetti.latent.ImpossibleTokensException;
import org.definetti.latent.ShapeMismatchException;
import org.definetti.latent.Tokens;
import org.ejml.simple.SimpleMatrix;

/**
 * The subsets whose rule explains every labelled bit string: what is left of {@link SparseBoolean}
 * without noise.
 *
 * <pre>
 * {@code  V(X) = { z : rule(bits^l at z) = label^l for every l },   P(z | X) = 1/|V(X)| on it  }
 * </pre>
 *
 * <ul>
 *   <li>Conjunctions: a position in z is one in every positive sample, so only those positions are
 *       tried, about {@code s + (T - s) p^#positives} of them: T in the thousands costs nothing.
 *   <li>Parities: every subset, O(C(T, s) · L/64).
 *   <li>Source: [derived] (check V15).
 * </ul>
 */
public final class VersionSpace {

  private final SparseRule rule;
  private final Tokens tokens;
  private final List<List<Integer>> subsets;

  private VersionSpace(SparseRule rule, Tokens tokens, List<List<Integer>> subsets) {
    this.rule = rule;
    this.tokens = tokens;
    this.subsets = List.copyOf(subsets);
  }

  /**
   * Returns the version space of labelled bit strings.
   *
   * @param relevant s, at least 1
   * @param tokens (bits, label) pairs of one value
   * @throws ShapeMismatchException if tokens are not pairs with one value, or fewer bits than s
   * @throws IllegalArgumentException if a number is neither 0 nor 1
   */
  public static VersionSpace of(SparseRule rule, int relevant, Tokens tokens) {
    Check.atLeast("relevant", 1, relevant);
    if (!tokens.space().hasQueries()
        || tokens.space().valueWidth() != 1
        || tokens.space().keyWidth() < relevant) {
      throw new ShapeMismatchException(
          "tokens: expected pairs of at least "
              + relevant
              + " bits and one label, got "
              + tokens.space());
    }
    BitColumns columns = BitColumns.none(tokens.space().keyWidth()).plus(tokens);
    List<List<Integer>> found = new ArrayList<>();
    extend(rule, relevant, columns, candidates(rule, columns), new ArrayList<>(), 0, found);
    return new VersionSpace(rule, tokens, found);
  }

  private static List<Integer> candidates(SparseRule rule, BitColumns columns) {
    List<Integer> candidates = new ArrayList<>();
    long[] labels = columns.column(columns.positions());
    for (int t = 0; t < columns.positions(); t++) {
      boolean possible = true;
      for (int w = 0; w < columns.words() && rule == SparseRule.CONJUNCTION; w++) {
        possible &= (labels[w] & ~columns.column(t)[w]) == 0;
      }
      if (possible) {
        candidates.add(t);
      }
    }
    return candidates;
  }

  private static void extend(
      SparseRule rule,
      int relevant,
      BitColumns columns,
      List<Integer> candidates,
      List<Integer> chosen,
      int from,
      List<List<Integer>> found) {
    if (chosen.size() == relevant) {
      if (explains(rule, columns, chosen)) {
        found.add(List.copyOf(chosen));
      }
      return;
    }
    for (int i = from; i < candidates.size(); i++) {
      chosen.add(candidates.get(i));
      extend(rule, relevant, columns, candidates, chosen, i + 1, found);
      chosen.remove(chosen.size() - 1);
    }
  }

  private static boolean explains(SparseRule rule, BitColumns columns, List<Integer> subset) {
    long[] labels = columns.column(columns.positions());
    for (int w = 0; w < columns.words(); w++) {
      long said = rule.identity();
      for (int position : subset) {
        said = rule.combine(said, columns.column(position)[w]);
      }
      if (((said ^ labels[w]) & columns.mask(w)) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the subsets, in lexicographic order. */
  public List<List<Integer>> subsets() {
    return subsets;
  }

  /**
   * Returns P(label = 1 | X, bits), the share of the subsets whose rule says one: the Bayes
   * prediction for noise-free labels and a uniform prior.
   *
   * @param query the bits, shape (1, T)
   * @throws ImpossibleTokensException if no subset explains the tokens
   */
  public double probabilityOfOne(SimpleMatrix query) {
    double[] bits = Check.matrix("query", query, 1, tokens.space().keyWidth()).getDDRM().data;
    if (subsets.isEmpty()) {
      throw new ImpossibleTokensException("version space", tokens.length());
    }
    int votes = 0;
    for (List<Integer> subset : subsets) {
      long said = rule.identity();
      for (int position : subset) {
        said = rule.combine(said, BitColumns.bit("query", bits[position]));
      }
      votes += (int) (said & 1);
    }
    return (double) votes / subsets.size();
  }

  /** Returns whether exactly one subset is left. */
  public boolean isUnique() {
    return subsets.size() == 1;
  }
}
