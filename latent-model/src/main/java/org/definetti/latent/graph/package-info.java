/**
 * Structured latents: states on the nodes of a tree or of a grid, observed node by node.
 *
 * <pre>{@code
 * z = (z_1..z_n) ~ a tree or a grid of states,   x = (node i, noisy category of z_i)
 * P(z | X) ∝ P(z) Π_i exp(λ_i(z_i)),   λ_i(k) = Σ over tokens at node i of log P(w | k)
 * }</pre>
 *
 * <p>Read {@link org.definetti.latent.graph.LatentTree} first. Which node a token observes is part
 * of the token, so the tokens are independent given z and their order does not matter; what the
 * evidence says about one node reaches the others through the structure, by exact message passing.
 *
 * <p>Keys are one-hot vectors of nodes and values one-hot vectors of categories, so that products of
 * queries and keys can tell nodes apart.
 */
@NullMarked
package org.definetti.latent.graph;

import org.jspecify.annotations.NullMarked;
