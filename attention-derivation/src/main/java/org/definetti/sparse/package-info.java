/**
 * Sparse Boolean functions of long bit strings: the attention weights that represent them, and how
 * many samples weights of bounded norm need.
 *
 * <pre>{@code
 * head      f(X, z) = W_Cᵀ σ(W_Vᵀ Xᵀ softmax(X W_K W_Qᵀ z))
 * scalar    wᵀ (row [CLS] of the layer of the tokens with [CLS] appended)
 * input     x_t = e_(b_t) + v_t
 * }</pre>
 *
 * <ul>
 *   <li>Modules: {@link org.definetti.sparse.TransformerHead}, {@link
 *       org.definetti.sparse.ScalarTransformer}.
 *   <li>Representation: {@link org.definetti.sparse.SelectionHead} selects s of T bits, {@link
 *       org.definetti.sparse.SymmetricNetwork}, {@link org.definetti.sparse.GeneralNetwork} and
 *       {@link org.definetti.sparse.PatternDetectors} compute any function of them exactly.
 *   <li>Capacity: {@link org.definetti.sparse.HeadPerturbation}, {@link
 *       org.definetti.sparse.StackPerturbation}, {@link org.definetti.sparse.CapacityBound}.
 * </ul>
 *
 * <p>T is the number of bits, N = T + 1 that of tokens with [CLS]; positions count from 0, tokens
 * are rows. The modules are [recalled] from Edelman-2022 (arXiv 2110.10090), whose full text was
 * not available here: every construction and constant in this package is [derived], and none is a
 * theorem of that paper. Read {@link org.definetti.sparse.SelectionHead} first.
 */
@NullMarked
package org.definetti.sparse;

import org.jspecify.annotations.NullMarked;
