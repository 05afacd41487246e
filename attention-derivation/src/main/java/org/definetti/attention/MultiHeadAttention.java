package org.definetti.attention;

import java.util.List;
import org.definetti.latent.Check;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/**
 * Multi-head attention: the sum of heads that see the same queries and context.
 *
 * <pre>{@code  out = Σ_h attention_h(q W_Q,hᵀ, K W_K,hᵀ, V W_V,hᵀ) W_O,hᵀ  }</pre>
 *
 * <ul>
 *   <li>Concatenation of heads is the sum with output maps that place each head in its own columns.
 *   <li>Signed weights are output maps that are multiples of the identity; {@link #opposite} is the
 *       two-head pattern with queries q and -q.
 *   <li>Cost: that of the heads. Stateless.
 *   <li>Source: {@code mha(X) = Σ_i attn(X WQ_i, X WK_i, X WV_i)} [source: Zhang-2023]; the output
 *       maps [recalled].
 * </ul>
 *
 * @param heads at least one, with outputs of one width
 */
public record MultiHeadAttention(List<Head> heads) implements Attention {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there is no head
   */
  public MultiHeadAttention {
    heads = List.copyOf(heads);
    Check.atLeast("heads", 1, heads.size());
  }

  /** Returns the attention with these heads. */
  public static MultiHeadAttention of(Head... heads) {
    return new MultiHeadAttention(List.of(heads));
  }

  /**
   * Returns {@code (attention(q) - attention(-q)) / 2}, which cancels whatever is even in the
   * query, a constant in the values among it.
   *
   * <p>Source: debiased-gradient pattern [source: He-2025, abstract]; check C6 of the project's
   * notes [derived].
   *
   * @param inner the attention of both heads, for example softmax
   * @param keyWidth dk
   * @param valueWidth the width of the outputs
   */
  public static MultiHeadAttention opposite(Attention inner, int keyWidth, int valueWidth) {
    SimpleMatrix half = SimpleMatrix.identity(valueWidth).scale(0.5);
    Head ahead = Head.of(inner).withOutputMap(half);
    Head back =
        Head.of(inner)
            .withQueryMap(SimpleMatrix.identity(keyWidth).scale(-1))
            .withOutputMap(half.scale(-1));
    return of(ahead, back);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ShapeMismatchException if a map does not fit, or heads differ in the width of their
   *     outputs
   */
  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    SimpleMatrix sum = heads.get(0).attend(queries, context);
    for (Head head : heads.subList(1, heads.size())) {
      SimpleMatrix out = head.attend(queries, context);
      Shapes.sameWidth("outputs of a head", out, sum.getNumCols(), "those of the first");
      sum = sum.plus(out);
    }
    return sum;
  }
}
