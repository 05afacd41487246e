/**
 * Networks that are not attention, read off latent models whose tokens have places: what the
 * posterior of such a model is computed by.
 *
 * <pre>{@code
 * hidden-markov   h_l ∝ (h_{l-1} A) ⊙ b(x^l)                     gated recurrence
 * latent-tree     up_i = b_i ⊙ Π_children c (A up_c)              recursive network
 * chain, grid     m_{u→v} ∝ (b_u ⊙ Π_{w≠v} m_{w→u}) M_uv          local iteration
 * latent-grid     f_{s+1} ∝ (f_s ⊙ b_s) ψ⊗…⊗ψ                     recurrence over lines
 * }</pre>
 *
 * <p>Read {@link org.definetti.architecture.Architecture} first, then {@link
 * org.definetti.architecture.GatedRecurrence}. All weights are those the model declares. Numbers
 * are kept as logarithms, so products are sums, and zeros are minus infinity. Checked by the claims
 * X5, X6 and X7.
 */
@NullMarked
package org.definetti.architecture;

import org.jspecify.annotations.NullMarked;
