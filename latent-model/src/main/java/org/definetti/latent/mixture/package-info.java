/**
 * Mixtures whose weights are the latent: topics in unknown proportion, and random measures.
 *
 * <p>Read {@link org.definetti.latent.mixture.TwoTopics} for a mixture of two known laws, {@link
 * org.definetti.latent.mixture.DirichletProcess} for one of infinitely many unknown atoms.
 */
@NullMarked
package org.definetti.latent.mixture;

import org.jspecify.annotations.NullMarked;
