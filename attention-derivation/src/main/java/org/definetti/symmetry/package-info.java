/**
 * Sequence functions with knowledge, the form that orthogonal equivariance forces on them, and
 * audits that any function can be given.
 *
 * <pre>{@code
 * f(X Q, Z Q) = f(X, Z) Q  for all Q in O(d)
 *     ⇔  f(X, Z) = A(G) X + B(G) Z,   G = V Vᵀ,  V = [X; Z]
 * }</pre>
 *
 * <p>Tokens X, shape (n, d), and knowledge Z, shape (k, d), are rows; an orthogonal Q acts on the
 * right. The knowledge is an unordered collection of vectors in the space of the tokens, such as
 * the embedding rows of a vocabulary. Softmax attention whose scores are inner products is of this
 * form: attention is what the symmetry leaves.
 *
 * <p>Read {@link org.definetti.symmetry.SequenceFunction} first, then {@link
 * org.definetti.symmetry.EquivariantForm} and {@link org.definetti.symmetry.Audit}. A sampled audit
 * falsifies; it proves nothing but for a known class of functions: an analytic function that is not
 * equivariant shows it at almost every point of each component of O(d).
 *
 * <p>Source: sequence-to-sequence functions with knowledge, and that their symmetry argues for
 * attention [source: Ma-2022, abstract]; the form forced by orthogonal equivariance (cf. Ma and
 * Ying 2022; proof in {@link org.definetti.symmetry.EquivariantForm}) [derived].
 */
@NullMarked
package org.definetti.symmetry;

import org.jspecify.annotations.NullMarked;
