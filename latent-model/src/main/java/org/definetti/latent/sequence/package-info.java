/**
 * Sequences whose order matters, or that end: controls and extensions of the exchangeable models.
 *
 * <pre>{@code
 * hidden Markov   s_1 ~ initial,  s_{l+1} ~ transition(s_l),  x^l ~ emission(s_l)
 * Markov chain    rows of P ~ Dirichlet,  x^{l+1} ~ P(x^l)
 * autoregression  x^{l+1} - z = φ (x^l - z) + noise
 * index-tied      x^l ~ law number l of the concept z
 * urn             drawn without replacement: exchangeable, but not for ever
 * }</pre>
 *
 * <p>Read {@link org.definetti.latent.sequence.HiddenMarkov} first.
 *
 * <p><b>Convention.</b> A belief of these models looks ahead: the latent of {@code sample(length)}
 * is what the token after the last one is drawn from, and the belief is about that. So labels,
 * predictives and calibration mean what they mean everywhere else, {@code E[y | X]} is the
 * predictive mean, and {@code drawToken(latent)} continues the sequence. {@code drawTokens} draws
 * the tokens that follow one another from there; they are not independent given the latent.
 *
 * <p>{@code observe} continues the sequence, and {@code merge} appends: the other's tokens follow
 * this one's. Statistics still form a monoid, but not a commutative one, the urn's excepted.
 */
@NullMarked
package org.definetti.latent.sequence;

import org.jspecify.annotations.NullMarked;
