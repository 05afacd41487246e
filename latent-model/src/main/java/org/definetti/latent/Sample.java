package org.definetti.latent;

/**
 * One draw from a model: the latent and the tokens it generated.
 *
 * @param latent the hidden z
 * @param tokens the observed X
 * @param <Z> the type of the latent
 */
public record Sample<Z>(Z latent, Tokens tokens) {}
