/**
 * Fits the hyperparameters of a latent model to sequences, by expectation-maximisation.
 *
 * <pre>{@code
 * maximise over h:   Σ_s log P(X_s | h) + log p(h)
 * E-step: the exact posterior P(z_s | X_s, h) of every sequence;   M-step: the h that maximises
 *         Σ_s E[log P(X_s, z_s | h')] + log p(h') over h';   the objective never falls
 * }</pre>
 *
 * <p>One sequence has one latent, which all its tokens share. The E-step is the library's own
 * belief of each sequence; a sequence of one token makes {@link org.definetti.lab.fit.MixtureFit}
 * an ordinary mixture. Read that class first. Source: expectation-maximisation [recalled:
 * Dempster-Laird-Rubin]; the M-steps [derived].
 */
@NullMarked
package org.definetti.lab.fit;

import org.jspecify.annotations.NullMarked;
