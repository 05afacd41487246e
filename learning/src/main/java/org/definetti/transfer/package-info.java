/**
 * When pretraining helps another task: condition numbers of a pair of targets, and readouts.
 *
 * <pre>{@code
 * h*(X) = M π_X,   y*(X) = G π_X,   GJ = W MJ   implies   y* = W h* + constant
 * E||W ĥ - W h*||² <= κ E||ĥ - h*||²,   κ = ||GJ (MJ)⁺||²,   J = I - 11ᵀ/K
 * }</pre>
 *
 * <p>Column k of M is the mean of what was predicted in pretraining given the latent z_k, column k
 * of G the mean of what is asked downstream, π_X the posterior. The three condition numbers are
 * definitions of this project: the literature speaks of "a condition number", and its definition is
 * not known to us.
 *
 * <p>Read {@link org.definetti.transfer.Transfer} first. {@link
 * org.definetti.transfer.LatentTarget} makes M and G from a model of finitely many latents, {@link
 * org.definetti.transfer.PosteriorLaw} the law of π_X, {@link org.definetti.transfer.KeyShift} is
 * the same question for regression, and {@link org.definetti.transfer.LinearReadout} and {@link
 * org.definetti.transfer.LogisticReadout} probe a predictor with labels.
 */
@NullMarked
package org.definetti.transfer;

import org.jspecify.annotations.NullMarked;
