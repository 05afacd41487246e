package org.definetti.symmetry;

import java.util.Arrays;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * Forms of attention as instances of the equivariant form: their weights are functions of inner
 * products.
 *
 * <pre>{@code
 * softmax     A = softmax(X Xᵀ / γ)                        B = 0
 * Gaussian    A = softmax(-|x_i - x_j|² / (2γ))            B = 0
 * knowledge   A = 0                                        B = softmax(X Zᵀ / γ)
 * nearest     A = 0       B = softmax over the s largest entries of a row of X Zᵀ / γ
 * weighted    A = 0       B = softmax(X Zᵀ M Z Xᵀ) X Zᵀ N
 * }</pre>
 *
 * <p>No weight matrices: attention with fixed W_Q, W_K, W_V is not equivariant in X, unless {@code
 * W_Q W_Kᵀ = a I} and {@code W_V = b I} [derived; cf. source: Santos-Escriche, Lemma 1]. It is in X
 * and weights together, which {@link #weighted} makes precise: weights that are quadratic forms of
 * the knowledge.
 */
public final class GramAttention {

  private GramAttention() {}

  /**
   * Returns softmax self-attention of the tokens, without weights; knowledge is ignored.
   *
   * @param temperature γ, finite and above zero
   */
  public static EquivariantForm softmax(double temperature) {
    Check.positive("temperature", temperature);
    return EquivariantForm.ofTokens(gram -> rowSoftmax(gram.tokenBlock().divide(temperature)));
  }

  /**
   * Returns self-attention whose weight falls with distance; rows of A sum to one and A does not
   * change with translations, so it commutes with all rigid motions (check S15).
   *
   * @param bandwidth γ, the squared bandwidth, finite and above zero
   */
  public static EquivariantForm gaussian(double bandwidth) {
    Check.positive("bandwidth", bandwidth);
    return EquivariantForm.ofTokens(gram -> rowSoftmax(distanceLogits(gram, bandwidth)));
  }

  private static SimpleMatrix distanceLogits(Gram gram, double bandwidth) {
    SimpleMatrix g = gram.matrix();
    int n = gram.tokens();
    double[] logits = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        logits[i * n + j] = -(g.get(i, i) + g.get(j, j) - 2 * g.get(i, j)) / (2 * bandwidth);
      }
    }
    return new SimpleMatrix(n, n, true, logits);
  }

  /**
   * Returns softmax attention of the tokens to the knowledge, without weights. Needs k &gt;= 1.
   *
   * @param temperature γ, finite and above zero
   */
  public static EquivariantForm knowledge(double temperature) {
    Check.positive("temperature", temperature);
    return EquivariantForm.ofKnowledge(gram -> rowSoftmax(gram.crossBlock().divide(temperature)));
  }

  /**
   * Returns hard attention to the knowledge: softmax over the rows with the largest scores, no
   * weight on the others; knowledge rows as far as there are. Jumps where the choice changes.
   *
   * @param rows s, how many knowledge rows each token uses, at least 1
   * @param temperature γ, finite and above zero
   */
  public static EquivariantForm nearest(int rows, double temperature) {
    Check.atLeast("rows", 1, rows);
    Check.positive("temperature", temperature);
    return EquivariantForm.ofKnowledge(
        gram -> rowSoftmax(largest(gram.crossBlock().divide(temperature), rows)));
  }

  /** Returns the matrix with all but the largest entries of each row at minus infinity. */
  private static SimpleMatrix largest(SimpleMatrix scores, int kept) {
    int width = scores.getNumCols();
    double[] out = scores.getDDRM().data.clone();
    for (int start = 0; start < out.length && kept < width; start += width) {
      double[] sorted = Arrays.copyOfRange(out, start, start + width);
      Arrays.sort(sorted);
      for (int j = start; j < start + width; j++) {
        out[j] = out[j] >= sorted[width - kept] ? out[j] : Double.NEGATIVE_INFINITY;
      }
    }
    return new SimpleMatrix(scores.getNumRows(), width, true, out);
  }

  /**
   * Returns a softmax layer whose weights are made of the knowledge: {@code W_Q W_Kᵀ = Zᵀ M Z},
   * {@code W_V = Zᵀ N Z}.
   *
   * <pre>{@code  f(X, Z) = softmax(X Zᵀ M Z Xᵀ) X Zᵀ N Z  }</pre>
   *
   * <ul>
   *   <li>If rank Z = d, every softmax layer is of this form for its own Z: {@link
   *       KnowledgeWeights} finds M and N. So every such layer is what an equivariant function
   *       makes of tokens at one frozen knowledge.
   *   <li>The order of knowledge rows does not matter only if M and N are in the span of I and the
   *       all-ones matrix (check S11).
   *   <li>Source: this project's reading of "close to self-attention" [derived].
   * </ul>
   *
   * @param scores M, shape (k, k)
   * @param values N, shape (k, k)
   * @throws ShapeMismatchException if the two differ in shape or are not square
   */
  public static EquivariantForm weighted(SimpleMatrix scores, SimpleMatrix values) {
    int k = scores.getNumRows();
    SimpleMatrix m = Check.matrix("scores", scores, k, k).copy();
    SimpleMatrix n = Check.matrix("values", values, k, k).copy();
    return EquivariantForm.ofKnowledge(
        gram -> {
          SimpleMatrix cross = gram.crossBlock();
          SimpleMatrix weights = rowSoftmax(cross.mult(m).mult(cross.transpose()));
          return weights.mult(cross).mult(n);
        });
  }

  /** Returns the softmax of each row; the largest entry is subtracted first. */
  static SimpleMatrix rowSoftmax(SimpleMatrix logits) {
    int width = logits.getNumCols();
    Check.atLeast("rows that attention sees", 1, width);
    double[] weights = logits.getDDRM().data.clone();
    for (int start = 0; start < weights.length; start += width) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int j = start; j < start + width; j++) {
        largest = Math.max(largest, weights[j]);
      }
      double total = 0;
      for (int j = start; j < start + width; j++) {
        weights[j] = Math.exp(weights[j] - largest);
        total += weights[j];
      }
      for (int j = start; j < start + width; j++) {
        weights[j] /= total;
      }
    }
    return new SimpleMatrix(logits.getNumRows(), width, true, weights);
  }
}
