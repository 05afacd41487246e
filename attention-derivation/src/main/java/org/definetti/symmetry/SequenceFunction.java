package org.definetti.symmetry;

import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.latent.Check;
import org.ejml.simple.SimpleMatrix;

/**
 * A sequence-to-sequence function with knowledge: from tokens X and knowledge Z to rows f(X, Z).
 *
 * <p>One method, so a lambda is a sequence function and every audit of this package takes it.
 * Implementations must give the same bits for the same input: an audit calls them many times and
 * compares.
 *
 * <p>Source: the object [source: Ma-2022, abstract]; that tokens are rows is ours.
 */
@FunctionalInterface
public interface SequenceFunction {

  /**
   * Returns the output rows.
   *
   * @param tokens X, shape (n, d). Not modified.
   * @param knowledge Z, shape (k, d); k = 0 where there is none. Not modified.
   * @return shape (n', p); the audits of orthogonal symmetry need p = d, those of permutation
   *     equivariance n' = n
   */
  SimpleMatrix transform(SimpleMatrix tokens, SimpleMatrix knowledge);

  /**
   * Returns what an attention makes of tokens that look at themselves and at the knowledge.
   *
   * <pre>{@code  f(X, Z) = attention(queries X, keys V, values V),   V = [X; Z]  }</pre>
   *
   * <p>Self-attention if there is no knowledge. Keys and values of the attention are as wide as its
   * queries.
   */
  static SequenceFunction ofAttention(Attention attention) {
    return (tokens, knowledge) -> {
      SimpleMatrix v = Stacked.of(tokens, knowledge);
      return attention.attend(tokens, Context.of(v, v));
    };
  }

  /**
   * Returns this function with its knowledge frozen: {@code (X, Z) -> f(X, Z0)}.
   *
   * <p>A function that commutes with rotations of tokens and knowledge together does not, in
   * general, commute with rotations of the tokens alone.
   *
   * @param frozen Z0, shape (k, d)
   */
  default SequenceFunction withKnowledge(SimpleMatrix frozen) {
    SimpleMatrix own = Check.matrix("frozen", frozen, -1, -1).copy();
    return (tokens, knowledge) -> transform(tokens, own);
  }
}
